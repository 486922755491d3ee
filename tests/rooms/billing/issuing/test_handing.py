"""Pro-formas handed over to another program, and what it issued noted back: each once, and taken back with words."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pytest_django.fixtures import Settings

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.books.handing import as_json, as_table, documents_of, handed_over, to_hand_over
from ecuanime.billing.models import HandedOver, HandOver, Invoice
from ecuanime.foundation.tables import as_xlsx
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, make_billing
from tests.rooms.billing.snapshots import refused

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 29)


@pytest.fixture
def billing(settings: Settings, tmp_path: Path) -> Billing:
    """A firm that issues elsewhere, though its country's pack would let it issue here."""
    settings.ECUANIME_FILES = str(tmp_path)
    billing = make_billing()
    actions.save_issuing(
        is_elsewhere=True, program=" Conta ", by=make_person(Role.ADMINISTRATOR), now=MONTH_END
    )
    return billing


def pro_formas(billing: Billing, *minutes: int) -> list[Invoice]:
    found = []
    for each in minutes:
        billing.approved(each)
        found.append(billing.issue())
    return found


def hand(billing: Billing, invoices: list[Invoice], key: str = "once") -> HandOver:
    return actions.hand_over(invoices=invoices, by=billing.clerk, now=MONTH_END, idempotency_key=key)


def note(billing: Billing, item: HandedOver, number: str = "2026/55", **fields: Any) -> HandedOver:
    values = {"issued_on": DAY, "total": item.invoice.total, "by": billing.clerk, "now": MONTH_END} | fields
    return actions.note_elsewhere(item=item, number=number, **values)


def test_drafts_are_pro_formas_and_earlier_drafts_are_not_issued(billing: Billing) -> None:
    admin = make_person(Role.ADMINISTRATOR)
    actions.save_issuing(is_elsewhere=False, program="", by=admin, now=MONTH_END)
    billing.approved(5)
    draft = billing.draft()
    assert draft.kind == Invoice.Kind.INVOICE
    actions.save_issuing(is_elsewhere=True, program="Conta", by=admin, now=MONTH_END)

    refused(lambda: billing.issue(draft), "issued_elsewhere")
    actions.discard_draft(invoice=draft, by=billing.clerk, now=MONTH_END)
    assert billing.issue().kind == Invoice.Kind.PRO_FORMA
    refused(
        lambda: actions.save_issuing(is_elsewhere=False, program="", by=billing.clerk, now=MONTH_END),
        "not_allowed",
    )


def test_each_is_handed_over_once(billing: Billing) -> None:
    first, second = pro_formas(billing, 5, 10)
    assert list(to_hand_over()) == [first, second]

    made = hand(billing, [first])

    assert list(to_hand_over()) == [second]
    assert hand(billing, [first]) == made
    refused(lambda: hand(billing, [first, second], "again"), "handed_over")
    refused(lambda: hand(billing, [], "none"), "nothing_chosen")
    billing.approved(5)
    draft = billing.draft()
    refused(lambda: hand(billing, [draft], "draft"), "not_pro_forma")


def test_the_files_say_the_same(billing: Billing) -> None:
    first, second = pro_formas(billing, 5, 10)
    documents = documents_of(hand(billing, [first, second]))

    found = json.loads(as_json(documents))["documents"]
    assert [(each["number"], each["document_total"]) for each in found] == [
        (each.number, f"{Decimal(each.total) / 100:.2f}") for each in (first, second)
    ]
    assert [len(each["lines"]) for each in found] == [1, 1]
    rows = list(load_workbook(BytesIO(as_xlsx([as_table(documents)]))).active.values)
    place = rows[0].index("document_total")
    assert [Decimal(str(row[place])) * 100 for row in rows[1:]] == [first.total, second.total]


def test_what_was_issued_is_noted_with_its_difference(billing: Billing) -> None:
    (one,) = pro_formas(billing, 5)
    item = hand(billing, [one]).items.get()

    noted = note(billing, item, total=one.total + 1, content=b"%PDF-1.7 x")

    assert (noted.number, noted.difference) == ("2026/55", 1)
    assert noted.file is not None
    assert handed_over(one) == noted
    assert note(billing, item, total=one.total + 1) == noted
    refused(lambda: note(billing, item, "2026/56"), "noted")
    refused(
        lambda: actions.take_hand_over_back(item=item, reason="mal", by=billing.clerk, now=MONTH_END), "noted"
    )
    one.refresh_from_db()
    assert one.owed == one.total

    forgotten = actions.forget_elsewhere(item=item, reason="mal", by=billing.clerk, now=MONTH_END)
    assert (forgotten.number, forgotten.total, forgotten.file) == ("", None, None)
    assert note(billing, item, "2026/56").number == "2026/56"


def test_taken_back_it_waits_again(billing: Billing) -> None:
    (one,) = pro_formas(billing, 5)
    item = hand(billing, [one]).items.get()

    back = actions.take_hand_over_back(item=item, reason="Era otro cliente", by=billing.clerk, now=MONTH_END)

    assert back.reason == "Era otro cliente"
    assert list(to_hand_over()) == [one]
    assert actions.take_hand_over_back(item=item, reason="x", by=billing.clerk, now=MONTH_END) == back
    refused(lambda: note(billing, item), "taken_back")
    assert hand(billing, [one], "again").items.get().invoice == one


def test_what_does_not_fit_is_refused(billing: Billing) -> None:
    first, second = pro_formas(billing, 5, 10)
    one, other = hand(billing, [first, second]).items.order_by("pk")
    note(billing, one)

    refused(lambda: note(billing, other), "number_used")
    refused(lambda: note(billing, other, " "), "no_number")
    refused(lambda: note(billing, other, "9", issued_on=date(2026, 12, 1)), "future")
    refused(lambda: note(billing, other, "9", content=b"<html>"), "no_pdf")
    refused(lambda: note(billing, other, by=billing.office.technician), "not_allowed")


def test_a_csv_notes_each_row_alone(billing: Billing) -> None:
    first, second = pro_formas(billing, 5, 10)
    hand(billing, [first, second])
    text = (
        "Document;Number;Issued_on;Total\r\n"
        f"{first.number};A-1;2026-11-29;{Decimal(first.total) / 100:.2f}\r\n"
        f"{second.number};A-1;2026-11-29;1.000,00\r\n"
        "P-2026-9999;A-3;2026-11-29;1\r\n"
    )

    told = actions.note_elsewhere_from_csv(content=text.encode(), by=billing.clerk, now=MONTH_END)

    assert (told.noted, [line for line, _why in told.refused]) == (1, [3, 4])
    assert handed_over(first).number == "A-1"  # type: ignore[union-attr]  # it is handed over
    for broken in ("a,b\n1,2\n", text + "x;y;mañana;1\n"):
        refused(
            lambda broken=broken: actions.note_elsewhere_from_csv(
                content=broken.encode(), by=billing.clerk, now=MONTH_END
            ),
            "unreadable",
        )
