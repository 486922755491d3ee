"""The PDF and the mail of an issued document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import (
    locked_invoice,
    locked_issued,
    refuse_brought,
    refuse_held,
    require_biller,
)
from ecuanime.billing.einvoice.written import drawn, drawn_cfdi
from ecuanime.billing.letters import recipients_of, write_cfdi, write_letter
from ecuanime.billing.models import Cfdi, Invoice
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.audit import record
from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import store


@transaction.atomic
def ensure_pdf(*, invoice: Invoice, now: datetime) -> Invoice:
    """Draw the PDF of an issued document, once, and queue its mail with it: what the job after issuing does.

    The mail goes to the client's address for invoices, else to the contacts who see invoices, else to the project
    leads; without any there is no mail, and the page says so. Repeated, it does only what is missing. What waits for
    an authority's stamp waits here too, and what was stamped as a test is drawn and stays in the house.
    Raises `RenderError` when a figure does not add up: nothing is kept then.
    """
    issued = locked_invoice(invoice)
    if issued.is_draft or issued.is_brought or issued.pdf_id is not None or is_unstamped(issued):
        return issued
    issued.pdf = store(drawn(issued))
    issued.save(update_fields=["pdf"])
    crashpoint("billing.pdf_written")
    if issued.is_held:
        return issued
    try:
        _queue(issued, recipients_of(issued.client), now, f"invoice:{issued.pk}:issued")
    except Refused as refusal:
        record("invoice_not_sent", issued, now=now, number=issued.number, why=refusal.code)
    crashpoint("billing.mail_queued")
    return issued


@transaction.atomic
def ensure_cfdi_pdf(*, cfdi: Cfdi, now: datetime) -> Cfdi:
    """Draw the PDF of a global invoice, a payment complement, or a CFDI that took another one's place, and queue
    its mail; once.

    Repeated, it does only what is missing. A global invoice, and what was stamped as a test, stay in the house.
    Raises `RenderError` when a figure does not add up: nothing is kept then.
    """
    if not cfdi.has_own_paper:
        return cfdi
    if cfdi.invoice is not None:
        locked_invoice(cfdi.invoice)
    rows = Cfdi.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("invoice__client", "payment").get(pk=cfdi.pk)
    if row.state != Cfdi.State.STAMPED or row.pdf_id is not None:
        return row
    row.pdf = store(drawn_cfdi(row))
    row.save(update_fields=["pdf"])
    crashpoint("billing.cfdi_pdf_written")
    if row.is_test or row.invoice_id is None:
        return row
    try:
        write_cfdi(row, now)
    except Refused as refusal:
        record("cfdi_not_sent", row, now=now, number=row.name, why=refusal.code)
    return row


@transaction.atomic
def send_invoice(
    *, invoice: Invoice, by: User, now: datetime, idempotency_key: str, to: Sequence[str] = ()
) -> Invoice:
    """Send an issued document once more, to the usual addresses or to others; once for each key.

    Refused: `not_allowed`, `not_issued`, `brought_over`, `held`, `no_address`, `bad_address`.
    """
    require_biller(by)
    issued = locked_issued(invoice)
    refuse_brought(issued)
    refuse_held(issued)
    key = f"invoice:{issued.pk}:{idempotency_key}"
    if OutgoingMail.objects.filter(idempotency_key=key).exists():
        return issued
    if issued.pdf_id is None:
        issued = ensure_pdf(invoice=issued, now=now)
        if issued.mail_id is not None and not to:
            return issued
    mail = _queue(issued, to or recipients_of(issued.client), now, key)
    record("invoice_sent", issued, now=now, number=issued.number, to=mail.to)
    return issued


def is_unstamped(issued: Invoice) -> bool:
    """Whether it is held back and there is no stamp to print on it yet."""
    return issued.is_held and not Cfdi.objects.current().filter(invoice=issued, payment=None).exists()


def _queue(issued: Invoice, to: Sequence[str], now: datetime, key: str) -> OutgoingMail:
    """Put the mail in the outbox and show its state as the document's. Refused: `no_address`, `bad_address`."""
    if not to:
        raise Refused(
            "no_address",
            _("The client has no address for invoices, and no contact who sees them. Add one and send it."),
        )
    issued.mail = write_letter(issued, to, now, key)
    issued.save(update_fields=["mail"])
    return issued.mail
