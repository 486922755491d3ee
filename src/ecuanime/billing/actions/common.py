"""What several actions share: locks, and refusals that read the same everywhere."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.access import may_administer, may_bill, may_keep_books
from ecuanime.billing.models import CfdiCancellation, Invoice
from ecuanime.clients.models import Client
from ecuanime.foundation.errors import Refused

LONGEST_REASON = 300


def require(is_allowed: bool, whose: str) -> None:
    """Refuse `not_allowed` to whom it is not allowed; `whose` it is to do, in a sentence for them."""
    if not is_allowed:
        raise Refused("not_allowed", whose)


def require_biller(user: User) -> None:
    """Refuse `not_allowed` to whoever does not bill."""
    whose = _("Only billing clerks, supervisors and administrators do that. Ask one of them.")
    require(may_bill(user), whose)


def require_keeper(user: User) -> None:
    """Refuse `not_allowed` to whoever does not keep the books."""
    require(may_keep_books(user), _("Only billing clerks and administrators set that up. Ask one of them."))


def require_administrator(user: User) -> None:
    """Refuse `not_allowed` to whoever is no administrator."""
    require(may_administer(user), _("Only administrators do that. Ask one of them."))


def require_reason(reason: str) -> str:
    """The reason in one line; refuses `no_reason` when there is none."""
    plain = " ".join(reason.split())[:LONGEST_REASON]
    if not plain:
        raise Refused("no_reason", _("Say why: the client reads it on the document."))
    return plain


def locked_invoice(invoice: Invoice) -> Invoice:
    """The document as it stands, locked, with its client. Refused: `not_found` when it was discarded."""
    rows = Invoice.objects.select_for_update(of=("self",), no_key=True).select_related(
        "client", "tax_rate", "mail", "corrects"
    )
    found = rows.filter(pk=invoice.pk).first()
    if found is None:
        raise Refused("not_found", _("This draft was discarded meanwhile. Nothing was done."))
    return found


def locked_draft(invoice: Invoice) -> Invoice:
    """The same, for a change that only a draft allows. Refused: `issued`."""
    found = locked_invoice(invoice)
    if not found.is_draft:
        raise Refused(
            "issued",
            _("%(number)s is issued, so it never changes. Correct it with a credit note.")
            % {"number": found.number},
        )
    return found


def locked_issued(invoice: Invoice) -> Invoice:
    """The same, for what only issued documents allow. Refused: `not_issued`."""
    found = locked_invoice(invoice)
    if found.is_draft:
        raise Refused("not_issued", _("This is still a draft: it can be changed or discarded as it is."))
    return found


def refuse_brought(issued: Invoice) -> None:
    """Refuse `brought_over` for what only documents of ours allow."""
    if issued.is_brought:
        raise Refused(
            "brought_over",
            _("%(number)s was issued by a former program: here it is only collected.")
            % {"number": issued.number},
        )


def refuse_replacement(issued: Invoice) -> None:
    """Refuse `replacement` for what is done with the simplified invoices in whose place a document stands."""
    if issued.is_replacement:
        raise Refused(
            "replacement",
            _("%(number)s only restates simplified invoices. Do it with them: they are what is owed.")
            % {"number": issued.number},
        )


def refuse_held(issued: Invoice) -> None:
    """Refuse `held` for what only documents that may leave the house allow."""
    if issued.is_held:
        raise Refused(
            "held",
            _("%(number)s is no invoice yet: its stamp is missing. Once it is stamped, go on.")
            % {"number": issued.number},
        )


def refuse_cancelling(issued: Invoice) -> None:
    """Refuse `cancelling` for what must wait until it is known whether the SAT cancels a document of Mexico."""
    if issued.texts.get("pack") != "MX":
        return
    asked = CfdiCancellation.objects.filter(cfdi__invoice=issued, cfdi__payment=None)
    if asked.exclude(state=CfdiCancellation.State.REFUSED).exists():
        raise Refused(
            "cancelling",
            _("The SAT was asked to cancel %(number)s. Wait for its answer.") % {"number": issued.number},
        )


def locked_client(client: Client) -> Client:
    """The client's row, locked before its documents: whoever touches money held for them takes turns."""
    return Client.objects.select_for_update(no_key=True).get(pk=client.pk)
