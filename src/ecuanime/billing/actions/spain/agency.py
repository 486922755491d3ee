"""Speaking to Spain's tax agency: the certificate, where records go, sending again at once, asking what it holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecuanime.accounts.models import User
from ecuanime.billing.actions.certificates import refuse_outside, retire, use
from ecuanime.billing.actions.common import require_administrator, require_biller
from ecuanime.billing.models import AgencyCertificate, AgencySettings, Environment, Verdict
from ecuanime.billing.packs.es.agency import client
from ecuanime.billing.packs.es.agency.certificates import Certificate, Unfit, read_pkcs12
from ecuanime.billing.packs.es.agency.consultations import Held, consultation, months_of, read_held
from ecuanime.billing.packs.es.agency.names import Unreadable
from ecuanime.billing.packs.es.agency.outbox import credentials_in_use, issuer_of
from ecuanime.billing.packs.es.agency.services import service_for
from ecuanime.billing.packs.es.agency.standing import queues
from ecuanime.billing.packs.es.agency.submissions import CANCELLED_BEFORE, DUPLICATE, Faulted, record_id
from ecuanime.billing.packs.es.verifactu.checks import nif_of
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm

PATIENCE = 20.0
"""Seconds that a person waits for an answer to a question."""

UNFIT = {
    "too_large": gettext_lazy("This file is too large for a certificate. Choose the .p12 or .pfx file."),
    "unreadable": gettext_lazy(
        "This is no PKCS#12 file (.p12, .pfx), or it opens with another password. Choose the file that you exported "
        "with its key, and write its password again."
    ),
    "no_key": gettext_lazy("The file holds no key. Export the certificate together with its private key."),
    "other_key": gettext_lazy("The certificate's key is of a kind that the agency does not take."),
    "no_signing": gettext_lazy("This certificate is not for signing, so it cannot speak for your firm."),
    "no_client": gettext_lazy(
        "This certificate is not for proving who calls, so it cannot speak for your firm."
    ),
}


@transaction.atomic
def keep_certificate(*, content: bytes, password: str, by: User, now: datetime) -> AgencyCertificate:
    """Use the certificate of a PKCS#12 file from now on; the one before is retired and its key forgotten.

    The key is sealed and never shown again; the password is not kept.
    Refused: `not_allowed`, the codes of `Unfit`, `expired`, `not_yet_valid`, `other_holder` (it is not the firm's).
    """
    require_administrator(by)
    try:
        read = read_pkcs12(content, password)
    except Unfit as unfit:
        raise Refused(unfit.code, UNFIT[unfit.code]) from unfit
    _refuse_unfit(read, now)
    certificate = AgencyCertificate(
        holder=read.holder,
        nif=nif_of(the_firm().tax_id),
        issued_by=read.issued_by[:200],
        serial=read.serial,
        is_seal=read.is_seal,
        valid_from=read.valid_from,
        valid_until=read.valid_until,
        pem=read.pem,
    )
    return use(certificate, read.key_pem, by=by, now=now)


@transaction.atomic
def remove_certificate(*, by: User, now: datetime) -> None:
    """Use none from now on, and forget the key: records wait. Refused: `not_allowed`."""
    require_administrator(by)
    retire(AgencyCertificate, now)


@transaction.atomic
def choose_environment(*, environment: str, by: User, now: datetime) -> AgencySettings:
    """Send records to the agency's tests, in earnest, or (empty) nowhere; each has its own count of what was sent.

    Refused: `not_allowed`, `unknown_environment`.
    """
    require_administrator(by)
    if environment and environment not in Environment.values:
        raise Refused("unknown_environment", _("Choose one of the places that are offered."))
    chosen, _is_new = AgencySettings.objects.update_or_create(pk=1, defaults={"environment": environment})
    record("agency_environment_chosen", chosen, now=now, environment=environment)
    return chosen


@transaction.atomic
def send_now(*, by: User, now: datetime) -> int:
    """Let what failed be tried at once instead of after its pause; returns how many chains wait no longer.

    The wait that the agency itself asked for stays. Refused: `not_allowed`, `nothing_failed`.
    """
    require_biller(by)
    paused = queues().filter(failures__gt=0, not_before__gt=now, claimed_until=None)
    ids = [queue.pk for queue in paused.select_for_update(no_key=True)]
    if not ids:
        raise Refused("nothing_failed", _("Nothing waits for another try: what is due leaves by itself."))
    queues().filter(pk__in=ids).update(not_before=now)
    record("agency_tried_at_once", the_firm(), now=now, queues=ids)
    return len(ids)


def ask_about(*, verdict: Verdict, by: User, clock: Callable[[], datetime]) -> Verdict:
    """Ask the agency what it holds of a record's invoice, and write it down.

    One that was rejected as a duplicate is accepted when the agency holds this very record. No transaction is open
    while it is asked. Refused: `not_allowed`, `no_certificate`, `no_answer`.
    """
    require_biller(by)
    held = _asked(verdict)
    with transaction.atomic():
        now = clock()
        found = Verdict.objects.select_for_update(no_key=True).get(pk=verdict.pk)
        found.asked_at = now
        found.found, found.found_huella = (held.state, held.huella) if held else ("", "")
        if held and found.code in (DUPLICATE, CANCELLED_BEFORE) and found.holds_this:
            found.state, found.is_duplicate = Verdict.State.ACCEPTED, True
        found.save()
        record("agency_asked", verdict.record, now=now, found=found.found, is_ours=found.holds_this)
    return found


def _asked(verdict: Verdict) -> Held | None:
    credentials = credentials_in_use()
    if credentials is None:
        raise Refused("no_certificate", _("Without a certificate the agency answers nothing. Upload one."))
    xml, issuer = verdict.record.xml.encode(), issuer_of(verdict.queue)
    service = service_for(verdict.queue.environment, is_seal=credentials.is_seal)
    wanted = record_id(xml)
    try:
        for year, month in months_of(xml):
            question = consultation(issuer, year=year, month=month, number=wanted.number)
            answers = read_held(client.call(service, question, credentials, seconds=PATIENCE))
            for held in answers:
                if (held.record.number, held.record.issued_on) == (wanted.number, wanted.issued_on):
                    return held
    except (client.NotReached, Faulted, Unreadable) as failure:
        text = _("The agency gives no answer just now (%(why)s). Ask again later.") % {"why": failure}
        raise Refused("no_answer", text) from failure
    return None


def _refuse_unfit(read: Certificate, now: datetime) -> None:
    refuse_outside(read.valid_from, read.valid_until, now)
    nif = nif_of(the_firm().tax_id)
    if not nif or nif not in read.nifs:
        raise Refused(
            "other_holder",
            _(
                "The certificate is of %(holder)s (%(nifs)s), and your firm's NIF is %(nif)s. Choose your firm's."
            )
            % {"holder": read.holder, "nifs": ", ".join(read.nifs) or "–", "nif": nif or "–"},
        )
