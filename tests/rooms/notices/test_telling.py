"""Who is told what, once, in which language, and when it leaves."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob

from ecuanime.accounts.models import User
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.secrets import unseal
from ecuanime.notices import jobs
from ecuanime.notices.actions import (
    Words,
    add_target,
    mark_all_read,
    mark_subject_read,
    remove_target,
    set_wishes,
    settle_subject,
    tell,
    try_target,
)
from ecuanime.notices.actions.sending import LEASE, MOST_TRIES
from ecuanime.notices.models import Bundle, Kind, Notice, Target
from ecuanime.notices.notifiers.apprise import sending
from ecuanime.notices.queries import notices_of, unread_count
from tests.factories import NOW, make_contact, make_firm, make_mailbox, make_person
from tests.factories.notices import send_due_bundles

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=6)
SECRET = "ntfys://la-clave-secreta@push.example/tema"


@pytest.fixture(autouse=True)
def firm() -> None:
    make_firm(time_zone="Europe/Madrid")
    make_mailbox()


def say(*people: User, event: str = "1", kind: Kind = Kind.ASSIGNED, **changes: Any) -> list[Notice]:
    values: dict[str, Any] = {
        "words": lambda: Words(_("Not assigned"), "más"),
        "url": "/tickets/7/",
        "subject_key": "ticket:7",
        "now": NOW,
    }
    return tell(people=people, kind=kind, event_id=event, **(values | changes))


def mails() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(purpose="notices").order_by("pk"))


def test_each_person_is_told_once_in_their_language_and_only_people_of_the_firm() -> None:
    ana, berta = make_person(), make_person(language="es")
    outsider, closed = make_contact(signs_in=True).user, make_person(is_active=False)
    assert outsider
    assert len(say(ana, berta, ana, outsider, closed)) == 2
    assert say(ana, berta) == [], "the same happening again"
    assert Notice.objects.get(user=ana).title == "Not assigned"
    assert Notice.objects.get(user=berta).title == "Sin asignar"
    assert unread_count(ana) == 1
    mark_subject_read(user=ana, subject_key="ticket:7", now=NOW)
    assert (unread_count(ana), unread_count(berta)) == (0, 1)
    assert mark_all_read(user=berta, now=NOW) == 1


def test_ten_changes_are_one_mail_without_the_clients_words() -> None:
    ana = make_person()
    for number in range(10):
        say(ana, event=str(number), words=lambda: Words("Título", "palabras del cliente"))
    assert send_due_bundles(now=NOW) == 0, "they gather first"
    assert send_due_bundles(now=LATER) == 1
    [mail] = mails()
    assert mail.to == [ana.email]
    assert mail.subject == "10 notices: Título"
    assert mail.text.count("/tickets/7/") == 10
    assert "palabras del cliente" not in mail.text
    assert send_due_bundles(now=LATER + LEASE) == 0
    say(ana, event="more", now=LATER)
    assert send_due_bundles(now=LATER + timedelta(minutes=6)) == 1, "what comes after is another mail"
    assert len(mails()) == 2


def test_what_was_read_meanwhile_is_not_mailed() -> None:
    ana = make_person()
    say(ana)
    mark_all_read(user=ana, now=NOW)
    assert send_due_bundles(now=LATER) == 0
    assert mails() == []
    assert not Bundle.objects.exclude(next_due_at=None).exists()


def test_wishes_and_quiet_hours_are_heeded() -> None:
    ana = make_person()
    wanted = {(Kind.ASSIGNED.value, "email"): False, (Kind.STATE.value, "email"): True}
    set_wishes(user=ana, wanted=wanted, quiet_begins=time(22), quiet_ends=time(7), now=NOW)
    evening = datetime(2026, 11, 10, 21, 58, tzinfo=UTC)
    say(ana, event="1", now=evening)
    assert not Bundle.objects.exists()
    say(ana, event="2", kind=Kind.STATE, now=evening)
    assert Bundle.objects.get().next_due_at == datetime(2026, 11, 11, 6, tzinfo=UTC), "07:00 in Madrid"
    assert Notice.objects.filter(user=ana, read_at=None).count() == 2, "in the product at once"
    for values, code in (
        ({"wanted": {("guess", "email"): True}}, "unknown_wish"),
        ({"quiet_ends": None}, "half_quiet"),
        ({"user": make_contact(signs_in=True).user}, "not_of_firm"),
    ):
        given: dict[str, Any] = {"user": ana, "wanted": {}, "quiet_begins": time(1), "quiet_ends": time(2)}
        with pytest.raises(Refused) as refusal:
            set_wishes(**(given | values), now=NOW)
        assert refusal.value.code == code
    say(ana, event="3", kind=Kind.STATE, now=evening)
    assert Bundle.objects.get().notices.count() == 2


def test_a_worker_that_dies_loses_nothing_and_a_repeat_is_the_same_mail(monkeypatch: Any) -> None:
    ana = make_person()
    say(ana)

    def dies(*_given: Any, **_named: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("ecuanime.notices.notifiers.email.notifier.queue_mail", dies)
        with pytest.raises(KeyboardInterrupt):
            send_due_bundles(now=LATER)
    assert mails() == []
    say(ana, event="while it is claimed", now=LATER)
    assert send_due_bundles(now=LATER + LEASE - timedelta(seconds=1)) == 0, "somebody may be at it still"
    assert send_due_bundles(now=LATER + LEASE) == 2, "the one left behind, and the one opened since"
    first = Bundle.objects.order_by("pk").first()
    assert first
    Bundle.objects.filter(pk=first.pk).update(next_due_at=NOW, sent_at=None)
    send_due_bundles(now=LATER)
    assert [mail.idempotency_key for mail in mails()].count(f"notices:{first.pk}") == 1


def test_push_goes_to_each_target_and_is_given_up_in_the_end(monkeypatch: Any) -> None:
    ana = make_person()
    target = add_target(user=ana, name="Móvil", url=SECRET, now=NOW)
    assert SECRET not in str(Target.objects.values().get())
    assert unseal(target.url_sealed) == SECRET
    say(ana)
    answers = iter(["failed"] * MOST_TRIES)
    given: list[str] = []
    monkeypatch.setattr(sending, "_handed_over", lambda text: given.append(text) or next(answers, "sent"))
    at = LATER
    for _try in range(MOST_TRIES):
        send_due_bundles(now=at)
        at += LEASE * 2**MOST_TRIES
    push = Bundle.objects.get(notifier="apprise")
    assert (push.next_due_at, push.sent_at, push.attempts) == (None, None, MOST_TRIES)
    assert "did not take it" in push.error
    assert SECRET not in push.error
    assert len(set(given)) == 1, "every try says the same, with the bundle's number"
    assert f"({push.pk})" in given[0]
    try_target(target=target, now=NOW)
    target.refresh_from_db()
    assert target.failed_at is None


def test_a_target_is_a_service_on_the_internet() -> None:
    ana, outsider = make_person(), make_contact(signs_in=True).user
    for user, name, url, code in (
        (ana, " ", SECRET, "no_name"),
        (outsider, "x", SECRET, "not_of_firm"),
        (ana, "x", "file:///etc/passwd", "bad_target"),
        (ana, "x", "dbus://", "bad_target"),
        (ana, "x", "syslog://localhost", "bad_target"),
        (ana, "x", "ntfys://a b", "bad_target"),
        (ana, "x", "nada", "bad_target"),
    ):
        with pytest.raises(Refused) as refusal:
            add_target(user=user, name=name, url=url, now=NOW)
        assert refusal.value.code == code
    assert not Target.objects.exists()
    kept = add_target(user=ana, name="Móvil", url=SECRET, now=NOW)
    for _more in range(9):
        add_target(user=ana, name="Otro", url=SECRET, now=NOW)
    with pytest.raises(Refused) as refusal:
        add_target(user=ana, name="x", url=SECRET, now=NOW)
    assert refusal.value.code == "too_many_targets"
    remove_target(target=kept, now=NOW)
    assert Target.objects.count() == 9


def test_the_list_is_read_page_by_page() -> None:
    ana = make_person()
    for number in range(5):
        say(ana, event=str(number), now=NOW + timedelta(minutes=number))
    first = notices_of(ana, size=3)
    rest = notices_of(ana, after=first.next, size=3)
    assert [each.event_id for each in [*first.rows, *rest.rows]] == ["4", "3", "2", "1", "0"]
    assert rest.next == ""


def test_the_bell_counts_things_and_what_is_over_is_no_news() -> None:
    ana, berta = make_person(), make_person()
    for number in range(5):
        say(ana, berta, event=f"7:{number}")
    say(ana, event="8", subject_key="ticket:8")
    for number in range(2):
        say(ana, event=f"by itself:{number}", subject_key="")
    assert (unread_count(ana), unread_count(berta)) == (4, 1)
    assert settle_subject(subject_key="ticket:7", now=LATER) == 10
    assert settle_subject(subject_key="ticket:7", now=LATER) == 0
    assert (unread_count(ana), unread_count(berta)) == (3, 0)


def test_an_emergency_leaves_at_once_and_is_tried_again_within_minutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ana = make_person()
    add_target(user=ana, name="Móvil", url=SECRET, now=NOW)
    say(ana, event="1")
    say(ana, event="2", kind=Kind.EMERGENCY)
    asked = ProcrastinateJob.objects.filter(task_name="notices.send_bundle")
    bundles = Bundle.objects.order_by("pk")
    assert sorted(job.args["bundle_id"] for job in asked) == [each.pk for each in bundles]
    assert {each.next_due_at for each in bundles} == {NOW}
    monkeypatch.setattr(sending, "_handed_over", lambda text: "failed")
    send_due_bundles(now=NOW)
    push = bundles.get(notifier="apprise")
    assert push.next_due_at == NOW + timedelta(minutes=1)
    send_due_bundles(now=NOW + timedelta(minutes=1))
    push.refresh_from_db()
    assert push.next_due_at == NOW + timedelta(minutes=3)


def test_a_round_ends_where_receivers_hang_and_the_next_one_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [make_person() for _each in range(3)]
    say(*people)
    Bundle.objects.update(next_due_at=NOW)
    moments = iter(range(0, 300, jobs.ROUND_SECONDS))
    monkeypatch.setattr(jobs, "monotonic", lambda: next(moments))
    jobs.send_due_bundles(timestamp=0)
    assert Bundle.objects.filter(sent_at=None).count() == 2
    jobs.send_due_bundles(timestamp=60)
    assert Bundle.objects.filter(sent_at=None).count() == 1
