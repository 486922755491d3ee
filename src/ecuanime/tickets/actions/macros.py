"""Keeping macros."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import Role, User
from ecuanime.delivery.text import keepable, one_line
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.access import may_change_macro
from ecuanime.tickets.actions.together import Changes
from ecuanime.tickets.models import Macro

LONGEST_TEXT = 10_000


@transaction.atomic
def keep_macro(
    *,
    macro: Macro | None,
    by: User,
    name: str,
    now: datetime,
    reply_es: str = "",
    reply_en: str = "",
    note: str = "",
    changes: Changes | None = None,
    for_everybody: bool = False,
    position: int = 0,
    is_active: bool = True,
) -> Macro:
    """Make a macro, or change `macro` into this. Only supervisors keep those that are everybody's.

    Refuses `not_yours`, `no_name`, `does_nothing` (neither text nor change), `too_long` and `bad_change`.
    """
    is_supervisor = by.has_role(Role.SUPERVISOR)
    if (macro is not None and not may_change_macro(by, macro)) or (for_everybody and not is_supervisor):
        raise Refused("not_yours", _("Only supervisors keep macros that are everybody's."))
    name, changes = one_line(name, 80).strip(), changes or Changes()
    texts = [keepable(text).strip() for text in (reply_es, reply_en, note)]
    if not name:
        raise Refused("no_name", _("A macro needs a name."))
    if not any(texts) and not changes:
        raise Refused("does_nothing", _("A macro needs a text or something that it changes."))
    if max(map(len, texts)) > LONGEST_TEXT:
        raise Refused("too_long", _("A text can have %(most)s letters at most.") % {"most": LONGEST_TEXT})
    changes.require_known()
    kept = macro or Macro()
    kept.name, kept.changes, kept.position, kept.is_active = name, changes.as_json(), position, is_active
    kept.owner = None if for_everybody else (macro.owner if macro and macro.owner else by)
    kept.reply_es, kept.reply_en, kept.note = texts
    kept.save()
    audit.record("macro_kept", kept, now=now, name=name, changes=kept.changes)
    return kept
