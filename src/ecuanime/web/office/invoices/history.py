"""What happened to a document and how it reached its client, in words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.billing.models import Invoice
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation import formats
from ecuanime.foundation.models import AuditEntry

MOST_EVENTS = 50
_WITH_AMOUNT = frozenset(
    (
        "payment_recorded",
        "invoice_written_off",
        "write_off_undone",
        "payment_disputed",
        "dispute_settled",
        "advance_deducted",
        "invoice_line_added",
        "invoice_line_removed",
    )
)


@dataclass(frozen=True)
class Happening:
    """A line of the history, as `components/timeline.html` shows it."""

    when: str
    icon: str
    text: str
    note: str = ""


def history_of(invoice: Invoice, *, today: date) -> list[Happening]:
    """The document's life as the audit trail keeps it, the earliest first, and when it falls due; one query."""
    kind, key = invoice._meta.label_lower, str(invoice.pk)
    rows = AuditEntry.objects.filter(object_kind=kind, object_id=key).order_by("id")
    found = [_told(row, invoice) for row in rows[:MOST_EVENTS]]
    return [*filter(None, found), *_delivered(invoice, today), *_due(invoice, today)]


def _told(row: AuditEntry, invoice: Invoice) -> Happening | None:
    words = {
        "invoice_drafted": ("file-plus", _("Drafted by %(name)s")),
        "invoice_line_added": ("plus", _("Line added by %(name)s")),
        "invoice_line_removed": ("trash", _("Line removed by %(name)s")),
        "advance_deducted": ("coin", _("Advance deducted by %(name)s")),
        "invoice_time_discounted": ("coin-off", _("Discount changed by %(name)s")),
        "invoice_discount_set": ("coin-off", _("Discount changed by %(name)s")),
        "invoice_tax_set": ("receipt-tax", _("Tax changed by %(name)s")),
        "invoice_recomputed": ("refresh", _("Made anew by %(name)s")),
        "invoice_brought": ("file-import", _("Brought over by %(name)s")),
        "invoice_issued": ("file-check", _("Issued by %(name)s")),
        "invoice_sent": ("send", _("Sent again by %(name)s")),
        "invoice_not_sent": ("mail-off", _("Not sent: there was no address")),
        "reminder_sent": ("bell", _("Reminder sent")),
        "reminder_not_sent": ("bell-off", _("Reminder not sent: there was no address")),
        "reminders_stopped": ("bell-off", _("Reminders stopped by %(name)s")),
        "reminders_resumed": ("bell", _("Reminders resumed by %(name)s")),
        "invoice_credited": ("arrow-back-up", _("Credited by %(name)s")),
        "payment_disputed": ("alert-triangle", _("Dispute noted by %(name)s")),
        "dispute_settled": ("gavel", _("Dispute settled by %(name)s")),
        "invoice_written_off": ("coin-off", _("Written off by %(name)s")),
        "write_off_undone": ("arrow-back-up", _("Write-off taken back by %(name)s")),
        "payment_recorded": ("cash", _("Payment noted by %(name)s")),
    }
    if row.verb not in words:
        return None
    icon, text = words[row.verb]
    note = _note(row.verb, json.loads(row.body)["data"], invoice)
    return Happening(_day(row.at, timezone.localdate()), icon, text % {"name": row.actor_name}, note)


def _note(verb: str, data: dict[str, Any], invoice: Invoice) -> str:
    if verb in _WITH_AMOUNT:
        amount = formats.money(data["amount"], invoice.currency, _locale(invoice))
        return f"{data['description']}, {amount}" if "description" in data else amount
    if verb == "invoice_credited":
        return f"{data['by']}: {data['reason']}"
    return ", ".join(data["to"]) if verb in ("invoice_sent", "reminder_sent") else ""


def _delivered(invoice: Invoice, today: date) -> Iterable[Happening]:
    mail = invoice.mail
    if mail is not None and mail.sent_at is not None:
        yield Happening(_day(mail.sent_at, today), "mail-check", _("Mail accepted"), ", ".join(mail.to))


def _due(invoice: Invoice, today: date) -> Iterable[Happening]:
    if invoice.due_on is not None and invoice.owed > 0:
        text = _("Falls due") if invoice.due_on >= today else _("Fell due")
        yield Happening(formats.day(invoice.due_on, _locale(invoice), today=today), "calendar-due", text)


def _day(at: datetime, today: date) -> str:
    return formats.day(timezone.localtime(at).date(), formats.locale_for(get_language()), today=today)


def _locale(invoice: Invoice) -> str:
    return formats.locale_for(get_language(), invoice.currency)


@dataclass(frozen=True)
class MailState:
    """How the mail stands: a tag's words, icon and tone, and what it means. `can_send` when a person may send it."""

    text: str
    icon: str
    tone: str
    note: str
    can_send: bool = True


def mail_state(invoice: Invoice, recipients: Iterable[str]) -> MailState:
    """Where the document's mail is, and what a person can do about it."""
    mail = invoice.mail
    if invoice.is_held:
        note = _(
            "It leaves by itself once it is stamped. Until then it is no invoice, and the client sees nothing of it."
        )
        return MailState(_("held back"), "hourglass-low", "warn", note, can_send=False)
    if invoice.pdf_id is None:
        note = _(
            "The PDF is being drawn and leaves with the mail. This takes a moment and goes on by itself."
        )
        return MailState(_("being made"), "hourglass-low", "warn", note, can_send=False)
    if mail is None:
        note = _("Nobody gets invoices there: give the client an address for invoices, or write one here.")
        if list(recipients):
            note = _("It was not sent yet. Send it from here.")
        return MailState(_("not sent"), "mail-off", "warn", note)
    to, failure = ", ".join(mail.to), " ".join(mail.error.split())[:300]
    return {
        OutgoingMail.State.QUEUED: MailState(_("leaving"), "mail-fast", "", to),
        OutgoingMail.State.SENDING: MailState(_("leaving"), "mail-fast", "", to),
        OutgoingMail.State.SENT: MailState(_("sent"), "mail-check", "ok", to),
        OutgoingMail.State.CAPTURED: MailState(
            _("kept, not sent"),
            "mail-off",
            "warn",
            _("The mailbox keeps mail instead of sending it. For: ") + to,
        ),
        OutgoingMail.State.FAILED: MailState(
            _("not delivered"),
            "mail-exclamation",
            "bad",
            _("The mail to %(to)s could not leave: %(why)s")
            % {"to": to, "why": failure or _("no reason was given")},
        ),
        OutgoingMail.State.BOUNCED: MailState(
            _("returned"),
            "mail-exclamation",
            "bad",
            _("The mail to %(to)s came back: %(why)s")
            % {"to": to, "why": failure or _("no reason was given")},
        ),
    }[OutgoingMail.State(mail.state)]
