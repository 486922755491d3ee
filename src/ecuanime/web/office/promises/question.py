"""When would it be due? The clock for any calendar, target and states, worked out and explained; nothing is stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from ecuanime.contracts.models import CoverageCalendar
from ecuanime.contracts.queries import calendars
from ecuanime.contracts.terms import calendar_in
from ecuanime.foundation.clock import read_clock
from ecuanime.rules.calendars import Calendar
from ecuanime.rules.scenario import Wrong, as_json
from ecuanime.rules.sla import SlaQuestion, SlaTarget, StateChange, TicketState, reading_of
from ecuanime.rules.sla.question import LONGEST
from ecuanime.staff.models import Firm
from ecuanime.staff.queries import holidays_between, the_firm
from ecuanime.tickets.models import State
from ecuanime.web.acting import status_of
from ecuanime.web.components.deadlines import clock_of, steps_of
from ecuanime.web.components.fields import DurationField
from ecuanime.web.guards import for_staff
from ecuanime.worklog.scenarios import say_wrong

CHANGES = range(1, 7)
_MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A moment on the firm's clock."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)


class QuestionForm(forms.Form):
    """What happened to a ticket, and what it was promised. `question()` gives it as the rule asks for it."""

    abierto = MomentField(label=gettext_lazy("Opened"))
    ahora = MomentField(label=gettext_lazy("Looked at"))
    plazo = DurationField(label=gettext_lazy("Promised time"), max_length=20)
    horario = forms.ModelChoiceField(
        CoverageCalendar.objects.none(),
        label=gettext_lazy("Hours that count"),
        to_field_name="code",
        required=False,
        empty_label=pgettext_lazy("calendar", "Every hour, 24x7"),
        help_text=gettext_lazy("With the firm's holidays and time zone."),
    )

    def __init__(self, data: Any, **options: Any) -> None:
        super().__init__(data, **options)
        fields: Any = self.fields
        fields["horario"].queryset = calendars().prefetch_related("bands")
        for place in CHANGES:
            said = {"place": place}
            fields[f"estado{place}"] = forms.ChoiceField(
                label=_("State %(place)s") % said, choices=[("", "—"), *State.choices], required=False
            )
            fields[f"desde{place}"] = MomentField(label=_("Since, state %(place)s") % said, required=False)

    @property
    def changes(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of each change of state."""
        return ((self[f"estado{place}"], self[f"desde{place}"]) for place in CHANGES)

    def clean(self) -> dict[str, Any]:
        """The moments follow each other, and no state comes without its moment."""
        given = super().clean() or {}
        if self.errors:
            return given
        moments = [given["abierto"], *(at for at, _state in self._states(given))]
        if moments != sorted(moments) or given["ahora"] < given["abierto"]:
            raise forms.ValidationError(_("The moments do not follow each other. Write them in order."))
        if given["ahora"] - given["abierto"] > LONGEST:
            raise forms.ValidationError(
                _("It is looked at too long after it was opened: three years at most.")
            )
        return given

    def question(self, firm: Firm) -> SlaQuestion:
        """What is asked."""
        given = self.cleaned_data
        calendar = _read(given["horario"], firm, given["abierto"]) if given["horario"] else None
        return SlaQuestion(
            opened_at=given["abierto"],
            now=given["ahora"],
            targets=(SlaTarget(given["plazo"] // 60, calendar),),
            states=tuple(StateChange(at, TicketState(state)) for at, state in self._states(given)),
        )

    def _states(self, given: dict[str, Any]) -> list[tuple[datetime, str]]:
        told = ((given.get(f"desde{place}"), given.get(f"estado{place}")) for place in CHANGES)
        return [(at, state) for at, state in told if at and state]


@for_staff()
@require_safe
def question(request: HttpRequest) -> HttpResponse:
    """The question, and once it is asked the answer with each of its steps."""
    firm = the_firm()
    with timezone.override(firm.zone):
        now = timezone.localtime(read_clock()).replace(second=0, microsecond=0)
        initial = {"abierto": now - timedelta(hours=4), "ahora": now, "plazo": "4:00"}
        form = QuestionForm(request.GET if "abierto" in request.GET else None, initial=initial)
        context: dict[str, Any] = {"form": form}
        if form.is_bound and form.is_valid():
            context |= _answered(form, firm)
        return render(request, "office/promises/question.html", context, status=status_of(form))


def _answered(form: QuestionForm, firm: Firm) -> dict[str, Any]:
    asked = form.question(firm)
    try:
        reading = reading_of(asked)
    except Wrong as wrong:
        form.add_error(None, say_wrong(wrong))
        return {}
    clock = clock_of(
        reading.outcome.value,
        counted=reading.counted,
        left=reading.left,
        due_at=reading.due_at,
        is_done=reading.stopped_at is not None,
        now=asked.now,
    )
    return {
        "clock": clock,
        "reading": reading,
        "steps": steps_of(reading, {"zone": firm.time_zone}),
        "json": json.dumps(as_json(asked), indent=2, ensure_ascii=False),
    }


def _read(calendar: CoverageCalendar, firm: Firm, opened_at: datetime) -> Calendar:
    first = opened_at.date()
    return calendar_in(calendar, firm.time_zone, holidays_between(first, first + 2 * LONGEST))
