"""The mails about contracts: the offer, its withdrawal, the receipt of an answer, and what the firm hears of it.

Each is written in the language of who gets it, into the outbox, in the caller's transaction, under a key that lets it
go out once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.accounts.models import Role, User
from ecuanime.accounts.queries import people_of_firm
from ecuanime.clients.models import Client, Contact
from ecuanime.clients.queries import project_leads
from ecuanime.contracts.models import Answer, Contract
from ecuanime.contracts.offers import day_of, text_of
from ecuanime.contracts.queries import versions_of
from ecuanime.contracts.words import sentences_of
from ecuanime.delivery.actions import queue_mail
from ecuanime.delivery.models import OutgoingMail
from ecuanime.staff.queries import the_firm


def readers_of(client: Client) -> list[Contact]:
    """Who gets mail about the client's contracts: its project leads with an address."""
    return list(project_leads(client).exclude(email=""))


def mail_quote(quote: Contract, leads: Sequence[Contact], *, now: datetime) -> None:
    """Bring each project lead the offer's whole text, and where to answer it."""
    for lead in leads:
        with override(lead.spoken):
            lines = [
                _greeting(lead),
                _("this is our offer %(number)s.") % _facts(quote),
                text_of(quote),
                _("You can accept or decline it here; ask us before if anything is not clear:"),
                _in_portal(quote),
                the_firm().name,
            ]
            subject = _("Offer %(number)s: %(plan)s") % _facts(quote)
            if quote.valid_until is not None:
                subject = _("Offer %(number)s: %(plan)s, until %(day)s") % _facts(quote)
            _mail(lead, "quote", subject, lines, f"contract:{quote.pk}:quote:{lead.pk}", now)


def mail_withdrawal(quote: Contract, *, now: datetime) -> None:
    """Tell the project leads that an offer they have can no longer be accepted."""
    for lead in readers_of(quote.client):
        with override(lead.spoken):
            lines = [
                _greeting(lead),
                _("our offer %(number)s, %(plan)s, can no longer be accepted: we have taken it back.")
                % _facts(quote),
                the_firm().name,
            ]
            subject = _("Offer %(number)s is withdrawn") % _facts(quote)
            _mail(lead, "quote_withdrawn", subject, lines, f"contract:{quote.pk}:withdrawn:{lead.pk}", now)


def mail_renewal_notice(contract: Contract, leads: Sequence[Contact], *, now: datetime) -> None:
    """Tell each project lead that the term ends: as what it renews by itself, or that it ends."""
    for lead in leads:
        with override(lead.spoken):
            facts = _facts(contract) | {"end": day_of(contract.ends_on) if contract.ends_on else ""}
            subject, lines = _renewing(contract, facts) if contract.renewal_version else _not_renewed(facts)
            lines = [_greeting(lead), *lines, _in_portal(contract), the_firm().name]
            _mail(lead, "renewal_notice", subject, lines, f"contract:{contract.pk}:notice:{lead.pk}", now)


def mail_nobody_told(contract: Contract, *, now: datetime) -> None:
    """Tell the supervisors that a term ends and nobody of the client has an address to be told at."""
    for person in people_of_firm():
        if not person.has_role(Role.SUPERVISOR):
            continue
        with override(person.language):
            facts = _facts(contract) | {"client": contract.client.name}
            facts["end"] = day_of(contract.ends_on) if contract.ends_on else ""
            lines = [
                _(
                    "%(number)s of %(client)s, %(plan)s, ends on %(end)s. No project lead has an e-mail address."
                )
                % facts,
                _("Tell them yourself, and note a project lead."),
                f"{settings.ECUANIME_URL}/contratos/{contract.number}/",
            ]
            subject = _("%(client)s was not told that %(number)s ends") % facts
            _mail(person, "renewal_untold", subject, lines, f"contract:{contract.pk}:untold:{person.pk}", now)


def _renewing(contract: Contract, facts: dict[str, str]) -> tuple[str, list[str]]:
    version = contract.renewal_version
    assert version is not None
    lines = [
        _("the term of %(number)s, %(plan)s, ends on %(end)s. It renews by itself the day after.") % facts,
        _("Nothing changes."),
        _("If you do not want it any more, say so here until that day:"),
    ]
    if version.pk != contract.version_id:
        changed = "\n".join(
            f"- {sentence}"
            for sentence in sentences_of(versions_of(version.plan).get(pk=version.pk), contract)
        )
        lines[1] = _("From then on this holds:") + "\n" + changed
    return _("%(number)s renews after %(end)s") % facts, lines


def _not_renewed(facts: dict[str, str]) -> tuple[str, list[str]]:
    lines = [
        _("%(number)s, %(plan)s, ends on %(end)s. We no longer offer it, so it is not renewed.") % facts,
        _("You can read it here; ask us what can take its place:"),
    ]
    return _("%(number)s ends on %(end)s") % facts, lines


def mail_receipt(answer: Answer, *, now: datetime) -> None:
    """Give whoever accepted in the portal a copy of what they accepted, and the hash of its text."""
    contact, contract = answer.contact, answer.contract
    if contact is None or not contact.email:
        return
    with override(contact.client.addressed_in(answer.language)):
        lines = [
            _greeting(contact),
            _("you accepted contract %(number)s, %(plan)s. It begins on %(start)s. This is its text:")
            % _facts(contract),
            answer.text,
            _("The SHA-256 of this text is %(hash)s.") % {"hash": answer.text_sha256},
            the_firm().name,
        ]
        subject = _("You accepted %(number)s: %(plan)s") % _facts(contract)
        _mail(contact, "quote_receipt", subject, lines, f"contract:{contract.pk}:receipt", now)


def mail_answer(answer: Answer, person: User, *, now: datetime) -> None:
    """Tell whoever drafted the quote what the client said."""
    contract = answer.contract
    with override(person.language):
        facts = _facts(contract) | {"name": answer.name, "client": contract.client.name}
        if answer.kind == Answer.Kind.ACCEPTED:
            subject = _("%(client)s accepted %(number)s") % facts
            said = _("%(name)s accepted it for %(client)s. It begins on %(start)s.") % facts
        else:
            subject = _("%(client)s declined %(number)s") % facts
            said = _("%(name)s declined it for %(client)s.") % facts
        lines = [said, answer.reason, f"{settings.ECUANIME_URL}/contratos/{contract.number}/"]
        _mail(person, "quote_answer", subject, lines, f"contract:{contract.pk}:answer", now)


def _facts(contract: Contract) -> dict[str, str]:
    return {
        "number": contract.number,
        "plan": str(contract.version),
        "day": day_of(contract.valid_until) if contract.valid_until else "",
        "start": day_of(contract.starts_on),
    }


def _greeting(contact: Contact) -> str:
    return _("Hello %(name)s,") % {"name": contact.name}


def _in_portal(contract: Contract) -> str:
    return f"{settings.ECUANIME_URL}/portal/contratos/{contract.number}/"


def _mail(
    to: Contact | User, purpose: str, subject: str, lines: Sequence[str], key: str, now: datetime
) -> None:
    kind = "contact" if isinstance(to, Contact) else "user"
    queue_mail(
        kind=OutgoingMail.Kind.AUTOMATIC,
        purpose=purpose,
        to=[to.email],
        subject=subject,
        text="\n\n".join(line for line in lines if line),
        subject_key=f"{kind}:{to.pk}",
        idempotency_key=key,
        now=now,
    )
