"""What programs may write: what their person may, through the same actions and refusals as on the screens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ecuanime.billing.actions import bring_invoice, continue_run
from ecuanime.billing.models import InvoiceLine, Payment, Run
from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.models import Answer
from ecuanime.worklog.models import EntryState, TimeEntry
from tests.api.conftest import Ask, Write
from tests.factories import make_site
from tests.factories.billing import MONTH_END
from tests.factories.world import World

STARTED, ENDED = MONTH_END - timedelta(hours=3), MONTH_END - timedelta(hours=2)


def code(answer: Any) -> tuple[int, str]:
    """The status and the code of a refusal."""
    return answer.status_code, answer.json()["code"]


def test_a_client_is_taken_on_changed_and_stopped(world: World, ask: Ask, write: Write) -> None:
    made = write("billing", "POST", "clients", {"name": "Óptica", "country": "MX"}).json()
    assert (made["country"], made["time_zone"], made["is_active"]) == ("MX", "America/Mexico_City", True)
    address = f"clients/{made['code']}"
    changed = write("billing", "PATCH", address, {"city": "Puebla", "is_active": False}).json()
    assert (changed["city"], changed["name"], changed["is_active"]) == ("Puebla", "Óptica", False)
    assert ask("billing", address).json() == changed
    for wrong, why in (
        ({"name": " "}, "no_name"),
        ({"country": "XX"}, "unknown_country"),
        ({"currency": "XXZ"}, "unknown_currency"),
        ({"time_zone": "Mars/Base"}, "unknown_time_zone"),
        ({"invoice_email": "nadie"}, "bad_email"),
    ):
        assert code(write("billing", "PATCH", address, wrong | {"city": "Otra"})) == (422, why)
    assert ask("billing", address).json() == changed
    assert code(write("technician", "POST", "clients", {"name": "X"})) == (403, "not_allowed")
    assert code(write("lead", "PATCH", f"clients/{world.client.code}", {"city": "X"})) == (403, "not_allowed")
    assert code(write("billing", "PATCH", "clients/C-9999", {"city": "X"})) == (404, "not_found")


def test_people_are_noted_by_anybody_and_given_rights_by_few(world: World, write: Write) -> None:
    given = {"client": world.client.code, "name": "Lucía", "email": "Lucia@uno.example"}
    made = write("technician", "POST", "contacts", given).json()
    assert (made["email"], made["is_project_lead"], made["signs_in"]) == ("lucia@uno.example", False, False)
    address = f"contacts/{made['id']}"
    assert write("technician", "PATCH", address, {"phone": "910"}).json()["phone"] == "910"
    for body in ({"is_project_lead": True}, {"is_active": False}):
        assert code(write("technician", "PATCH", address, body)) == (403, "not_allowed")
    assert code(write("technician", "POST", "contacts", given | {"sees_invoices": True})) == (
        403,
        "not_allowed",
    )
    assert code(write("technician", "POST", "contacts", given)) == (422, "email_taken")
    rights = {"is_project_lead": True, "approves_up_to_minutes": 600}
    assert write("supervisor", "PATCH", address, rights).json()["is_project_lead"] is True
    assert Contact.objects.get(pk=made["id"]).approves_up_to_minutes == 600
    refused = write("supervisor", "PATCH", address, {"is_project_lead": False, "name": "Otra"})
    assert code(refused) == (422, "limits_without_right")
    assert Contact.objects.get(pk=made["id"]).name == "Lucía"
    assert code(write("technician", "PATCH", address, {"email": "x@uno.example"})) == (403, "not_allowed")
    assert write("supervisor", "PATCH", address, {"is_active": False}).json()["is_active"] is False


def recorded(world: World, write: Write, **more: Any) -> Any:
    """An hour of the technician's on the world's ticket."""
    given = {"ticket": world.ticket.number, "work_type": "remote", "note": "Copia restaurada"}
    times = {"started_at": STARTED.isoformat(), "ended_at": ENDED.isoformat()}
    return write("technician", "POST", "time-entries", given | times | more)


def test_time_is_recorded_changed_and_deleted_by_its_person(world: World, ask: Ask, write: Write) -> None:
    made = recorded(world, write)
    assert made.status_code == 201
    entry = made.json()
    assert (entry["elapsed_seconds"], entry["state"], entry["version"]) == (3600, "open", 1)
    assert entry["contract"] == world.contract.number
    address = f"time-entries/{entry['id']}"
    noted = write("technician", "PATCH", address, {"note": "Otra"}).json()
    assert (noted["note"], noted["started_at"], noted["version"]) == ("Otra", entry["started_at"], 2)
    day = {"work_on": STARTED.date().isoformat(), "seconds": 1800, "billable_seconds": 0}
    shorter = write("technician", "PATCH", address, day).json()
    assert (shorter["started_at"], shorter["elapsed_seconds"], shorter["billed_seconds"]) == (None, 1800, 0)
    assert code(write("supervisor", "PATCH", address, {"note": "Suya"})) == (403, "not_yours")
    for wrong, why in (
        ({"seconds": 60}, "bad_times"),
        ({"work_on": "2027-01-01", "seconds": 60}, "future"),
        ({"work_type": "sheep"}, "unknown_work_type"),
        ({"contract": "CT-x"}, "unknown_contract"),
        ({"billable_seconds": 3600}, "billable_above_elapsed"),
    ):
        assert code(write("technician", "PATCH", address, wrong)) == (422, why)
    assert ask("technician", address).json() == shorter
    assert code(write("consultant", "DELETE", address)) == (404, "not_found")
    gone = write("technician", "DELETE", address, key="d1")
    assert (gone.status_code, gone.content) == (204, b"")
    assert write("technician", "DELETE", address, key="d1").status_code == 204
    assert code(write("technician", "DELETE", address)) == (404, "not_found")
    assert not TimeEntry.objects.filter(pk=entry["id"]).exists()


def test_closed_time_is_nobodys_to_change(world: World, write: Write) -> None:
    address = f"time-entries/{world.sent.pk}"
    for method, body in (("PATCH", {"note": "x"}), ("DELETE", None)):
        assert code(write("technician", method, address, body)) == (422, "closed")
    assert code(recorded(world, write, ticket=999999)) == (404, "not_found")
    assert code(write("billing", "POST", "time-entries", {})) == (403, "not_allowed")


@pytest.mark.parametrize("version", [None, 1])
def test_a_client_approves_or_disputes_what_waits_for_them(
    world: World, write: Write, version: int | None
) -> None:
    address = f"time-entries/{world.sent.pk}"
    assert code(write("contact", "POST", f"{address}/approve", {})) == (403, "not_allowed")
    assert code(write("other_lead", "POST", f"{address}/approve", {})) == (404, "not_found")
    assert code(write("lead", "POST", f"{address}/approve", {"version": 7})) == (422, "changed")
    assert code(write("lead", "POST", f"{address}/dispute", {"reason": " "})) == (422, "no_comment")
    assert TimeEntry.objects.get(pk=world.sent.pk).state == EntryState.REVIEWED
    if version is None:
        disputed = write("lead", "POST", f"{address}/dispute", {"reason": "No la pedí."}).json()
        assert disputed["state"] == "disputed"
        rejected = write("supervisor", "POST", f"{address}/reject", {"reason": "Cierto."}).json()
        assert rejected["state"] == "rejected"
    else:
        approved = write("lead", "POST", f"{address}/approve", {"version": version}).json()
        assert (approved["state"], approved["rating"]["rounded_minutes"]) == ("approved", 30)


def test_disputed_time_is_explained_and_waits_again(world: World, write: Write) -> None:
    address = f"time-entries/{world.sent.pk}"
    said = {"reason": "Fue la migración del correo."}
    assert code(write("supervisor", "POST", f"{address}/answer", said)) == (422, "not_disputed")
    write("lead", "POST", f"{address}/dispute", {"reason": "No la pedí."})
    assert code(write("technician", "POST", f"{address}/answer", said)) == (403, "not_allowed")
    assert code(write("supervisor", "POST", f"{address}/answer", {"reason": " "})) == (422, "no_reason")
    answers = [write("supervisor", "POST", f"{address}/answer", said, key="a1").json() for _ in "ab"]
    assert answers[0] == answers[1]
    assert answers[0]["state"] == "reviewed"
    decisions = TimeEntry.objects.get(pk=world.sent.pk).decisions
    assert [row.reason for row in decisions.filter(kind="answer")] == ["Fue la migración del correo."]


def test_both_sides_comment_on_disputed_time_which_stays_held(world: World, write: Write) -> None:
    address = f"time-entries/{world.sent.pk}/comments"
    said = {"text": "¿De qué día es?"}
    assert code(write("lead", "POST", address, said)) == (422, "not_disputed")
    write("lead", "POST", f"time-entries/{world.sent.pk}/dispute", {"reason": "No la pedí."})
    assert code(write("lead", "POST", address, {"text": " "})) == (422, "no_comment")
    assert code(write("other_lead", "POST", address, said)) == (404, "not_found")
    assert code(write("billing", "POST", address, said)) == (403, "not_allowed")
    comments = TimeEntry.objects.get(pk=world.sent.pk).decisions.filter(kind="comment")
    assert not comments.exists()

    asked = [write("lead", "POST", address, said, key="c1") for _ in "ab"]
    assert [each.status_code for each in asked] == [201, 201]
    assert asked[0].content == asked[1].content
    told = write("supervisor", "POST", address, {"text": "Del lunes."}).json()

    assert (asked[0].json()["is_client"], told["is_client"], told["entry"]) == (True, False, world.sent.pk)
    assert [row.reason for row in comments.order_by("id")] == ["¿De qué día es?", "Del lunes."]
    assert TimeEntry.objects.get(pk=world.sent.pk).state == EntryState.DISPUTED


def test_approved_time_is_corrected_by_an_entry_of_its_own(world: World, ask: Ask, write: Write) -> None:
    address = f"time-entries/{world.approved.pk}/corrections"
    given = {"seconds": -600, "reason": "Eran menos"}
    before = ask("lead", f"time-entries/{world.approved.pk}").json()
    made = [write("technician", "POST", address, given, key="c1") for _ in "ab"]
    assert [each.status_code for each in made] == [201, 201]
    correction = made[0].json()
    assert correction == made[1].json()
    assert (correction["corrects"], correction["elapsed_seconds"], correction["state"]) == (
        world.approved.pk,
        -600,
        "open",
    )
    assert ask("lead", f"time-entries/{world.approved.pk}").json() == before
    for wrong, why in (
        (given | {"reason": " "}, "no_reason"),
        (given | {"seconds": 0}, "nothing_changed"),
        (given | {"seconds": -86400}, "below_zero"),
        (given | {"units": 2}, "no_units"),
    ):
        assert code(write("supervisor", "POST", address, wrong)) == (422, why)
    assert code(write("consultant", "POST", address, given)) == (404, "not_found")
    assert code(write("lead", "POST", address, given)) == (403, "not_allowed")
    assert TimeEntry.objects.filter(corrects=world.approved.pk).count() == 1


def test_nothing_of_a_refused_write_stays(world: World, write: Write) -> None:
    """The first half of a change is taken back when the second is refused."""
    answer = write(
        "supervisor", "PATCH", f"clients/{world.client.code}", {"is_active": False, "country": "XX"}
    )
    assert code(answer) == (422, "unknown_country")
    assert Client.objects.get(pk=world.client.pk).is_active


def test_an_offer_is_drafted_sent_and_its_acceptance_noted(world: World, ask: Ask, write: Write) -> None:
    plan = world.contract.version.plan.code
    given = {"client": world.client.code, "plan": plan, "starts_on": "2027-01-01", "note": "Con traslado."}
    for wrong, why in (
        ({"plan": "nada"}, "unknown_plan"),
        ({"replaces": "CT-x"}, "unknown_contract"),
        ({"valid_until": "2020-01-01"}, "valid_until_past"),
    ):
        assert code(write("supervisor", "POST", "quotes", given | wrong)) == (422, why)
    assert code(write("technician", "POST", "quotes", given)) == (403, "not_allowed")
    agreed = given | {"overage_price": "39.5", "replaces": world.contract.number}
    first, second = (write("supervisor", "POST", "quotes", agreed, key="offer") for _ in range(2))
    offer = first.json()
    assert (first.status_code, second.content) == (201, first.content)
    assert (offer["state"], float(offer["overage_price"])) == ("draft", 39.5)
    assert "Con traslado." in offer["text"]
    address = f"quotes/{offer['number']}"
    assert write("supervisor", "POST", f"{address}/send").json()["state"] == "quoted"
    assert ask("technician", address).json()["text"] == offer["text"]

    paper = {"name": "Jorge", "given_on": MONTH_END.date().isoformat()}
    assert code(write("supervisor", "POST", f"{address}/acceptance", paper)) == (422, "no_proof")
    broken = paper | {"file": {"name": "f.pdf", "base64": "?"}}
    assert code(write("supervisor", "POST", f"{address}/acceptance", broken)) == (422, "bad_file")
    signed = paper | {"file": {"name": "firmado.pdf", "base64": "JVBERg=="}, "contact": world.lead.pk}
    assert write("supervisor", "POST", f"{address}/acceptance", signed).json()["state"] == "accepted"
    answer = Answer.objects.get(contract__number=offer["number"])
    assert (answer.name, answer.file_name, answer.recorded_by) == (
        "Jorge",
        "firmado.pdf",
        world.people["supervisor"],
    )
    assert code(write("supervisor", "POST", f"{address}/withdraw")) == (422, "answered")


def test_a_project_lead_declines_the_offer_that_was_read(world: World, ask: Ask, write: Write) -> None:
    address = f"quotes/{world.quote.number}"
    no = {"text_sha256": ask("lead", address).json()["text_sha256"], "reason": "Ya no hace falta."}
    assert code(write("supervisor", "POST", f"{address}/decline", no)) == (403, "not_allowed")
    assert code(write("other_lead", "POST", f"{address}/decline", no)) == (404, "not_found")
    assert code(write("lead", "POST", f"{address}/decline", no | {"text_sha256": "x"})) == (
        422,
        "text_changed",
    )
    assert ask("lead", address).json()["state"] == "quoted"
    assert not Answer.objects.filter(contract=world.quote).exists()

    first, second = (write("lead", "POST", f"{address}/decline", no, key="no") for _ in range(2))

    assert (first.json()["state"], second.content) == ("declined", first.content)
    answer = Answer.objects.get(contract=world.quote)
    assert (answer.kind, answer.reason, answer.contact) == ("declined", "Ya no hace falta.", world.lead)
    assert answer.text == first.json()["text"]


def test_a_contract_is_opened_and_ended_and_its_packs_ordered(world: World, ask: Ask, write: Write) -> None:
    given = {"client": world.client.code, "plan": world.plan.plan.code, "starts_on": "2026-11-01"}
    depot = make_site(world.client)
    scope = {"areas": ["linux"], "sites": [depot.pk]}
    made = write("supervisor", "POST", "contracts", given | scope | {"approval": "supervisor"})
    assert made.status_code == 201
    assert {name: made.json()[name] for name in scope} == scope
    assert {"id": depot.pk, "name": "Almacén", "address": "", "city": ""} in ask(
        "lead", f"clients/{world.client.code}"
    ).json()["sites"]
    contract = made.json()
    assert (contract["state"], contract["approval"], contract["ends_on"]) == ("active", "supervisor", None)
    for wrong, why in (
        ({"plan": "none"}, "unknown_plan"),
        ({"areas": ["linux", "sheep"]}, "unknown_area"),
        ({"sites": [depot.pk, 10**9]}, "unknown_site"),
        ({"ends_on": "2026-10-01"}, "ends_before_start"),
    ):
        assert code(write("supervisor", "POST", "contracts", given | wrong)) == (422, why)
    assert code(write("billing", "POST", "contracts", given)) == (403, "not_allowed")
    address = f"contracts/{contract['number']}"
    ordered = [write("billing", "POST", f"{address}/packs", {"quantity": 20}, key="p1").json() for _ in "ab"]
    assert ordered[0] == ordered[1]
    [paid, bonus] = ask("billing", f"{address}/balance").json()["lots"]
    assert {paid["granted_hundredths"], bonus["granted_hundredths"]} == {120000, 6000}
    assert ask("billing", f"invoices/{ordered[0]['invoice']}").json()["net_minor"] == 60000
    assert code(write("technician", "POST", f"{address}/packs", {"quantity": 1})) == (403, "not_allowed")
    end = {"ends_on": "2026-12-31", "reason": "Se van"}
    assert write("supervisor", "POST", f"{address}/end", end).json()["ends_on"] == "2026-12-31"
    early = write("supervisor", "POST", f"{address}/end", {"ends_on": "2026-01-01"})
    assert code(early) == (422, "ends_before_start")


def test_a_line_of_time_is_discounted(world: World, write: Write) -> None:
    work = InvoiceLine.objects.get(invoice=world.invoice, kind="work")
    issued = f"invoices/{world.invoice.pk}/lines/{work.position}"
    assert code(write("billing", "PATCH", issued, {"percent": "10"})) == (422, "issued")
    pack = f"invoices/{world.draft.pk}/lines/{world.line.position}"
    assert code(write("billing", "PATCH", pack, {"percent": "10"})) == (422, "not_time")

    write("billing", "POST", f"invoices/{world.invoice.pk}/credit", {"reason": "Mal", "free_time": False})
    write("billing", "POST", "invoice-runs", {"up_to": MONTH_END.date().isoformat()})
    continue_run(run=Run.objects.latest("pk"), now=MONTH_END)
    again = InvoiceLine.objects.get(invoice__state="draft", kind="work")
    address = f"invoices/{again.invoice_id}/lines/{again.position}"
    [line] = write("billing", "PATCH", address, {"percent": "50"}).json()["lines"]
    assert (line["discount_minor"], line["amount_minor"]) == (
        work.amount - work.amount // 2,
        work.amount // 2,
    )


def test_an_invoice_from_the_draft_to_the_payment(world: World, ask: Ask, write: Write) -> None:
    address = f"invoices/{world.draft.pk}"
    before = ask("billing", address).json()
    line = {"description": "Disco de 2 TB", "units": "2", "price": "45.50", "kind": "goods"}
    longer = write("billing", "POST", f"{address}/lines", line).json()
    added = longer["lines"][-1]
    assert (added["amount_minor"], longer["net_minor"]) == (9100, before["net_minor"] + 9100)
    for wrong, why in (
        ({"tax": "none"}, "unknown_tax"),
        ({"kind": "time"}, "bad_kind"),
        ({"units": "0"}, "no_units"),
    ):
        assert code(write("billing", "POST", f"{address}/lines", line | wrong)) == (422, why)
    kept = f"{address}/lines/{before['lines'][0]['position']}"
    assert code(write("billing", "DELETE", kept)) == (422, "not_manual")
    assert ask("billing", address).json() == longer
    shorter = write("billing", "DELETE", f"{address}/lines/{added['position']}").json()
    assert shorter["net_minor"] == before["net_minor"]
    issued = [write("billing", "POST", f"{address}/issue", key="i1").json() for _ in "ab"]
    assert issued[0] == issued[1]
    assert (issued[0]["state"], issued[0]["number"] is None) == ("issued", False)
    assert code(write("billing", "POST", f"{address}/lines", line)) == (422, "issued")
    assert code(write("billing", "DELETE", address)) == (422, "issued")
    total = issued[0]["total_minor"]
    paid = {"amount_minor": total, "received_on": "2026-11-30", "reference": "TR-1"}
    assert code(write("billing", "POST", f"{address}/payments", paid | {"amount_minor": total + 1})) == (
        422,
        "above_owed",
    )
    for _ in "ab":
        assert write("billing", "POST", f"{address}/payments", paid, key="m1").json()["amount_minor"] == total
    assert ask("billing", address).json()["owed_minor"] == 0
    note = write("billing", "POST", f"{address}/credit", {"reason": "Error"}).json()
    assert (note["corrects"], note["total_minor"]) == (issued[0]["number"], -total)
    assert code(write("technician", "POST", f"{address}/credit", {"reason": "x"})) == (403, "not_allowed")


def test_money_in_another_currency_comes_at_its_rate(world: World, ask: Ask, write: Write) -> None:
    brought = bring_invoice(
        client=world.client,
        number="US-1",
        issued_on=MONTH_END.date() - timedelta(days=5),
        due_on=MONTH_END.date(),
        total=10_000,
        paid=0,
        currency="USD",
        by=world.people["billing"],
        now=MONTH_END,
    )
    address = f"invoices/{brought.pk}"
    paid = {"amount_minor": 5000, "received_on": "2026-11-30"}
    assert write("billing", "POST", f"{address}/payments", paid | {"exchange_rate": "0"}).status_code == 422

    noted = write("billing", "POST", f"{address}/payments", paid | {"exchange_rate": "0.95"}).json()

    assert (noted["exchange_rate"], noted["exchange_difference_minor"]) == ("0.95", None)
    found = ask("billing", address).json()
    assert (found["exchange_rate"], found["tax_currency"], found["home_total_minor"]) == (None, "", None)
    assert Payment.objects.get(pk=noted["id"]).home_value == 4750


def test_a_run_drafts_what_is_approved_and_a_draft_is_thrown_away(
    world: World, ask: Ask, write: Write
) -> None:
    run = write("billing", "POST", "invoice-runs", {"up_to": "2026-11-30"})
    assert (run.status_code, run.json()["up_to"]) == (202, "2026-11-30")
    assert code(write("billing", "POST", "invoice-runs", {"up_to": "2027-01-01"})) == (422, "future")
    assert write("billing", "DELETE", f"invoices/{world.draft.pk}").status_code == 204
    assert ask("billing", f"invoices/{world.draft.pk}").status_code == 404
