"""How an account's statements are written as CSV."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from stdnum import iban as iban_rules

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import require_keeper
from ecuanime.billing.models import BankFormat
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused


@transaction.atomic
def save_bank_format(*, by: User, now: datetime, kept: BankFormat | None = None, **facts: Any) -> BankFormat:
    """Name the columns of an account's CSV, or change them; what was read before stays as it was read.

    `facts` are the fields of `BankFormat`. Refused: `not_allowed`, `iban`, `name_used`.
    """
    require_keeper(by)
    row = kept or BankFormat()
    for name, value in facts.items():
        setattr(row, name, value)
    row.account = _account(row.account)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(
            "name_used", _("Other columns have that name already. Give these another one.")
        ) from error
    record("bank_format_saved", row, now=now, name=row.name, account=row.account)
    return row


@transaction.atomic
def remove_bank_format(*, kept: BankFormat, by: User, now: datetime) -> None:
    """Forget the columns of a CSV; the entries that were read by them stay. Refused: `not_allowed`."""
    require_keeper(by)
    record("bank_format_removed", kept, now=now, name=kept.name)
    kept.delete()


def _account(written: str) -> str:
    """An IBAN as it is compared; an account of a country without them in capitals and figures."""
    plain = "".join(written.split()).upper()
    if plain[:2].isalpha() and plain[2:4].isdigit():
        try:
            return str(iban_rules.validate(plain))
        except ValueError as error:
            raise Refused(
                "iban", _("This is not a valid IBAN: a character is missing, or one was mistyped. Check it.")
            ) from error
    return plain
