"""The demo's documents: issued, drawn, mailed, paid in time, late, in part or not at all, and now and then credited."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from ecuanime.billing.actions import (
    continue_run,
    credit_invoice,
    ensure_pdf,
    issue_invoice,
    record_payment,
    run_invoices,
)
from ecuanime.billing.models import Invoice, Payment
from ecuanime.demo.diary import DAY, ZONE, local
from ecuanime.demo.world import World
from ecuanime.foundation.errors import Refused

LEFT_AS_DRAFTS = 3
"""So many drafts of the latest run wait for somebody to look at them."""


class Bills:
    """Bills what is approved at each month's beginning, and lets clients pay as they do."""

    def __init__(self, world: World, *, pdfs: bool = True) -> None:
        self._world, self._pdfs = world, pdfs
        self._clerk = world.staff["mario"]
        self._has_credited = False
        self._pays = {
            client.pk: customer.pays for client, customer in zip(world.clients, world.customers, strict=True)
        }

    def plan(self, first: date) -> None:
        """A run on the first working day of each month from `first` on, and one yesterday that is still in drafts."""
        month = first.replace(day=1)
        while month <= self._world.today:
            day = self._world.diary.next_workday(month - DAY)
            self._world.agenda.add(local(day, 10), partial(self._run, up_to=month - DAY), self._clerk)
            month = (month + timedelta(days=32)).replace(day=1)

    def _run(self, at: datetime, up_to: date) -> None:
        """Bill a month and issue its drafts, all but a few of the latest."""
        run = continue_run(run=run_invoices(up_to=up_to, by=self._clerk, now=at), now=at)
        drafts = list(run.invoices.select_related("client").filter(state=Invoice.State.DRAFT).order_by("pk"))
        is_latest = at > self._world.now - timedelta(days=31)
        left = min(LEFT_AS_DRAFTS, (len(drafts) + 1) // 2) if is_latest else 0
        issued = drafts[: len(drafts) - left]
        for minutes, draft in enumerate(issued):
            self.issue_later(draft, at + timedelta(minutes=20 + minutes))

    def issue_later(self, draft: Invoice, at: datetime) -> None:
        """Let a draft be issued, drawn and mailed at `at`, and paid when its client pays."""
        self._world.agenda.add(at, partial(self._issue, draft=draft), self._clerk)

    def _issue(self, at: datetime, draft: Invoice) -> None:
        try:
            invoice = issue_invoice(invoice=draft, by=self._clerk, now=at)
        except Refused as refusal:
            if refusal.code not in ("not_positive", "empty"):
                raise
            return
        if self._pdfs:
            ensure_pdf(invoice=invoice, now=at + timedelta(seconds=4))
        if self._is_mistaken(invoice):
            self._world.agenda.add(at + DAY * 2, partial(self._credit, invoice=invoice), self._clerk)
            return
        self._plan_payment(invoice)

    def _is_mistaken(self, invoice: Invoice) -> bool:
        """The first bill of time goes out wrong, and is corrected by a credit note."""
        if self._has_credited or invoice.kind != Invoice.Kind.INVOICE:
            return False
        self._has_credited = True
        return True

    def _credit(self, at: datetime, invoice: Invoice) -> None:
        """Only the document was wrong: the approvals stand, and the next run bills the same time again."""
        note = credit_invoice(
            invoice=invoice,
            reason="La factura se emitió antes de cerrar el mes con el cliente",
            by=self._clerk,
            now=at,
            free_time=False,
        )
        if self._pdfs:
            ensure_pdf(invoice=note, now=at + timedelta(seconds=4))

    def _plan_payment(self, invoice: Invoice) -> None:
        if invoice.due_on is None or invoice.issued_on is None:
            return
        rng, how = self._world.rng, self._pays[invoice.client_id]
        due = local(invoice.due_on, 9, 30)
        if how == "late":
            at = due + DAY * rng.randint(12, 40)
        elif how == "part":
            at = due - DAY * rng.randint(0, 5)
        else:
            at = local(invoice.issued_on, 11) + DAY * rng.randint(2, 26)
        step = partial(self._pay, invoice=invoice, half=how == "part")
        self._world.agenda.add(at, step, self._clerk)

    def _pay(self, at: datetime, invoice: Invoice, half: bool) -> None:
        fresh = Invoice.objects.get(pk=invoice.pk)
        amount = fresh.owed // 2 if half else fresh.owed
        if amount <= 0:
            return
        record_payment(
            invoice=fresh,
            amount=amount,
            received_on=at.astimezone(ZONE).date(),
            by=self._clerk,
            now=at,
            idempotency_key=f"demo:{fresh.number}",
            method=self._world.rng.choice(
                (Payment.Method.TRANSFER, Payment.Method.TRANSFER, Payment.Method.DIRECT_DEBIT)
            ),
            reference=fresh.number or "",
        )
