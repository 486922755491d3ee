"""Naming the accounts that the journal writes on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import require_keeper
from ecuanime.billing.models import JournalAccount
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.rules.journal import Role

ACCOUNT = re.compile(r"[A-Za-z0-9. -]*(\{client\})?[A-Za-z0-9. -]*")
PER_CLIENT = (Role.CLIENTS, Role.HELD, Role.ADVANCES)


@transaction.atomic
def name_accounts(*, named: Mapping[Role, str], by: User, now: datetime) -> None:
    """Keep the account of each role that is given; an empty one is as if it had never been named.

    Refused: `not_allowed`, `account` (it has more than letters, figures, points, dashes and one `{client}`, or that
    in the account of a role that is not a client's).
    """
    require_keeper(by)
    for role, account in named.items():
        plain = account.strip()
        is_theirs = "{client}" not in plain or role in PER_CLIENT
        if ACCOUNT.fullmatch(plain) is None or not is_theirs:
            raise Refused(
                "account",
                _(
                    "“%(account)s” is no account: letters, figures, points and dashes, and {client} for clients."
                )
                % {"account": plain},
            )
        if plain:
            JournalAccount.objects.update_or_create(role=role.value, defaults={"account": plain})
        else:
            JournalAccount.objects.filter(role=role.value).delete()
    record("journal_accounts_named", by, now=now, accounts={role.value: name for role, name in named.items()})
