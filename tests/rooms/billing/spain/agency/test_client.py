"""One request to a real TLS server that asks for a certificate."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ecuanime.billing.models import Environment
from ecuanime.billing.packs.es.agency import client
from ecuanime.billing.packs.es.agency.client import Credentials, NotReached, call
from ecuanime.billing.packs.es.agency.services import SERVICES, Service, service_for
from ecuanime.billing.packs.es.agency.submissions import Faulted, State, read_answer, submission
from tests.agency import Agency, agency_on_this_machine
from tests.certificates import authority, of_company
from tests.rooms.billing.spain.agency.records import ISSUER, registration

MESSAGE = submission(ISSUER, [registration()])


@pytest.fixture
def agency() -> Iterator[Agency]:
    with agency_on_this_machine() as double:
        yield double


@pytest.fixture
def service(agency: Agency) -> Service:
    return Service(agency.url, is_internal=True, authorities=authority().pem)


@pytest.fixture
def credentials() -> Credentials:
    made = of_company()
    return Credentials(made.pem, made.key_pem)


def reason(service: Service, credentials: Credentials) -> tuple[str, bool]:
    with pytest.raises(NotReached) as raised:
        call(service, MESSAGE, credentials)
    return raised.value.code, raised.value.may_have_arrived


def test_both_sides_show_their_certificates(
    agency: Agency, service: Service, credentials: Credentials
) -> None:
    answer = read_answer(call(service, MESSAGE, credentials))
    assert [line.state for line in answer.lines] == [State.ACCEPTED]
    assert len(agency.seen_certificates) == 1


def test_no_key_is_left_on_the_disk(
    service: Service, credentials: Credentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    call(service, MESSAGE, credentials)
    assert list(tmp_path.iterdir()) == []
    assert credentials.key_pem not in repr(credentials)


def test_a_server_that_nobody_vouches_for_is_told_nothing(
    agency: Agency, service: Service, credentials: Credentials
) -> None:
    stranger = Service(service.url, is_internal=True)
    assert reason(stranger, credentials) == ("not_trusted", False)
    assert agency.messages == []


def test_a_place_in_our_own_network_is_not_spoken_to(agency: Agency, credentials: Credentials) -> None:
    inside = Service(agency.url, authorities=authority().pem)
    assert reason(inside, credentials) == ("bad_address", False)
    port_less = Service("https://localhost/VerifactuSOAP", authorities=authority().pem)
    assert reason(port_less, credentials) == ("not_public", False)
    assert agency.messages == []


def test_nobody_at_home_means_nothing_has_left(credentials: Credentials) -> None:
    with agency_on_this_machine() as double:
        gone = Service(double.url, is_internal=True, authorities=authority().pem)
    assert reason(gone, credentials) == ("no_connection", False)


def test_a_slow_answer_may_have_been_taken(
    agency: Agency, service: Service, credentials: Credentials, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "SECONDS", 0.7)
    agency.plan.append("slow")
    code, may_have_arrived = reason(service, credentials)
    assert (code in ("no_answer", "too_slow"), may_have_arrived) == (True, True)
    assert len(agency.taken) == 1


@pytest.mark.parametrize(("plan", "code"), [("503", "status_503"), ("drop", "no_answer")])
def test_no_answer_may_have_been_taken(
    agency: Agency, service: Service, credentials: Credentials, plan: str, code: str
) -> None:
    agency.plan.append(plan)
    assert reason(service, credentials) == (code, True)


def test_a_fault_is_an_answer(agency: Agency, service: Service, credentials: Credentials) -> None:
    agency.plan.append("fault")
    with pytest.raises(Faulted, match="4102"):
        read_answer(call(service, MESSAGE, credentials))


def test_the_addresses_are_the_agencys_alone() -> None:
    hosts = {service.url.split("/")[2] for service in SERVICES.values()}
    assert all(host.endswith((".agenciatributaria.gob.es", ".aeat.es")) for host in hosts)
    assert not any(service.is_internal or service.authorities for service in SERVICES.values())
    assert "www10" in service_for(Environment.PRODUCTION, is_seal=True).url
    assert "prewww1." in service_for(Environment.TEST, is_seal=False).url
