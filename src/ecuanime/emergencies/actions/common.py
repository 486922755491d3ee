"""What every act on a case does: lock it, ask the course, leave a line in the log, and say it on the ticket."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.emergencies.access import may_answer_for_client, parties_of
from ecuanime.emergencies.actions.ways import mail_way
from ecuanime.emergencies.links import has_account, portal_url
from ecuanime.emergencies.models import Emergency, Happening, Stage
from ecuanime.emergencies.notices import notice_key
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.notices.actions import settle_subject
from ecuanime.rules import express
from ecuanime.rules.express import Act, Need, Party
from ecuanime.tickets.actions import add_note, reply

LONGEST = 2000


def lock(emergency: Emergency, expected_version: int | None = None) -> Emergency:
    """The case as it is now, locked until the transaction ends. Refused: `stale`."""
    related = (
        "ticket",
        "client",
        "contact",
        "area",
        "lead",
        "guarantee",
        "express_contract",
        "mitigation_contract",
    )
    row = Emergency.objects.select_for_update(of=("self",), no_key=True).select_related(*related)
    found = row.get(pk=emergency.pk)
    if expected_version is not None and found.version != expected_version:
        text = _(
            "%(number)s has changed meanwhile. Nothing was done: look at it and do it again if it still fits."
        )
        raise Refused("stale", text % {"number": found.number})
    return found


def take(
    emergency: Emergency,
    act: Act,
    *,
    now: datetime,
    user: User | None = None,
    contact: Contact | None = None,
    true: Collection[Need] = (),
    text: str = "",
) -> Emergency:
    """Take a locked case along its course, by whoever acts (nobody: the house itself), and log it; it is saved.

    Refused: `not_allowed` (not from here, or not by them), or the first thing that must be true and is not.
    """
    parties = _parties(emergency, user, contact)
    row = _row(emergency, act, parties, true)
    before = emergency.stage
    emergency.stage = Stage(row.leads_to(express.Stage(before)))
    emergency.version += 1
    emergency.save()
    Happening.objects.create(
        emergency=emergency, act=act, at=now, user=user, contact=contact, text=text.strip()[:LONGEST]
    )
    audit.record(
        f"emergency_{act}", emergency, now=now, number=emergency.number, before=before, after=emergency.stage
    )
    if emergency.is_over:
        settle_subject(subject_key=notice_key(emergency), now=now)
    return emergency


def _parties(emergency: Emergency, user: User | None, contact: Contact | None) -> frozenset[Party]:
    if user is not None:
        return parties_of(user, emergency)
    if contact is not None:
        return frozenset({Party.CLIENT} if may_answer_for_client(contact, emergency) else ())
    return frozenset({Party.HOUSE})


def _row(
    emergency: Emergency, act: Act, parties: Collection[Party], true: Collection[Need]
) -> express.Transition:
    stage = express.Stage(emergency.stage)
    lacking: express.NotAllowed | None = None
    for party in sorted(parties):
        try:
            return express.take(act, stage, party, true)
        except express.NotAllowed as refused:
            lacking = refused if refused.missing or lacking is None else lacking
    if lacking is not None and lacking.missing:
        need = sorted(lacking.missing)[0]
        raise Refused(need, needed(need))
    allowed = any(act in express.acts_in(stage, party) for party in Party)
    if allowed:
        raise Refused("not_allowed", _("That is not for you to decide in this case."))
    text = _("%(number)s stands at “%(stage)s”: that cannot be done now.")
    raise Refused("not_now", text % {"number": emergency.number, "stage": Stage(emergency.stage).label})


def needed(need: Need) -> str:
    """What a person reads when something that must be true is not."""
    return {
        Need.COMPETENT: _("Only who knows the product area answers. Pass it on, or note your competence."),
        Need.FIGURES: _("Give certainty, risk and the three estimates."),
        Need.ELSEWHERE: _("Say where else they can turn."),
        Need.SEEN: _("The text has changed since you read it. Read it again before you answer."),
        Need.GUARANTEE_OWED: _("No guarantee is owed in this case."),
        Need.GUARANTEE_WAIVED: _("The guarantee is to be paid first."),
        Need.PAID: _("The guarantee is not paid yet."),
        Need.REASON: _("Say why."),
        Need.PROOF: _("There is no proof of payment yet."),
        Need.EVIDENCE: _("Say what shows that service is normal again."),
        Need.RESULTS: _("Some critical results have not come true yet: tick them with what shows it first."),
        Need.DOSSIER: _(
            "The client's service dossier has not been touched since the case was declared. Bring it up to date first."
        ),
    }[need]


def write_to_client(emergency: Emergency, author: User, sentence: str, now: datetime) -> None:
    """Say something to the client on the ticket, in their language; where nothing can be sent it is noted.

    The mail to somebody without an account carries their link, and so goes to them alone.
    `sentence` is the English source of a translated text without facts, or already the author's own words.
    """
    contact, mail = emergency.contact, None
    with override(contact.spoken):
        text = _(sentence)
        if has_account(contact):
            text += "\n\n" + _("Your emergency: %(link)s") % {"link": portal_url(emergency)}
        else:
            subject = _("Your emergency %(number)s") % {"number": emergency.number}
            key = f"said:{emergency.version}:{now.timestamp()}"
            mail = mail_way(emergency, contact, subject=subject, text=text, key=key, now=now)
    try:
        reply(ticket=emergency.ticket, author=author, text=text, mail=mail, now=now)
    except Refused:
        add_note(ticket=emergency.ticket, author=author, text=text, now=now)
