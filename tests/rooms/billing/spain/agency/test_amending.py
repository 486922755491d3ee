"""After a rejection: the invoice is registered anew, and its record says what became of the one before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ecuanime.billing.actions import amend_registration, cancel_registration
from ecuanime.billing.models import FiscalRecord, Invoice, Verdict
from ecuanime.billing.packs.es.agency.standing import unresolved
from ecuanime.billing.verifying.records import verify_records
from tests.factories.agency import Sending, sending_firm

pytestmark = pytest.mark.django_db


@pytest.fixture
def sending(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sending]:
    with sending_firm(monkeypatch) as made:
        yield made


def amended(sending: Sending, invoice: Invoice) -> FiscalRecord:
    sending.now = sending.queue.not_before
    return amend_registration(
        invoice=invoice, reason="Lo que objetó la AEAT", by=sending.billing.clerk, now=sending.now
    )


def test_what_was_rejected_is_registered_anew_and_taken(sending: Sending) -> None:
    [invoice] = sending.issue()
    sending.agency.refuses[invoice.number or ""] = (1100, "Valor incorrecto")
    sending.send()
    sending.agency.refuses.clear()
    record = amended(sending, invoice)
    assert (record.is_amendment, record.previous_rejection) == (True, "X")
    sending.send()
    assert Verdict.objects.get(record=record).state == Verdict.State.ACCEPTED
    assert not unresolved().exists()
    assert sending.agency.taken == [record.huella]


def test_an_amendment_of_what_was_taken_says_nothing_of_a_rejection(sending: Sending) -> None:
    [invoice] = sending.issue()
    sending.agency.objects_to[invoice.number or ""] = (2000, "Huella")
    sending.send()
    record = amended(sending, invoice)
    assert record.previous_rejection == ""
    sending.send()
    assert sending.agency.taken == sending.chained


def test_an_amendment_that_was_rejected_is_followed_by_one_that_says_so(sending: Sending) -> None:
    [invoice] = sending.issue()
    sending.send()
    sending.agency.refuses[invoice.number or ""] = (1100, "Valor incorrecto")
    amended(sending, invoice)
    sending.send()
    sending.agency.refuses.clear()
    record = amended(sending, invoice)
    assert record.previous_rejection == "S"
    sending.send()
    assert not unresolved().exists()


def test_a_cancellation_that_was_refused_is_followed_by_another(sending: Sending) -> None:
    [invoice] = sending.issue()
    sending.send()
    first = taken_back(sending, invoice)
    assert taken_back(sending, invoice) == first
    sending.agency.refuses[invoice.number or ""] = (1100, "Valor incorrecto")
    sending.send()
    sending.agency.refuses.clear()

    again = taken_back(sending, invoice)

    assert (again.previous, again.previous_rejection) == (first, "S")
    assert "SinRegistroPrevio>" not in again.xml
    assert taken_back(sending, invoice) == again
    sending.send()
    assert sending.agency.taken == [sending.chained[0], again.huella]
    assert not unresolved().exists()
    assert list(verify_records()) == []


def test_taking_back_what_the_agency_never_took_says_so(sending: Sending) -> None:
    [invoice] = sending.issue()
    sending.agency.refuses[invoice.number or ""] = (1100, "Valor incorrecto")
    sending.send()

    assert "<sf:SinRegistroPrevio>S</sf:SinRegistroPrevio>" in taken_back(sending, invoice).xml


def taken_back(sending: Sending, invoice: Invoice) -> FiscalRecord:
    sending.now = sending.queue.not_before
    return cancel_registration(
        invoice=invoice, reason="Nunca debió existir", by=sending.admin, now=sending.now
    )
