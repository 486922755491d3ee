"""Product areas, competences and holidays."""

from datetime import date

import pytest

from ecuanime.foundation.errors import Refused
from ecuanime.staff.actions import (
    add_holiday,
    add_product_area,
    load_public_holidays,
    remove_holiday,
    remove_product_area,
    rename_product_area,
    set_competences,
)
from ecuanime.staff.jobs import note_next_years_holidays
from ecuanime.staff.models import Competence, Holiday, ProductArea
from ecuanime.staff.queries import levels_of
from tests.factories import NOW, make_contact, make_contract, make_firm, make_person

pytestmark = pytest.mark.django_db


def test_areas_come_one_after_the_other_and_keep_their_code() -> None:
    linux, sae = add_product_area(name="Linux", now=NOW), add_product_area(name="Aspel SAE", now=NOW)
    assert (linux.position, sae.position, sae.code) == (1, 2, "aspel-sae")
    assert rename_product_area(area=sae, name="SAE", now=NOW).code == "aspel-sae"
    for name, code in (("linux", "area_known"), (" ", "no_name")):
        with pytest.raises(Refused) as refusal:
            add_product_area(name=name, now=NOW)
        assert refusal.value.code == code
    assert ProductArea.objects.count() == 2


def test_an_area_in_use_stays() -> None:
    used, free = add_product_area(name="Linux", now=NOW), add_product_area(name="cPanel", now=NOW)
    make_contract().areas.add(used)
    Competence.objects.create(user=make_person(), area=free)
    with pytest.raises(Refused) as refusal:
        remove_product_area(area=used, now=NOW)
    assert refusal.value.code == "area_in_use"
    remove_product_area(area=free, now=NOW)
    assert list(ProductArea.objects.all()) == [used]


def test_competences_are_set_whole_or_not_at_all() -> None:
    person = make_person()
    linux, sae = add_product_area(name="Linux", now=NOW), add_product_area(name="SAE", now=NOW)
    set_competences(user=person, levels={linux.pk: "technician"}, now=NOW)
    set_competences(user=person, levels={sae.pk: "consultant"}, now=NOW)
    assert levels_of(person) == {sae.pk: "consultant"}
    contact = make_contact(signs_in=True)
    assert contact.user
    for user, levels, code in (
        (person, {sae.pk: "guru"}, "unknown_level"),
        (person, {0: "technician"}, "unknown_area"),
        (contact.user, {sae.pk: "technician"}, "not_of_firm"),
    ):
        with pytest.raises(Refused) as refusal:
            set_competences(user=user, levels=levels, now=NOW)
        assert refusal.value.code == code
    assert levels_of(person) == {sae.pk: "consultant"}
    assert Competence.objects.count() == 1


def test_public_holidays_follow_the_region_and_keep_what_was_added_by_hand() -> None:
    make_firm(country="ES", holiday_subdivision="CN", language="es")
    add_holiday(on=date(2026, 6, 24), name="San Juan, fiesta local", now=NOW)
    assert load_public_holidays(now=NOW) > 10
    assert Holiday.objects.get(on=date(2026, 5, 30)).name == "Día de Canarias"
    assert Holiday.objects.filter(on=date(2026, 6, 24)).exists()
    assert load_public_holidays(now=NOW) == 0
    load_public_holidays(now=NOW, replace=True)
    assert not Holiday.objects.filter(on=date(2026, 6, 24)).exists()


def test_a_holiday_is_noted_once_and_can_be_removed() -> None:
    holiday = add_holiday(on=date(2026, 6, 24), name="San Juan", now=NOW)
    for on, name, code in ((date(2026, 6, 24), "Otra", "holiday_known"), (date(2026, 6, 25), " ", "no_name")):
        with pytest.raises(Refused) as refusal:
            add_holiday(on=on, name=name, now=NOW)
        assert refusal.value.code == code
    assert Holiday.objects.get().name == "San Juan"
    remove_holiday(holiday=holiday, now=NOW)
    assert not Holiday.objects.exists()


def test_next_years_holidays_are_noted_when_they_are_missing() -> None:
    note_next_years_holidays(timestamp=0)
    assert not Holiday.objects.exists()
    make_firm(country="ES")
    note_next_years_holidays(timestamp=0)
    count = Holiday.objects.count()
    assert count > 10
    Holiday.objects.order_by("on").first().delete()  # type: ignore[union-attr]  # there are more than ten
    note_next_years_holidays(timestamp=0)
    assert Holiday.objects.count() == count - 1
