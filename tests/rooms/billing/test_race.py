"""Many issue in one series at once, and two runs bill the same clients: no gap, no repeat, no minute twice.

The controls take the protection away, so that the tests above them would fail without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Max

from ecuanime.billing import actions
from ecuanime.billing.actions.credits import notes as credits
from ecuanime.billing.actions.drafts import runs
from ecuanime.billing.actions.issuing import documents as issuing
from ecuanime.billing.actions.money import held
from ecuanime.billing.crediting.writing import CreditPart
from ecuanime.billing.models import FiscalChain, FiscalRecord, Invoice, InvoiceLine, LineSegment, Series
from ecuanime.billing.packs.es import chain
from ecuanime.billing.verifying.invoices import verify_invoices
from ecuanime.billing.verifying.records import verify_records
from ecuanime.clients.models import Client
from ecuanime.foundation.errors import Refused
from tests import races
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.factories.fiscal import make_spanish_billing

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


class InjectedError(Exception):
    """What rolls an issue back after its number was taken."""


def at_once(jobs: list[Callable[[], object]]) -> list[object]:
    """Do them all at the same moment, each on a connection of its own; what each gave, or how it failed."""
    return races.at_once(jobs, failures=(InjectedError, DatabaseError, RuntimeError))


class TestNumbers:
    """F14: 50 issues in one series, every fifth rolled back by an injected error."""

    @pytest.fixture
    def billing(self) -> Billing:
        return make_billing()

    def drafts(self, billing: Billing, count: int) -> list[Invoice]:
        made = []
        for _ in range(count):
            draft = Invoice.objects.create(
                client=billing.client, kind="invoice", dated_at=MONTH_END, created_at=MONTH_END
            )
            actions.add_line(
                invoice=draft,
                description="Cable",
                units=1,
                price=Decimal(10),
                by=billing.clerk,
                now=MONTH_END,
            )
            made.append(draft)
        return made

    def issue(self, billing: Billing, draft: Invoice, *, fails: bool) -> str | None:
        with transaction.atomic():
            issued = actions.issue_invoice(invoice=draft, by=billing.clerk, now=MONTH_END)
            if fails:
                raise InjectedError
        return issued.number

    def issue_all(self, billing: Billing, count: int) -> list[object]:
        jobs = [
            lambda draft=draft, place=place: self.issue(billing, draft, fails=place % 5 == 0)
            for place, draft in enumerate(self.drafts(billing, count))
        ]
        return at_once(jobs)

    def test_fifty_at_once_leave_no_gap(self, billing: Billing) -> None:
        outcomes = self.issue_all(billing, 50)

        numbers = sorted(outcome for outcome in outcomes if isinstance(outcome, str))
        assert numbers == [f"F-2026-{number:04}" for number in range(1, 41)]
        assert sum(isinstance(outcome, InjectedError) for outcome in outcomes) == 10
        assert Invoice.objects.filter(state=Invoice.State.DRAFT).count() == 10
        assert list(verify_invoices()) == []

    def test_the_highest_number_plus_one_would_not_do(
        self, billing: Billing, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: without the counter's lock the database refuses numbers that were given twice."""
        Series.objects.create(code="F", year=2026, purpose="invoice")
        meet = Barrier(10, timeout=60)

        def highest_plus_one(invoice: Invoice, code: str, today: date) -> None:
            invoice.series = Series.objects.get()
            invoice.sequence = (Invoice.objects.aggregate(last=Max("sequence"))["last"] or 0) + 1
            invoice.number, invoice.issued_on = f"{code}-{invoice.sequence}", today
            meet.wait()

        monkeypatch.setattr(issuing, "take_number", highest_plus_one)

        outcomes = self.issue_all(billing, 10)

        assert sum(isinstance(outcome, DatabaseError) for outcome in outcomes) > 0
        assert sum(isinstance(outcome, str) for outcome in outcomes) < 8


class TestChain:
    """Twenty invoices and credit notes at once in one chain of Spain, every fifth rolled back by an injected error."""

    @pytest.fixture
    def invoices(self) -> list[Invoice]:
        self.billing = make_spanish_billing()
        drafts = TestNumbers().drafts(self.billing, 20)
        return [self.billing.issue(draft) for draft in drafts[:10]] + drafts[10:]

    def write(self, invoice: Invoice, *, fails: bool) -> None:
        with transaction.atomic():
            if invoice.is_draft:
                actions.issue_invoice(invoice=invoice, by=self.billing.clerk, now=MONTH_END)
            else:
                actions.credit_invoice(
                    invoice=invoice, reason="Error", by=self.billing.clerk, now=MONTH_END, free_time=False
                )
            if fails:
                raise InjectedError

    def write_all(self, invoices: list[Invoice]) -> list[object]:
        jobs = [
            lambda each=each, place=place: self.write(each, fails=place % 5 == 0)
            for place, each in enumerate(invoices)
        ]
        return at_once(jobs)  # type: ignore[arg-type]

    def test_they_leave_one_chain_without_gap_or_fork(self, invoices: list[Invoice]) -> None:
        outcomes = self.write_all(invoices)

        assert sum(isinstance(outcome, InjectedError) for outcome in outcomes) == 4
        assert [outcome for outcome in outcomes if isinstance(outcome, DatabaseError | RuntimeError)] == []
        rows = list(FiscalRecord.objects.order_by("position"))
        assert [row.position for row in rows] == list(range(1, 27))
        assert [row.previous_id for row in rows[1:]] == [row.pk for row in rows[:-1]]
        assert list(verify_records()) == list(verify_invoices()) == []

    def test_without_the_lock_of_the_chain_some_would_be_refused(
        self, invoices: list[Invoice], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: whoever reads the end of the chain without its lock finds its place taken."""
        meet = Barrier(2, timeout=10)

        def unlocked(nif: str, *given: object, **named: object) -> FiscalChain:
            found = FiscalChain.objects.get(nif=nif)
            with suppress(BrokenBarrierError):
                meet.wait()
            return found

        monkeypatch.setattr(chain, "locked_chain", unlocked)
        # One draft and one credit note: they are numbered in two series, so only the chain makes them take turns.
        pair = (invoices[1], invoices[11])
        outcomes = at_once([lambda each=each: self.write(each, fails=False) for each in pair])  # type: ignore[misc]

        assert any(isinstance(outcome, DatabaseError) for outcome in outcomes)


class TestRuns:
    """Two runs at once over the same clients."""

    @pytest.fixture
    def billings(self) -> list[Billing]:
        billings = [make_billing() for _ in range(3)]
        for billing in billings:
            billing.approved(5, 7)
        return billings

    def run_twice(self, billings: list[Billing]) -> list[object]:
        started = [
            actions.run_invoices(up_to=MONTH_END.date(), by=billings[0].clerk, now=MONTH_END)
            for _ in range(2)
        ]
        return at_once([lambda run=run: actions.continue_run(run=run, now=MONTH_END) for run in started])

    @pytest.fixture
    def without_turns(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nobody locks the client, and both have read what is unbilled before either writes."""
        meet = Barrier(2, timeout=60)
        monkeypatch.setattr(runs, "locked_client", lambda client: runs.Client.objects.get(pk=client.pk))
        monkeypatch.setattr(runs, "open_draft", lambda client, currency: None)

        def together(*given: object) -> list[object]:
            found = [*runs.segments_for_runs(MONTH_END.date()).filter(rating__entry__client=given[1])]
            meet.wait()
            return found

        monkeypatch.setattr(runs, "claimed_segments", together)

    @pytest.fixture
    def without_constraint(self, transactional_db: None) -> Iterator[None]:
        """The database lets a segment stand on two live lines, until the test ends."""
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX segment_invoiced_once")
        yield
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE billing_linesegment CASCADE")
            cursor.execute(
                "CREATE UNIQUE INDEX segment_invoiced_once ON billing_linesegment (segment_id) WHERE is_live"
            )

    def test_every_minute_is_billed_once(self, billings: list[Billing]) -> None:
        outcomes = self.run_twice(billings)

        assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
        assert sorted(Invoice.objects.values_list("net", flat=True)) == [880, 880, 880]
        assert LineSegment.objects.filter(is_live=True).count() == 6
        assert list(verify_invoices()) == []

    @pytest.mark.usefixtures("without_turns")
    def test_without_turns_the_database_still_refuses_a_second_line(self, billings: list[Billing]) -> None:
        outcomes = self.run_twice(billings)

        assert [outcome for outcome in outcomes if isinstance(outcome, RuntimeError)]
        assert LineSegment.objects.filter(is_live=True).count() == 6

    @pytest.mark.usefixtures("without_turns", "without_constraint")
    def test_without_both_minutes_are_billed_twice(self, billings: list[Billing]) -> None:
        """The control: then the first test fails."""
        self.run_twice(billings)

        assert LineSegment.objects.filter(is_live=True).count() == 12


class TestCredits:
    """Two credit the same line at once, each for more than half of it: one is refused."""

    @pytest.fixture
    def line(self) -> InvoiceLine:
        self.billing = make_billing()
        draft = Invoice.objects.create(
            client=self.billing.client, kind="invoice", dated_at=MONTH_END, created_at=MONTH_END
        )
        line = actions.add_line(
            invoice=draft,
            description="Cable",
            units=10,
            price=Decimal(10),
            by=self.billing.clerk,
            now=MONTH_END,
        )
        self.billing.issue(draft)
        return line

    def credit(self, line: InvoiceLine, key: str) -> object:
        try:
            note = actions.credit_lines(
                invoice=line.invoice,
                parts=[CreditPart(line, units=Decimal(6))],
                reason="Sobran",
                by=self.billing.clerk,
                now=MONTH_END,
                idempotency_key=key,
            )
        except Refused as refusal:
            return refusal.code
        return note.net

    def test_one_of_them_is_refused(self, line: InvoiceLine) -> None:
        outcomes = at_once([lambda: self.credit(line, "a"), lambda: self.credit(line, "b")])

        assert sorted(map(str, outcomes)) == ["-6000", "above_line"]
        assert list(verify_invoices()) == []

    def test_without_the_lock_both_would_be_issued(
        self, line: InvoiceLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: both look before either writes."""
        meet, look = Barrier(2, timeout=60), credits.lines_left

        def meeting(original: Invoice) -> object:
            left = look(original)
            meet.wait()
            return left

        monkeypatch.setattr(credits, "locked_issued", lambda invoice: Invoice.objects.get(pk=invoice.pk))
        monkeypatch.setattr(credits, "lines_left", meeting)

        at_once([lambda: self.credit(line, "a"), lambda: self.credit(line, "b")])

        assert list(verify_invoices())


class TestHeldMoney:
    """Two invoices are paid at once with money that suffices for one."""

    @pytest.fixture
    def invoices(self) -> list[Invoice]:
        self.billing = make_billing()
        issued = []
        for _ in range(2):
            self.billing.approved(15)
            issued.append(self.billing.issue())
        actions.record_deposit(
            client=self.billing.client,
            currency="EUR",
            amount=1353,
            received_on=MONTH_END.date(),
            by=self.billing.clerk,
            now=MONTH_END,
            idempotency_key="deposit",
        )
        return issued

    def apply(self, invoice: Invoice) -> object:
        try:
            return actions.apply_held(
                invoice=invoice, by=self.billing.clerk, now=MONTH_END, idempotency_key=f"apply-{invoice.pk}"
            ).amount
        except Refused as refusal:
            return refusal.code

    def test_only_one_gets_it(self, invoices: list[Invoice]) -> None:
        outcomes = at_once([lambda each=each: self.apply(each) for each in invoices])  # type: ignore[misc]

        assert sorted(map(str, outcomes)) == ["1353", "nothing_held"]
        assert list(verify_invoices()) == []

    def test_without_the_lock_both_would(
        self, invoices: list[Invoice], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The control: both look before either writes."""
        meet, look = Barrier(2, timeout=60), held.held_in

        def meeting(client: Client, currency: str) -> int:
            found = look(client, currency)
            if not meet.broken and found == 1353:
                with suppress(BrokenBarrierError):
                    meet.wait(timeout=5)
            return found

        monkeypatch.setattr(held, "locked_client", lambda client: client)
        monkeypatch.setattr(held, "held_in", meeting)

        at_once([lambda each=each: self.apply(each) for each in invoices])  # type: ignore[misc]

        assert list(verify_invoices())


def test_a_period_closes_once_what_is_being_dated_in_it_is_done() -> None:
    """Whoever dates a payment holds the books open until it is committed; the closing waits."""
    billing = make_billing()
    day = date(2026, 10, 31)

    def close() -> object:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '300ms'")
            return actions.close_books(through=day, by=billing.clerk, now=MONTH_END)

    with transaction.atomic():
        actions.record_deposit(
            client=billing.client,
            currency="EUR",
            amount=100,
            received_on=day,
            by=billing.clerk,
            now=MONTH_END,
            idempotency_key="deposit",
        )
        [outcome] = at_once([close])
    assert isinstance(outcome, DatabaseError)
    assert at_once([close]) != [outcome]
