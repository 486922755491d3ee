"""What is owed by age on screen and as files, for those who bill and nobody else."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client as Browser
from openpyxl import load_workbook

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.foundation.clock import read_clock
from tests.factories import make_client, make_firm, make_person

pytestmark = pytest.mark.django_db
PAGE = "/facturas/antiguedad/"


@pytest.fixture
def browser() -> Browser:
    make_firm()
    clerk, now = make_person(Role.BILLING), read_clock()
    browser, today = Browser(), now.date()
    browser.force_login(clerk)
    actions.bring_invoice(
        client=make_client(name="=Talleres Umbría"),
        number="A/1",
        issued_on=today - timedelta(days=80),
        due_on=today - timedelta(days=45),
        total=12345,
        paid=345,
        by=clerk,
        now=now,
    )
    return browser


def test_the_page_names_who_owes_and_since_when(browser: Browser) -> None:
    page = browser.get(PAGE).content.decode()
    assert page.count("120,00") + page.count("€120.00") == 4, "the client's band and total, and those of all"
    assert 'data-l="31–60 days"' in page


def test_the_files_have_the_same_and_no_formula(browser: Browser) -> None:
    text = b"".join(browser.get(f"{PAGE}?formato=csv")).decode()  # type: ignore[arg-type]  # a streaming answer
    row = text.splitlines()[1].split(",")
    assert row[1:] == ["'=Talleres Umbría", "EUR", "0.00", "0.00", "120.00", "0.00", "0.00", "120.00"]
    book = load_workbook(BytesIO(b"".join(browser.get(f"{PAGE}?formato=xlsx"))))  # type: ignore[arg-type]
    assert [cell.value for cell in list(book.active)[1]][5] == 120
    assert browser.get(f"{PAGE}?formato=exe").status_code == 404


def test_nobody_owes_anything_is_said() -> None:
    make_firm()
    browser = Browser()
    browser.force_login(make_person(Role.SUPERVISOR))
    assert "Nobody owes anything" in browser.get(PAGE).content.decode()


def test_a_technician_sees_none_of_it() -> None:
    make_firm()
    browser = Browser()
    browser.force_login(make_person(Role.TECHNICIAN))
    assert browser.get(PAGE).status_code == 403
