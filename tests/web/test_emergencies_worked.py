"""Whole cases of docs/rules/express.md: each figure on the page, on paper, in the client's account and over the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from pypdf import PdfReader

from ecuanime.accounts.actions import issue_api_token
from ecuanime.accounts.models import User
from ecuanime.billing.actions import ensure_pdf
from ecuanime.billing.models import Invoice
from ecuanime.contracts.models import PlanKind
from ecuanime.delivery.models import OutgoingMail
from ecuanime.emergencies import actions
from ecuanime.emergencies.actions import Declared, Stranger
from ecuanime.emergencies.billing import invoice_of
from ecuanime.emergencies.models import Happening
from ecuanime.rules.express import Document
from ecuanime.staff.models import ProductArea
from tests.factories import make_contract
from tests.factories.billing import with_address
from tests.factories.emergencies import STRUCK, Scene, by_minute, make_scene
from tests.rules.examples import Row, cents, rows
from tests.web.walking import undone

CASES = rows("express", "case", "what happens", "first", "second", "third")
COLUMNS = dict(zip(("first", "second", "third"), Document, strict=True))
NORMAL = {"hours": 3, "minutes": 10}


@pytest.fixture(scope="module")
def firm(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """The firm and its client, made once, in a transaction that is taken back."""
    with django_db_blocker.unblock(), undone():
        with time_machine.travel(STRUCK, tick=False):
            made = make_scene(takes_strangers=True)
        yield made


@pytest.fixture
def scene(firm: Scene, db: None) -> Scene:
    """That firm as it was made: each case has its own rows and objects of it."""
    return deepcopy(firm)


def by_a_stranger(scene: Scene) -> None:
    """Declared by the public form and its link; the firm says whom invoices are for, and gets an account to read."""
    who = Stranger(firm="Ruano", name="Elena Ruano", email="elena@ruano.example", phone="", language="en")
    said = Declared(area=scene.area, facts="No hay correo.", desired="Llega el correo.")
    actions.take_declaration(who=who, declared=said, now=scene.now)
    mail = OutgoingMail.objects.get(purpose="express_proof")
    token = mail.text.split("http://testserver/")[1].split()[0].rstrip("/").split("/")[1]
    scene.case = actions.confirm_declaration(token=token, now=scene.now)
    scene.client, scene.lead = scene.case.client, scene.case.contact
    assert scene.client.name == "Ruano"
    with_address(scene.client, tax_id="IE6388047V", language="en")
    scene.lead.user = User.objects.create_user(email=who.email, name=who.name, language="en")
    scene.lead.save(update_fields=["user"])


def accepted(
    scene: Scene, *, is_counted: bool = False, ceiling: int | None = None, is_stranger: bool = False
) -> None:
    """Declared, answered with a guarantee of 2 h, accepted, and the guarantee paid where one is owed."""
    by_a_stranger(scene) if is_stranger else scene.declare()
    scene.answer(guarantee_hours=2, is_counted=is_counted)
    scene.accept(ceiling=ceiling)
    if scene.case.guarantee is not None:
        scene.pay()
    scene.later(minutes=60)  # 21:15 in Madrid: normalisation ends past midnight


def normalised(scene: Scene, *, issues: bool = True) -> None:
    """Worked until normal, approved, invoiced and confirmed."""
    scene.work(**NORMAL)
    scene.normal()
    scene.review()
    if issues:
        scene.bill(Document.NORMALISATION)
    actions.acknowledge_normal(emergency=scene.again(), contact=scene.lead, now=scene.now)


def finished(scene: Scene, *, hours: int = 5) -> None:
    """The causes fixed, the dossier written, closed, approved and invoiced."""
    scene.work(hours=hours)
    scene.write_dossier()
    actions.close(emergency=scene.again(), by=scene.expert, now=scene.now)
    scene.review()
    if invoice_of(scene.case, Document.NORMALISATION) is None:
        scene.bill(Document.NORMALISATION)
    scene.bill(Document.MITIGATION)


def paid(scene: Scene, **fields: Any) -> None:
    accepted(scene, **fields)
    normalised(scene)
    finished(scene)


def with_a_plan(scene: Scene, area: ProductArea) -> None:
    make_contract(scene.client, version=by_minute("22.00", kind=PlanKind.MONTHLY)).areas.add(area)
    paid(scene)


def not_viable(scene: Scene) -> None:
    scene.declare()
    scene.work(minutes=10)
    actions.say_not_viable(
        emergency=scene.case,
        reason="No es lo nuestro.",
        elsewhere="El fabricante.",
        by=scene.expert,
        now=scene.now,
    )


def declined(scene: Scene) -> None:
    scene.declare()
    scene.answer(guarantee_hours=2)
    actions.decline(emergency=scene.again(), contact=scene.lead, reason="Muy caro.", now=scene.now)


def pool_runs_out(scene: Scene) -> None:
    accepted(scene, ceiling=200_00)
    normalised(scene)
    scene.work(hours=2)
    actions.watch_pools(now=scene.now)
    assert Happening.objects.filter(act="pool_near").count() == 1
    actions.raise_ceiling(
        emergency=scene.again(), contact=scene.lead, amount=300_00, address="192.0.2.7", now=scene.now
    )
    finished(scene, hours=3)


def relapsed(scene: Scene, *, issues: bool) -> None:
    accepted(scene)
    normalised(scene, issues=issues)
    scene.later(hours=1)
    actions.note_relapse(emergency=scene.again(), reason="Se ha parado.", by=scene.expert, now=scene.now)
    scene.work(hours=1)
    scene.normal()
    scene.review()
    actions.acknowledge_normal(emergency=scene.again(), contact=scene.lead, now=scene.now)
    finished(scene)


STORIES: dict[str, Callable[[Scene], None]] = {
    "a": lambda scene: paid(scene, is_stranger=True),
    "b": lambda scene: paid(scene, is_stranger=True, is_counted=True),
    "c": lambda scene: with_a_plan(scene, scene.area),
    "d": lambda scene: with_a_plan(scene, ProductArea.objects.create(code="bd", name="Bases de datos")),
    "e": not_viable,
    "f": declined,
    "g": pool_runs_out,
    "h": lambda scene: relapsed(scene, issues=False),
    "h, late": lambda scene: relapsed(scene, issues=True),
}


class Reader:
    """What one person reads: pages, papers, files, and answers of the API."""

    def __init__(self, user: Any) -> None:
        self.browser = Browser()
        self.browser.force_login(user)
        self.secret = issue_api_token(user=user, name="informes", scope="read", now=STRUCK)[1]

    def page(self, path: str) -> str:
        return plain(self._bytes(path).decode())

    def paper(self, path: str) -> str:
        return plain("".join(page.extract_text() for page in PdfReader(BytesIO(self._bytes(path))).pages))

    def api(self, path: str) -> Any:
        answer = Browser().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {self.secret}"})
        assert answer.status_code == 200, answer.content
        return answer.json()

    def _bytes(self, path: str) -> bytes:
        answer = self.browser.get(path)
        assert answer.status_code == 200, path
        return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("US$", "$")


def money(minor: int) -> str:
    return f"{minor // 100:,}.{minor % 100:02}"


@pytest.mark.parametrize("row", CASES, ids=lambda row: row["case"])
def test_every_figure_is_the_same_wherever_it_appears(row: Row, scene: Scene) -> None:
    STORIES[row["case"]](scene)
    expected = {document: cents(row[name]) for name, document in COLUMNS.items() if row[name]}
    case = scene.again()
    found = {document: invoice for document in Document if (invoice := invoice_of(case, document))}
    assert {document: invoice.net for document, invoice in found.items()} == expected
    assert Invoice.objects.filter(client=scene.client).count() == len(expected) <= 3
    for invoice in found.values():
        ensure_pdf(invoice=invoice, now=scene.now)
    with time_machine.travel(scene.now, tick=False):
        clerk, client = Reader(scene.clerk), Reader(scene.lead.user)
        for reader, place in ((clerk, ""), (client, "/portal")):
            told = reader.api(f"emergencies/{case.number}")["documents"]
            assert {each["document"]: each["net_minor"] for each in told} == expected
            page = reader.page(f"{place}/emergencias/{case.number}/")
            assert case.number in page
            for invoice in found.values():
                assert_stands(reader, place, invoice)
        account = client.page("/portal/facturas/cuenta/?moneda=USD") if found else ""
        paper = client.paper("/portal/facturas/cuenta/pdf/?moneda=USD") if found else ""
        for invoice in found.values():
            for text in (account, paper):
                assert invoice.number in text
                assert money(invoice.total) in text
        if not found:
            assert client.api("invoices")["items"] == []


def assert_stands(reader: Reader, place: str, invoice: Invoice) -> None:
    """The net and the total of a document, on its page, on paper and over the API."""
    address = f"{place}/facturas/{invoice.number}/"
    texts = [reader.page(address)]
    if place:  # both sides have the same paper
        texts.append(reader.paper(f"{address}pdf/"))
    for text in texts:
        assert money(invoice.net) in text
        assert money(invoice.total) in text
    told = reader.api(f"invoices/{invoice.pk}")
    assert (told["net_minor"], told["total_minor"]) == (invoice.net, invoice.total)


def test_every_case_of_the_page_has_its_story() -> None:
    assert [row["case"] for row in CASES] == list(STORIES)
