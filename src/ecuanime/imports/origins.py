"""Things of ours by what a former program calls them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from ecuanime.clients.models import Client
from ecuanime.contracts.models import Contract
from ecuanime.foundation.errors import Refused
from ecuanime.imports.models import Origin

LONGEST_KEY = 200


def subject_of(kind: str, key: str) -> int | None:
    """The primary key of what was brought under this key, or None."""
    return Origin.objects.filter(kind=kind, key=key[:LONGEST_KEY]).values_list("subject", flat=True).first()


def note_origin(kind: str, key: str, subject: int, *, now: datetime) -> None:
    """Keep the former program's key of something; the database keeps one thing to a key."""
    Origin.objects.get_or_create(
        kind=kind, key=key[:LONGEST_KEY], defaults={"subject": subject, "brought_at": now}
    )


def the_client(name: str) -> Client:
    """The client that a file names by our code, its former code, its tax id or its name.

    Refuses `unknown_client`, and `ambiguous_client` when it may mean several.
    """
    by_code = Client.objects.filter(code__iexact=name).first()
    former = subject_of("clients", name)
    if by_code is not None and former not in (None, by_code.pk):
        text = _("“%(name)s” is one client's code here and another's in the former program. Write its name.")
        raise Refused("ambiguous_client", text % {"name": name[:60]})
    if by_code is not None:
        return by_code
    if former is not None:
        return Client.objects.get(pk=former)
    called = Q(tax_id__iexact=name) | Q(name__iexact=name) | Q(legal_name__iexact=name)
    found = list(Client.objects.filter(called).order_by("pk")[:2])
    if not found:
        text = _(
            "There is no client “%(name)s” here. Bring the clients first, or write its name as it stands here."
        )
        raise Refused("unknown_client", text % {"name": name[:60]})
    if len(found) > 1:
        text = _("Several clients are called “%(name)s”. Write the client's code instead.")
        raise Refused("ambiguous_client", text % {"name": name[:60]})
    return found[0]


def hold_clients(names: Iterable[str]) -> None:
    """Lock the clients that a file names and their contracts, each in the order of their ids, before anything else.

    Whoever sells to one client locks it and then takes a number, which a file that writes for many has long held by
    then: locked row by row, each would wait for the other.
    """
    wanted = set()
    for name in set(names):
        with suppress(Refused):
            wanted.add(the_client(name).pk)
    for rows in (Client.objects.filter(pk__in=wanted), Contract.objects.filter(client__in=wanted)):
        list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
