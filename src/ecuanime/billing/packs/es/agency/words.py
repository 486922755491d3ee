"""What went wrong with a message, in words for a person."""

from __future__ import annotations

from django.utils.translation import gettext as _


def trouble_words(code: str) -> str:
    """The words of a code that a message or queue bears; empty for none."""
    again = _("What was sent is sent again; nothing counts twice.")
    words = {
        "unknown_name": _("The agency's address was not found. Check this machine's name server."),
        "not_public": _("The agency's name leads into a private network. Check this machine's name server."),
        "no_connection": _("The agency's server cannot be reached."),
        "not_trusted": _(
            "The server that answers cannot prove that it is the agency's, so it was told nothing."
        ),
        "no_answer": _("The connection broke before an answer came.") + f" {again}",
        "too_slow": _("No answer came in time.") + f" {again}",
        "too_large": _("The answer was too large to be read."),
        "unreadable": _("What came back is no answer of the agency's."),
        "interrupted": _("This machine stopped while sending.") + f" {again}",
        "fault": _(
            "The agency turned the message away, perhaps because the certificate may not speak for you."
        ),
        "server_fault": _("The agency's service failed and took nothing."),
        "not_read": _("The agency could not read a record: smaller messages find out which."),
    }
    if code.startswith("status_"):
        return _("The agency's server says that it cannot serve now (%(status)s).") % {"status": code[7:]}
    return words.get(code, code)
