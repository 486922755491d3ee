"""The room of a case as its client meets it, in the portal or by a link: theirs alone, and what they send from it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from ecuanime.clients.models import Contact
from ecuanime.emergencies import actions
from ecuanime.emergencies.access import may_answer_for_client
from ecuanime.emergencies.models import Actor, Emergency
from ecuanime.emergencies.timeline import Reader
from ecuanime.foundation.addresses import client_address
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.rules.money import round_half_up, to_minor
from ecuanime.web.components.emergency_room import given_in, room_of
from ecuanime.web.components.toasts import say
from ecuanime.web.components.uploads import files_of

LARGEST = Decimal(10**10)


def client_room(request: HttpRequest, contact: Contact, case: Emergency, *, now: datetime) -> dict[str, Any]:
    """What the client's people see of the room, and what they can do in it."""
    room = room_of(request, case, Reader(contact=contact), now=now)
    may_write = not case.is_over
    return room | {
        "may_write": may_write,
        "may_raise": room["pool"] is not None and may_answer_for_client(contact, case),
        "is_of_firm": False,
        "said": request.POST,
    }


def act_in_client_room(request: HttpRequest, contact: Contact, case: Emergency, do: str) -> None:
    """Do what was sent from the client's room. Refused: as the actions."""
    now, said = read_clock(), request.POST
    if do == "write":
        actions.write_as_client(
            emergency=case,
            contact=contact,
            text=said.get("text", ""),
            files=files_of(request),
            key=said.get("key", ""),
            now=now,
        )
        say(request, _("Sent. We will answer here and by e-mail."))
    elif do == "critical_add":
        kind, text, who = (said.get(name, "") for name in ("kind", "text", "who"))
        actions.add_critical(emergency=case, kind=kind, text=text, who=who, contact=contact, now=now)
    elif do == "actor_add":
        actions.add_actor(emergency=case, given=given_in(request), contact=contact, now=now)
    elif do == "actor_go":
        actions.let_actor_go(actor=_actor(case, said.get("actor", "")), contact=contact, now=now)
    elif do == "ceiling":
        _raise(request, contact, case, now)


def _raise(request: HttpRequest, contact: Contact, case: Emergency, now: datetime) -> None:
    try:
        amount = Decimal(request.POST.get("amount", "").strip().replace(",", "."))
    except InvalidOperation:
        amount = Decimal(0)
    if not amount.is_finite() or not 0 < amount < LARGEST:
        raise Refused("bad_ceiling", _("Give an amount above the one that holds now."))
    accepted = getattr(case, "acceptance", None)
    currency = accepted.currency if accepted else ""
    minor = round_half_up(to_minor(amount, currency))
    address = client_address(request)
    actions.raise_ceiling(emergency=case, contact=contact, amount=minor, address=address, now=now)
    say(request, _("Noted. The team goes on."))


def _actor(case: Emergency, key: str) -> Actor:
    found = None
    if key.isascii() and key.isdigit() and len(key) < 19:
        found = case.actors.filter(pk=int(key), is_internal=False).first()
    if found is None:
        raise Refused("unknown", _("That is no longer there. Look at the case again."))
    return found
