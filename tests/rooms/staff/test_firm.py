"""The firm set up and changed."""

from datetime import date, time

import pytest

from ecuanime.accounts.models import Role, User
from ecuanime.accounts.setup import setup_is_open, setup_link
from ecuanime.contracts.handlers import lay_out_basics
from ecuanime.contracts.models import CoverageCalendar, WorkType
from ecuanime.foundation.errors import Refused
from ecuanime.staff.actions import finish_setup, set_up_firm, update_firm
from ecuanime.staff.countries import country_choices, region_choices
from ecuanime.staff.events import FirmSetUp
from ecuanime.staff.models import Firm, Holiday
from ecuanime.staff.tax_ids import checked_tax_id
from tests.factories import NOW, make_firm

pytestmark = pytest.mark.django_db
GIVEN = {
    "name": "Nodo Alisio",
    "country": "ES",
    "administrator_name": "Ana",
    "administrator_email": "ana@nodo.example",
    "password": "una clave bastante larga",
    "now": NOW,
}


def new_token() -> str:
    """A fresh set-up token."""
    link = setup_link()
    assert link
    return link.split("/")[2]


def test_setting_up_makes_firm_administrator_and_holidays() -> None:
    administrator = set_up_firm(token=new_token(), **GIVEN)  # type: ignore[arg-type]  # a plain dict of arguments
    firm = Firm.objects.get()
    assert (firm.name, firm.currency, firm.time_zone) == ("Nodo Alisio", "EUR", "Europe/Madrid")
    assert administrator.roles == [Role.ADMINISTRATOR]
    assert administrator.check_password("una clave bastante larga")
    assert Holiday.objects.filter(on=date(2026, 12, 25)).exists()
    assert Holiday.objects.filter(on=date(2027, 1, 1)).exists()


def test_what_is_proposed_follows_the_country() -> None:
    set_up_firm(token=new_token(), **GIVEN | {"country": "MX"})  # type: ignore[arg-type]  # a plain dict of arguments
    firm = Firm.objects.get()
    assert (firm.currency, firm.time_zone) == ("MXN", "America/Mexico_City")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"token": "adivinada"}, "setup_closed"),
        ({"name": "  "}, "no_name"),
        ({"country": "XX"}, "unknown_country"),
        ({"password": "corta"}, "weak_password"),
        ({"administrator_email": "no"}, "bad_email"),
    ],
)
def test_a_refused_set_up_leaves_nothing_and_the_link_whole(wrong: dict[str, str], code: str) -> None:
    token = new_token()
    with pytest.raises(Refused) as refusal:
        set_up_firm(**{"token": token} | GIVEN | wrong)  # type: ignore[arg-type]  # wrong on purpose
    assert refusal.value.code == code
    assert not Firm.objects.exists()
    assert not User.objects.exists()
    assert not Holiday.objects.exists()
    assert setup_is_open(token)


def test_there_is_one_firm() -> None:
    make_firm()
    token = new_token()
    with pytest.raises(Refused) as refusal:
        set_up_firm(token=token, **GIVEN)  # type: ignore[arg-type]  # a plain dict of arguments
    assert refusal.value.code == "already_set_up"
    assert not User.objects.exists()


def test_an_update_changes_what_is_given() -> None:
    make_firm(country="ES", phone="928")
    firm = update_firm(now=NOW, tax_id="b-12345674", iban="ES91 2100 0418 4502 0005 1332", opens_at=time(8))
    assert (firm.tax_id, firm.iban, firm.phone) == ("B12345674", "ES9121000418450200051332", "928")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": ""}, "no_name"),
        ({"country": "ZZ"}, "unknown_country"),
        ({"country": "ES", "tax_id": "B12345675"}, "tax_id"),
        ({"time_zone": "Europe/Atlantis"}, "unknown_time_zone"),
        ({"currency": "XQQ"}, "unknown_currency"),
        ({"currency": "eur"}, "unknown_currency"),
        ({"language": "tlh"}, "unknown_language"),
        ({"holiday_subdivision": "QQ"}, "unknown_region"),
        ({"iban": "ES9121000418450200051333"}, "iban"),
        ({"opens_at": time(19)}, "closes_before_it_opens"),
    ],
)
def test_an_update_is_refused_whole(wrong: dict[str, object], code: str) -> None:
    make_firm(city="Las Palmas")
    before = Firm.objects.values().get()
    with pytest.raises(Refused) as refusal:
        update_firm(now=NOW, city="Arrecife", **wrong)  # type: ignore[arg-type]  # wrong on purpose
    assert refusal.value.code == code
    assert Firm.objects.values().get() == before


def test_the_wizard_is_finished_once() -> None:
    make_firm(setup_finished_at=None)
    assert finish_setup(now=NOW).setup_finished_at == NOW


@pytest.mark.parametrize(
    ("country", "given", "kept"),
    [
        ("ES", "12345678z", "12345678Z"),
        ("ES", "ES B12345674", "B12345674"),
        ("MX", "GODE 561231 GR8", "GODE561231GR8"),
        ("DE", "DE 136,695 976", "DE136695976"),
        ("GR", "094259216", "EL094259216"),
        ("IE", "", ""),
        ("US", " 12-3456789 ", "12-3456789"),
    ],
)
def test_tax_ids_are_kept_as_the_country_writes_them(country: str, given: str, kept: str) -> None:
    assert checked_tax_id(country, given) == kept


@pytest.mark.parametrize(
    ("country", "given"), [("ES", "12345678A"), ("MX", "GODE561231"), ("DE", "136695978"), ("FR", "hola")]
)
def test_a_wrong_tax_id_is_refused_and_named(country: str, given: str) -> None:
    with pytest.raises(Refused) as refusal:
        checked_tax_id(country, given)
    assert refusal.value.code == "tax_id"
    assert given.upper() in str(refusal.value)


def test_countries_and_regions_have_names() -> None:
    assert ("ES", "España") in country_choices("es")
    assert ("ES", "Spain") in country_choices("en")
    assert dict(region_choices("ES"))["CN"] == "Canarias"
    assert region_choices("XX") == []


def test_a_new_firm_finds_work_types_and_calendars() -> None:
    lay_out_basics(FirmSetUp(firm_id=1))
    lay_out_basics(FirmSetUp(firm_id=1))
    assert WorkType.objects.filter(code="remote").count() == 1
    assert {"8x5", "24x7"} <= set(CoverageCalendar.objects.values_list("code", flat=True))
