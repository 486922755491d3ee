"""Take mail in: `receive` one from standard input, as a mail server's pipe, or `import` old mail from files."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from ecuanime.cli.database import database
from ecuanime.foundation.environment import ConfigurationError

if TYPE_CHECKING:
    from ecuanime.delivery.models import Mailbox

TEMPORARY_FAILURE = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the mail and tries again
NOT_ALL_READ = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`receive [--mailbox ADDRESS]` and `import [--mailbox ADDRESS] PATH…`."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    receive = verbs.add_parser(
        "receive", help="store one mail from standard input; exit 75 asks to try again later"
    )
    bring = verbs.add_parser(
        "import", help="take in .eml and mbox files, Maildirs, and folders of them; nothing is answered"
    )
    bring.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    for each in (parser, receive):
        each.error = _wrong_call  # type: ignore[method-assign]  # argparse would end with 2, a refusal for good
    for verb in (receive, bring):
        verb.add_argument("--mailbox", metavar="ADDRESS", help="the mailbox of the firm that it came to")


def run(arguments: argparse.Namespace) -> int:
    """The exit code of the verb."""
    return _receive(arguments.mailbox) if arguments.verb == "receive" else _import(arguments)


def _receive(address: str | None) -> int:
    """0 once the mail is stored and committed; 75 for whatever went wrong, so that the mail server keeps it."""
    try:
        raw = sys.stdin.buffer.read()
        with database():
            from ecuanime.channels.actions import read_soon
            from ecuanime.channels.email.arrivals import store_arrival
            from ecuanime.channels.models import IncomingMail
            from ecuanime.foundation.clock import read_clock

            now = read_clock()
            store_arrival(raw=raw, origin=IncomingMail.Origin.PIPE, mailbox=_mailbox(address), now=now)
            read_soon()
    except Exception as error:  # any failure at all must leave the mail with the mail server
        with suppress(OSError, ValueError):  # nobody may listen
            _say(f"the mail was not stored ({type(error).__name__}: {error}); try again later")
        return TEMPORARY_FAILURE
    return 0


def _say(text: str) -> None:
    print(f"ecuanime: {text}", file=sys.stderr)


def _wrong_call(message: str) -> NoReturn:
    """What a misspelt argument ends with: a mail server must keep the mail for that too, not send it back."""
    _say(f"{message}. See `ecuanime mail --help`.")
    raise SystemExit(TEMPORARY_FAILURE)


def _import(arguments: argparse.Namespace) -> int:
    """Progress on stderr, then how many mails were offered and what became of them; 1 when a file was not readable."""
    with database():
        from ecuanime.channels.email.importing import Tally, import_mails, in_groups, mail_files
        from ecuanime.channels.email.reading import MailReader
        from ecuanime.channels.models import IncomingMail
        from ecuanime.foundation.clock import read_clock

        mailbox = _mailbox(arguments.mailbox)
        tally, unreadable = Tally(), list[Path]()
        offered = _offered(list(mail_files(arguments.paths)), unreadable)
        with MailReader() as reader:
            for raws in in_groups(offered):
                for arrival in import_mails(raws, mailbox=mailbox, now=read_clock(), using=reader):
                    tally.add(arrival)
        print(file=sys.stderr)
        print(f"{tally.offered} mails offered")
        for state, count in sorted(tally.states.items()):
            print(f"  {count:6} {IncomingMail.State(state).label}")
    return NOT_ALL_READ if unreadable else 0


def _offered(paths: list[Path], unreadable: list[Path]) -> Iterator[bytes]:
    """The mails of all files; one that cannot be read is named, noted in `unreadable` and passed over."""
    from ecuanime.channels.email.importing import mails_of

    mails = 0
    for number, path in enumerate(paths, start=1):
        try:
            for raw in mails_of(path):
                mails += 1
                yield raw
        except OSError as error:
            unreadable.append(path)
            print(f"\n{path}: {error.strerror}", file=sys.stderr)
        _progress(number, len(paths), mails)


def _progress(number: int, total: int, mails: int) -> None:
    done = 30 * number // total
    bar = "█" * done + "·" * (30 - done)
    print(f"\r{bar} {number}/{total} files, {mails} mails", end="", file=sys.stderr, flush=True)


def _mailbox(address: str | None) -> "Mailbox | None":
    from ecuanime.delivery.models import Mailbox  # models can be named only once Django is set up

    if address is None:
        return None
    found = Mailbox.objects.filter(address__iexact=address).first()
    if found is None:
        raise ConfigurationError(
            f"No mailbox is called {address}: add it under Settings, or leave --mailbox out."
        )
    return found
