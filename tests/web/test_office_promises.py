import pytest
from django.test import Client

from ecuanime.accounts.models import Role
from ecuanime.contracts.actions import provide_basics
from ecuanime.contracts.models import ServiceLevel
from ecuanime.tickets.actions import keep_queue
from tests.factories import NOW, make_client, make_contract, make_firm, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client: Client) -> Client:
    make_firm()
    provide_basics(now=NOW)
    client.force_login(make_person(Role.SUPERVISOR, language="en"))
    return client


def test_terms_are_written_for_everybody_a_client_and_a_contract(boss: Client) -> None:
    customer = make_client()
    contract = make_contract(client=customer)
    queue = keep_queue(queue=None, name="Alta", now=NOW)
    for address in (
        "/plazos/",
        f"/clientes/{customer.code}/plazos/",
        f"/contratos/{contract.number}/plazos/",
        f"/plazos/colas/{queue.pk}/",
    ):
        given = {
            "warn_percent": "80",
            "p1_first_response": "30 min",
            "p3_solution": "16 h",
            "credit_minutes": "1:00",
        }
        assert boss.post(address, given).status_code == 302
        page = boss.get(address).content.decode()
        assert 'value="0:30"' in page
        assert 'value="16:00"' in page
    assert ServiceLevel.objects.count() == 4
    assert "of its own" in boss.get("/plazos/").content.decode()
    assert {level.credit_minutes for level in ServiceLevel.objects.all()} == {60}
    boss.post(f"/contratos/{contract.number}/plazos/", {"drop": "yes"})
    assert "Nothing of its own yet" in boss.get(f"/contratos/{contract.number}/plazos/").content.decode()


@pytest.mark.parametrize(
    "given", [{"warn_percent": "80"}, {"warn_percent": "0", "p1_solution": "1 h"}, {"p1_solution": "soon"}]
)
def test_terms_that_cannot_be_are_said_so(boss: Client, given: dict[str, str]) -> None:
    assert boss.post("/plazos/", given).status_code == 422
    assert not ServiceLevel.objects.exists()


def test_anybody_can_ask_when_it_would_be_due(boss: Client) -> None:
    asked = {"abierto": "2026-11-03T09:00", "ahora": "2026-11-03T12:00", "plazo": "2 h", "horario": "8x5"}
    changes = {
        "estado1": "waiting_client",
        "desde1": "2026-11-03T10:00",
        "estado2": "open",
        "desde2": "2026-11-03T11:30",
    }
    page = boss.get("/plazos/calcular/", asked | changes).content.decode()
    assert "12:30" in page
    assert "waited for the client" in page
    assert "&quot;opened_at&quot;" in page
    wrong = boss.get("/plazos/calcular/", asked | {"ahora": "2026-11-02T12:00"})
    assert wrong.status_code == 422
