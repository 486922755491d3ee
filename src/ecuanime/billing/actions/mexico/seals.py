"""The certificate of digital seal (CSD) that the firm's CFDIs are sealed with."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecuanime.accounts.models import User
from ecuanime.billing.actions.certificates import refuse_outside, retire, use
from ecuanime.billing.actions.common import require_administrator
from ecuanime.billing.models import MexicoSeal
from ecuanime.billing.packs.mx.csd import Certificate, Unfit, read_csd
from ecuanime.billing.packs.mx.receivers import rfc_of
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm

UNFIT = {
    "too_large": gettext_lazy("These files are too large for a certificate. Choose the .cer and .key files."),
    "no_certificate": gettext_lazy("The first file is no certificate. Choose the .cer file of your CSD."),
    "no_number": gettext_lazy("This certificate has no number of the SAT, so it cannot seal invoices."),
    "is_signature": gettext_lazy(
        "This is your e.firma. Invoices are sealed with the CSD, so choose its files."
    ),
    "no_rfc": gettext_lazy("This certificate names no RFC, so it cannot seal invoices."),
    "key_locked": gettext_lazy(
        "The key does not open: it is another file, or its password is another one. Choose the .key file of your CSD."
    ),
    "other_key": gettext_lazy(
        "The key belongs to another certificate. Choose the two files of the same CSD."
    ),
}


@transaction.atomic
def keep_seal(*, certificate: bytes, key: bytes, password: str, by: User, now: datetime) -> MexicoSeal:
    """Seal with the CSD of these files from now on; the one before is retired and its key forgotten.

    The key is sealed and never shown again; the password is not kept.
    Refused: `not_allowed`, the codes of `Unfit`, `expired`, `not_yet_valid`, `other_holder` (it is not the firm's).
    """
    require_administrator(by)
    try:
        read = read_csd(certificate, key, password)
    except Unfit as unfit:
        raise Refused(unfit.code, UNFIT[unfit.code]) from unfit
    _refuse_unfit(read, now)
    kept = MexicoSeal(
        number=read.number,
        rfc=read.rfc,
        holder=read.holder,
        valid_from=read.valid_from,
        valid_until=read.valid_until,
        certificate=read.der,
    )
    return use(kept, read.key_pem, by=by, now=now)


@transaction.atomic
def remove_seal(*, by: User, now: datetime) -> None:
    """Seal with none from now on, and forget the key: nothing is issued. Refused: `not_allowed`."""
    require_administrator(by)
    retire(MexicoSeal, now)


def _refuse_unfit(read: Certificate, now: datetime) -> None:
    refuse_outside(read.valid_from, read.valid_until, now)
    rfc = rfc_of(the_firm().tax_id)
    if read.rfc != rfc:
        raise Refused(
            "other_holder",
            _("The certificate is of %(holder)s, and your firm's RFC is %(rfc)s. Choose your firm's.")
            % {"holder": read.rfc, "rfc": rfc or "–"},
        )
