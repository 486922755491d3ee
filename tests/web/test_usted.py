"""Clients whom the firm addresses as usted are spoken to so, in the portal and by letter; all others as tú."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from django.test import Client as Browser
from django.utils import translation

from ecuanime.clients.actions import give_portal_access
from ecuanime.clients.models import Client
from ecuanime.delivery.models import OutgoingMail
from ecuanime.tickets.letters import acknowledge_ticket
from tests.factories import NOW, make_client, make_contact, make_firm
from tests.factories.tickets import make_ticket

PRONOUNS = re.compile(r"\b(tu|tus|tú|te|ti|contigo)\b", re.IGNORECASE)
TOOL = Path(__file__).resolve().parents[2] / "tools" / "messages.py"


def organisation(**fields: object) -> Client:
    make_firm()
    return make_client(**fields)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("formal", "language", "said", "not_said"),
    [
        (True, "es", "Escriba lo que necesita", "Escribe lo que"),
        (False, "es", "Escribe lo que necesitas", "Escriba lo que"),
        (True, "en", "Write what you need", "Escriba"),
    ],
)
def test_the_portal_speaks_as_the_client_is_addressed(
    formal: bool, language: str, said: str, not_said: str
) -> None:
    contact = make_contact(organisation(uses_usted=formal), signs_in=True, language=language)
    assert contact.user
    browser = Browser()
    browser.force_login(contact.user)
    page = browser.get("/portal/peticiones/")
    shown = page.content.decode()
    assert said in shown
    assert not_said not in shown
    assert f'<html lang="{language}"' in shown
    assert page["Content-Language"] == language
    account = browser.get("/cuenta/password/change/").content.decode()
    assert ("Sus otros dispositivos" in account) == (formal and language == "es")


@pytest.mark.django_db
@pytest.mark.parametrize(("formal", "whose"), [(True, "su"), (False, "tu")])
def test_letters_speak_so_too(formal: bool, whose: str) -> None:
    contact = make_contact(organisation(uses_usted=formal), language="es", email="elvira@cliente.example")
    give_portal_access(contact=contact, now=NOW)
    assert OutgoingMail.objects.get().subject.startswith(f"{whose.capitalize()} acceso al portal")
    ticket = make_ticket(contact=contact)
    acknowledge_ticket(ticket, ticket.messages.get(), now=NOW)
    assert f"Hemos recibido {whose} mensaje" in OutgoingMail.objects.latest("pk").subject


def test_the_formal_catalogue_says_no_tu_and_leaves_the_rest_to_the_usual_one() -> None:
    messages = _tool()
    formal = {message.id: str(message.string) for message in messages.known(messages.FORMAL) if message.id}
    assert formal
    assert [said for said in formal.values() if PRONOUNS.search(said)] == []
    with translation.override("es-usted"):
        assert translation.gettext("Your message") == formal["Your message"] == "Su mensaje"
        assert translation.gettext("Requests") == "Peticiones"
        assert translation.ngettext("%(count)s person", "%(count)s people", 2) == "%(count)s personas"


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages_tool", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
