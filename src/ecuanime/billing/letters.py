"""The mails of billing: a document, a reminder, and the word that the next pack was ordered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from ecuanime.billing.einvoice.written import file_for
from ecuanime.billing.models import Cfdi, Charge, Invoice, NextPack
from ecuanime.billing.queries.pdfs import current_pdf
from ecuanime.clients.models import Client, Contact
from ecuanime.clients.queries import project_leads
from ecuanime.delivery.actions import FileToSend, queue_mail
from ecuanime.delivery.models import OutgoingMail
from ecuanime.entitlements.queries import size_of
from ecuanime.entitlements.words import bought_words
from ecuanime.foundation import formats
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import store
from ecuanime.staff.queries import the_firm


def recipients_of(client: Client) -> list[str]:
    """The client's address for invoices, else those of the contacts who see them, else of the project leads."""
    if client.invoice_email:
        return [client.invoice_email]
    people = Contact.objects.filter(client=client, is_active=True).exclude(email="").order_by("id")
    readers = people.filter(sees_invoices=True).values_list("email", flat=True)
    return list(readers) or list(people.filter(is_project_lead=True).values_list("email", flat=True))


def write_letter(invoice: Invoice, to: Sequence[str], now: datetime, idempotency_key: str) -> OutgoingMail:
    """Queue the mail with the PDF and what the client's programs read, in the document's language, once for each key.

    Refused: as `queue_mail` and `file_for`.
    """
    pdf = current_pdf(invoice)
    if pdf is None:
        raise ValueError("a document leaves with its PDF")
    with override(invoice.client.addressed_in(invoice.language)):
        subject, text = _subject(invoice), _text(invoice)
    return queue_mail(
        kind=OutgoingMail.Kind.AUTOMATIC,
        purpose="invoice",
        subject_key=f"invoice:{invoice.number}",
        to=to,
        subject=subject,
        text=text,
        files=[FileToSend(pdf, f"{invoice.number}.pdf", "application/pdf"), *_data_of(invoice, now)],
        now=now,
        idempotency_key=idempotency_key,
    )


def _data_of(invoice: Invoice, now: datetime) -> list[FileToSend]:
    content = file_for(invoice, now)
    return [] if content is None else [FileToSend(store(content), f"{invoice.number}.xml", "application/xml")]


def write_cfdi(row: Cfdi, now: datetime) -> OutgoingMail:
    """Queue the mail with a payment complement of Mexico, or with the CFDI that takes another one's place; once.

    Refused: `no_address`, and as `queue_mail`.
    """
    invoice, to = row.document, recipients_of(row.document.client)
    if not to:
        raise Refused("no_address", _("The client has no address for invoices."))
    with override(invoice.client.addressed_in(invoice.language)):
        facts = {"number": invoice.number, "uuid": row.uuid, "old": row.replaces.uuid if row.replaces else ""}
        subject, what = _about_cfdi(row)
        parts = [_("Hello,"), what % facts]
        if row.replaces is not None:
            parts.append(
                _(
                    "It takes the place of %(old)s. The SAT was asked to cancel that one, which may have to be "
                    "accepted there."
                )
                % facts
            )
        parts.append(invoice.issuer["name"])
    name = f"{invoice.number}-{row.uuid}"
    files = [FileToSend(row.pdf, f"{name}.pdf", "application/pdf")] if row.pdf else []
    return queue_mail(
        kind=OutgoingMail.Kind.AUTOMATIC,
        purpose="complement" if row.payment_id else "invoice",
        subject_key=f"invoice:{invoice.number}",
        to=to,
        subject=subject % facts,
        text="\n\n".join(parts),
        files=[*files, FileToSend(store(row.stamped.encode()), f"{name}.xml", "application/xml")],
        now=now,
        idempotency_key=f"complement:{row.pk}",
    )


def _about_cfdi(row: Cfdi) -> tuple[str, str]:
    """The subject of its mail and what is attached, with places for the facts."""
    if row.payment_id:
        return (
            _("Payment complement of %(number)s"),
            _("Attached is the payment complement of %(number)s, with the fiscal folio %(uuid)s."),
        )
    return (
        _("%(number)s with its data put right"),
        _("Attached is %(number)s with its data put right, with the fiscal folio %(uuid)s."),
    )


def write_reminder(
    invoice: Invoice, to: Sequence[str], today: date, now: datetime, idempotency_key: str
) -> OutgoingMail:
    """Queue a reminder of an overdue invoice, with its PDF if there is one. Refused: as `queue_mail`."""
    days = (today - invoice.due_on).days if invoice.due_on else 0
    with override(invoice.client.addressed_in(invoice.language)):
        facts = _facts(invoice) | {"owed": _owed(invoice), "days": str(days)}
        subject = _("Reminder: %(number)s fell due on %(due)s") % facts
        late = ngettext(
            "Of %(number)s, which fell due on %(due)s, %(owed)s are still open: %(days)s day late.",
            "Of %(number)s, which fell due on %(due)s, %(owed)s are still open: %(days)s days late.",
            days,
        )
        account = invoice.issuer.get("iban", "")
        parts = [
            _("Hello,"),
            late % facts,
            _("Transfer it to %(iban)s with the reference %(number)s.") % (facts | {"iban": account})
            if account
            else "",
            _("If it was paid meanwhile, or something does not fit, answer this message."),
            invoice.issuer["name"],
        ]
    pdf = current_pdf(invoice)
    files = [FileToSend(pdf, f"{invoice.number}.pdf", "application/pdf")] if pdf else []
    return queue_mail(
        kind=OutgoingMail.Kind.AUTOMATIC,
        purpose="reminder",
        subject_key=f"invoice:{invoice.number}",
        to=to,
        subject=subject,
        text="\n\n".join(filter(None, parts)),
        files=files,
        now=now,
        idempotency_key=idempotency_key,
    )


def write_next_pack(ordered: NextPack, *, now: datetime) -> None:
    """Tell each project lead who has an address which pack was ordered by itself, and at what price."""
    charge = ordered.charge
    assert charge is not None
    for lead in project_leads(charge.client).exclude(email=""):
        with override(lead.spoken):
            facts = _facts_of_pack(ordered, charge)
            lines = [
                _("Hello %(name)s,") % {"name": lead.name},
                _("your pack %(old)s nears its end, so we ordered the next one, as %(contract)s says.")
                % facts,
                _("%(new)s: %(pack)s at %(price)s each, %(total)s in all before tax.") % facts,
                _(
                    "It can be used once its invoice is issued. If you do not want it, answer this message before."
                ),
                the_firm().name,
            ]
            queue_mail(
                kind=OutgoingMail.Kind.AUTOMATIC,
                purpose="next_pack",
                to=[lead.email],
                subject=_("%(new)s was ordered: %(pack)s") % facts,
                text="\n\n".join(lines),
                subject_key=f"contact:{lead.pk}",
                idempotency_key=f"next_pack:{ordered.lot_id}:{lead.pk}",
                now=now,
            )


def _facts_of_pack(ordered: NextPack, charge: Charge) -> dict[str, str]:
    assert charge.lot is not None
    locale = formats.locale_for(get_language(), charge.currency)
    line = charge.lines.get()
    return {
        "old": ordered.lot.code,
        "new": charge.lot.code,
        "contract": charge.contract.number,
        "pack": bought_words(size_of(charge.lot), charge.lot.unit),
        "price": formats.price(charge.price, charge.currency, locale),
        "total": formats.money(line.amount, charge.currency, locale),
    }


def _owed(invoice: Invoice) -> str:
    return formats.money(
        invoice.owed, invoice.currency, formats.locale_for(invoice.language, invoice.currency)
    )


def _facts(invoice: Invoice) -> dict[str, str]:
    locale = formats.locale_for(invoice.language, invoice.currency)
    return {
        "number": invoice.number or "",
        "firm": invoice.issuer["name"],
        "total": formats.money(abs(invoice.payable), invoice.currency, locale),
        "due": formats.long_date(invoice.due_on, locale) if invoice.due_on else "",
        "corrected": invoice.texts["corrects"].get("number", ""),
        "reason": invoice.reason,
    }


def _subject(invoice: Invoice) -> str:
    if invoice.corrects_id is not None:
        return _("Credit note %(number)s from %(firm)s") % _facts(invoice)
    if invoice.is_pro_forma:
        return _("Pro-forma %(number)s from %(firm)s") % _facts(invoice)
    return _("Invoice %(number)s from %(firm)s") % _facts(invoice)


def _text(invoice: Invoice) -> str:
    has_annex = invoice.lines.filter(segments__isnull=False).exists()
    if invoice.corrects_id is not None:
        what = _("With %(number)s we correct %(corrected)s and take %(total)s off. Reason: %(reason)s")
    elif invoice.is_replacement:
        what = _("%(number)s is attached, in place of your simplified invoices. Nothing is charged anew.")
    else:
        what = _("%(number)s is attached: %(total)s, to be paid by %(due)s.")
    parts = [_("Hello,"), what % _facts(invoice)]
    if has_annex and invoice.corrects_id is None:
        parts.append(_("Its annex explains every minute. If something does not fit, answer this message."))
    else:
        parts.append(_("If something does not fit, answer this message."))
    parts.append(invoice.issuer["name"])
    return "\n\n".join(parts)
