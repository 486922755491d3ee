"""What a client says to a quote: yes or no, in the portal or on paper. An answer is kept for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NoReturn

from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.access import may_answer
from ecuanime.contracts.actions.common import (
    lock_contracts,
    refuse_accepted_kin,
    refuse_end,
    refuse_place,
    withdraw,
)
from ecuanime.contracts.actions.ending import end_the_day_before
from ecuanime.contracts.course import begin, kin_of, schedule, state_on
from ecuanime.contracts.events import ContractOpened, ContractStarted, QuoteDeclined
from ecuanime.contracts.letters import mail_answer, mail_receipt
from ecuanime.contracts.models import Answer, Contract
from ecuanime.contracts.offers import day_of, hash_of, text_of
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.foundation.models import StoredFile
from ecuanime.rules.calendars import local_date
from ecuanime.rules.contracts import State, first_day, is_open

_State = Contract.State


@dataclass(frozen=True, kw_only=True)
class Paper:
    """An acceptance given outside the portal: who signed, on which day, and what proves it: a file or a word."""

    name: str
    given_on: date
    contact: Contact | None = None
    note: str = ""
    file: StoredFile | None = None
    file_name: str = ""


@transaction.atomic
def accept_quote(
    *, quote: Contract, contact: Contact, text_sha256: str, address: str | None, now: datetime
) -> Contract:
    """A project lead accepts the text they read, told by its hash in the language it is shown in now.

    The contract is in force from its first day, or from today if that has passed; what it replaces ends the day
    before. One accepted already is given back as it is.
    Refused: `not_allowed`, `not_sent`, `declined`, `superseded`, `lapsed`, `text_changed`, `inactive_client`,
    `ends_before_start`, `accepted_otherwise`, and for what it replaces `already_replaced` and `starts_too_early`.
    """
    quote, replaced = _locked(quote)
    if quote.is_binding:
        return quote
    _refuse_answer(quote, contact, now)
    text = _text_read(quote, text_sha256)
    answer = _answer(quote, Answer.Kind.ACCEPTED, text, now, contact=contact, address=address)
    _take_effect(quote, replaced, answer)
    mail_receipt(answer, now=now)
    return quote


@transaction.atomic
def decline_quote(
    *, quote: Contract, contact: Contact, text_sha256: str, address: str | None, reason: str, now: datetime
) -> Contract:
    """A project lead says no to what they read, and why if they like. One declined already stays as it is.

    Refused: `not_allowed`, `not_sent`, `accepted`, `superseded`, `lapsed`, `text_changed`.
    """
    quote, _replaced = _locked(quote)
    if quote.state == _State.DECLINED:
        return quote
    if quote.is_binding:
        raise Refused(
            "accepted",
            _("%(number)s was accepted already. To end it, write to us.") % {"number": quote.number},
        )
    _refuse_answer(quote, contact, now)
    text = _text_read(quote, text_sha256)
    plain = " ".join(reason.split())[:600]
    answer = _answer(quote, Answer.Kind.DECLINED, text, now, contact=contact, address=address, reason=plain)
    quote.state = _State.DECLINED
    schedule(quote)
    quote.save(update_fields=["state", "next_due_at"])
    record("quote_declined", quote, now=now, number=quote.number, by=contact.name)
    publish(QuoteDeclined(contract_id=quote.pk))
    _tell_the_firm(answer)
    return quote


@transaction.atomic
def record_acceptance(*, quote: Contract, paper: Paper, by: User, now: datetime) -> Contract:
    """Note that the client accepted a quote outside the portal, on a day not later than today.

    The text kept is that of the quote in the client's language. One accepted already is given back as it is.
    Refused: `no_name`, `no_proof`, `future`, `not_their_contact`, `declined`, `superseded`, `lapsed` (given after its
    last day), `inactive_client`, `ends_before_start`, `accepted_otherwise`, `already_replaced`, `starts_too_early`.
    """
    quote, replaced = _locked(quote)
    if quote.is_binding:
        return quote
    _refuse_paper(quote, paper, now)
    if quote.state not in (_State.DRAFT, _State.LAPSED):
        _refuse_state(quote, paper.given_on)
    elif quote.valid_until is not None and quote.valid_until < paper.given_on:
        _refuse_lapsed(quote)
    with override(quote.client.language):
        text = text_of(quote)
        answer = _answer(quote, Answer.Kind.ACCEPTED, text, now, paper=paper, by=by)
    _take_effect(quote, replaced, answer)
    return quote


def _locked(quote: Contract) -> tuple[Contract, Contract | None]:
    """The quote and what it would replace, as they stand now, the client's row first."""
    Client.objects.select_for_update(no_key=True).get(pk=quote.client_id)
    locked = lock_contracts({quote.pk, *([quote.replaces_id] if quote.replaces_id else [])})
    found = locked[quote.pk]
    return found, locked.get(found.replaces_id or 0)


def _refuse_answer(quote: Contract, contact: Contact, now: datetime) -> None:
    if not may_answer(contact, quote):
        raise Refused("not_allowed", _("Only a project lead of your organisation can answer it."))
    _refuse_state(quote, local_date(now, quote.time_zone))


def _refuse_state(quote: Contract, on: date) -> None:
    facts = {"number": quote.number}
    if quote.state == _State.DRAFT:
        raise Refused("not_sent", _("%(number)s has not been sent yet.") % facts)
    if quote.state == _State.DECLINED:
        raise Refused("declined", _("%(number)s was declined. Ask for a new offer.") % facts)
    if quote.state == _State.WITHDRAWN:
        raise Refused("superseded", _("%(number)s was taken back, or a newer offer is in its place.") % facts)
    if not is_open(State(quote.state), quote.valid_until, on):
        _refuse_lapsed(quote)


def _refuse_lapsed(quote: Contract) -> NoReturn:
    facts = {"number": quote.number, "day": day_of(quote.valid_until) if quote.valid_until else ""}
    raise Refused("lapsed", _("%(number)s could be answered until %(day)s. Ask for a new offer.") % facts)


def _refuse_paper(quote: Contract, paper: Paper, now: datetime) -> None:
    if not paper.name.strip():
        raise Refused("no_name", _("Say who accepted it for the client."))
    if paper.file is None and not paper.note.strip():
        raise Refused("no_proof", _("Attach what was signed, or note where it can be found."))
    if paper.given_on > local_date(now, quote.time_zone):
        raise Refused("future", _("It cannot have been accepted on a day that is still to come."))
    if paper.contact is not None and paper.contact.client_id != quote.client_id:
        raise Refused(
            "not_their_contact",
            _("%(name)s is not a contact of this client. Choose who accepted it for them.")
            % {"name": paper.contact.name},
        )


def _text_read(quote: Contract, text_sha256: str) -> str:
    """The text as it is shown now; refuses `text_changed` when it is not what was read."""
    text = text_of(quote)
    if hash_of(text) != text_sha256:
        raise Refused(
            "text_changed", _("The text is not the one you read. Nothing was done; read it again, please.")
        )
    return text


def _answer(
    quote: Contract,
    kind: str,
    text: str,
    now: datetime,
    *,
    contact: Contact | None = None,
    address: str | None = None,
    reason: str = "",
    paper: Paper | None = None,
    by: User | None = None,
) -> Answer:
    facts = {"name": contact.name if contact else "", "given_on": local_date(now, quote.time_zone)}
    if paper is not None:
        facts = {"name": " ".join(paper.name.split())[:120], "given_on": paper.given_on}
        facts |= {"note": paper.note.strip(), "file": paper.file, "file_name": paper.file_name}
        contact = paper.contact
    return Answer.objects.create(
        contract=quote,
        kind=kind,
        at=now,
        contact=contact,
        address=address,
        language=(get_language() or "es").split("-")[0],
        text=text,
        text_sha256=hash_of(text),
        reason=reason,
        recorded_by=by,
        **facts,
    )


def _take_effect(quote: Contract, replaced: Contract | None, answer: Answer) -> None:
    """Bring an accepted quote into force, end what it replaces the day before its first, and take back its kin.

    It has the place in the order that what it replaces has now, not the one it had when the quote was drafted.
    """
    client, now = quote.client, answer.at
    if not client.is_active:
        raise Refused("inactive_client", _("This client is not active, so nothing can be contracted."))
    quote.starts_on = first_day(quote.starts_on, answer.given_on)
    if quote.ends_on is not None and quote.ends_on < quote.starts_on:
        refuse_end()
    refuse_accepted_kin(quote)
    if replaced is not None:
        refuse_place(client, replaced, quote.starts_on)
        quote.precedence = replaced.precedence
    begin(quote)
    quote.state = state_on(quote, local_date(now, quote.time_zone))
    quote.accepted_at, quote.accepted_by = now, answer.contact
    schedule(quote)
    quote.save()
    record(
        "quote_accepted",
        quote,
        now=now,
        number=quote.number,
        name=answer.name,
        given_on=answer.given_on,
        text_sha256=answer.text_sha256,
    )
    publish(ContractOpened(contract_id=quote.pk))
    if quote.state == _State.ACTIVE:
        publish(ContractStarted(contract_id=quote.pk))
    for other in kin_of(quote):
        if other.state in (_State.DRAFT, _State.QUOTED):
            withdraw(other, now)
    if replaced is not None:
        end_the_day_before(replaced, quote, now=now)
    _tell_the_firm(answer)


def _tell_the_firm(answer: Answer) -> None:
    """Whoever drafted the quote hears of it, unless they noted the answer themselves."""
    person = answer.contract.recorded_by
    if person is not None and answer.recorded_by_id is None:
        mail_answer(answer, person, now=answer.at)
