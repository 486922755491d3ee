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
BEYOND_A_LIMIT = _("It goes beyond a safety limit, so it was not opened.")


def reason_of(arrival: IncomingMail) -> str:
    """The reason as a sentence; a limit's is followed by its figures."""
    return str(REASONS.get(arrival.reason, BEYOND_A_LIMIT)) if arrival.reason else ""
