"""The catalogue on screen: reading it, selling from a template, writing and publishing the next version."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client as Browser

from ecuanime.contracts import offers
from ecuanime.contracts.actions import create_plan, publish_template, set_service_level
from ecuanime.contracts.drafts import PromiseRow, draft_of
from ecuanime.contracts.models import Plan, PlanKind, PlanVersion, ServiceLevel
from ecuanime.staff.models import ProductArea
from tests.factories import NOW, make_contract, make_firm, make_person, make_work_type

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def firm() -> None:
    make_firm()


@pytest.fixture
def supervisor(client: Browser) -> Browser:
    client.force_login(make_person("supervisor", language="en"))
    return client


@pytest.fixture
def technician(client: Browser) -> Browser:
    client.force_login(make_person("technician", language="en"))
    return client


def sell(code: str = "bono-20") -> PlanVersion:
    return publish_template(code=code, currency="EUR", by=None, now=NOW)


def text_of(response: Any) -> str:
    return str(response.content.decode()).replace("\xa0", " ")


def fields_of(response: Any) -> dict[str, Any]:
    """What a browser would send back from the form as it was shown."""
    form = response.context["form"]
    data = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in data.items() if value is not None and value is not False}


def publish_as_read(browser: Browser, code: str) -> Any:
    """Publish a draft as its page shows it."""
    address = f"/planes/{code}/publicar/"
    read = browser.get(address).context["form"]["read"].value()
    return browser.post(address, {"read": read}, follow=True)


def test_what_a_plan_promises_is_in_its_text_and_stays(supervisor: Browser) -> None:
    sell()
    times = {"promise_1_first_response": "30 min", "promise_2_solution": "8:00", "promise_calendar": "8x5"}
    times |= {"promise_credit": "0:30", "promise_most": "2:00"}
    sent = fields_of(supervisor.get("/planes/bono-20/editar/")) | times
    supervisor.post("/planes/bono-20/editar/", sent)
    page = text_of(publish_as_read(supervisor, "bono-20"))
    assert "First response, by priority: urgent 0 h 30." in page
    assert "Solution, by priority: high 8 h 00." in page
    assert "Each one not kept gives 0 h 30 of work, at most 2 h 00 a month." in page
    version = PlanVersion.objects.get(number=2)
    assert draft_of(version).promise == PromiseRow(
        ((1, "first_response", 30), (2, "solution", 480)), "8x5", 75, 30, 120
    )
    contract = make_contract(version=version)
    assert "urgent 0 h 30" in offers.text_of(contract).replace("\xa0", " "), "the client accepts it"
    again = fields_of(supervisor.get("/planes/bono-20/editar/"))
    assert again["promise_2_solution"] == "8:00"
    for change in (
        lambda: version.service_level.targets.all().delete(),
        lambda: ServiceLevel.objects.filter(version=version).update(warn_percent=1),
        lambda: version.service_level.delete(),
        lambda: version.service_level.calendar.bands.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    loose = set_service_level(contract=contract, targets={(1, "solution"): 60}, now=NOW)
    loose.targets.all().delete()
    assert "solution" not in offers.text_of(contract).lower(), "its own terms come first"


def test_without_plans_the_catalogue_offers_the_templates(supervisor: Browser) -> None:
    page = text_of(supervisor.get("/planes/"))
    assert "There is no plan yet" in page
    assert page.count('value="bono-') == 3


def test_a_template_is_put_on_sale_in_the_firms_currency(supervisor: Browser) -> None:
    make_firm(currency="MXN")
    response = supervisor.post("/planes/plantilla/", {"code": "bono-45"}, follow=True)

    assert response.redirect_chain == [("/planes/bono-45/", 302)]
    version = PlanVersion.objects.get()
    assert (version.currency, version.published_by) == ("MXN", response.wsgi_request.user)
    assert "Hours are bought in advance, usually 45 at once." in text_of(response)


def test_an_unknown_template_is_refused_in_words(supervisor: Browser) -> None:
    response = supervisor.post("/planes/plantilla/", {"code": "bono-11"}, follow=True)
    assert "There is no such template" in text_of(response)
    assert not Plan.objects.exists()


def test_the_catalogue_costs_the_same_with_one_and_three_plans(
    technician: Browser, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for codes in (("bono-10",), ("bono-20", "bajo-demanda")):
        for code in codes:
            sell(code)
        with django_assert_max_num_queries(40) as queries:
            page = text_of(technician.get("/planes/"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "from €38.00 an hour" in page
    assert "€48.00 an hour" in page


def test_a_plan_says_what_it_means_with_an_example(technician: Browser) -> None:
    sell()
    page = text_of(technician.get("/planes/bono-20/"))

    assert "Time is rounded up to steps of 15 min" in page
    assert "A call of 20 minutes would take 0 h 30 from the pack" in page
    assert "Write the next version" not in page


def test_a_plan_of_ones_own_goes_from_nothing_to_published(supervisor: Browser) -> None:
    response = supervisor.post("/planes/nuevo/", {"code": "Demanda", "kind": "on_demand"}, follow=True)
    assert response.redirect_chain == [("/planes/demanda/editar/", 302)]
    sent = fields_of(response) | {"name_es": "A demanda", "name_en": "As needed", "base_rate": "52.50"}

    page = text_of(supervisor.post("/planes/demanda/editar/", sent, follow=True))
    assert "A call of 20 minutes would cost €26.25 before tax." in page
    assert "never changes again" in text_of(supervisor.get("/planes/demanda/publicar/"))
    refused = supervisor.post("/planes/demanda/publicar/", {"read": "of another text"}, follow=True)
    assert "The draft was changed after you read it." in text_of(refused)
    publish_as_read(supervisor, "demanda")

    version = PlanVersion.objects.get()
    assert version.published_at is not None
    assert draft_of(version).rates[0].price_per_hour == Decimal("52.5")


def test_the_next_version_begins_with_what_holds_and_changes_only_what_was_typed(supervisor: Browser) -> None:
    first = sell()
    sent = fields_of(supervisor.get("/planes/bono-20/editar/"))
    sent |= {"tier_hours_1": "5", "tier_price_1": "45.5", "payment_days": "15"}

    supervisor.post("/planes/bono-20/editar/", sent)

    page = supervisor.get("/planes/bono-20/")
    changed = {sentence.replace("\xa0", " ") for sentence in page.context["draft"]["changed"]}
    assert changed == {
        "From 5 hours bought at once, an hour costs €45.50.",
        "Invoices are due 15 days after they are issued.",
    }
    second = PlanVersion.objects.get(number=2)
    assert second.published_at is None
    before, after = draft_of(first), draft_of(second)
    assert after.tiers == {5: Decimal("45.5"), 20: Decimal(41), 45: Decimal(38)}
    assert after.payment_days == 15
    assert (after.grants, after.weights, after.rates, after.surcharges) == (
        before.grants,
        before.weights,
        before.rates,
        before.surcharges,
    )


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"tier_price_2": ""}, "go together"),
        ({"tier_hours_2": ""}, "go together"),
        ({"tier_hours_2": "1"}, "has a price already"),
        ({"rounding_step": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_was_typed_wrong_is_said_and_nothing_is_written(
    supervisor: Browser, change: dict[str, str], word: str
) -> None:
    sell()
    sent = fields_of(supervisor.get("/planes/bono-20/editar/")) | change

    response = supervisor.post("/planes/bono-20/editar/", sent)

    assert response.status_code == 422
    assert word in text_of(response)
    assert PlanVersion.objects.count() == 1


def test_an_incomplete_draft_says_what_it_lacks_and_is_not_published(supervisor: Browser) -> None:
    sell()
    sent = fields_of(supervisor.get("/planes/bono-20/editar/")) | {"quantity": "2", "tier_hours_1": "3"}
    page = text_of(supervisor.post("/planes/bono-20/editar/", sent, follow=True))
    assert "smaller than the first quantity with one" in page

    refusal = text_of(publish_as_read(supervisor, "bono-20"))

    assert "It cannot be published yet." in refusal
    assert PlanVersion.objects.filter(published_at=None).count() == 1


def test_a_code_of_ours_or_of_another_plan_is_refused(supervisor: Browser) -> None:
    sell()
    for code in ("nuevo", "bono-20"):
        response = supervisor.post("/planes/nuevo/", {"code": code, "kind": "hour_pack"})
        assert response.status_code == 422
    assert Plan.objects.count() == 1


def test_a_plan_leaves_the_shop_and_comes_back(supervisor: Browser) -> None:
    sell()
    assert "Off sale" in text_of(supervisor.post("/planes/bono-20/retirar/", follow=True))
    assert "The plan is on sale again." in text_of(supervisor.post("/planes/bono-20/ofrecer/", follow=True))


def test_technicians_read_and_do_not_write(technician: Browser) -> None:
    sell()
    create_plan(code="mio", kind=PlanKind.ON_DEMAND, now=NOW)
    assert technician.get("/planes/mio/").status_code == 200
    for address in ("nuevo/", "bono-20/editar/", "bono-20/publicar/"):
        assert technician.get(f"/planes/{address}").status_code == 403
    for address in ("plantilla/", "bono-20/retirar/", "bono-20/ofrecer/"):
        assert technician.post(f"/planes/{address}").status_code == 403


def test_what_does_not_exist_is_not_found(supervisor: Browser) -> None:
    sell()
    for address in ("otro/", "otro/editar/", "bono-20/publicar/"):
        assert supervisor.get(f"/planes/{address}").status_code == 404


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        (
            "incident_pack",
            {"quantity": "10", "tier_hours_1": "10", "tier_price_1": "50", "incident_cap": "90"},
            "An incident includes: all work, up to 1 h 30 of each request.",
        ),
        (
            "monthly",
            {
                "fee_price": "190",
                "allowance_quantity_1": "5",
                "allowance_rollover_1": "2",
                "allowance_periods_1": "2",
            },
            "What is not used rolls over, at most 2 hours, for 2 periods more; it rolls over once.",
        ),
        ("flat", {"fee_price": "300", "fee_months": "3"}, "It costs €300.00 every 3 months, in advance."),
        (
            "included",
            {"term_months": "6", "cover_cap_1": "60"},
            "Included: all work, up to 1 h 00 of each request.",
        ),
    ],
)
def test_a_plan_of_any_kind_is_composed_tried_and_published(
    supervisor: Browser, kind: str, typed: dict[str, str], sentence: str
) -> None:
    response = supervisor.post("/planes/nuevo/", {"code": "nuestro", "kind": kind}, follow=True)
    sent = fields_of(response) | {"name_es": "El nuestro", "name_en": "Ours", "base_rate": "45"} | typed

    response = supervisor.post("/planes/nuestro/editar/", sent, follow=True)

    assert response.redirect_chain == [("/planes/nuestro/", 302)]
    assert sentence in text_of(response)
    assert "It cannot be published yet" not in text_of(response)
    tried = text_of(supervisor.get("/planes/nuestro/", {"requests": "3", "minutes": "30", "at_night": "0"}))
    assert "A month with 3 requests of 30 minutes would cost" in tried
    publish_as_read(supervisor, "nuestro")
    version = PlanVersion.objects.get()
    assert version.published_at is not None
    again = fields_of(supervisor.get("/planes/nuestro/editar/"))
    supervisor.post("/planes/nuestro/editar/", again)
    assert draft_of(PlanVersion.objects.get(number=2)) == draft_of(version)


@pytest.mark.parametrize(
    ("kind", "prefix", "typed", "sentence"),
    [
        (
            "monthly",
            "allowance_1",
            {"fee_price": "190", "allowance_quantity_1": "5"},
            "Each period brings 5 hours of Linux, Redes, ",
        ),
        (
            "hour_pack",
            "pack",
            {"quantity": "10", "tier_hours_1": "10", "tier_price_1": "40"},
            "They pay only for work of Linux, Redes, ",
        ),
    ],
)
def test_what_is_granted_is_narrowed_to_several_areas_and_kinds_of_work(
    supervisor: Browser, kind: str, prefix: str, typed: dict[str, str], sentence: str
) -> None:
    for code, name in (("linux", "Linux"), ("redes", "Redes"), ("voz", "Voz")):
        ProductArea.objects.create(code=code, name=name)
    work_type = make_work_type("remote")
    response = supervisor.post("/planes/nuevo/", {"code": "nuestro", "kind": kind}, follow=True)
    scope = {f"{prefix}_areas": ["linux", "redes"], f"{prefix}_types": ["remote"]}
    names = {"name_es": "El nuestro", "name_en": "Ours", "base_rate": "45"}

    page = supervisor.post(
        "/planes/nuestro/editar/", fields_of(response) | names | typed | scope, follow=True
    )

    assert f"{sentence}{work_type.name_en}." in text_of(page)
    [grant] = draft_of(PlanVersion.objects.get()).grants
    assert (set(grant.areas), grant.work_types) == ({"linux", "redes"}, ("remote",))
    shown = supervisor.get("/planes/nuestro/editar/").context["form"]
    assert set(shown[f"{prefix}_areas"].value()) == {"linux", "redes"}


def test_a_month_that_cannot_be_is_said_and_the_usual_one_is_shown(technician: Browser) -> None:
    sell()
    page = text_of(technician.get("/planes/bono-20/", {"requests": "61", "minutes": "x", "at_night": "0"}))
    assert "less than or equal to 60" in page
    assert "A month with 8 requests of 45 minutes" in page
