"""Bring a backup back: everything in it is checked before anything here is touched."""

import argparse
from pathlib import Path

from ecuanime.cli.database import server, set_up_django
from ecuanime.foundation.environment import ConfigurationError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file to read, and whether to overwrite."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a file that `ecuanime backup` has written")
    parser.add_argument("--replace", action="store_true", help="overwrite the firm that is here")
    parser.add_argument(
        "--same-installation",
        action="store_true",
        help="Spain: go on with the chain of invoice records; only if nothing was issued after this backup",
    )
    parser.add_argument("--check", action="store_true", help="only check that the file is whole")


def run(arguments: argparse.Namespace) -> int:
    """0 once all is back; a damaged or unfit backup is one line on stderr and changes nothing."""
    with server():
        set_up_django()
        from ecuanime.billing.models import SpainSettings
        from ecuanime.foundation.clock import read_clock
        from ecuanime.records.archive import DamagedError
        from ecuanime.records.restore import CannotRestoreError, check_archive, restore

        try:
            if arguments.check:
                manifest = check_archive(arguments.file)
            else:
                manifest = restore(
                    arguments.file,
                    now=read_clock(),
                    replace=arguments.replace,
                    is_same_installation=arguments.same_installation,
                )
        except DamagedError as error:
            raise ConfigurationError(
                f"{arguments.file} is not a whole backup: {error}. Use another."
            ) from error
        except CannotRestoreError as error:
            raise ConfigurationError(str(error)) from error
        except OSError as error:
            raise ConfigurationError(f"Cannot read {arguments.file}: {error.strerror}.") from error
        spain = None if arguments.check else SpainSettings.objects.first()
    files = sum(name.startswith("files/") for name in manifest.hashes)
    verb = "is whole" if arguments.check else "is back"
    print(
        f"{manifest.firm or 'The installation'} of {manifest.made_at[:16]} {verb}: "
        f"{sum(manifest.rows.values())} rows, {files} files."
    )
    if not arguments.check:
        if spain is not None and not arguments.same_installation:
            print(
                f"Spain: invoice records begin a new chain as installation {spain.installation}. If invoices were "
                "issued after this backup, number the next ones in a new series: their numbers are used."
            )
        print("Run `ecuanime verify` to prove it, then start `ecuanime run`.")
    return 0
