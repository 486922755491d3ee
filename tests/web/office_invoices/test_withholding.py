"""What is withheld and why a tax is charged, on the page of a draft; who is taxed as what, on the client's."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from tests.rooms.billing.drafts.test_taxed_lines import in_spain
from tests.rooms.billing.drafts.test_withheld import hours, of_a_professional

pytestmark = pytest.mark.django_db


def test_a_draft_says_what_is_withheld_and_another_rate_is_chosen() -> None:
    billing = of_a_professional()
    draft, browser = hours(billing), Browser()
    browser.force_login(billing.clerk)

    page = browser.get(f"/facturas/{draft.key}/").content.decode()
    answer = browser.post(f"/facturas/{draft.key}/retencion/", {"withholding": "irpf-7"})

    assert "A business withholds income tax" in page
    assert "466.40" in page
    draft.refresh_from_db()
    assert answer.status_code == 302
    assert (draft.withheld, draft.payable) == (3080, 50160)


def test_a_rate_that_is_none_is_refused_beside_its_field() -> None:
    billing = of_a_professional()
    draft, browser = hours(billing), Browser()
    browser.force_login(billing.clerk)

    answer = browser.post(f"/facturas/{draft.key}/retencion/", {"withholding": "irpf-99"})

    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.withheld == 6600


def test_a_draft_says_why_its_tax_is_charged_and_when_another_would_be_right() -> None:
    billing = in_spain()
    billing.approved(60)
    draft, browser = billing.draft(), Browser()
    browser.force_login(billing.clerk)

    page = browser.get(f"/facturas/{draft.key}/").content.decode()

    assert "Firm and customer are in the same territory" in page
    assert "if it is one of the services of art. 20" in page
    assert "Income tax withheld" not in page
