"""Who takes part in a case, on both sides, and who leads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.emergencies import notices
from ecuanime.emergencies.access import is_competent
from ecuanime.emergencies.actions.common import lock, take, write_to_client
from ecuanime.emergencies.actions.room import enter, log
from ecuanime.emergencies.models import Actor, Emergency
from ecuanime.foundation.errors import Refused
from ecuanime.rules.express import Act, Need
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.actions import assign

MOST = 40


@dataclass(frozen=True, kw_only=True)
class ActorGiven:
    """Somebody as they were named. `side` is one of `Actor.Side`."""

    side: str
    name: str
    role: str = ""
    phone: str = ""
    email: str = ""
    is_internal: bool = False


@transaction.atomic
def add_actor(
    *,
    emergency: Emergency,
    given: ActorGiven,
    now: datetime,
    by: User | None = None,
    contact: Contact | None = None,
) -> Actor:
    """Note who takes part and how to reach them. The client's people name theirs and third parties, seen by both sides.

    Refused: `not_allowed`, `not_now`, `no_name`, `no_way` (neither phone nor e-mail), `bad_email`, `bad_side`,
    `too_many`.
    """
    emergency = enter(emergency, user=by, contact=contact)
    actor = _made(emergency, given, now)
    if contact is not None and actor.side == Actor.Side.OURS:
        raise Refused("bad_side", _("Name people of yours, or of a third party."))
    actor.is_internal = given.is_internal and by is not None
    if emergency.actors.filter(left_at=None).count() >= MOST:
        raise Refused("too_many", _("At most %(most)s people take part in a case.") % {"most": MOST})
    actor.save()
    said = ", ".join(filter(None, [actor.name, actor.role]))
    log(emergency, "actor_added", said, user=by, contact=contact, is_internal=actor.is_internal, now=now)
    return actor


@transaction.atomic
def let_actor_go(
    *, actor: Actor, now: datetime, by: User | None = None, contact: Contact | None = None
) -> Actor:
    """Somebody no longer takes part; again it changes nothing. A client lets go whom they see, save people of the firm.

    Refused: `not_allowed`, `not_now`.
    """
    emergency = enter(actor.emergency, user=by, contact=contact)
    actor = Actor.objects.get(pk=actor.pk)
    if contact is not None and (actor.is_internal or actor.side == Actor.Side.OURS):
        raise Refused("not_allowed", _("That is not for you to decide in this case."))
    if actor.left_at is None:
        actor.left_at = now
        actor.save(update_fields=["left_at"])
        log(
            emergency,
            "actor_left",
            actor.name,
            user=by,
            contact=contact,
            is_internal=actor.is_internal,
            now=now,
        )
    return actor


@transaction.atomic
def hand_over(*, emergency: Emergency, to: User, reason: str, by: User, now: datetime) -> Emergency:
    """The lead, or a supervisor, hands the case over to somebody who knows its product area; the ticket becomes theirs.

    The client reads who leads it now, the team also why. Refused: `not_now`, `not_allowed`, `reason`, `competent`,
    `leads_already`.
    """
    emergency = lock(emergency)
    if emergency.lead_id == to.pk:
        raise Refused("leads_already", _("%(name)s leads it already.") % {"name": to})
    fits = works_at_desk(to) and is_competent(to, emergency)
    true = ({Need.COMPETENT} if fits else set()) | ({Need.REASON} if reason.strip() else set())
    emergency = take(emergency, Act.HAND_OVER, user=by, true=true, text=str(to), now=now)
    log(emergency, "hand_over_reason", " ".join(reason.split()), user=by, is_internal=True, now=now)
    emergency.lead = to
    emergency.save(update_fields=["lead"])
    if emergency.ticket.assignee_id != to.pk:
        emergency.ticket = assign(ticket=emergency.ticket, assignee=to, by=by, now=now)
    notices.tell_handed_over(emergency, reason, now=now)
    with override(emergency.contact.spoken):
        said = _("From now on %(name)s leads your emergency.") % {"name": to}
    write_to_client(emergency, by, said, now)
    return emergency


def _made(emergency: Emergency, given: ActorGiven, now: datetime) -> Actor:
    name, phone, email = (" ".join(each.split()) for each in (given.name, given.phone, given.email))
    if given.side not in Actor.Side.values:
        raise Refused("bad_side", _("Say on whose side they are."))
    if not name:
        raise Refused("no_name", _("Say who it is."))
    if not phone and not email:
        raise Refused("no_way", _("Say how to reach them: a phone number or an e-mail address."))
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise Refused("bad_email", _("“%(email)s” is no e-mail address.") % {"email": email}) from None
    return Actor(
        emergency=emergency,
        side=given.side,
        name=name[:120],
        role=" ".join(given.role.split())[:120],
        phone=phone[:30],
        email=email[:254],
        added_at=now,
    )
