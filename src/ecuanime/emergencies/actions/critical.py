"""What is critical in a case: listing it, by hand or from a checklist, and saying how it stands, with evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.models import Contact
from ecuanime.emergencies.actions.room import enter, log
from ecuanime.emergencies.models import Critical, Emergency
from ecuanime.foundation.errors import Refused
from ecuanime.procedures.models import Checklist, Kind, RunItem
from ecuanime.tickets.actions import FileGiven, answer_checklist, start_checklist

MOST = 120
LONGEST_SAID = 500
_State = Critical.State


@transaction.atomic
def add_critical(
    *,
    emergency: Emergency,
    kind: str,
    text: str,
    now: datetime,
    who: str = "",
    is_internal: bool = False,
    by: User | None = None,
    contact: Contact | None = None,
) -> Critical:
    """List a critical action or result; the client's people do so too. What they list is never internal, no result is.

    Refused: `not_allowed`, `not_now`, `empty`, `bad_kind`, `too_many`.
    """
    emergency = enter(emergency, user=by, contact=contact)
    said = " ".join(text.split())[:300]
    if kind not in Critical.Kind.values:
        raise Refused("bad_kind", _("Choose whether it is an action or a result."))
    if not said:
        raise Refused("empty", _("Say what is critical."))
    _refuse_many(emergency, 1)
    is_hidden = is_internal and by is not None and kind == Critical.Kind.ACTION
    added = Critical.objects.create(
        emergency=emergency, kind=kind, text=said, who=" ".join(who.split())[:120], is_internal=is_hidden
    )
    log(emergency, f"{kind}_added", said, user=by, contact=contact, is_internal=is_hidden, now=now)
    return added


@transaction.atomic
def take_checklist(
    *, emergency: Emergency, checklist: Checklist, by: User, now: datetime, is_internal: bool = False
) -> list[Critical]:
    """Make the items of a checklist the critical actions of a case; it is gone through on the ticket at the same time.

    Refused: `not_allowed`, `not_now`, `too_many`, and as `start_checklist` (`retired`, `begun`).
    """
    emergency = enter(emergency, user=by)
    run = start_checklist(ticket=emergency.ticket, checklist=checklist, by=by, now=now)
    items = list(run.items.order_by("position"))
    _refuse_many(emergency, len(items))
    added = Critical.objects.bulk_create(
        Critical(
            emergency=emergency, kind=Critical.Kind.ACTION, text=item.text, item=item, is_internal=is_internal
        )
        for item in items
    )
    log(emergency, "checklist", run.name, user=by, is_internal=is_internal, now=now)
    return added


@transaction.atomic
def mark_critical(
    *,
    critical: Critical,
    state: str,
    by: User,
    now: datetime,
    said: str = "",
    files: Sequence[FileGiven] = (),
) -> Critical:
    """Say how something critical stands. What is done needs evidence, what waits or cannot be done a reason.

    An item of the ticket's checklist is answered there too. The same again changes nothing.
    Refused: `not_allowed`, `not_now`, `bad_state`, `evidence`, `reason`, and as `answer_checklist`.
    """
    emergency = enter(critical.emergency, user=by)
    critical = Critical.objects.select_related("item").get(pk=critical.pk)
    words = " ".join(said.split())[:LONGEST_SAID]
    if (critical.state, critical.said) == (state, words) and not files:
        return critical
    _refuse_unproven(state, words, files)
    line = log(
        emergency,
        f"{critical.kind}_{state}",
        f"{critical.text}: {words}" if words else critical.text,
        user=by,
        is_internal=critical.is_internal,
        files=files,
        now=now,
    )
    if critical.item is not None:
        _answer(emergency, critical.item, state, words, by, now)
    critical.state, critical.said, critical.shown_by = state, words, line
    critical.changed_at, critical.changed_by = now, by
    critical.save(update_fields=["state", "said", "shown_by", "changed_at", "changed_by"])
    return critical


def _refuse_unproven(state: str, words: str, files: Sequence[FileGiven]) -> None:
    if state not in _State.values:
        raise Refused("bad_state", _("Choose how it stands."))
    if state == _State.DONE and not words and not files:
        raise Refused("evidence", _("Say what shows it, or add a file that does."))
    if state in (_State.WAITING, _State.CANNOT) and not words:
        raise Refused("reason", _("Say for whom it waits, or why it cannot be done."))


def _refuse_many(emergency: Emergency, more: int) -> None:
    if emergency.criticals.count() + more > MOST:
        raise Refused("too_many", _("A case lists at most %(most)s critical things.") % {"most": MOST})


def _answer(emergency: Emergency, item: RunItem, state: str, words: str, by: User, now: datetime) -> None:
    """Keep the checklist of the ticket in step."""
    if item.kind == Kind.YES_NO:
        answer = {_State.DONE: "yes", _State.CANNOT: "no"}.get(_State(state), "")
    else:
        answer = words if state == _State.DONE else ""
    if item.answer != answer:
        answer_checklist(ticket=emergency.ticket, item=item, answer=answer, by=by, now=now)
