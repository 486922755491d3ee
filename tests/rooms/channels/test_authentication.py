"""Whose word is believed about who wrote, and what an address that fails gains: nothing."""

from __future__ import annotations

import pytest

from ecuanime.channels.email.authentication import FAILED, PASSED, UNASKED, UNPROVEN, found_by, judged
from ecuanime.delivery.models import Mailbox, OutgoingMail
from ecuanime.tickets.actions import reply
from ecuanime.tickets.models import Message, Ticket
from ecuanime.tickets.threading import reply_address
from tests.factories import NOW, make_contact, make_firm, make_mailbox, make_person
from tests.rooms.channels.mails import raw_mail
from tests.rooms.channels.taking import take

RECEIVER = "mx.nodoalisio.example"
FORGED = f"{RECEIVER}; dmarc=fail header.from=tierraparda.example"
GENUINE = f"{RECEIVER}; dmarc=pass header.from=tierraparda.example"

CASES = [
    (PASSED, [f"{RECEIVER}; spf=pass smtp.mailfrom=ana@uno.example; dmarc=pass header.from=uno.example"]),
    (PASSED, [f"{RECEIVER} 1; spf=softfail; dkim=pass (2048-bit; ok) header.d=uno.example header.s=x"]),
    (PASSED, [f"{RECEIVER.upper()};\r\n\tspf=pass smtp.mailfrom=rebotes.uno.example"]),
    (PASSED, [f"{RECEIVER}; dkim=fail header.d=lista.example; dkim=pass header.i=@correo.uno.example"]),
    (PASSED, [f"{RECEIVER}; spf=none", f"{RECEIVER}; dkim=pass header.d=uno.example"]),
    (FAILED, [f"{RECEIVER}; spf=pass smtp.mailfrom=malo.example; dmarc=fail header.from=uno.example"]),
    (FAILED, [f"{RECEIVER}; spf=fail smtp.mailfrom=ana@uno.example; dkim=none"]),
    (FAILED, [f"{RECEIVER}; dmarc=fail", f"{RECEIVER}; dmarc=pass header.from=uno.example"]),
    (FAILED, [f'{RECEIVER}; spf=fail smtp.mailfrom="a;dmarc=pass header.from=uno.example"@malo.example']),
    (FAILED, [f"{RECEIVER}; spf=fail (said; dmarc=pass header.from=uno.example) smtp.mailfrom=malo.example"]),
    (UNPROVEN, [f"{RECEIVER}; spf=pass smtp.mailfrom=malo.example; dkim=pass header.d=otro.example"]),
    (UNPROVEN, [f"{RECEIVER}; dkim=pass header.d=example"]),
    (UNPROVEN, [f"{RECEIVER}; none"]),
    (UNPROVEN, ["mx.malo.example; dmarc=pass header.from=uno.example"]),
    (UNPROVEN, []),
]


@pytest.mark.parametrize(("verdict", "headers"), CASES)
def test_only_the_trusted_receiver_is_believed_and_the_topmost_result_counts(
    verdict: str, headers: list[str]
) -> None:
    assert judged(found_by(RECEIVER, headers), "uno.example").verdict == verdict


@pytest.fixture
def box() -> Mailbox:
    """A firm whose mailbox trusts its receiver, and a client's contact."""
    make_firm()
    make_contact(email="elvira@tierraparda.example", name="Elvira Sotillo")
    return make_mailbox(trusted_receiver=RECEIVER)


def taken(**headers: str) -> Ticket:
    """The ticket a mail that says it is Elvira's lands on."""
    ticket = take(raw_mail(**headers)).ticket
    assert ticket is not None
    return ticket


@pytest.mark.django_db
@pytest.mark.parametrize("forged", [True, False])
def test_a_forged_address_gains_no_client_and_no_answer(box: Mailbox, forged: bool) -> None:
    ticket = taken(Authentication_Results=FORGED if forged else GENUINE)
    message = Message.objects.get()
    assert (ticket.client is None) is forged
    assert (message.contact is None) is forged
    assert OutgoingMail.objects.exists() is not forged
    assert message.authenticity == (FAILED if forged else PASSED)
    assert "dmarc" in message.authenticity_words


@pytest.mark.django_db
@pytest.mark.parametrize("by_token", [True, False])
@pytest.mark.parametrize("forged", [True, False])
def test_a_forged_answer_opens_a_ticket_of_its_own_that_says_what_it_claims(
    box: Mailbox, forged: bool, by_token: bool
) -> None:
    first = taken(message_id="<uno@tierraparda.example>", Authentication_Results=GENUINE)
    reply(ticket=first, author=make_person(), text="Mirándolo.", now=NOW)
    where = {"to": reply_address(first, box)} if by_token else {"In_Reply_To": "<uno@tierraparda.example>"}
    second = taken(**where, Authentication_Results=FORGED if forged else GENUINE)
    assert (second == first) is not forged
    claims = second.events.filter(field="claim").values_list("after", flat=True)
    assert list(claims) == ([f"#{first.number}"] if forged else [])


@pytest.mark.django_db
def test_a_mail_of_two_authors_is_nobodys_even_where_no_receiver_is_trusted() -> None:
    make_firm()
    make_mailbox()
    make_contact(email="elvira@tierraparda.example")
    assert taken().client is not None
    assert Message.objects.get().authenticity == UNASKED
    assert taken(From="malo@otra.example").client is None
