"""The firm's own series: several for each purpose, each with its code and the way its numbers read."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.access import may_keep_books
from ecuanime.billing.actions.common import require
from ecuanime.billing.documents.numbering import purpose_of
from ecuanime.billing.models import Numbering, Series
from ecuanime.billing.packs.contract import SERIES_CODES
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused

CODE = re.compile(r"[A-Z]{1,6}")
MOST_DIGITS = 8


@transaction.atomic
def save_numbering(
    *,
    code: str,
    purpose: str,
    by: User,
    now: datetime,
    name: str = "",
    shape: str = Numbering.Shape.LONG,
    digits: int = 4,
    is_default: bool = False,
) -> Numbering:
    """Add a series, or change the one with this code; once it has numbered a document its numbers keep their shape.

    The numbers of two series can never be the same, since a code is of letters alone and of one series.
    Refused: `not_allowed`, `bad_code`, `bad_digits`, `code_taken` (by another purpose), `in_use`.
    """
    require(may_keep_books(by), _("Only billing clerks and administrators set series. Ask one of them."))
    plain = code.strip().upper()
    if not CODE.fullmatch(plain):
        raise Refused("bad_code", _("A code is one to six letters, without figures or signs."))
    if not 1 <= digits <= MOST_DIGITS:
        raise Refused("bad_digits", _("A number has one to eight digits."))
    if _serves_another(plain, purpose):
        raise Refused("code_taken", _("That code numbers another kind of document. Choose another one."))
    known = Numbering.objects.select_for_update(no_key=True).filter(code=plain).first()
    before = (known.shape, known.digits) if known else (Numbering.Shape.LONG, 4)
    if Series.objects.filter(code=plain).exists() and before != (shape, digits):
        raise Refused("in_use", _("This series has numbered documents, so the way its numbers read stays."))
    if is_default:
        Numbering.objects.filter(purpose=purpose, is_default=True).exclude(code=plain).update(
            is_default=False
        )
    saved, _is_new = Numbering.objects.update_or_create(
        code=plain,
        defaults={
            "purpose": purpose,
            "name": " ".join(name.split())[:60],
            "shape": shape,
            "digits": digits,
            "is_default": is_default,
        },
    )
    record("series_saved", saved, now=now, code=plain, purpose=purpose, shape=shape, default=is_default)
    return saved


def _serves_another(code: str, purpose: str) -> bool:
    """Whether the code already numbers documents of another purpose."""
    used = {purpose_of(kind) for kind, usual in SERIES_CODES.items() if usual == code}
    used |= set(Series.objects.filter(code=code).values_list("purpose", flat=True))
    used |= set(Numbering.objects.filter(code=code).values_list("purpose", flat=True))
    return bool(used - {purpose})
