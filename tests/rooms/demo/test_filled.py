"""What the demo holds: every state that the screens know, on reserved domains alone, and nothing that disagrees."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from ecuanime.accounts.models import Role, User
from ecuanime.billing.models import BankEntry, Invoice, ReceivedTax
from ecuanime.billing.queries.bank import suggestions_for
from ecuanime.channels.models import IncomingMail
from ecuanime.clients.models import Client, ClientDomain, Contact, Site
from ecuanime.contracts.models import Contract, PlanKind
from ecuanime.delivery.models import OutgoingMail
from ecuanime.demo.queries import PASSWORD, demo_accounts
from ecuanime.emergencies.models import Critical, Emergency, Report, Stage
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.records.verify import CHECKS, Check
from ecuanime.staff.models import Firm
from ecuanime.tickets.models import Attachment, Message, Priority, State, Ticket
from ecuanime.worklog.models import Cut, EntryState, RatedEntry, TimeEntry, Timer
from tests.rooms.demo.conftest import SMALL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_it_counts_what_was_asked_for() -> None:
    strangers = Ticket.objects.filter(client=None).count()
    told = Ticket.objects.filter(emergency=None).count()
    assert told - strangers == SMALL.tickets
    assert strangers == 5
    assert Client.objects.count() == SMALL.customers
    assert ClientDomain.objects.count() == SMALL.customers
    assert Site.objects.count() >= SMALL.customers
    assert Message.objects.count() > 3 * SMALL.tickets


def test_one_emergency_is_over_and_told_and_the_firm_is_in_the_middle_of_another() -> None:
    over, running = Emergency.objects.order_by("pk")
    assert (over.stage, running.stage) == (Stage.CLOSED, Stage.NORMALISING)
    assert Report.objects.get(emergency=over, sent_at__isnull=False).pdf_id
    assert {each.state for each in running.criticals.all()} == {Critical.State.DONE, Critical.State.TODO}
    worked = TimeEntry.objects.filter(ticket=over.ticket)
    assert {each.contract_id for each in worked} == {over.express_contract_id, over.mitigation_contract_id}


def test_every_role_is_somebodys() -> None:
    held = {role for user in User.objects.all() for role in user.roles}
    assert held == set(Role.values)
    assert Contact.objects.filter(is_project_lead=True, user__isnull=False).exists()


def test_everybody_named_can_sign_in_with_the_one_password() -> None:
    accounts = demo_accounts()
    assert len(accounts) == 10
    for account in accounts:
        assert User.objects.get(email=account.email, is_active=True).check_password(PASSWORD), account.email


def test_tickets_stand_in_every_state_and_priority() -> None:
    assert set(Ticket.objects.values_list("state", flat=True)) >= {
        State.NEW,
        State.OPEN,
        State.WAITING_CLIENT,
        State.SOLVED,
        State.CLOSED,
    }
    assert set(Ticket.objects.values_list("priority", flat=True)) == set(Priority.values)
    assert set(Message.objects.values_list("kind", flat=True)) == set(Message.Kind.values)
    assert Ticket.objects.filter(tags__isnull=False).exists()
    assert Attachment.objects.exists()


def test_time_stands_in_every_state() -> None:
    assert set(TimeEntry.objects.values_list("state", flat=True)) >= set(EntryState.values) - {
        EntryState.REJECTED,
        EntryState.SETTLED,  # brought from a former program
    }
    assert TimeEntry.objects.filter(billable_seconds=0).exists()
    assert Timer.objects.get().started_at < Firm.objects.get().setup_finished_at - timedelta(hours=4)  # type: ignore[operator]
    assert RatedEntry.objects.filter(drawn__gt=0).exists()
    assert RatedEntry.objects.filter(overage__gt=0).exists()
    assert all(RatedEntry.objects.values_list("trace", flat=True))
    assert Cut.objects.filter(sent_at__isnull=False).exists()


def test_lots_stand_in_every_condition(demo: datetime) -> None:
    today = demo.date()
    paid = Lot.objects.filter(is_bonus=False)
    assert paid.filter(expires_on__lt=today).exists()
    assert paid.filter(expires_on__range=(today, today + timedelta(days=31)), left__gt=0).exists()
    assert paid.filter(expires_on__gt=today + timedelta(days=31), left__gt=0).exists()
    assert Lot.objects.filter(is_bonus=True).exists()
    kinds = set(Movement.objects.values_list("kind", flat=True))
    assert kinds >= {Movement.Kind.GRANT, Movement.Kind.BONUS, Movement.Kind.DRAWDOWN, Movement.Kind.EXPIRY}


def test_documents_stand_in_every_state_and_bear_the_mark(demo: datetime) -> None:
    documents = list(Invoice.objects.all())
    found = {_condition(document, demo) for document in documents}
    assert found >= {
        "draft",
        "unpaid",
        "paid",
        "overdue",
        "part paid",
        "credited",
        "credit_note",
        "pro_forma",
    }
    assert all(document.is_demo for document in documents)
    assert {document.texts["status"] for document in documents if not document.is_draft} == {"demo"}


def _condition(document: Invoice, now: datetime) -> str:
    if document.is_draft or document.corrects_id or document.is_pro_forma:
        return "draft" if document.is_draft else str(document.kind)
    if document.credited:
        return "credited"
    if document.owed <= 0:
        return "paid"
    if document.paid:
        return "part paid"
    return "overdue" if document.due_on is not None and document.due_on < now.date() else "unpaid"


def test_money_waits_to_be_looked_at() -> None:
    assert [entry.state for entry in BankEntry.objects.order_by("booked_on")] == [
        "to_match",
        "to_match",
        "out",
    ]
    suggested = suggestions_for(BankEntry.objects.filter(state="to_match"))
    assert len(suggested) == 2
    assert all(suggested.values())
    assert {tax.category for tax in ReceivedTax.objects.all()} == {"S", "AE"}


def test_mail_waits_nowhere_and_one_reply_came_back() -> None:
    states = set(OutgoingMail.objects.values_list("state", flat=True))
    assert states == {OutgoingMail.State.CAPTURED, OutgoingMail.State.BOUNCED}
    arrived = set(IncomingMail.objects.values_list("state", flat=True))
    assert arrived == {
        IncomingMail.State.FILED,
        IncomingMail.State.QUARANTINED,
        IncomingMail.State.NOTED,
    }
    assert not ProcrastinateJob.objects.filter(status="todo").exists()


def test_nothing_lies_in_the_future(demo: datetime) -> None:
    assert not Message.objects.filter(created_at__gt=demo).exists()
    assert not TimeEntry.objects.filter(ended_at__gt=demo).exists()
    assert not Invoice.objects.filter(issued_at__gt=demo).exists()
    assert not Ticket.objects.filter(next_due_at__lt=demo).exists()


def test_contracts_are_packs_on_demand_and_paid_by_the_month() -> None:
    kinds = set(Contract.objects.values_list("version__plan__kind", flat=True))
    assert kinds == {PlanKind.HOUR_PACK, PlanKind.ON_DEMAND, PlanKind.MONTHLY, PlanKind.FLAT}
    assert Lot.objects.filter(is_allowance=True, left__gt=0).exists()


def test_an_offer_waits_for_its_client_and_a_year_is_about_to_renew(demo: datetime) -> None:
    waiting = Contract.objects.get(state=Contract.State.QUOTED)
    assert waiting.valid_until is not None
    assert waiting.valid_until > demo.date()
    ending = Contract.objects.get(noticed_on__isnull=False)
    assert ending.ends_on is not None
    assert timedelta(0) < ending.ends_on - demo.date() < timedelta(days=30)
    assert ending.renewal_version is not None
    assert ending.renewal_version.number == ending.version.number + 1


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_nothing_disagrees(check: Check) -> None:
    assert list(check.faults()) == []


def test_every_address_is_on_a_reserved_domain() -> None:
    """Whatever looks like a mail address, in any column of any table, ends in `.example`."""
    strange = r"[[:alnum:]_.+-]+@(?![[:alnum:].-]*\.example(?![[:alnum:]-]))[[:alnum:]-]+\.[[:alnum:].-]+"
    found = []
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT (regexp_matches(row::text, %s))[1] FROM "{table}" row LIMIT 3', [f"({strange})"]
            )
            found += [(table, each) for (each,) in cursor.fetchall()]
    assert found == []
