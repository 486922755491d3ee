"""Somebody quotes the mail that has their link: the desk reads what they wrote, and cannot go in their place."""

from __future__ import annotations

from importlib import import_module
from urllib.parse import quote

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from ecuanime.accounts.letters import link_address
from ecuanime.emergencies.links import path_of_link
from ecuanime.emergencies.models import CaseLink
from ecuanime.foundation.own_links import without_keys
from ecuanime.foundation.secrets import new_token
from ecuanime.tickets.actions import read_stale_documents
from ecuanime.tickets.models import Message, Opinion, SearchDocument
from ecuanime.tickets.opinions import opinion_link
from tests.factories import make_contact, make_firm, make_mailbox
from tests.rooms.channels.mails import raw_mail
from tests.rooms.channels.taking import take

SITE = settings.ECUANIME_URL
TOKEN = new_token()
OURS = {
    "a case": f"{SITE}{path_of_link(CaseLink(pk=417))}",
    "an opinion": opinion_link(Opinion(pk=31)),
    "a way in": link_address(TOKEN),
    "an emergency to confirm": f"{SITE}/urgencia/{TOKEN}/",
    "a request to confirm": f"{SITE}/pedir/{TOKEN}/",
    "a new password": f"{SITE}/cuenta/password/reset/key/1a-cxyz12-{'0af' * 10}/",
}


@pytest.mark.parametrize("address", OURS.values(), ids=OURS)
def test_each_of_our_links_opens_nothing_any_more(address: str) -> None:
    key = address.rstrip("/").rpartition("/")[2].rpartition(":")[2].rpartition("1a-")[2]
    assert len(key) > 20
    for written in (address, quote(address, safe=""), quote(quote(address, safe=""), safe="")):
        left = without_keys(f'Ver <a href="https://guarda.example/?url={written}">{address}</a>, gracias')
        assert key not in left
        assert left.startswith("Ver <a href=")
        assert left.endswith("gracias")


@pytest.mark.parametrize(
    "text",
    [
        f"{SITE}/portal/emergencias/EX-0001/",
        f"{SITE}/tickets/4817/",
        "https://otra.example/caso/una-historia-muy-larga-que-no-es-nuestra/",
        "https://otra.example/inicio/una-pagina-con-nombre-largo/",
        "https://otra.example/opinion/el-debate-de-hoy-en-el-parlamento/",
        "1:0123456789012345678901234567890123456789012",
    ],
)
def test_what_opens_nothing_stays_as_it_is(text: str) -> None:
    assert without_keys(text) == text


def kept_anywhere(key: str) -> list[str]:
    """The tables in which a key stands that people read or search."""
    found = []
    for model in (Message, SearchDocument):
        with connection.cursor() as cursor:
            table = model._meta.db_table
            cursor.execute(f"SELECT count(*) FROM {table} AS row WHERE row::text LIKE %s", [f"%{key}%"])
            found += [table] if cursor.fetchone()[0] else []
    return found


@pytest.mark.django_db
def test_an_answer_that_quotes_our_mail_is_read_without_the_key_and_kept_raw() -> None:
    make_firm()
    make_mailbox()
    make_contact(email="elvira@tierraparda.example", name="Elvira Sotillo")
    address = OURS["a case"]
    key = address.rpartition(":")[2].strip("/")
    text = f"Gracias.\n\nEl 10 nov 2026, soporte escribió:\n> Tu emergencia: {address}\n"
    html = f'<p>Gracias.</p><blockquote><a href="{address}">{address}</a></blockquote>'
    arrival = take(raw_mail(text=text, html=html, subject="Re: Tu emergencia"))
    assert arrival.message is not None
    assert "Gracias." in arrival.message.text
    assert "/caso/417:…" in arrival.message.quoted_text + arrival.message.text
    assert kept_anywhere(key) == []


@pytest.mark.django_db
def test_control_without_the_cut_the_key_would_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    make_firm()
    make_mailbox()
    monkeypatch.setattr("ecuanime.tickets.actions.common.without_keys", lambda text: text)
    address = OURS["a case"]
    take(raw_mail(text=f"Ver {address}"))
    assert Message._meta.db_table in kept_anywhere(address.rpartition(":")[2].strip("/"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", OURS)
def test_what_was_kept_before_opens_nothing_either(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_firm()
    make_mailbox()
    address = OURS[name]
    key = address.rstrip("/").rpartition("/")[2].rpartition(":")[2].rpartition("1a-")[2]
    html = f'<p>Ver</p><blockquote><a href="https://guarda.example/?url={quote(address, safe="")}">x</a></blockquote>'
    with monkeypatch.context() as before:
        before.setattr("ecuanime.tickets.actions.common.without_keys", lambda text: text)
        take(raw_mail(text=f"Ver {address}", html=html))
        take(raw_mail(text="Otra cosa, sin prisa."))
    assert Message._meta.db_table in kept_anywhere(key)
    other = Message.objects.get(text__startswith="Otra")
    import_module("ecuanime.tickets.migrations.0003_keys_in_what_was_quoted").cut_keys(apps, None)
    assert SearchDocument.objects.filter(is_stale=True).count() == 1
    read_stale_documents()
    assert kept_anywhere(key) == []
    assert Message.objects.get(pk=other.pk).text == other.text
