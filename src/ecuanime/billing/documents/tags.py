"""The one word that says how a document stands."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ecuanime.billing.models import Invoice
from ecuanime.delivery.models import OutgoingMail

UNDELIVERED = (OutgoingMail.State.FAILED, OutgoingMail.State.BOUNCED)
_DELIVERED = (OutgoingMail.State.SENT, OutgoingMail.State.CAPTURED)


class InvoiceTag(models.TextChoices):
    """What lists and pages show; the filters of the list are some of them."""

    DRAFT = "draft", _("draft")
    ISSUED = "issued", _("issued")
    HELD = "held", _("waits for its stamp")
    SENT = "sent", pgettext_lazy("invoice", "sent")
    UNDELIVERED = "undelivered", _("not delivered")
    PARTLY_PAID = "partly_paid", _("partly paid")
    OVERDUE = "overdue", _("overdue")
    PAID = "paid", _("paid")
    CREDITED = "credited", _("credited")
    WRITTEN_OFF = "written_off", pgettext_lazy("invoice", "written off")
    ANNULLED = "annulled", _("annulled")
    CORRECTION = "correction", _("credit note")
    REPLACEMENT = "replacement", _("in place of simplified ones")


def tag_of(invoice: Invoice, *, today: date) -> InvoiceTag:
    """How a document stands on a day of the firm's; `invoice.mail` should be at hand.

    What was not delivered comes before what is overdue: the client cannot pay what never arrived.
    """
    if invoice.is_draft:
        return InvoiceTag.DRAFT
    if invoice.is_held:
        return InvoiceTag.HELD
    if invoice.corrects_id:
        return InvoiceTag.CORRECTION
    if invoice.annulled_at:
        return InvoiceTag.ANNULLED
    if invoice.is_replacement:
        return InvoiceTag.REPLACEMENT
    if invoice.is_credited:
        return InvoiceTag.CREDITED
    if invoice.owed <= 0:
        return InvoiceTag.WRITTEN_OFF if invoice.written_off else InvoiceTag.PAID
    if invoice.mail is not None and invoice.mail.state in UNDELIVERED:
        return InvoiceTag.UNDELIVERED
    if invoice.due_on is not None and invoice.due_on < today:
        return InvoiceTag.OVERDUE
    if invoice.paid:
        return InvoiceTag.PARTLY_PAID
    sent = invoice.mail is not None and invoice.mail.state in _DELIVERED
    return InvoiceTag.SENT if sent else InvoiceTag.ISSUED
