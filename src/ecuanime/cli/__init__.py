"""The `ecuanime` command: one module per command, loaded only when it is asked for.

A command is a module here with a docstring, `add_arguments(parser)` and `run(arguments) -> int` (the exit code),
and a line in COMMANDS, with one in MODULES where its own name cannot be a module's. Whatever needs the database does
its work inside `with database():` (database.py).
"""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from ecuanime.foundation.environment import ConfigurationError

COMMANDS = {
    "run": "serve the product: database, web, worker and scheduler, until Ctrl-C",
    "web": "serve the web alone, with one process, for those who supervise processes themselves",
    "worker": "run background jobs and the scheduler alone",
    "prepare": "bring database and static files up to date, as `run` does first; prints the set-up link",
    "backup": "write everything worth keeping into one file",
    "restore": "bring a backup back",
    "verify": "prove that hours, invoices, files and the audit trail agree with themselves",
    "doctor": "say in words what is well and what to do about the rest",
    "demo": "fill an empty installation with a realistic firm to try, or remove it",
    "mail": "take mail in: receive one from standard input, or import files",
    "import": "bring clients, their people and contracts in from a former program's files",
    "manage": "run a Django management command",
    "version": "print the versions that a report of a fault should name",
}
MODULES = {"import": "bringing"}  # a keyword names no module
WRONG_CONFIGURATION = 78  # EX_CONFIG of sysexits.h


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; a wrong configuration is one line on stderr and code 78."""
    parser = _parser()
    words = list(sys.argv[1:] if argv is None else argv)
    chosen = parser.parse_args(words[:1])
    if chosen.command is None:
        parser.print_help()
        return 0
    module = import_module(f"ecuanime.cli.{MODULES.get(chosen.command, chosen.command)}")
    command = argparse.ArgumentParser(prog=f"ecuanime {chosen.command}", description=module.__doc__)
    module.add_arguments(command)
    try:
        return int(module.run(command.parse_args(words[1:])))
    except ConfigurationError as error:
        print(f"ecuanime: {error}", file=sys.stderr)
        return WRONG_CONFIGURATION
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    width = max(len(name) for name in COMMANDS)
    listed = "\n".join(f"  {name:{width}}  {says}" for name, says in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="ecuanime",
        usage="ecuanime COMMAND …",
        description=f"Runs a support company.\n\ncommands:\n{listed}\n\n`ecuanime COMMAND --help` tells more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", nargs="?", choices=COMMANDS, help=argparse.SUPPRESS)
    return parser
