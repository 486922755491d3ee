"""What keeps a document from being stamped, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _


def trouble_words(code: str) -> str:
    """What happened at the last try; empty when nothing did."""
    if not code:
        return ""
    words = {
        "account": _(
            "The PAC does not serve your account. Look at user, password, registration, manifest and stamps left."
        ),
        "no_account": _("There is no user and password of the PAC that this installation can open."),
        "unknown_yet": _("The SAT does not know this CFDI yet, as happens for a while after its stamp."),
        "busy": _("The PAC cannot serve just now."),
        "not_recovered": _("The PAC has stamped it and cannot hand it over yet."),
        "other_document": _("The PAC sent another document than the one it was asked to stamp."),
        "unreadable": _("What the PAC answered cannot be read."),
        "not_public": _("The PAC's address does not lead to the open Internet."),
        "unknown_name": _("The PAC's address is not known: is this machine on the Internet?"),
        "no_connection": _("The PAC cannot be reached."),
        "no_answer": _("The PAC did not answer."),
        "too_slow": _("The PAC took too long to answer."),
    }
    return words.get(code) or _("The PAC cannot serve now (%(code)s).") % {"code": code}


def own_rejection_words(code: str) -> str:
    """Why a CFDI was not even sent, by the SAT's own files; empty where the PAC rejected it."""
    words = {
        "XSD": _("It was not sent: the SAT's schema says that it would be rejected."),
        "SELLO": _("It was not sent: its seal does not sign the original string that the SAT's sheet gives."),
    }
    return words.get(code, "")


def refusal_words(code: str) -> str:
    """What a refused cancellation means and the way on; empty where the authority's own words say it."""
    words = {
        "no_cancelable": _("A CFDI that stands is about it. Cancel that one first, then ask again."),
        "unknown_yet": _("After three days the SAT does not know this CFDI. Ask your PAC about it."),
        "203": _("The SAT has another issuer for this CFDI than the holder of your seal."),
        "304": _(
            "The seal that signed the request is revoked or has expired. Upload its successor and ask again."
        ),
        "799": _(
            "The PAC takes no more requests about this CFDI. Ask its support, or cancel it at the SAT's portal."
        ),
    }
    return words.get(code, "")
