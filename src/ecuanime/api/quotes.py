"""Offers to clients: drafted, sent, taken back, declined, and their acceptance noted as it was given on paper.

A client accepts by itself in the portal alone, where a person reads the text; a no binds nobody.
"""

from __future__ import annotations

import base64
import binascii
from datetime import date
from typing import Annotated

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override
from ninja import Field, Path, Router

from ecuanime.api.contracts import ContractOut, contract_out
from ecuanime.api.contracts_writing import TermsIn, changes_contracts, terms_in
from ecuanime.api.errors import NotAllowed
from ecuanime.api.lists import Code, Key, answers
from ecuanime.api.reader import ApiRequest, Reader
from ecuanime.api.writing import Given, left_out, line, writes
from ecuanime.contracts.actions import (
    Paper,
    decline_quote,
    draft_quote,
    record_acceptance,
    send_quote,
    withdraw_quote,
)
from ecuanime.contracts.models import Contract
from ecuanime.contracts.offers import Offer, hash_of, text_of
from ecuanime.contracts.queries import contract_by_number
from ecuanime.foundation.addresses import client_address
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import store

router = Router(tags=[gettext_noop("Contracts")])
LONGEST_FILE = 3_000_000


class QuoteIn(TermsIn):
    """An offer; its first day is a proposal until it is accepted."""

    valid_until: date | None = left_out(gettext_noop("the last day to answer; null: until it is withdrawn"))
    auto_renews: bool = left_out(gettext_noop("whether it renews by itself when its term ends"))
    renews_pack: bool = left_out(gettext_noop("whether the next pack is ordered by itself"))
    note: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")] = left_out(
        gettext_noop("whatever else is part of the offer")
    )
    replaces: Code | None = left_out(
        gettext_noop("the number of the contract that ends the day before this one begins")
    )


class QuoteOut(ContractOut):
    """An offer, or what became of it, with its text in the client's language."""

    text: str
    text_sha256: str = Field(description=gettext_noop("tells this text from any other: needed to decline it"))


class FileIn(Given):
    """A file in a body."""

    name: Annotated[str, line(150)]
    base64: Annotated[str, Field(max_length=4 * LONGEST_FILE // 3)]


class AcceptanceIn(Given):
    """An acceptance given outside the portal, and what proves it: a file, or a word on where it lies."""

    name: Annotated[str, line(120)] = Field(description=gettext_noop("who signed"))
    given_on: date = Field(description=gettext_noop("not later than today"))
    contact: Key | None = left_out(gettext_noop("the id of the contact who signed"))
    note: Annotated[str, line(600)] = ""
    file: FileIn | None = None


class DeclineIn(Given):
    """A no, to the very text that was read, and why."""

    text_sha256: Annotated[str, line(64)] = Field(description=gettext_noop("as the offer says it"))
    reason: Annotated[str, line(600)] = ""


def _answers(reader: Reader) -> bool:
    return reader.contact is not None and reader.contact.is_project_lead


@writes(
    router,
    "POST",
    "/quotes",
    QuoteOut,
    may=changes_contracts,
    url_name="quotes",
    summary=gettext_noop("Draft an offer"),
    status=201,
)
def new_quote(request: ApiRequest, given: QuoteIn) -> QuoteOut:
    client, wanted = terms_in(request, given)
    number = wanted.pop("replaces", None)
    replaced = request.auth.contracts().filter(client=client, number=number).first() if number else None
    if number and replaced is None:
        raise Refused("unknown_contract", _("There is no such contract of this client."))
    offer = Offer(replaces=replaced, **wanted)
    quote = draft_quote(client=client, offer=offer, by=request.auth.user, now=read_clock())
    return _quote_out(quote.number)


@router.get(
    "/quotes/{number}",
    response=answers(QuoteOut, is_one=True),
    url_name="quote",
    summary=gettext_noop("One offer with its text"),
)
def quote(request: ApiRequest, number: Path[Code]) -> QuoteOut:
    return _quote_out(_quote(request, number).number)


@writes(
    router,
    "POST",
    "/quotes/{number}/send",
    QuoteOut,
    may=changes_contracts,
    url_name="quote_send",
    summary=gettext_noop("Send an offer to the client's project leads"),
)
def send(request: ApiRequest, number: Path[Code]) -> QuoteOut:
    sent = send_quote(quote=_quote(request, number), by=request.auth.user, now=read_clock())
    return _quote_out(sent.number)


@writes(
    router,
    "POST",
    "/quotes/{number}/withdraw",
    QuoteOut,
    may=changes_contracts,
    url_name="quote_withdraw",
    summary=gettext_noop("Take an offer back"),
)
def withdraw(request: ApiRequest, number: Path[Code]) -> QuoteOut:
    return _quote_out(withdraw_quote(quote=_quote(request, number), now=read_clock()).number)


@writes(
    router,
    "POST",
    "/quotes/{number}/acceptance",
    QuoteOut,
    may=changes_contracts,
    url_name="quote_acceptance",
    summary=gettext_noop("Note that the client accepted an offer on paper"),
)
def accept(request: ApiRequest, number: Path[Code], given: AcceptanceIn) -> QuoteOut:
    found = _quote(request, number)
    contact = None
    if given.contact is not None:
        contact = get_object_or_404(request.auth.contacts(), pk=given.contact)
    paper = Paper(
        name=given.name,
        given_on=given.given_on,
        contact=contact,
        note=given.note,
        file=store(_bytes_of(given.file)) if given.file else None,
        file_name=given.file.name if given.file else "",
    )
    accepted = record_acceptance(quote=found, paper=paper, by=request.auth.user, now=read_clock())
    return _quote_out(accepted.number)


@writes(
    router,
    "POST",
    "/quotes/{number}/decline",
    QuoteOut,
    may=_answers,
    url_name="quote_decline",
    summary=gettext_noop("Decline an offer as a project lead of the client"),
)
def decline(request: ApiRequest, number: Path[Code], given: DeclineIn) -> QuoteOut:
    found, contact = _quote(request, number), request.auth.contact
    if contact is None:
        raise NotAllowed
    with override(found.client.language):
        declined = decline_quote(
            quote=found,
            contact=contact,
            address=client_address(request),
            now=read_clock(),
            **given.model_dump(),
        )
    return _quote_out(declined.number)


def _bytes_of(file: FileIn) -> bytes:
    try:
        return base64.b64decode(file.base64, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("bad_file", _("The file is not written in base64.")) from None


def _quote(request: ApiRequest, number: str) -> Contract:
    return get_object_or_404(request.auth.offers(), number=number)


def _quote_out(number: str) -> QuoteOut:
    kept = contract_by_number(number)
    with override(kept.client.language):
        text = text_of(kept)
    return QuoteOut(**contract_out(kept).model_dump(), text=text, text_sha256=hash_of(text))
