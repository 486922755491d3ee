"""Certificate, place, trying at once, asking the agency: each exit, and that a refusal changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from ecuanime.accounts.models import Role
from ecuanime.billing.actions.spain import agency as actions
from ecuanime.billing.models import AgencyCertificate, AgencySettings, Verdict
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.models import AuditEntry
from ecuanime.foundation.secrets import unseal
from tests.agency import Kept
from tests.certificates import PASSWORD, of_company, of_person
from tests.factories import make_person
from tests.factories.agency import Sending, keep_certificate, sending_firm
from tests.factories.billing import MONTH_END
from tests.factories.fiscal import FIRM_NIF
from tests.rooms.billing.snapshots import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def sending(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sending]:
    with sending_firm(monkeypatch) as made:
        yield made


def test_a_certificate_is_kept_with_its_key_sealed_and_its_password_nowhere(sending: Sending) -> None:
    kept = AgencyCertificate.objects.get()
    assert (kept.holder, kept.nif, kept.is_seal) == ("Prueba, S. L.", FIRM_NIF, False)
    assert "PRIVATE KEY" in unseal(kept.key_sealed)
    assert "PRIVATE KEY" not in kept.key_sealed + kept.pem
    written = "".join(AuditEntry.objects.values_list("body", flat=True))
    assert PASSWORD not in written
    assert kept.key_sealed not in written


def test_a_successor_retires_the_one_before_and_forgets_its_key(sending: Sending) -> None:
    keep_certificate(sending.admin, now=MONTH_END + timedelta(days=1), is_seal=True)
    before, used = AgencyCertificate.objects.order_by("pk")
    assert (before.key_sealed, before.retired_at) == ("", MONTH_END + timedelta(days=1))
    assert (used.is_seal, used.retired_at) == (True, None)


def test_removed_it_is_gone_and_again_changes_nothing(sending: Sending) -> None:
    for _ in range(2):
        actions.remove_certificate(by=sending.admin, now=MONTH_END)
    assert not AgencyCertificate.objects.exclude(key_sealed="").exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no certificate", "unreadable"),
        (of_company("B12345674").pkcs12(), "other_holder"),
        (of_person("87654321X").pkcs12(), "other_holder"),
        (of_company(FIRM_NIF, until=datetime(2026, 11, 1, tzinfo=UTC)).pkcs12(), "expired"),
        (of_company(FIRM_NIF, since=datetime(2026, 12, 24, tzinfo=UTC)).pkcs12(), "not_yet_valid"),
        (of_company(FIRM_NIF, purpose=ExtendedKeyUsageOID.SERVER_AUTH).pkcs12(), "no_client"),
        (of_company(FIRM_NIF).pkcs12(with_key=False), "no_key"),
        (b"x" * 200_000, "too_large"),
    ],
)
def test_a_certificate_that_cannot_speak_for_the_firm_is_refused(
    sending: Sending, content: bytes, code: str
) -> None:
    values = {"content": content, "password": PASSWORD, "by": sending.admin, "now": MONTH_END}
    refused(lambda: actions.keep_certificate(**values), code)


def test_only_administrators_set_it_up(sending: Sending) -> None:
    clerk = sending.billing.clerk
    content = of_company(FIRM_NIF).pkcs12()
    tried: list[Callable[[], Any]] = [
        lambda: actions.keep_certificate(content=content, password=PASSWORD, by=clerk, now=MONTH_END),
        lambda: actions.remove_certificate(by=clerk, now=MONTH_END),
        lambda: actions.choose_environment(environment="test", by=clerk, now=MONTH_END),
    ]
    for act in tried:
        refused(act, "not_allowed")


def test_only_who_bills_tries_at_once_and_asks(sending: Sending) -> None:
    sending.issue()
    sending.send()
    technician = make_person(Role.TECHNICIAN)
    verdict = Verdict.objects.get()
    refused(lambda: actions.send_now(by=technician, now=sending.now), "not_allowed")
    refused(lambda: actions.ask_about(verdict=verdict, by=technician, clock=sending.clock), "not_allowed")


def test_an_unknown_place_is_refused(sending: Sending) -> None:
    values = {"by": sending.admin, "now": MONTH_END}
    refused(lambda: actions.choose_environment(environment="moon", **values), "unknown_environment")
    actions.choose_environment(environment="", **values)
    assert AgencySettings.objects.get().environment == ""


def test_what_failed_is_tried_at_once_when_asked_for(sending: Sending) -> None:
    refused(lambda: actions.send_now(by=sending.admin, now=sending.now), "nothing_failed")
    sending.issue()
    sending.agency.plan.append("503")
    sending.send()
    assert sending.send() == 0
    assert actions.send_now(by=sending.billing.clerk, now=sending.now) == 1
    assert sending.send() == 1
    assert sending.agency.taken == sending.chained


def test_the_wait_that_the_agency_asked_for_is_not_cut_short(sending: Sending) -> None:
    sending.issue()
    sending.send()
    sending.issue()
    refused(lambda: actions.send_now(by=sending.admin, now=sending.now), "nothing_failed")


def asked(sending: Sending) -> Verdict:
    verdict = Verdict.objects.get()
    return actions.ask_about(verdict=verdict, by=sending.billing.clerk, clock=sending.clock)


def test_the_agency_says_that_it_holds_this_very_record(sending: Sending) -> None:
    sending.issue()
    sending.send()
    found = asked(sending)
    assert (found.found, found.holds_this, found.asked_at) == ("Correcto", True, sending.now)


def test_a_duplicate_is_settled_only_when_it_is_this_record(sending: Sending) -> None:
    [invoice] = sending.issue()
    key = (FIRM_NIF, invoice.number or "", f"{invoice.issued_on:%d-%m-%Y}")
    sending.agency.kept[key] = Kept("Correcta", "F" * 64)
    sending.send()
    other = asked(sending)
    assert (other.state, other.found, other.holds_this) == (Verdict.State.REJECTED, "Correcto", False)
    sending.agency.kept[key] = Kept("Correcta", sending.chained[0])
    same = asked(sending)
    assert (same.state, same.is_duplicate) == (Verdict.State.ACCEPTED, True)


def test_nothing_held_is_an_answer_too(sending: Sending) -> None:
    [invoice] = sending.issue()
    sending.agency.refuses[invoice.number or ""] = (1100, "Valor incorrecto")
    sending.send()
    found = asked(sending)
    assert (found.found, found.holds_this, found.state) == ("", False, Verdict.State.REJECTED)
    assert found.asked_at == sending.now


def test_no_answer_or_no_certificate_changes_nothing(sending: Sending) -> None:
    sending.issue()
    sending.send()
    sending.agency.plan.append("503")
    refused(lambda: asked(sending), "no_answer")
    actions.remove_certificate(by=sending.admin, now=sending.now)
    refused(lambda: asked(sending), "no_certificate")


def test_the_other_holders_name_is_said(sending: Sending) -> None:
    content = of_company("B12345674").pkcs12()
    with pytest.raises(Refused, match=FIRM_NIF):
        actions.keep_certificate(content=content, password=PASSWORD, by=sending.admin, now=MONTH_END)
