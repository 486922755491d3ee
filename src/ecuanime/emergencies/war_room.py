"""What stands in the room of a case besides its log: what is critical, who takes part, what was asked beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecuanime.accounts.phones import dialled
from ecuanime.clients.models import DossierSection
from ecuanime.emergencies.models import Actor, Critical, Emergency, Evidence, Finding, Question
from ecuanime.staff.models import Competence
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.models import Timer

_State = Critical.State


@dataclass(frozen=True)
class Shown:
    """Something critical as it stands: by its own row, or as the ticket's checklist was answered meanwhile."""

    row: Critical
    state: str
    said: str
    at: datetime | None
    who: str
    files: tuple[Evidence, ...] = ()

    @property
    def label(self) -> str:
        """The state in words."""
        return str(_State(self.state).label)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do about it."""
        return self.state == _State.DONE


@dataclass(frozen=True)
class Person:
    """Somebody who takes part: on which side, as what, how to reach them. `key` is that of one named in the room."""

    side: str
    name: str
    role: str
    phone: str
    email: str
    is_internal: bool = False
    is_working: bool = False
    key: int | None = None

    @property
    def dialled(self) -> str:
        """The phone number as a link takes it."""
        return dialled(self.phone)


def criticals_of(emergency: Emergency, *, internal: bool) -> list[Shown]:
    """What is critical, in the order in which it was listed; the client's without what is `internal`."""
    rows = emergency.criticals.select_related("item__answered_by", "changed_by").order_by("id")
    found = list(rows if internal else rows.filter(is_internal=False))
    files: dict[int, list[Evidence]] = {}
    lines = {row.shown_by_id for row in found if row.shown_by_id}
    for each in Evidence.objects.filter(happening__in=lines).select_related("file"):
        files.setdefault(each.happening_id, []).append(each)
    return [_shown(row, tuple(files.get(row.shown_by_id or 0, ()))) for row in found]


def _shown(row: Critical, files: tuple[Evidence, ...]) -> Shown:
    item, is_open = row.item, row.state not in (_State.DONE, _State.CANNOT)
    if item is not None and item.answer and is_open:
        words = {"yes": "", "no": _("answered no on the ticket")}.get(item.answer, item.answer)
        state = _State.CANNOT if item.answer == "no" else _State.DONE
        return Shown(row, state, words, item.answered_at, str(item.answered_by or ""), files)
    return Shown(row, row.state, row.said, row.changed_at, str(row.changed_by or ""), files)


def open_results(emergency: Emergency) -> int:
    """How many of the critical results have not come true."""
    return emergency.criticals.filter(kind=Critical.Kind.RESULT).exclude(state=_State.DONE).count()


def people_of(emergency: Emergency, *, internal: bool) -> list[Person]:
    """Who takes part: who leads it, who asked, and who was named, in that order."""
    working = set(Timer.objects.filter(ticket=emergency.ticket_id).values_list("user__name", flat=True))
    lead, asked = emergency.lead, emergency.contact
    found = []
    if lead is not None:
        found.append(
            Person(
                "ours",
                str(lead),
                _("leads the case"),
                lead.phone if internal else "",
                lead.email,
                is_working=lead.name in working,
            )
        )
    role = ", ".join(filter(None, [asked.job, _("asked for it")]))
    found.append(Person("theirs", asked.name, role, asked.phone, asked.email))
    rows = emergency.actors.filter(left_at=None).order_by("id")
    for row in rows if internal else rows.filter(is_internal=False):
        is_working = row.side == Actor.Side.OURS and row.name in working
        found.append(
            Person(row.side, row.name, row.role, row.phone, row.email, row.is_internal, is_working, row.pk)
        )
    known = {each.name for each in found}
    found += [
        Person("ours", name, _("works on it now"), "", "", is_working=True)
        for name in sorted(working - known)
    ]
    return found


@dataclass(frozen=True)
class Guess:
    """What the product knows about a question beforehand."""

    finding: str = Finding.UNKNOWN
    note: str = ""


def guesses_for(emergency: Emergency) -> Mapping[str, Guess]:
    """What the product knows of each question before an expert answers it: the dossier, earlier work, competence."""
    sections = DossierSection.objects.filter(client=emergency.client_id).count()
    earlier = Ticket.objects.filter(client=emergency.client_id, area=emergency.area_id)
    before = earlier.filter(time_entries__isnull=False).exclude(pk=emergency.ticket_id).distinct().count()
    experts = Competence.objects.filter(area=emergency.area_id, user__is_active=True).count()
    return {
        Question.DOSSIER: _counted(
            sections, ngettext("%(count)d section", "%(count)d sections", sections) % {"count": sections}
        ),
        Question.ACCESS: Guess(),
        Question.BACKUPS: Guess(),
        Question.PREVIOUS: _counted(
            before,
            ngettext("%(count)d request in this area", "%(count)d requests in this area", before)
            % {"count": before},
        ),
        Question.COMPETENCE: _counted(
            experts,
            ngettext("%(count)d person knows it", "%(count)d people know it", experts) % {"count": experts},
        ),
    }


def _counted(count: int, note: str) -> Guess:
    return Guess(Finding.YES, note) if count else Guess(Finding.NO)
