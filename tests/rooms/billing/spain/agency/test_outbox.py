"""Sending a chain: in order, once, with the waits that the agency asks for, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

import pytest

from ecuanime.billing.actions.spain.agency import remove_certificate
from ecuanime.billing.models import AgencySettings, Environment, SpainSettings, Submission, Verdict
from ecuanime.billing.packs.es.agency import client
from ecuanime.billing.packs.es.agency.outbox import CLAIM_LASTS, open_queues, send_next
from ecuanime.billing.packs.es.agency.standing import obstacles, unresolved, waiting
from ecuanime.foundation import secrets
from ecuanime.notices.models import Notice
from ecuanime.staff.models import Firm
from tests.agency import Kept
from tests.factories.agency import Sending, sending_firm
from tests.factories.fiscal import FIRM_NIF

pytestmark = pytest.mark.django_db
State = Submission.State
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sending(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sending]:
    with sending_firm(monkeypatch) as made:
        yield made


def states() -> list[str]:
    return list(Submission.objects.order_by("pk").values_list("state", flat=True))


def verdicts() -> list[str]:
    return list(Verdict.objects.order_by("record__position").values_list("state", flat=True))


def test_records_are_sent_together_and_the_receipt_is_kept(sending: Sending) -> None:
    sending.issue(3)
    assert waiting().count == 3
    assert sending.send() == 1
    message = Submission.objects.get()
    assert (message.state, message.first, message.last, message.accepted) == (State.ANSWERED, 1, 3, 3)
    assert (message.csv, message.is_late) == ("A-000000000000001", False)
    assert "RespuestaRegFactuSistemaFacturacion" in message.answer
    assert sending.agency.taken == sending.chained
    assert (waiting().count, verdicts()) == (0, ["accepted"] * 3)


def test_nothing_is_sent_twice_nor_when_there_is_nothing(sending: Sending) -> None:
    assert sending.send() == 0
    sending.issue()
    assert [sending.send(), sending.send(), sending.send(2 * MINUTE)] == [1, 0, 0]
    assert len(sending.agency.messages) == 1


def test_the_wait_that_the_agency_asks_for_is_kept(sending: Sending) -> None:
    sending.agency.wait_seconds = 90
    sending.issue()
    sending.send()
    sending.issue()
    assert sending.send(timedelta(seconds=89)) == 0
    assert sending.send(timedelta(seconds=1)) == 1
    assert sending.agency.taken == sending.chained


def test_a_message_holds_no_more_than_it_may_and_the_rest_follows(sending: Sending) -> None:
    sending.issue(5)
    open_queues(sending.now)
    type(sending.queue).objects.update(most_records=2)
    for _ in range(2):
        sending.send(MINUTE)
    spans = Submission.objects.order_by("pk").values_list("first", "last")
    assert list(spans) == [(1, 2), (3, 5)]
    assert sending.agency.taken == sending.chained


def test_rejected_and_objected_records_keep_the_agencys_words_and_people_are_told(sending: Sending) -> None:
    first, second, _third = sending.issue(3)
    sending.agency.refuses[first.number or ""] = (1100, "Valor o tipo incorrecto del campo")
    sending.agency.objects_to[second.number or ""] = (2000, "El cálculo de la huella")
    sending.send()
    assert verdicts() == ["rejected", "with_errors", "accepted"]
    [rejected] = unresolved()
    assert (rejected.record.invoice, rejected.code) == (first, 1100)
    assert rejected.words == "Valor o tipo incorrecto del campo"
    told = Notice.objects.filter(event_id__startswith="agency_rejected")
    assert {notice.user for notice in told} == {sending.admin, sending.billing.clerk}
    assert sending.queue.sent_through == 3


def test_an_answer_that_came_too_late_makes_duplicates_which_count_as_sent(
    sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending.issue(2)
    sending.agency.objects_to["F-2026-0002"] = (2000, "Huella")
    sending.agency.plan.append("slow")
    monkeypatch.setattr(client, "SECONDS", 0.7)
    sending.send()
    assert (states(), verdicts(), sending.queue.failures) == ([State.UNANSWERED], [], 1)
    monkeypatch.setattr(client, "SECONDS", 30)
    sending.send(MINUTE)
    assert (states()[-1], verdicts()) == (State.ANSWERED, ["accepted", "with_errors"])
    assert all(Verdict.objects.values_list("is_duplicate", flat=True))
    assert sending.agency.taken == sending.chained
    assert not Notice.objects.filter(event_id__startswith="agency_rejected").exists()


def test_a_duplicate_of_something_we_never_sent_is_no_success(sending: Sending) -> None:
    [invoice] = sending.issue()
    day = f"{invoice.issued_on:%d-%m-%Y}"
    sending.agency.kept[FIRM_NIF, invoice.number or "", day] = Kept("Correcta", "F" * 64)
    sending.send()
    assert (verdicts(), unresolved().get().code) == (["rejected"], 3000)


@pytest.mark.parametrize(
    ("plan", "state", "trouble"),
    [
        ("503", State.UNANSWERED, "status_503"),
        ("drop", State.UNANSWERED, "no_answer"),
        ("garbage", State.UNANSWERED, "unreadable"),
        ("server_fault", State.FAULTED, "server_fault"),
    ],
)
def test_what_fails_is_tried_again_after_a_pause_and_says_so(
    sending: Sending, plan: str, state: str, trouble: str
) -> None:
    sending.issue()
    sending.agency.plan.append(plan)
    sending.send()
    message, queue = Submission.objects.get(), sending.queue
    assert (message.state, message.trouble) == (state, trouble)
    assert (queue.failures, queue.trouble, queue.sent_through) == (1, trouble, 0)
    assert sending.send(MINUTE - timedelta(seconds=1)) == 0
    assert sending.send(timedelta(seconds=1)) == 1
    assert Submission.objects.order_by("pk").last().is_late  # type: ignore[union-attr]
    assert b"<sf:Incidencia>S<" in sending.agency.messages[-1]
    assert (verdicts(), sending.queue.failures, sending.queue.failing_since) == (["accepted"], 0, None)


def test_a_record_that_cannot_be_read_is_found_and_does_not_hold_up_the_rest(sending: Sending) -> None:
    sending.issue(4)
    unreadable = sending.chained[2]
    sending.agency.unreadable.add(unreadable)
    for _ in range(12):
        sending.send(MINUTE)
    assert verdicts() == ["accepted", "accepted", "rejected", "accepted"]
    assert unresolved().get().code == 4102
    assert sending.agency.taken == [huella for huella in sending.chained if huella != unreadable]


def test_a_fault_of_ours_waits_and_keeps_its_words(sending: Sending) -> None:
    sending.issue()
    sending.agency.fault_words = "Codigo[4112].El titular del certificado debe ser Obligado Emisión."
    sending.agency.plan.append("fault")
    sending.send()
    message = Submission.objects.get()
    assert (message.state, message.trouble, verdicts()) == (State.FAULTED, "fault", [])
    assert "4112" in message.words


def test_three_days_without_the_agency_lose_nothing_and_keep_the_order(sending: Sending) -> None:
    sending.agency.is_away = True
    began, tries = sending.now, [sending.now]
    sending.issue()
    while sending.now < began + timedelta(days=3):
        if len(tries) % 12 == 0:
            sending.issue()
        assert sending.send() == 1
        tries.append(sending.queue.not_before)
        sending.now = tries[-1]
    assert max(later - earlier for earlier, later in pairwise(tries)) < timedelta(hours=1)
    assert (sending.queue.failing_since, sending.queue.sent_through) == (began, 0)
    count = waiting().count
    sending.agency.is_away = False
    sending.send()
    assert sending.agency.taken == sending.chained
    assert (count > 5, verdicts()) == (True, ["accepted"] * count)
    assert Submission.objects.order_by("pk").last().is_late  # type: ignore[union-attr]


def test_a_worker_that_died_while_sending_is_taken_over_and_nothing_counts_twice(sending: Sending) -> None:
    sending.issue()
    open_queues(sending.now)
    Submission.objects.create(queue=sending.queue, first=1, last=1, sent_at=sending.now)
    type(sending.queue).objects.update(claimed_until=sending.now + CLAIM_LASTS)
    assert sending.send() == 0
    assert sending.send(CLAIM_LASTS) == 1
    assert (states(), verdicts()) == ([State.UNANSWERED, State.ANSWERED], ["accepted"])


def test_whoever_lost_the_claim_writes_nothing(sending: Sending, monkeypatch: pytest.MonkeyPatch) -> None:
    sending.issue()
    open_queues(sending.now)
    real, calls = client.call, []

    def overtaken(*args: object, **values: object) -> bytes:
        content = real(*args, **values)  # type: ignore[arg-type]
        calls.append(content)
        if len(calls) == 1:
            sending.send(CLAIM_LASTS)
        return content

    monkeypatch.setattr("ecuanime.billing.packs.es.agency.outbox.call", overtaken)
    send_next(sending.queue, sending.clock)
    assert (states(), verdicts()) == ([State.UNANSWERED, State.ANSWERED], ["accepted"])
    assert Verdict.objects.get().is_duplicate
    assert sending.agency.taken == sending.chained


def test_the_tests_and_the_real_service_have_each_their_own_count(sending: Sending) -> None:
    AgencySettings.objects.update(environment=Environment.TEST)
    sending.issue()
    sending.send()
    AgencySettings.objects.update(environment=Environment.PRODUCTION)
    assert waiting().count == 1
    sending.agency.kept.clear()
    assert sending.send(2 * MINUTE) == 1
    assert waiting().count == 0


def stop_producer(_sending: Sending) -> None:
    SpainSettings.objects.update(producer_name="")


def stop_place(_sending: Sending) -> None:
    AgencySettings.objects.update(environment="")


def stop_certificate(sending: Sending) -> None:
    remove_certificate(by=sending.admin, now=sending.now)


def stop_time(sending: Sending) -> None:
    sending.now += timedelta(days=4000)


def stop_demo(_sending: Sending) -> None:
    Firm.objects.update(is_demo=True)


@pytest.mark.parametrize(
    ("stop", "code"),
    [
        (stop_producer, "incomplete"),
        (stop_place, "nowhere"),
        (stop_certificate, "no_certificate"),
        (stop_time, "expired"),
        (stop_demo, "demo"),
    ],
)
def test_nothing_leaves_before_all_is_set_up(
    sending: Sending, stop: Callable[[Sending], None], code: str
) -> None:
    sending.issue()
    stop(sending)
    assert code in [obstacle.code for obstacle in obstacles(sending.now)]
    assert sending.send() == 0
    assert (sending.agency.messages, Submission.objects.count()) == ([], 0)


def test_a_key_sealed_with_another_key_keeps_records_waiting(
    sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending.issue()
    monkeypatch.setattr(
        secrets, "_keys", lambda: secrets.MultiFernet([secrets.Fernet(secrets.Fernet.generate_key())])
    )
    assert [obstacle.code for obstacle in obstacles(sending.now)] == ["unsealable"]
    assert sending.send() == 0
