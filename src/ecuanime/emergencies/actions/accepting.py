"""The client's answer: yes to the text they read, no, or taking the case back; and how work opens."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from ecuanime.accounts.models import User
from ecuanime.billing.actions import charge_guarantee
from ecuanime.clients.models import Contact
from ecuanime.contracts.actions import open_contract
from ecuanime.contracts.models import Contract
from ecuanime.contracts.offers import hash_of
from ecuanime.emergencies import notices
from ecuanime.emergencies.actions.alerts import end_alerts
from ecuanime.emergencies.actions.common import lock, take
from ecuanime.emergencies.actions.opening import open_work
from ecuanime.emergencies.conditions import Conditions, Side, choices_for, conditions_for, the_service
from ecuanime.emergencies.identity import lacks_identity
from ecuanime.emergencies.links import has_account
from ecuanime.emergencies.models import Acceptance, Alert, Assessment, Emergency
from ecuanime.emergencies.paper import pdf_of, text_for
from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.files import store
from ecuanime.rules.calendars import local_date
from ecuanime.rules.express import Act, Need

LAST_TO_FIT = 900
"""The precedence of contracts at the Express rate: no other work falls under them by itself."""
NEXT_TO_LAST = 800


@transaction.atomic
def accept(
    *,
    emergency: Emergency,
    contact: Contact,
    text_sha256: str,
    address: str | None,
    now: datetime,
    chosen: Contract | None = None,
    ceiling: int | None = None,
    name: str | None = None,
) -> Acceptance:
    """A project lead accepts the text they read, told by its hash in the language it is shown in now.

    The text is kept with its PDF, and with the `name` that was given where the way to it was a link: whoever holds it
    says who they are; without one it is the contact's. What contracts the two phases need come into force. Where a
    guarantee is owed it is charged, and work opens once it is paid; else work opens at once. `ceiling` is what may be
    spent without asking again, in minor units. One accepted already is given back as it is.
    Refused: `not_now`, `not_allowed`, `seen` (the text has changed), `bad_choice`, `bad_ceiling`, `not_set_up`,
    and by a link `name` (empty), `identity` (whom the invoices are for is not known).
    """
    emergency = lock(emergency)
    known = Acceptance.objects.filter(emergency=emergency).first()
    if known is not None:
        return known
    if chosen is not None and chosen.pk not in {each.pk for each in choices_for(emergency, now)}:
        raise Refused("bad_choice", _("That contract is not in force for this product area. Choose another."))
    if ceiling is not None and ceiling <= 0:
        raise Refused("bad_ceiling", _("Give an amount above zero, or leave it empty."))
    signed = " ".join((contact.name if name is None else name).split())[:120]
    if not signed:
        raise Refused("name", _("Write your name: whoever accepts says who they are."))
    if name is not None and lacks_identity(emergency.client):
        raise Refused("identity", _("Say first whom the invoices are for."))
    assessment = latest_answer(emergency)
    found = conditions_for(emergency.client, emergency.area, now=now, chosen=chosen)
    text = text_for(emergency, assessment, now=now, chosen=chosen)
    owed = found.guarantee(assessment.guarantee_hours)
    true = {Need.GUARANTEE_OWED} if owed else {Need.GUARANTEE_WAIVED}
    if hash_of(text) == text_sha256:
        true.add(Need.SEEN)
    act = Act.ACCEPT if owed else Act.ACCEPT_WAIVED
    emergency = take(emergency, act, contact=contact, true=true, now=now)
    acceptance = _keep(emergency, assessment, text, contact, signed, address, ceiling, found.currency, now)
    crashpoint("emergencies.paper_kept")
    _bring_into_force(emergency, found, contact, now)
    if owed:
        _charge(emergency, assessment, owed, found.currency, now)
    else:
        open_work(emergency, now=now)
    notices.tell_answer(emergency, act, now=now)
    crashpoint("emergencies.accepted")
    return acceptance


@transaction.atomic
def decline(*, emergency: Emergency, contact: Contact, reason: str, now: datetime) -> Emergency:
    """A project lead says no: nothing is charged. One declined already stays as it is.

    Refused: `not_now`, `not_allowed`.
    """
    emergency = lock(emergency)
    if emergency.stage == "declined":
        return emergency
    emergency = take(emergency, Act.DECLINE, contact=contact, true={Need.SEEN}, text=reason, now=now)
    notices.tell_answer(emergency, Act.DECLINE, now=now)
    return emergency


@transaction.atomic
def withdraw(
    *,
    emergency: Emergency,
    reason: str,
    now: datetime,
    contact: Contact | None = None,
    by: User | None = None,
) -> Emergency:
    """Take a case back before its work has begun, by a project lead or a supervisor. Nobody is alerted any more.

    A guarantee that was charged stays: it is taken back by credit note. Refused: `not_now`, `not_allowed`, `reason`.
    """
    emergency = lock(emergency)
    true = {Need.REASON} if reason.strip() else set()
    emergency = take(emergency, Act.WITHDRAW, contact=contact, user=by, true=true, text=reason, now=now)
    end_alerts(emergency, now=now, said=Alert.Said.SILENT)
    emergency.next_due_at = None
    emergency.save(update_fields=["next_due_at"])
    notices.tell_answer(emergency, Act.WITHDRAW, now=now)
    return emergency


def latest_answer(emergency: Emergency) -> Assessment:
    """The answer that stands. Refused: `not_now` while there is none, or where it is no."""
    found = emergency.assessments.order_by("-number").first()
    if found is None or not found.is_viable:
        raise Refused("not_now", _("There is no answer to accept yet."))
    return found


def _keep(
    emergency: Emergency,
    assessment: Assessment,
    text: str,
    contact: Contact,
    name: str,
    address: str | None,
    ceiling: int | None,
    currency: str,
    now: datetime,
) -> Acceptance:
    facts = {"name": name, "email": contact.email}
    by = name if has_account(contact) else _("%(name)s, by the link sent to %(email)s") % facts
    paper = pdf_of(emergency, text, name=by, address=address, ceiling=ceiling, currency=currency, now=now)
    return Acceptance.objects.create(
        emergency=emergency,
        assessment=assessment,
        contact=contact,
        name=name,
        accepted_at=now,
        address=address,
        text=text,
        text_sha256=hash_of(text),
        pdf=store(paper),
        ceiling=ceiling,
        silence_hours=the_service().silence_hours,
        currency=currency,
    )


def _bring_into_force(emergency: Emergency, found: Conditions, contact: Contact, now: datetime) -> None:
    emergency.express_contract = _in_force(emergency, found.normalisation, contact, LAST_TO_FIT, now)
    emergency.mitigation_contract = _in_force(emergency, found.mitigation, contact, NEXT_TO_LAST, now)
    emergency.save(update_fields=["express_contract", "mitigation_contract"])


def _in_force(emergency: Emergency, side: Side, contact: Contact, precedence: int, now: datetime) -> Contract:
    if side.contract is not None:
        return side.contract
    return open_contract(
        client=emergency.client,
        version=side.version,
        starts_on=local_date(now, emergency.client.time_zone),
        areas=[emergency.area],
        precedence=precedence,
        accepted_by=contact,
        accepted_at=now,
        now=now,
    )


def _charge(emergency: Emergency, assessment: Assessment, amount: int, currency: str, now: datetime) -> None:
    with override(emergency.client.language):
        words = ngettext(
            "Guarantee of emergency %(number)s: %(hours)d hour",
            "Guarantee of emergency %(number)s: %(hours)d hours",
            assessment.guarantee_hours,
        ) % {"number": emergency.number, "hours": assessment.guarantee_hours}
    emergency.guarantee = charge_guarantee(
        client=emergency.client,
        currency=currency,
        description=words,
        amount=amount,
        is_counted=assessment.is_counted,
        now=now,
        idempotency_key=emergency.number,
    )
    emergency.save(update_fields=["guarantee"])
    if emergency.guarantee.is_draft:
        notices.tell_billers(emergency, now=now)
