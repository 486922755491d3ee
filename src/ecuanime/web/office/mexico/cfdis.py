"""The CFDIs of Mexico as pages show them: how they stand, in words and tags."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ecuanime.billing.models import Cfdi, CfdiCancellation, Invoice, Payment
from ecuanime.billing.packs.mx.cfdi import Stamp, read_stamp
from ecuanime.billing.packs.mx.complements import due_by, to_complement
from ecuanime.billing.packs.mx.pac.words import own_rejection_words, refusal_words, trouble_words

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
    def state_words(self) -> str:
        """How it stands, in a word."""
        if self.row.cancelled_at:
            return pgettext("invoice", "cancelled")
        return _("replaced") if self.row.superseded_at else self.row.get_state_display()

    @property
    def rejected_words(self) -> str:
        """Why it was not even sent, in our words; those of a PAC stand by themselves."""
        return own_rejection_words(self.row.code)

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
        return self.row.state == Cfdi.State.STAMPED and self.row.cancelled_at is None and is_free

    @property
    def may_be_replaced(self) -> bool:
        """Whether another one may take its place."""
        return self.may_be_cancelled and self.row.superseded_at is None


def shown(row: Cfdi, *, with_stamp: bool = False, cancellation: CfdiCancellation | None = None) -> ShownCfdi:
    """How one stands."""
    icon, look = TAGS[Cfdi.State(row.state)]
    if row.cancelled_at:
        icon, look = "ban", ""
    elif row.superseded_at:
        icon, look = "arrows-shuffle", "warn"
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
    """A payment of an invoice that is paid later: its complement, or until when it is due.

    `others` are the attempts to replace it, and those that it has replaced.
    """

    payment: Payment
    due_on: date
    cfdi: ShownCfdi | None
    may_seal: bool
    others: tuple[ShownCfdi, ...] = ()


def shown_complements(invoice: Invoice) -> list[ShownPayment]:
    """The payments of an invoice that have a complement or are to have one, the oldest first."""
    asked = _cancellations(invoice)
    made: dict[int, list[ShownCfdi]] = {}
    for row in _complements(invoice):
        if row.payment_id is not None:
            made.setdefault(row.payment_id, []).append(shown(row, cancellation=asked.get(row.pk)))
    due = list(to_complement().filter(invoice=invoice))
    waits = any(each.row.state == Cfdi.State.TO_STAMP for rows in made.values() for each in rows)
    rows = [_of_due(row, made.get(row.pk, []), may_seal=row == due[0] and not waits) for row in due]
    rows += [
        each
        for pk, attempts in made.items()
        if pk not in {row.pk for row in due}
        for each in _of_live(attempts)
    ]
    return sorted(rows, key=lambda row: (row.payment.received_on, row.payment.pk))


def _of_due(payment: Payment, attempts: list[ShownCfdi], *, may_seal: bool) -> ShownPayment:
    """A payment without a complement that stands: the newest attempt says why."""
    newest = attempts[-1] if attempts else None
    return ShownPayment(payment, due_by(payment.received_on), newest, may_seal)


def _of_live(attempts: list[ShownCfdi]) -> Iterator[ShownPayment]:
    """A payment with its complement that stands or waits for its stamp, and what there is beside it."""
    live = [each for each in attempts if _is_live(each.row)]
    if not live:
        return
    shown_first = next((each for each in live if each.row.state == Cfdi.State.STAMPED), live[0])
    beside = [each for each in reversed(attempts) if each is not shown_first and _matters(each, attempts)]
    payment = shown_first.row.payment
    if payment is not None:
        due_on = due_by(payment.received_on)
        yield ShownPayment(payment, due_on, shown_first, may_seal=False, others=tuple(beside))


def _is_live(row: Cfdi) -> bool:
    return row.state != Cfdi.State.REJECTED and row.cancelled_at is None and row.superseded_at is None


def _matters(each: ShownCfdi, attempts: list[ShownCfdi]) -> bool:
    """Whether it waits, was rejected last, or was replaced and is not known to be cancelled."""
    row = each.row
    is_replaced = row.superseded_at is not None and row.cancelled_at is None
    return row.state == Cfdi.State.TO_STAMP or is_replaced or each is attempts[-1]


def _complements(invoice: Invoice) -> QuerySet[Cfdi]:
    """The newest attempt of each payment comes last."""
    rows = Cfdi.objects.filter(invoice=invoice, payment__isnull=False).select_related("payment")
    return rows.defer("sealed", "stamped").order_by("attempt")
