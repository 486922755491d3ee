"""Keeping the firm's certificates: the key is sealed, the one before is retired, and the password is never kept."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.models.certificates import HeldCertificate
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.secrets import seal

Kind = TypeVar("Kind", bound=HeldCertificate)


def refuse_outside(valid_from: datetime, valid_until: datetime, now: datetime) -> None:
    """Refuse what is not valid today: `expired`, `not_yet_valid`."""
    if now >= valid_until:
        raise Refused("expired", _("This certificate has expired. Choose its successor."))
    if now < valid_from:
        raise Refused("not_yet_valid", _("This certificate is not valid yet. Upload it when it is."))


def use(certificate: Kind, key_pem: str, *, by: User, now: datetime) -> Kind:
    """Use a certificate that was read, with its key, from now on; the one before is retired."""
    retire(type(certificate), now)
    certificate.key_sealed = seal(key_pem)
    certificate.uploaded_at, certificate.uploaded_by = now, by
    certificate.save(force_insert=True)
    kept = {"number": certificate.shown_number, "valid_until": certificate.valid_until}
    record(f"{certificate.AUDITED}_kept", certificate, now=now, **kept)
    return certificate


def retire(kind: type[HeldCertificate], now: datetime) -> None:
    """Use none of a kind from now on, and forget the key of the one that was used."""
    for used in kind._default_manager.select_for_update().filter(retired_at=None):
        used.retired_at, used.key_sealed = now, ""
        used.save(update_fields=["retired_at", "key_sealed"])
        record(f"{used.AUDITED}_retired", used, now=now, number=used.shown_number)
