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
from tests.factories.emergencies import STRUCK, Sala, by_minute, make_sala
from tests.rules.examples import Row, cents, rows
from tests.web.walking import undone

CASES = rows("express", "case", "what happens", "first", "second", "third")
COLUMNS = dict(zip(("first", "second", "third"), Document, strict=True))
NORMAL = {"hours": 3, "minutes": 10}


@pytest.fixture(scope="module")
def firm(django_db_setup: None, django_db_blocker: Any) -> Iterator[Sala]:
    """The firm and its client, made once, in a transaction that is taken back."""
    with django_db_blocker.unblock(), undone():
        with time_machine.travel(STRUCK, tick=False):
            made = make_sala(takes_strangers=True)
        yield made


@pytest.fixture
def sala(firm: Sala, db: None) -> Sala:
    """That firm as it was made: each case has its own rows and objects of it."""
    return deepcopy(firm)


def by_a_stranger(sala: Sala) -> None:
    """Declared by the public form and its link; the firm says whom invoices are for, and gets an account to read."""
    who = Stranger(firm="Ruano", name="Elena Ruano", email="elena@ruano.example", phone="", language="en")
    said = Declared(area=sala.area, facts="No hay correo.", desired="Llega el correo.")
    actions.take_declaration(who=who, declared=said, now=sala.now)
    mail = OutgoingMail.objects.get(purpose="express_proof")
    token = mail.text.split("http://testserver/")[1].split()[0].rstrip("/").split("/")[1]
    sala.case = actions.confirm_declaration(token=token, now=sala.now)
    sala.client, sala.lead = sala.case.client, sala.case.contact
    assert sala.client.name == "Ruano"
    with_address(sala.client, tax_id="IE6388047V", language="en")
    sala.lead.user = User.objects.create_user(email=who.email, name=who.name, language="en")
    sala.lead.save(update_fields=["user"])


def accepted(
    sala: Sala, *, is_counted: bool = False, ceiling: int | None = None, is_stranger: bool = False
) -> None:
    """Declared, answered with a guarantee of 2 h, accepted, and the guarantee paid where one is owed."""
    by_a_stranger(sala) if is_stranger else sala.declare()
    sala.answer(guarantee_hours=2, is_counted=is_counted)
    sala.accept(ceiling=ceiling)
    if sala.case.guarantee is not None:
        sala.pay()
    sala.later(minutes=60)  # 21:15 in Madrid: normalisation ends past midnight


def normalised(sala: Sala, *, issues: bool = True) -> None:
    """Worked until normal, approved, invoiced and confirmed."""
    sala.work(**NORMAL)
    sala.normal()
    sala.review()
    if issues:
        sala.bill(Document.NORMALISATION)
    actions.acknowledge_normal(emergency=sala.again(), contact=sala.lead, now=sala.now)


def finished(sala: Sala, *, hours: int = 5) -> None:
    """The causes fixed, the dossier written, closed, approved and invoiced."""
    sala.work(hours=hours)
    sala.write_dossier()
    actions.close(emergency=sala.again(), by=sala.expert, now=sala.now)
    sala.review()
    if invoice_of(sala.case, Document.NORMALISATION) is None:
        sala.bill(Document.NORMALISATION)
    sala.bill(Document.MITIGATION)


def paid(sala: Sala, **fields: Any) -> None:
    accepted(sala, **fields)
    normalised(sala)
    finished(sala)


def with_a_plan(sala: Sala, area: ProductArea) -> None:
    make_contract(sala.client, version=by_minute("22.00", kind=PlanKind.MONTHLY)).areas.add(area)
    paid(sala)


def not_viable(sala: Sala) -> None:
    sala.declare()
    sala.work(minutes=10)
    actions.say_not_viable(
        emergency=sala.case,
        reason="No es lo nuestro.",
        elsewhere="El fabricante.",
        by=sala.expert,
        now=sala.now,
    )


def declined(sala: Sala) -> None:
    sala.declare()
    sala.answer(guarantee_hours=2)
    actions.decline(emergency=sala.again(), contact=sala.lead, reason="Muy caro.", now=sala.now)


def pool_runs_out(sala: Sala) -> None:
    accepted(sala, ceiling=200_00)
    normalised(sala)
    sala.work(hours=2)
    actions.watch_pools(now=sala.now)
    assert Happening.objects.filter(act="pool_near").count() == 1
    actions.raise_ceiling(
        emergency=sala.again(), contact=sala.lead, amount=300_00, address="192.0.2.7", now=sala.now
    )
    finished(sala, hours=3)


def relapsed(sala: Sala, *, issues: bool) -> None:
    accepted(sala)
    normalised(sala, issues=issues)
    sala.later(hours=1)
    actions.note_relapse(emergency=sala.again(), reason="Se ha parado.", by=sala.expert, now=sala.now)
    sala.work(hours=1)
    sala.normal()
    sala.review()
    actions.acknowledge_normal(emergency=sala.again(), contact=sala.lead, now=sala.now)
    finished(sala)


STORIES: dict[str, Callable[[Sala], None]] = {
    "a": lambda sala: paid(sala, is_stranger=True),
    "b": lambda sala: paid(sala, is_stranger=True, is_counted=True),
    "c": lambda sala: with_a_plan(sala, sala.area),
    "d": lambda sala: with_a_plan(sala, ProductArea.objects.create(code="bd", name="Bases de datos")),
    "e": not_viable,
    "f": declined,
    "g": pool_runs_out,
    "h": lambda sala: relapsed(sala, issues=False),
    "h, late": lambda sala: relapsed(sala, issues=True),
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
def test_every_figure_is_the_same_wherever_it_appears(row: Row, sala: Sala) -> None:
    STORIES[row["case"]](sala)
    expected = {document: cents(row[name]) for name, document in COLUMNS.items() if row[name]}
    case = sala.again()
    found = {document: invoice for document in Document if (invoice := invoice_of(case, document))}
    assert {document: invoice.net for document, invoice in found.items()} == expected
    assert Invoice.objects.filter(client=sala.client).count() == len(expected) <= 3
    for invoice in found.values():
        ensure_pdf(invoice=invoice, now=sala.now)
    with time_machine.travel(sala.now, tick=False):
        clerk, client = Reader(sala.clerk), Reader(sala.lead.user)
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
