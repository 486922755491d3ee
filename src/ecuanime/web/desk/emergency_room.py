"""The room of a case at the desk: what is sent from it, whether it has changed, and its files."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ecuanime.accounts.models import User
from ecuanime.emergencies import actions
from ecuanime.emergencies.access import visible_emergencies
from ecuanime.emergencies.actions import Found
from ecuanime.emergencies.models import Emergency, Finding, Question
from ecuanime.emergencies.queries import emergency_in, experts_in
from ecuanime.emergencies.timeline import evidence_for, reader_of
from ecuanime.emergencies.war_room import guesses_for
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.procedures.queries import checklists
from ecuanime.web.components.durations import seconds_of, typed
from ecuanime.web.components.emergency_room import given_in, room_of, stamp_of
from ecuanime.web.components.toasts import say
from ecuanime.web.components.uploads import files_of
from ecuanime.web.downloads import kept_download
from ecuanime.web.guards import StaffRequest, for_staff

M = TypeVar("M", bound=Model)


def act_in_room(request: StaffRequest, case: Emergency, do: str) -> bool:
    """Do what was sent from the room; False where `do` is none of it. Refused: as the actions."""
    doing = {
        "line": _line,
        "news": _news,
        "critical_add": _critical_add,
        "critical_mark": _critical_mark,
        "checklist": _checklist,
        "actor_add": _actor_add,
        "actor_go": _actor_go,
        "hand_over": _hand_over,
        "rhythm": _rhythm,
    }.get(do)
    if doing is not None:
        doing(request, case)
    return doing is not None


def _line(request: StaffRequest, case: Emergency) -> None:
    said = request.POST
    actions.write_line(
        emergency=case,
        act=said.get("act", ""),
        text=said.get("text", ""),
        is_internal="is_shown" not in said,
        files=files_of(request),
        key=said.get("key", ""),
        by=request.user,
        now=read_clock(),
    )


def _news(request: StaffRequest, case: Emergency) -> None:
    actions.send_news(
        emergency=case,
        text=request.POST.get("text", ""),
        files=files_of(request),
        key=request.POST.get("key", ""),
        by=request.user,
        now=read_clock(),
    )
    say(request, _("It is on its way to %(name)s.") % {"name": case.contact})


def _critical_add(request: StaffRequest, case: Emergency) -> None:
    said = request.POST
    actions.add_critical(
        emergency=case,
        kind=said.get("kind", ""),
        text=said.get("text", ""),
        who=said.get("who", ""),
        is_internal="is_shown" not in said,
        by=request.user,
        now=read_clock(),
    )


def _critical_mark(request: StaffRequest, case: Emergency) -> None:
    actions.mark_critical(
        critical=_there(case.criticals.all(), request.POST.get("critical", "")),
        state=request.POST.get("state", ""),
        said=request.POST.get("said", ""),
        files=files_of(request),
        by=request.user,
        now=read_clock(),
    )


def _checklist(request: StaffRequest, case: Emergency) -> None:
    chosen = _there(checklists(), request.POST.get("checklist", ""))
    actions.take_checklist(
        emergency=case,
        checklist=chosen,
        is_internal="is_shown" not in request.POST,
        by=request.user,
        now=read_clock(),
    )


def _actor_add(request: StaffRequest, case: Emergency) -> None:
    given = given_in(request, is_internal="is_shown" not in request.POST)
    actions.add_actor(emergency=case, given=given, by=request.user, now=read_clock())


def _actor_go(request: StaffRequest, case: Emergency) -> None:
    actor = _there(case.actors.all(), request.POST.get("actor", ""))
    actions.let_actor_go(actor=actor, by=request.user, now=read_clock())


def _hand_over(request: StaffRequest, case: Emergency) -> None:
    to = _there(User.objects.filter(is_active=True), request.POST.get("to", ""))
    reason = request.POST.get("reason", "")
    actions.hand_over(emergency=case, to=to, reason=reason, by=request.user, now=read_clock())


def _rhythm(request: StaffRequest, case: Emergency) -> None:
    seconds = seconds_of(request.POST.get("minutes", ""))
    actions.set_rhythm(emergency=case, minutes=(seconds or 0) // 60, by=request.user, now=read_clock())


def _there(rows: QuerySet[M], key: str) -> M:
    """The one that a form names. Refused: `unknown`."""
    known = key.isascii() and key.isdigit() and len(key) < 19
    found = rows.filter(pk=int(key)).first() if known else None
    if found is None:
        raise Refused("unknown", _("That is no longer there. Look at the case again."))
    return found


def desk_room(request: StaffRequest, case: Emergency, *, is_lead: bool) -> dict[str, Any]:
    """The room as somebody of the firm sees it, with what they can do in it."""
    reader = reader_of(request.user)
    room = room_of(request, case, reader, now=read_clock())
    may_write = reader.sees_internal and not case.is_over
    return room | {
        "may_write": may_write,
        "may_lead": is_lead and not case.is_over,
        "offered": list(checklists()) if may_write else [],
        "successors": [each for each in experts_in(case.area) if each.pk != case.lead_id] if is_lead else [],
        "rhythm_typed": typed(room["rhythm"] * 60) if room["rhythm"] else "",
        "is_of_firm": True,
        "files_url": f"{reverse('emergency', args=[case.number])}archivos/",
        "attachments_url": "/adjuntos/",
        "said": request.POST,
    }


def asked_of(case: Emergency, said: Any) -> list[dict[str, str]]:
    """The questions before the answer, each with what is known of it, or with what was just said."""
    known = guesses_for(case)
    return [
        {
            "name": question.value,
            "text": str(question.label),
            "finding": said.get(f"check_{question}", known[question].finding),
            "note": said.get(f"note_{question}", known[question].note),
        }
        for question in Question
    ]


def checks_in(said: Any) -> dict[str, Found]:
    """What was found about each question, as a form says it."""
    found = {}
    for question in Question:
        finding = said.get(f"check_{question}", Finding.UNKNOWN)
        kept = finding if finding in Finding.values else Finding.UNKNOWN
        found[question.value] = Found(kept, said.get(f"note_{question}", ""))
    return found


@for_staff()
@require_safe
def evidence(request: StaffRequest, number: str, key: int) -> HttpResponse:
    """A file of the room, for whoever may read its line."""
    case = _case_or_404(request, number)
    found = evidence_for(case, reader_of(request.user), key)
    if found is None:
        raise Http404
    return kept_download(found.file_id, found.name, found.media_type)


def is_unchanged(request: StaffRequest, case: Emergency) -> bool:
    """Whether the page that asks shows the room as it is."""
    return request.GET.get("v") == stamp_of(case, reader_of(request.user), now=read_clock())


def _case_or_404(request: StaffRequest, number: str) -> Emergency:
    found = emergency_in(visible_emergencies(request.user), number)
    if found is None:
        raise Http404
    return found
