"""The two phases of the work: declaring service normal, confirming it, a relapse, closing, billing each phase."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from ecuanime.accounts.models import User
from ecuanime.billing.actions import draft_case_time
from ecuanime.billing.models import Invoice
from ecuanime.clients.models import Contact
from ecuanime.contracts.actions import end_contract
from ecuanime.emergencies import notices
from ecuanime.emergencies.actions.common import lock, take, write_to_client
from ecuanime.emergencies.actions.reporting import make_report
from ecuanime.emergencies.actions.silence import agreed_silence
from ecuanime.emergencies.billing import entries_for, key_of
from ecuanime.emergencies.models import OVER, Emergency, Stage
from ecuanime.emergencies.queries import dossier_is_current
from ecuanime.emergencies.war_room import open_results
from ecuanime.emergencies.words import moment_in
from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.foundation.errors import Refused
from ecuanime.rules.calendars import local_date
from ecuanime.rules.express import Act, Document, Need, confirmed_by_silence_at
from ecuanime.tickets.actions import ask_satisfaction, note_normal, take_back_normal
from ecuanime.worklog.actions import bill_with_the_rest, close_ticket_time, open_window

RELAPSE_SAID = gettext_noop("It is not normal after all: we are at it again.")
CLOSED_SAID = gettext_noop("We have closed the emergency. What was done, and what it cost, is on its page.")


@transaction.atomic
def declare_normal(
    *, emergency: Emergency, evidence: str, by: User, now: datetime, at: datetime | None = None
) -> Emergency:
    """The lead declares that service is normal again, since now or since `at`, with what shows it.

    From that instant on mitigation's contract holds: running timers and open entries are cut there, the time of
    normalisation is closed out of cycle, and supervisors and the client are asked.
    Refused: `not_now`, `not_allowed`, `evidence`, `results` (a critical one has not come true), `bad_moment` (before
    work opened, or still to come), `reviewed_across`. Where it was agreed, silence confirms it after the hours that the
    client accepted.
    """
    emergency, since = lock(emergency), at or now
    true = {Need.EVIDENCE} if evidence.strip() else set()
    true |= set() if open_results(emergency) else {Need.RESULTS}
    emergency = take(emergency, Act.DECLARE_NORMAL, user=by, true=true, text=evidence, now=now)
    opened = emergency.opened_at or emergency.declared_at
    begun = (
        emergency.ticket.terms_windows.order_by("-since").values_list("since", flat=True).first() or opened
    )
    if not begun < since <= now:
        raise Refused(
            "bad_moment",
            _(
                "Service became normal between the beginning of this phase and now: choose a moment in between."
            ),
        )
    note_normal(ticket=emergency.ticket, by=by, at=since, now=now)
    open_window(ticket=emergency.ticket, since=since, contract=emergency.mitigation_contract, now=now)
    close_ticket_time(ticket=emergency.ticket, now=now)
    crashpoint("emergencies.time_cut")
    emergency.normal_at, emergency.silence_at = since, confirmed_by_silence_at(now, agreed_silence(emergency))
    emergency.save(update_fields=["normal_at", "silence_at"])
    notices.tell_to_review(emergency, now=now)
    with override(emergency.contact.spoken):
        said = _(
            "Service is normal again. What shows it: %(evidence)s\n\nPlease confirm it on the page of your emergency."
        ) % {"evidence": evidence.strip()}
        if emergency.silence_at is not None:
            said += " " + _("If you say nothing, it counts as confirmed on %(moment)s.") % {
                "moment": moment_in(emergency.silence_at, emergency.client.time_zone)
            }
    write_to_client(emergency, by, said, now)
    return emergency


@transaction.atomic
def acknowledge_normal(*, emergency: Emergency, contact: Contact, now: datetime) -> Emergency:
    """A project lead confirms that service is normal again; confirmed already it stays.

    Refused: `not_now`, `not_allowed`.
    """
    emergency = lock(emergency)
    if emergency.stage == Stage.MITIGATING:
        return emergency
    emergency.silence_at = None
    emergency = take(emergency, Act.ACKNOWLEDGE_NORMAL, contact=contact, now=now)
    notices.tell_answer(emergency, Act.ACKNOWLEDGE_NORMAL, now=now)
    return emergency


@transaction.atomic
def note_relapse(
    *,
    emergency: Emergency,
    reason: str,
    now: datetime,
    by: User | None = None,
    contact: Contact | None = None,
) -> Emergency:
    """It happens again: from now on the work falls under the contract of normalisation. The lead or the client says so.

    Refused: `not_now`, `not_allowed`, `reason`.
    """
    emergency = lock(emergency)
    true = {Need.REASON} if reason.strip() else set()
    emergency = take(emergency, Act.RELAPSE, user=by, contact=contact, true=true, text=reason, now=now)
    open_window(ticket=emergency.ticket, since=now, contract=emergency.express_contract, now=now)
    actor = by or emergency.lead
    if actor is not None and emergency.ticket.normal_at is not None:
        take_back_normal(ticket=emergency.ticket, by=actor, now=now)
    emergency.normal_at = emergency.silence_at = None
    emergency.save(update_fields=["normal_at", "silence_at"])
    notices.tell_answer(emergency, Act.RELAPSE, now=now)
    if actor is not None:
        write_to_client(emergency, actor, RELAPSE_SAID, now)
    return emergency


@transaction.atomic
def close(
    *, emergency: Emergency, by: User, now: datetime, reason: str = "", in_part: bool = False
) -> Emergency:
    """Close a case, whole or in part (then with a reason), once the client's dossier is up to date.

    Its time is closed for review, and its contract at the Express rate ends today unless another case needs it. Its
    report is begun from what was recorded, if nobody has begun it, and its contact is asked how it went.
    Refused: `not_now`, `not_allowed`, `dossier`, `reason`.
    """
    emergency = lock(emergency)
    true = {Need.DOSSIER} if dossier_is_current(emergency) else set()
    true |= {Need.REASON} if reason.strip() else set()
    act = Act.CLOSE_IN_PART if in_part else Act.CLOSE
    emergency = take(emergency, act, user=by, true=true, text=reason, now=now)
    close_ticket_time(ticket=emergency.ticket, now=now)
    emergency.closed_at, emergency.next_due_at, emergency.silence_at = now, None, None
    emergency.save(update_fields=["closed_at", "next_due_at", "silence_at"])
    _end_express(emergency, now)
    make_report(emergency=emergency, by=None, now=now)
    notices.tell_to_review(emergency, now=now)
    write_to_client(emergency, by, CLOSED_SAID, now)
    ask_satisfaction(ticket=emergency.ticket, now=now, is_over=True)
    return emergency


def _end_express(emergency: Emergency, now: datetime) -> None:
    """End the contract at the Express rate, if it came into force for this case and serves no other."""
    contract = emergency.express_contract
    if contract is None or contract.pk == emergency.mitigation_contract_id or contract.ends_on is not None:
        return
    others = Emergency.objects.filter(express_contract=contract).exclude(pk=emergency.pk)
    if not others.exclude(stage__in=OVER).exists():
        today = local_date(now, contract.time_zone)
        end_contract(contract=contract, ends_on=today, reason=emergency.number, now=now)


@transaction.atomic
def bill_phase(*, emergency: Emergency, document: Document, by: User, now: datetime) -> Invoice:
    """Draft the second or third invoice of a case over its approved time, less what is left of a guarantee that counts.

    Refused: `not_allowed`, `not_now` (the second before service is normal, the third before closing),
    `undecided` (some of its time is not approved yet), `issued`, `nothing_to_bill`.
    """
    emergency = lock(emergency)
    ready = {
        Document.NORMALISATION: (Stage.NORMALISED, Stage.MITIGATING, Stage.CLOSED),
        Document.MITIGATION: (Stage.CLOSED,),
    }
    if emergency.stage not in ready.get(document, ()):
        text = _("%(number)s stands at “%(stage)s”: that cannot be done now.")
        raise Refused("not_now", text % {"number": emergency.number, "stage": Stage(emergency.stage).label})
    entries = entries_for(emergency, document)
    if entries.undecided:
        raise Refused(
            "undecided", _("Some time of this phase is not approved yet. It would be missing on the invoice.")
        )
    draft = draft_case_time(
        client=emergency.client,
        entries=entries.approved,
        guarantee=emergency.guarantee,
        by=by,
        now=now,
        idempotency_key=key_of(emergency, document),
    )
    if document is Document.MITIGATION:
        # Nothing follows the third: what is approved late goes with the client's other time.
        bill_with_the_rest(ticket=emergency.ticket, now=now)
    return draft
