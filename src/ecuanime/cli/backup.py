"""Write a backup: database, attachments, raw mail, PDFs and secrets in one file, while the product goes on."""

import argparse
import sys
from pathlib import Path

from ecuanime.cli.database import database
from ecuanime.foundation.environment import ConfigurationError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file to write."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the archive to write; it must not exist yet")


def run(arguments: argparse.Namespace) -> int:
    """0 once the archive is whole and on the disk."""
    path: Path = arguments.file
    if path.exists():
        raise ConfigurationError(f"{path} exists already: choose another name.")
    with database():
        from ecuanime.foundation.clock import read_clock
        from ecuanime.records.backup import MissingFilesError, write_backup

        try:
            manifest = write_backup(path, now=read_clock(), progress=_progress)
        except MissingFilesError as error:
            raise ConfigurationError(f"No backup was written: {error}. Run `ecuanime verify`.") from error
        except OSError as error:
            raise ConfigurationError(
                f"Cannot write {path}: {error.strerror}. Free space or choose another."
            ) from error
    print(file=sys.stderr)
    files = sum(name.startswith("files/") for name in manifest.hashes)
    print(f"{path}: {sum(manifest.rows.values())} rows, {files} files, {path.stat().st_size} bytes.")
    print("It holds the installation's secrets: keep it where only you can read it.")
    return 0


def _progress(what: str, done: int, total: int) -> None:
    print(f"\r{what} {done}/{total}   ", end="", file=sys.stderr, flush=True)
