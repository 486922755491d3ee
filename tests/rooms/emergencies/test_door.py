"""Firms that are not known: declared by a form, proved by a link, followed and accepted without an account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pytest_django.fixtures import Settings

from ecuanime.clients.actions import confirm_domain
from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.models import Contract
from ecuanime.delivery.models import OutgoingMail
from ecuanime.emergencies import actions
from ecuanime.emergencies.actions import Declared, Identity, Stranger
from ecuanime.emergencies.links import is_good, link_by_key, path_of_link
from ecuanime.emergencies.models import Alert, CaseLink, Emergency, OnAlert, OwnAgreement, PublicDeclaration
from ecuanime.emergencies.published import published
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import read, store
from ecuanime.tickets.models import Message, Ticket
from tests.factories import make_calendar, make_contact
from tests.factories.emergencies import STRUCK, Scene, make_scene
from tests.races import at_once

pytestmark = pytest.mark.django_db

WHO = Stranger(
    firm="Fundiciones Ruano",
    name="Elena Ruano",
    email="Elena@ruano.example",
    phone="+34 600 000 001",
    language="es",
)
THEIRS = Identity(
    legal_name="Fundiciones Ruano SL",
    tax_id="IE6388047V",
    address="Calle Larga, 4",
    postcode="",
    city="Galway",
    country="IE",
)
PDF = b"%PDF-1.7 acuerdo"


@pytest.fixture
def scene() -> Scene:
    return make_scene(takes_strangers=True)


def said(scene: Scene, **changes: Any) -> Declared:
    values = {"area": scene.area, "facts": "No hay correo.", "desired": "Llega el correo."}
    return Declared(**(values | changes))


def token_of(purpose: str = "express_proof") -> str:
    """What the latest link in a mail carries."""
    mail = OutgoingMail.objects.filter(purpose=purpose).latest("pk")
    return mail.text.split("http://testserver/")[1].split()[0].rstrip("/").split("/")[1]


def declare(scene: Scene) -> str:
    actions.take_declaration(who=WHO, declared=said(scene), now=scene.now)
    return token_of()


def known(scene: Scene) -> Contact:
    """The stranger, whose address is proved ten minutes later, and the case."""
    token = declare(scene)
    scene.case = actions.confirm_declaration(token=token, now=scene.later(minutes=10))
    scene.lead, scene.client = scene.case.contact, scene.case.client
    return scene.lead


def state() -> list[Any]:
    cases = Emergency.objects.values_list("stage", "version", "client__tax_id", "silence_at")
    models = (Client, Contact, Ticket, Message, Alert, Contract, OutgoingMail, PublicDeclaration, CaseLink)
    kept = OwnAgreement.objects.values_list("name", "taken_back_at")
    return [*cases, *kept, *(model.objects.count() for model in models)]


def refused(act: Callable[..., Any], **fields: Any) -> str:
    before = state()
    with pytest.raises(Refused) as refusal:
        act(**fields)
    assert state() == before
    return refusal.value.code


def test_nothing_happens_before_the_address_is_proved_and_the_hour_begins_with_it(scene: Scene) -> None:
    clients = Client.objects.count()
    token = declare(scene)
    mail = OutgoingMail.objects.latest("pk")
    assert mail.to == ["elena@ruano.example"]
    assert "correo" not in mail.text, "it would carry a spammer's words"
    assert (Client.objects.count(), Ticket.objects.count(), Alert.objects.count()) == (clients, 0, 0)
    proved = scene.later(minutes=10)
    case = actions.confirm_declaration(token=token, now=proved)
    assert (case.declared_at, case.answer_due_at) == (proved, proved + timedelta(hours=1))
    assert [alert.user for alert in case.alerts.all()] == [scene.expert]
    assert (case.client.name, case.client.currency, case.client.tax_id) == ("Fundiciones Ruano", "USD", "")
    assert (case.contact.is_project_lead, case.contact.phone) == (True, WHO.phone)
    assert "No hay correo." in case.ticket.messages.get().text
    assert PublicDeclaration.objects.get().facts == "", "it stands in the case"
    # The same link again is the same case, and no second alert.
    assert actions.confirm_declaration(token=token, now=scene.later(minutes=1)) == case
    assert (Emergency.objects.count(), Alert.objects.count()) == (1, 1)
    assert link_by_key(token_of("case_link")) == case.links.get()


def test_what_cannot_be_declared_says_why(scene: Scene) -> None:
    take, now = actions.take_declaration, scene.now
    blank = Stranger(firm=" ", name="", email="x@ruano.example", phone="", language="es")
    assert refused(take, who=blank, declared=said(scene), now=now) == "firm"
    assert refused(take, who=WHO, declared=said(scene, facts=" "), now=now) == "no_facts"
    assert refused(take, who=WHO, declared=said(scene, desired=""), now=now) == "no_desired"
    token = declare(scene)
    assert refused(actions.confirm_declaration, token="made up", now=now) == "no_declaration"
    late = now + timedelta(hours=6)
    assert not actions.declaration_waits(token, now=late)
    assert refused(actions.confirm_declaration, token=token, now=late) == "no_declaration"
    OnAlert.objects.all().delete()
    assert refused(actions.confirm_declaration, token=token, now=now) == "area", (
        "24x7 without anybody is none"
    )
    assert published(now=now).areas == []
    scene.service.takes_strangers = False
    scene.service.save()
    assert refused(take, who=WHO, declared=said(scene), now=now) == "not_offered"
    assert actions.forget_unproved(now=now + timedelta(days=8)) == 1


def test_outside_the_hours_nobody_is_alerted_and_the_hour_waits(scene: Scene) -> None:
    scene.service.calendar = make_calendar()
    scene.service.save()
    found = published(now=STRUCK)
    opens = datetime(2026, 11, 10, 7, 0, tzinfo=UTC)
    assert (found.is_open, found.opens_at, found.due_at) == (False, opens, opens + timedelta(hours=1))
    known(scene)
    assert not Alert.objects.exists()
    assert scene.case.answer_due_at == opens + timedelta(hours=1)
    actions.take_due_cases(now=opens)
    assert Alert.objects.count() == 1


def test_who_is_known_declares_for_their_client_and_twice_is_one_case(scene: Scene) -> None:
    contact = make_contact(scene.client, name="Elena", email="elena@ruano.example")
    token = declare(scene)
    case = actions.confirm_declaration(token=token, now=scene.now)
    assert (case.contact, case.client) == (contact, scene.client)
    again = declare(scene)
    assert actions.confirm_declaration(token=again, now=scene.later(minutes=2)) == case
    assert case.ticket.messages.count() == 2
    # They may not answer for their organisation: its project lead is asked, in the portal.
    scene.case = case
    scene.answer()
    asked = OutgoingMail.objects.filter(to=[scene.lead.email], purpose="case_link").get()
    assert f"/portal/emergencias/{case.number}/" in asked.text
    assert (
        refused(
            actions.accept,
            emergency=case,
            contact=contact,
            text_sha256=scene.read(),
            address=None,
            name="Elena",
            now=scene.now,
        )
        == "identity"
    )


def test_whoever_writes_from_a_clients_domain_becomes_its_person_without_rights(scene: Scene) -> None:
    confirm_domain(client=scene.client, domain="ruano.example", by=scene.administrator, now=scene.now)
    contact = known(scene)
    assert (contact.client, contact.is_project_lead, contact.sees_invoices) == (scene.client, False, False)


def test_a_link_is_signed_ends_is_renewed_and_can_be_taken_away(scene: Scene) -> None:
    contact = known(scene)
    link = CaseLink.objects.get()
    key = path_of_link(link).split("/")[2]
    assert link_by_key(key) == link
    assert link_by_key(f"{link.pk}:guessed") is link_by_key(key[:-1]) is None
    old = scene.now + timedelta(days=30)
    assert (is_good(link, now=scene.now), is_good(link, now=old)) == (True, False)
    mail = actions.renew(link=link, now=old)
    assert mail is not None
    assert mail.to == [contact.email]
    link.refresh_from_db()
    assert is_good(link, now=old)
    assert refused(actions.revoke_link, link=link, by=scene.clerk, now=old) == "not_allowed"
    link = actions.revoke_link(link=link, by=scene.expert, now=old)
    assert not is_good(link, now=old)
    assert refused(actions.renew, link=link, now=old) == "no_link"
    actions.send_link_again(emergency=scene.case, contact=contact, by=scene.expert, now=old)
    fresh = CaseLink.objects.get(revoked_at=None)
    assert fresh.pk != link.pk
    contact.is_active = False
    contact.save()
    assert not is_good(CaseLink.objects.select_related("contact__client").get(pk=fresh.pk), now=old)


def test_a_stranger_says_whom_it_binds_brings_their_agreement_and_accepts(scene: Scene) -> None:
    contact = known(scene)
    scene.answer()
    latest = OutgoingMail.objects.filter(purpose="case_link").latest("pk")
    assert "/caso/" in latest.text, "the answer comes with the link, to them alone"
    assert (latest.to, latest.cc) == ([contact.email], [])
    accept = {"emergency": scene.case, "contact": contact, "address": "192.0.2.7", "now": scene.now}
    assert refused(actions.accept, **accept, text_sha256=scene.read(), name="Elena R.") == "identity"
    give = {"emergency": scene.case, "contact": contact, "now": scene.now}
    wrong = Identity(legal_name="", tax_id="1", address="x", postcode="", city="y", country="ES")
    assert refused(actions.give_identity, **give, identity=wrong) == "identity"
    actions.give_identity(**give, identity=THEIRS)
    assert refused(actions.give_identity, **give, identity=THEIRS) == "known"
    read_before = scene.read()
    assert refused(actions.give_agreement, **give, file=store(b"MZ program"), name="x.pdf") == "agreement"
    own = actions.give_agreement(**give, file=store(PDF), name="acuerdo.pdf")
    assert actions.give_agreement(**give, file=store(PDF), name="acuerdo.pdf") == own
    assert refused(actions.accept, **accept, text_sha256=read_before, name="Elena R.") == "seen"
    assert refused(actions.accept, **accept, text_sha256=scene.read(), name="  ") == "name"
    accepted = actions.accept(**accept, text_sha256=scene.read(), name="Elena R. Ruano")
    assert accepted.name == "Elena R. Ruano"
    assert own.file.sha256 in accepted.text
    assert "Fundiciones Ruano SL" in accepted.text
    carried = PdfReader(BytesIO(read(accepted.pdf.sha256))).attachments
    assert list(carried.values()) == [[PDF]], "the paper carries it"
    assert refused(actions.take_back_agreement, **give) == "not_now"
    guarantee = scene.again().guarantee
    assert guarantee is not None
    assert guarantee.customer["name"] == "Fundiciones Ruano SL"
    assert Contract.objects.filter(client=scene.client).count() == 2, "one for each phase came into force"
    assert scene.pay().stage == "normalising"


def test_an_agreement_of_the_client_is_for_who_decides_and_can_be_taken_back(scene: Scene) -> None:
    scene.declare()
    give = {"emergency": scene.case, "now": scene.now, "file": store(PDF), "name": "acuerdo.pdf"}
    assert refused(actions.give_agreement, **give, contact=scene.lead) == "not_now"
    scene.answer()
    reader = make_contact(scene.client)
    assert refused(actions.give_agreement, **give, contact=reader) == "not_allowed"
    before = scene.read()
    actions.give_agreement(**give, contact=scene.lead)
    assert scene.read() != before
    actions.take_back_agreement(emergency=scene.case, contact=scene.lead, now=scene.now)
    assert scene.read() == before
    assert OwnAgreement.objects.get().taken_back_at == scene.now


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_links_of_one_address_at_once_take_on_one_client_and_one_case(
    settings: Settings, tmp_path: Path
) -> None:
    settings.ECUANIME_FILES = str(tmp_path)
    scene = make_scene(takes_strangers=True)
    tokens = [declare(scene), declare(scene)]
    at_once([partial(actions.confirm_declaration, token=token, now=scene.now) for token in tokens])
    assert Client.objects.filter(name=WHO.firm).count() == 1
    assert (Emergency.objects.count(), Alert.objects.count()) == (1, 1)
