"""Why a mail stands on no ticket, in words for whoever looks after intake."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ecuanime.channels.models import IncomingMail

REASONS: dict[str, Promise] = {
    "own_echo": _("It is one of our own automatic mails that came back."),
    "going_round": _("It went through so many servers that it must be going round in circles."),
    "by_rule": _("A rule of the mailbox keeps such mail here:"),
    "automatic_reply": _("An automatic reply, such as an out-of-office notice, to nothing we know."),
    "bounce": _("A mail of ours came back; it is marked as returned."),
    "complaint": _("Somebody called a mail of ours spam, and their provider tells us."),
    "delivery_report": _("A delivery report about a mail that is not ours, or that is only delayed."),
    "copy": _("The same mail is here already."),
    "empty": _("It had no content at all."),
    "failed_repeatedly": _("Reading it failed three times. The fault is ours; its bytes are whole."),
    "bytes_missing": _("Its stored bytes are not in the data folder. Restore them from a backup."),
    "timeout": _("Reading it took too long and was stopped."),
    "memory": _("Reading it asked for too much memory and was stopped."),
    "crashed": _("Reading it ended unexpectedly."),
    "failed": _("Its form could not be understood."),
}
DOUBTS: dict[str, Promise] = {
    "runs_code": _("It can run a program when it is opened."),
    "kind_disagrees": _("What is in it is not what its name says."),
    "names_disagree": _("It has two names, of different kinds."),
    "headers_repeated": _("It says twice what it is."),
    "place_doubtful": _("The mail is put together so that programs disagree about its parts."),
    "opens_as_page": _("It opens in a browser and may pretend to be any site."),
}
CARRIERS: dict[str, Promise] = {
    "signature": _("Signed by its sender. The signature is not checked here."),
    "encrypted": _("Encrypted: it is read with the mail program that holds the key. Download it for that."),
    "packed": _("The mail program packed the mail in here. What could be taken out is shown beside it."),
}
"""Files that only carry the mail: nothing is wrong with them."""
DAMAGED = _("It may be damaged: how it was packed is unclear.")
BEYOND_A_LIMIT = _("It goes beyond a safety limit, so it was not opened.")


def reason_of(arrival: IncomingMail) -> str:
    """The reason as a sentence; a limit's is followed by its figures."""
    return str(REASONS.get(arrival.reason, BEYOND_A_LIMIT)) if arrival.reason else ""


def doubt_of(code: str) -> str:
    """Why a file of a mail is not offered as clean, or what it carries, as a sentence."""
    return str(DOUBTS.get(code) or CARRIERS.get(code, DAMAGED))


def is_doubtful(code: str) -> bool:
    """Whether a file with this code is to be warned of."""
    return bool(code) and code not in CARRIERS
