"""Opening the work of an accepted case: its guarantee is paid, waived, or work starts on proof of payment."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.emergencies import notices
from ecuanime.emergencies.access import emergencies_of_contact
from ecuanime.emergencies.actions.common import lock, take, write_to_client
from ecuanime.emergencies.models import Emergency, Happening, Stage
from ecuanime.emergencies.news import rhythm_of
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.models import StoredFile
from ecuanime.rules.express import Act, Need
from ecuanime.tickets.actions import choose_contract
from ecuanime.worklog.actions import open_window

OPENED_SAID = gettext_noop(
    "We are at work on your emergency. You will hear from us here, also when there is nothing new."
)


@transaction.atomic
def note_paid(*, emergency: Emergency, now: datetime) -> Emergency:
    """Open work once the guarantee is paid whole; told twice, or of a part, it changes nothing."""
    emergency = lock(emergency)
    guarantee = emergency.guarantee
    if (
        emergency.stage != Stage.GUARANTEE_DUE
        or guarantee is None
        or guarantee.is_draft
        or guarantee.owed > 0
    ):
        return emergency
    emergency = take(emergency, Act.PAY, true={Need.PAID}, now=now)
    open_work(emergency, now=now)
    notices.tell_answer(emergency, Act.PAY, now=now)
    return emergency


@transaction.atomic
def waive_guarantee(*, emergency: Emergency, reason: str, by: User, now: datetime) -> Emergency:
    """The lead expert lets work begin without the guarantee; administrators are told why.

    What was charged is taken back by whoever bills. Refused: `not_now`, `not_allowed`, `reason`.
    """
    return _start(emergency, Act.WAIVE, {Need.REASON} if reason.strip() else set(), reason, by, now)


@transaction.atomic
def start_on_proof(*, emergency: Emergency, by: User, now: datetime) -> Emergency:
    """The lead expert lets work begin on the proof of payment that the client has sent; administrators are told.

    Refused: `not_now`, `not_allowed`, `proof`.
    """
    emergency = lock(emergency)
    true = {Need.PROOF} if emergency.proof_id else set()
    return _start(emergency, Act.START_ON_PROOF, true, emergency.proof_name, by, now)


@transaction.atomic
def give_proof(
    *, emergency: Emergency, contact: Contact, file: StoredFile, name: str, now: datetime
) -> Emergency:
    """The client sends proof that the guarantee was paid; a newer one takes its place, the same again changes nothing.

    Refused: `not_now` (no guarantee is due), `not_allowed`.
    """
    emergency = lock(emergency)
    if not emergencies_of_contact(contact).filter(pk=emergency.pk).exists():
        raise Refused("not_allowed", _("That is not for you to decide in this case."))
    if emergency.stage != Stage.GUARANTEE_DUE:
        raise Refused("not_now", _("No guarantee is due in this case."))
    if emergency.proof_id == file.pk:
        return emergency
    emergency.proof, emergency.proof_name = file, name[:200]
    emergency.version += 1
    emergency.save()
    Happening.objects.create(
        emergency=emergency, act="proof", at=now, contact=contact, text=emergency.proof_name
    )
    audit.record("emergency_proof_given", emergency, now=now, number=emergency.number, sha256=file.sha256)
    notices.tell_answer(emergency, "proof", now=now)
    return emergency


def _start(emergency: Emergency, act: Act, true: set[Need], text: str, by: User, now: datetime) -> Emergency:
    emergency = take(lock(emergency), act, user=by, true=true, text=text, now=now)
    notices.tell_administrators(emergency, text, now=now)
    open_work(emergency, now=now)
    return emergency


def open_work(emergency: Emergency, *, now: datetime) -> None:
    """Let the ticket's time from now on fall under the contract of normalisation, and tell the client."""
    emergency.opened_at = now
    emergency.next_due_at = now + timedelta(minutes=rhythm_of(emergency))
    emergency.save(update_fields=["opened_at", "next_due_at"])
    open_window(
        ticket=emergency.ticket, since=now, contract=emergency.express_contract, bills_apart=True, now=now
    )
    if emergency.lead is not None:
        choose_contract(
            ticket=emergency.ticket, contract=emergency.mitigation_contract, by=emergency.lead, now=now
        )
        write_to_client(emergency, emergency.lead, OPENED_SAID, now)
