"""The CFDIs of Mexico as pages show them: how they stand, in words and tags."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from ecuanime.billing.models import Cfdi, CfdiCancellation, Invoice, Payment
from ecuanime.billing.packs.mx.cfdi import Stamp, read_stamp
from ecuanime.billing.packs.mx.complements import due_by, to_complement
from ecuanime.billing.packs.mx.pac.words import refusal_words, trouble_words

TAGS = {
    Cfdi.State.TO_STAMP: ("hourglass-low", "warn"),
    Cfdi.State.STAMPED: ("check", "ok"),
    Cfdi.State.REJECTED: ("alert-circle", "bad"),
}


@dataclass(frozen=True)
class ShownCfdi:
    """One attempt: its tag, what came of the last try, and its stamp once there is one."""

    row: Cfdi
    icon: str
    look: str
    trouble: str
    stamp: Stamp | None = None
    cancellation: CfdiCancellation | None = None

    @property
    def asked_words(self) -> str:
        """What keeps a cancellation that was asked for, or made it be refused, in our words."""
        asked = self.cancellation
        if asked is None:
            return ""
        return refusal_words(asked.code) or trouble_words(asked.trouble)

    @property
    def may_be_cancelled(self) -> bool:
        """Whether the SAT can still be asked to cancel it."""
        asked = self.cancellation
        is_free = asked is None or asked.state == CfdiCancellation.State.REFUSED
        return self.row.state == Cfdi.State.STAMPED and is_free


def shown(row: Cfdi, *, with_stamp: bool = False, cancellation: CfdiCancellation | None = None) -> ShownCfdi:
    """How one stands."""
    icon, look = ("ban", "") if row.cancelled_at else TAGS[Cfdi.State(row.state)]
    stamp = read_stamp(row.stamped.encode()) if with_stamp and row.stamped else None
    return ShownCfdi(row, icon, look, trouble_words(row.trouble), stamp, cancellation)


def _cancellations(invoice: Invoice) -> dict[int, CfdiCancellation]:
    """The newest request about each CFDI of a document."""
    rows = CfdiCancellation.objects.filter(cfdi__invoice=invoice).defer("request").order_by("pk")
    return {row.cfdi_id: row for row in rows}


def shown_cfdis(invoice: Invoice) -> list[ShownCfdi]:
    """Every attempt of a document, the newest first."""
    rows = invoice.cfdis.filter(payment=None).defer("sealed").order_by("-attempt")
    asked = _cancellations(invoice)
    return [shown(row, with_stamp=True, cancellation=asked.get(row.pk)) for row in rows]


@dataclass(frozen=True)
class ShownPayment:
    """A payment of an invoice that is paid later: its complement, or until when it is due."""

    payment: Payment
    due_on: date
    cfdi: ShownCfdi | None
    may_seal: bool


def shown_complements(invoice: Invoice) -> list[ShownPayment]:
    """The payments of an invoice that have a complement or are to have one, the oldest first."""
    asked = _cancellations(invoice)
    made = {row.payment_id: shown(row, cancellation=asked.get(row.pk)) for row in _complements(invoice)}
    due = list(to_complement().filter(invoice=invoice))
    waits = any(each.row.state == Cfdi.State.TO_STAMP for each in made.values())
    rows = [
        ShownPayment(row, due_by(row.received_on), made.get(row.pk), row == due[0] and not waits)
        for row in due
    ]
    live = [
        each
        for each in made.values()
        if each.row.payment is not None
        and each.row.state != Cfdi.State.REJECTED
        and each.row.cancelled_at is None
    ]
    rows += [
        ShownPayment(each.row.payment, due_by(each.row.payment.received_on), each, may_seal=False)
        for each in live
        if each.row.payment is not None
    ]
    return sorted(rows, key=lambda row: (row.payment.received_on, row.payment.pk))


def _complements(invoice: Invoice) -> QuerySet[Cfdi]:
    """The newest attempt of each payment comes last."""
    rows = Cfdi.objects.filter(invoice=invoice, payment__isnull=False).select_related("payment")
    return rows.defer("sealed").order_by("attempt")
