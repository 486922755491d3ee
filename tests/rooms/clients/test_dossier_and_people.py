"""The service dossier, and what a client's own administrator may do."""

from __future__ import annotations

from typing import Any

import pytest

from ecuanime.clients.access import dossier_seen_by, may_write_dossier
from ecuanime.clients.actions import (
    add_section,
    change_section,
    colleague_left,
    invite_colleague,
    remove_section,
    set_colleague,
)
from ecuanime.clients.models import Contact, DossierSection
from ecuanime.delivery.models import OutgoingMail
from ecuanime.foundation.errors import Refused
from tests.factories import NOW, make_client, make_contact, make_firm, make_mailbox, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def firm() -> None:
    make_firm()
    make_mailbox()


def test_a_section_is_shown_to_those_who_may_see_it_and_no_others() -> None:
    client, me = make_client(), make_person()
    values: dict[str, Any] = {"client": client, "by": me, "now": NOW}
    add_section(title="Servidores", text="Dos.", is_shown=True, **values)
    add_section(title="Manías", text="Llaman tarde.", is_shown=False, **values)
    add_section(title="Ajeno", text="x", is_shown=True, **(values | {"client": make_client()}))
    sees, plain = make_contact(client, sees_dossier=True), make_contact(client)
    assert [section.title for section in dossier_seen_by(sees)] == ["Servidores"]
    assert not dossier_seen_by(plain).exists()
    sees.is_active = False
    assert not dossier_seen_by(sees).exists()
    assert may_write_dossier(me)
    assert not may_write_dossier(make_person("billing"))


def test_a_stale_or_empty_section_is_refused() -> None:
    client, me, other = make_client(), make_person(), make_person(name="Otra")
    section = add_section(client=client, title="A", text="uno", is_shown=False, by=me, now=NOW)
    values: dict[str, Any] = {"section": section, "is_shown": True, "now": NOW}
    change_section(title="A", text="dos", expected_version=1, by=other, **values)
    for changes, code in (
        ({"text": "tres", "expected_version": 1}, "stale"),
        ({"text": " ", "expected_version": 2}, "empty"),
        ({"title": " ", "expected_version": 2}, "no_title"),
    ):
        with pytest.raises(Refused) as refusal:
            change_section(**({"title": "A", "text": "x", "by": me} | values | changes))
        assert refusal.value.code == code
    kept = DossierSection.objects.get()
    assert (kept.text, kept.version, kept.changed_by) == ("dos", 2, other)
    remove_section(section=kept, now=NOW)
    assert not DossierSection.objects.exists()


def test_an_administrator_of_the_client_invites_and_gives_what_they_have() -> None:
    admin = make_contact(signs_in=True, manages_people=True, sees_invoices=True)
    added = invite_colleague(by=admin, name="Nueva", email="nueva@cliente.example", job="", now=NOW)
    assert (added.client, added.is_project_lead) == (admin.client, False)
    assert OutgoingMail.objects.get().to == ["nueva@cliente.example"]
    rights: dict[str, Any] = {"by": admin, "contact": added, "now": NOW}
    kept = set_colleague(sees_invoices=True, sees_dossier=False, has_access=False, **rights)
    assert kept.sees_invoices
    assert kept.user
    assert not kept.user.is_active
    with pytest.raises(Refused) as refusal:
        set_colleague(sees_invoices=False, sees_dossier=True, has_access=True, **rights)
    assert refusal.value.code == "not_yours_to_give"
    added.refresh_from_db()
    assert added.sees_invoices
    assert not colleague_left(by=admin, contact=added, now=NOW).is_active


def test_what_is_the_firms_to_say_stays_the_firms() -> None:
    client = make_client()
    admin, plain = make_contact(client, manages_people=True), make_contact(client)
    lead, other = make_contact(client, is_project_lead=True), make_contact(client, manages_people=True)
    stranger = make_contact()
    for by, contact in ((plain, lead), (admin, admin), (admin, lead), (admin, other), (admin, stranger)):
        with pytest.raises(Refused) as refusal:
            set_colleague(
                by=by, contact=contact, sees_invoices=True, sees_dossier=False, has_access=False, now=NOW
            )
        assert refusal.value.code == "not_allowed"
        with pytest.raises(Refused) as refusal:
            colleague_left(by=by, contact=contact, now=NOW)
        assert refusal.value.code == "not_allowed"
    with pytest.raises(Refused) as refusal:
        invite_colleague(by=plain, name="X", email="x@cliente.example", job="", now=NOW)
    assert refusal.value.code == "not_allowed"
    assert not Contact.objects.filter(sees_invoices=True).exists()
    assert Contact.objects.filter(is_active=True).count() == 5
