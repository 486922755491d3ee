"""What clients sign so that the firm may collect from them, and who the firm is to their banks."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from stdnum import bic as bic_rules
from stdnum import iban as iban_rules
from stdnum.eu import at_02

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_client, require_biller, require_keeper
from ecuanime.billing.models import CreditorSettings, Mandate
from ecuanime.clients.models import Client
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.rules.sepa import BEYOND, EEA
from ecuanime.staff.queries import today_at_firm

REFERENCE = re.compile(r"[A-Za-z0-9/?:().,'+-]{1,35}")


@transaction.atomic
def save_creditor(*, creditor_id: str, bic: str, by: User, now: datetime) -> CreditorSettings:
    """Keep the firm's SEPA creditor identifier and the BIC of the bank that collects.

    Refused: `not_allowed`, `creditor_id`, `bic`.
    """
    require_keeper(by)
    try:
        identifier = str(at_02.validate(creditor_id))
    except ValueError as error:
        raise Refused(
            "creditor_id",
            _("This is not a valid creditor identifier. It stands in your contract with the bank."),
        ) from error
    kept, _is_new = CreditorSettings.objects.update_or_create(
        pk=1, defaults={"creditor_id": identifier, "bic": _bic(bic)}
    )
    record("creditor_saved", kept, now=now, creditor_id=identifier)
    return kept


@transaction.atomic
def note_mandate(
    *,
    client: Client,
    scheme: str,
    signed_on: date,
    holder: str,
    iban: str,
    by: User,
    now: datetime,
    reference: str = "",
    bic: str = "",
    is_once: bool = False,
) -> Mandate:
    """Note a mandate that a client signed; without a reference it gets one of the client's code.

    Refused: `not_allowed`, `future`, `reference`, `iban`, `not_sepa`, `bic`, `reference_used`, `has_mandate` (the one
    before is cancelled first).
    """
    require_biller(by)
    owner = locked_client(client)
    if signed_on > today_at_firm(now):
        raise Refused("future", _("It cannot have been signed on a day that has not come yet."))
    if Mandate.objects.filter(client=owner, cancelled_at=None).exists():
        raise Refused("has_mandate", _("This client has a mandate. Cancel it before you note another one."))
    mandate = Mandate(
        client=owner,
        reference=_reference(reference.strip() or _next_reference(owner)),
        scheme=scheme,
        is_once=is_once,
        signed_on=signed_on,
        holder=" ".join(holder.split())[:70],
        iban=_iban(iban),
        bic=_bic(bic),
        noted_at=now,
        noted_by=by,
    )
    if mandate.iban[:2] not in EEA and not mandate.bic:
        raise Refused(
            "bic", _("For an account outside of the European Economic Area give its bank's BIC too.")
        )
    try:
        with transaction.atomic():
            mandate.save()
    except IntegrityError as error:
        raise Refused(
            "reference_used", _("Another mandate has that reference. Give this one its own.")
        ) from error
    record("mandate_noted", mandate, now=now, client=owner.code, reference=mandate.reference)
    return mandate


@transaction.atomic
def cancel_mandate(*, mandate: Mandate, by: User, now: datetime) -> Mandate:
    """Collect nothing more by a mandate; what is under way stays so. Again is a no-op. Refused: `not_allowed`."""
    require_biller(by)
    found = Mandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)
    if found.cancelled_at is None:
        found.cancelled_at = now
        found.save(update_fields=["cancelled_at"])
        record("mandate_cancelled", found, now=now, reference=found.reference)
    return found


def _next_reference(client: Client) -> str:
    return f"{client.code}-{Mandate.objects.filter(client=client).count() + 1}"


def _reference(reference: str) -> str:
    if REFERENCE.fullmatch(reference) is None:
        raise Refused(
            "reference",
            _("A reference has at most 35 letters without accents, figures and / - ? : ( ) . , ' +"),
        )
    return reference


def _iban(written: str) -> str:
    try:
        iban = str(iban_rules.validate(written))
    except ValueError as error:
        raise Refused(
            "iban", _("This is not a valid IBAN: a character is missing, or one was mistyped. Check it.")
        ) from error
    if iban[:2] not in EEA | BEYOND:
        raise Refused("not_sepa", _("Nothing can be collected from an account in that country."))
    return iban


def _bic(written: str) -> str:
    if not written.strip():
        return ""
    try:
        return str(bic_rules.validate(written))
    except ValueError as error:
        raise Refused("bic", _("This is not a valid BIC: eight or eleven letters and figures.")) from error
