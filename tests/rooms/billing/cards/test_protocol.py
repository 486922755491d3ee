"""Stripe's protocol without a database: signatures, what is read of events, and the units of its amounts."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from ecuanime.billing.cards.amounts import from_stripe, to_stripe
from ecuanime.billing.cards.signatures import TOLERANCE, is_signed, signature_of
from ecuanime.billing.cards.told import Unreadable, read_event
from tests.factories.billing import MONTH_END
from tests.stripe import SIGNING_SECRET, event, signed


def test_the_signature_is_an_hmac_of_the_moment_and_the_body() -> None:
    """Computed by `printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_ecuanime`."""
    expected = "07ed8bf3fb0f8c6d197604b8cbac4cc4ef6d3d78bd3a0aabc3fabd5bf26c2a6c"
    assert signature_of(b'{"id":"evt_1"}', 1_700_000_000, "whsec_ecuanime") == expected


def test_only_a_fresh_signature_of_this_body_by_this_secret_fits() -> None:
    body, header = signed(event("charge.refunded", {}, MONTH_END), MONTH_END)

    assert is_signed(body, header, SIGNING_SECRET, MONTH_END)
    for seconds, fits in ((TOLERANCE, True), (TOLERANCE + 1, False), (-TOLERANCE - 1, False)):
        assert is_signed(body, header, SIGNING_SECRET, MONTH_END + timedelta(seconds=seconds)) is fits
    assert not is_signed(body + b" ", header, SIGNING_SECRET, MONTH_END)
    assert not is_signed(body, header, SIGNING_SECRET + "x", MONTH_END)
    assert not is_signed(body, header.replace("v1=", "v0="), SIGNING_SECRET, MONTH_END)
    assert not is_signed(body, header.replace("t=", "t=1"), SIGNING_SECRET, MONTH_END)
    assert not is_signed(*signed({}, MONTH_END, secret=""), "", MONTH_END)


@pytest.mark.parametrize(
    "header", ["", "t=,v1=", "t=x,v1=é", "v1=abc", "t=99999999999999999999,v1=a", ",,=,"]
)
def test_a_header_that_is_none_fits_nothing(header: str) -> None:
    assert not is_signed(b"{}", header, SIGNING_SECRET, MONTH_END)


@pytest.mark.parametrize(
    ("minor", "currency", "amount"),
    [
        (1234, "EUR", 1234),
        (1234, "JPY", 1234),
        (1234, "UGX", 123_400),
        (1234, "ISK", 123_400),
        (1230, "KWD", 1230),
        (1234, "KWD", None),
        (1200, "MGA", 12),
        (1234, "MGA", None),
    ],
)
def test_amounts_in_stripes_units(minor: int, currency: str, amount: int | None) -> None:
    assert to_stripe(minor, currency) == amount
    if amount is not None:
        assert from_stripe(amount, currency) == minor


def test_what_is_no_whole_minor_unit_is_none() -> None:
    assert from_stripe(1234, "UGX") is None


def test_an_unknown_kind_is_nothing() -> None:
    assert read_event(b'{"id": "evt_1", "type": "customer.created"}') is None


BROKEN: list[dict[str, Any]] = [{"amount_total": True}, {"amount_total": "5"}, {"amount_total": -1}]
BROKEN += [{"id": None}, {"id": "x" * 201}, {"currency": 3}, {"payment_intent": {"id": "pi"}}, {"id": "a\0b"}]


@pytest.mark.parametrize("broken", BROKEN)
def test_what_cannot_be_read_says_so(broken: dict[str, Any]) -> None:
    session = {"id": "cs", "amount_total": 5, "currency": "eur", "payment_status": "paid"}
    said = event("checkout.session.completed", session, MONTH_END)
    assert read_event(json.dumps(said).encode()) is not None
    said["data"]["object"] |= broken
    with pytest.raises(Unreadable):
        read_event(json.dumps(said).encode())


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"[" * 100_000, b'{"type": 3}', b"\xff", b'{"type": "charge.refunded"}']
)
def test_what_is_no_event_says_so(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read_event(body)
