"""Two act on a case at once: it is done once. The control shows that the lock is what sees to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Barrier

import pytest
from django.utils.translation import get_language, override
from pytest_django.fixtures import Settings

from ecuanime.billing.actions import record_payment
from ecuanime.billing.models import Invoice
from ecuanime.contracts.models import Contract
from ecuanime.emergencies import actions
from ecuanime.emergencies.actions import answering
from ecuanime.emergencies.models import Acceptance, Alert, Assessment, Emergency, Happening, Report
from ecuanime.foundation.errors import Refused
from ecuanime.worklog.models import TimeEntry
from tests.factories.emergencies import ESTIMATE, Sala, make_sala
from tests.races import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sala(settings: Settings, tmp_path: Path) -> Sala:
    settings.ECUANIME_FILES = str(tmp_path)
    sala = make_sala()
    sala.declare()
    return sala


def both_take_it_on(sala: Sala) -> int:
    """How many have taken it on."""
    at_once(
        [
            lambda: actions.take_on(emergency=sala.case, by=sala.expert, now=sala.now),
            lambda: actions.take_on(emergency=sala.case, by=sala.second, now=sala.now),
        ]
    )
    return Happening.objects.filter(act="take_on").count()


def test_of_two_experts_one_takes_it_on(sala: Sala) -> None:
    assert both_take_it_on(sala) == 1


def test_without_the_lock_both_would(sala: Sala, monkeypatch: pytest.MonkeyPatch) -> None:
    together = Barrier(2, timeout=30)

    def unlocked(emergency: Emergency) -> Emergency:
        found = Emergency.objects.select_related("ticket", "area", "lead").get(pk=emergency.pk)
        together.wait()
        return found

    monkeypatch.setattr(answering, "lock", unlocked)
    assert both_take_it_on(sala) == 2


def test_an_alert_that_two_workers_find_due_is_passed_on_once(sala: Sala) -> None:
    due = sala.later(minutes=6)
    done = at_once([lambda: actions.take_due_case(emergency=sala.case, now=due)] * 2)
    assert sorted(map(bool, done)) == [False, True]
    assert Alert.objects.count() == 2


def accepting(sala: Sala) -> Callable[[], Acceptance]:
    """The client accepts what they have read, in the language they have read it in."""
    seen, language = sala.read(), get_language()

    def accept() -> Acceptance:
        with override(language):
            return actions.accept(
                emergency=sala.case, contact=sala.lead, text_sha256=seen, address=None, now=sala.now
            )

    return accept


def test_accepted_twice_at_once_it_is_charged_once(sala: Sala) -> None:
    sala.answer(guarantee_hours=2)
    done = at_once([accepting(sala)] * 2)
    assert done == [Acceptance.objects.get()] * 2
    assert [model.objects.count() for model in (Invoice, Contract)] == [1, 2]
    assert Happening.objects.filter(act="accept").count() == 1


def test_accepted_and_taken_back_at_once_one_of_them_holds(sala: Sala) -> None:
    sala.answer(guarantee_hours=0)

    def withdraw() -> Emergency:
        return actions.withdraw(emergency=sala.case, contact=sala.lead, reason="Ya arranca.", now=sala.now)

    done = at_once([accepting(sala), withdraw])
    [refused] = [each for each in done if isinstance(each, Refused)]
    is_open = sala.again().stage == "normalising"
    assert (refused.code, sala.case.stage) == ("not_now", "normalising" if is_open else "withdrawn")
    assert Acceptance.objects.count() == is_open
    assert sala.case.ticket.terms_windows.count() == 1 + is_open


def test_of_two_answers_at_once_one_stands(sala: Sala) -> None:
    no = {"reason": "No.", "elsewhere": "El fabricante."}
    done = at_once(
        [
            lambda: actions.say_viable(emergency=sala.case, estimate=ESTIMATE, by=sala.expert, now=sala.now),
            lambda: actions.say_not_viable(emergency=sala.case, by=sala.second, now=sala.now, **no),
        ]
    )
    assert [isinstance(each, Refused) for each in done].count(True) == 1
    assert Assessment.objects.get().is_viable == (sala.again().stage == "viable")


def test_a_payment_told_twice_at_once_opens_the_work_once(sala: Sala) -> None:
    sala.answer(guarantee_hours=2)
    sala.accept()
    assert sala.case.guarantee
    record_payment(
        invoice=sala.case.guarantee,
        amount=sala.case.guarantee.owed,
        received_on=sala.now.date(),
        by=sala.clerk,
        now=sala.now,
        idempotency_key="transferencia",
    )
    at_once([lambda: actions.note_paid(emergency=sala.case, now=sala.now)] * 2)
    assert Happening.objects.filter(act="pay").count() == 1
    assert sala.again().ticket.terms_windows.count() == 2  # the free one until here, and normalisation's


def test_normality_declared_twice_at_once_cuts_once(sala: Sala) -> None:
    sala.answer(guarantee_hours=0)
    sala.accept()
    sala.work(hours=1)
    done = at_once(
        [
            lambda: actions.declare_normal(
                emergency=sala.case, evidence="22 rutas.", by=sala.expert, now=sala.now
            )
        ]
        * 2
    )
    assert [isinstance(each, Refused) for each in done].count(True) == 1
    assert sala.again().ticket.terms_windows.count() == 3
    assert TimeEntry.objects.filter(ticket=sala.case.ticket).count() == 1


def test_two_keep_the_report_at_once_and_neither_is_lost(sala: Sala) -> None:
    sala.answer(guarantee_hours=0)
    sala.accept()
    actions.make_report(emergency=sala.case, by=sala.expert, now=sala.now)

    def keep(section: str) -> Report:
        return actions.keep_report(
            emergency=sala.case, seen=1, texts={section: "Un disco."}, by=sala.expert, now=sala.now
        )

    at_once([lambda: keep("causes"), lambda: keep("advice")])
    newest = Report.objects.get(number=3)
    assert (newest.text("causes"), newest.text("advice")) == ("Un disco.", "Un disco.")
