"""The report over all emergencies: its figures, and the cases behind each of them on the page and as a file."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from ecuanime.accounts.models import Role
from ecuanime.emergencies.access import visible_emergencies
from ecuanime.emergencies.overview import LISTS, CaseFigures, Opening, Overview, PhaseSum, overview_of
from ecuanime.emergencies.words import phase_name
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.tables import Cell, Table
from ecuanime.rules.calendars import add_months, local_date
from ecuanime.rules.express import Phase
from ecuanime.rules.money import currency_exponent
from ecuanime.staff.queries import the_firm
from ecuanime.web.downloads import table_download
from ecuanime.web.guards import StaffRequest, for_staff

SHOWN = 200
LONGEST = timedelta(days=3 * 366)
FIGURE_ROLES = (Role.SUPERVISOR, Role.BILLING)
COLUMNS = (
    *("number", "client", "area", "stage", "declared_at", "answered_at", "answer_minutes", "is_late"),
    *("had_dossier", "opened_by", "normalise_estimated_minutes", "normalise_worked_minutes"),
    *("mitigate_estimated_minutes", "mitigate_worked_minutes", "currency", "normalise_billed"),
    *("mitigate_billed", "closed_at", "satisfaction"),
)


class DaysForm(forms.Form):
    """From which day to which, both included."""

    desde = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}))
    hasta = forms.DateField(label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """The days follow each other, and are not too many for one page."""
        given = super().clean() or {}
        first, last = given.get("desde"), given.get("hasta")
        if first and last and not first <= last <= first + LONGEST:
            raise forms.ValidationError(_("Choose days in order, three years at most."))
        return given


@for_staff(*FIGURE_ROLES)
@require_safe
def figures(request: StaffRequest) -> HttpResponse:
    """The figures of some days (`desde`, `hasta`), and the cases behind one of them (`lista`); a file by `formato`."""
    form, found = _asked(request)
    wanted = request.GET.get("lista", "all")
    if wanted not in LISTS:
        raise Http404
    if found is not None and "formato" in request.GET:
        return _file(request.GET["formato"], found, wanted)
    context: dict[str, Any] = {"form": form, "found": found, "wanted": wanted}
    if found is not None:
        behind = found.behind(wanted)
        context |= {
            "name": list_names()[wanted],
            "total": len(behind),
            "counts": found.counts,
            "outcomes": _counted(found, "worked", "not_viable", "declined"),
            "openings": _counted(found, "paid", "proof", "plan", "expert"),
            "phases": [_phase(each.phase, each) for each in found.phases],
            "billed": [
                (currency, [(phase_name(phase), sums.get(phase, 0)) for phase in Phase])
                for currency, sums in found.billed
            ],
            "rows": [_row(row) for row in behind[:SHOWN]],
            "has_more": len(behind) > SHOWN,
            "days": f"desde={found.first}&hasta={found.last}",
        }
    return render(request, "desk/emergencies/figures.html", context, status=200 if found else 422)


def _file(kind: str, found: Overview, wanted: str) -> HttpResponse:
    table = Table("emergencies", COLUMNS, [_cells(row) for row in found.behind(wanted)])
    return table_download([table], f"emergencies-{found.first}-{found.last}", kind)


def list_names() -> dict[str, str]:
    """What each list of cases is called."""
    return {
        "all": pgettext("emergencies", "Declared"),
        "answered": _("Answered"),
        "late": _("Late answers"),
        "not_viable": _("Not viable"),
        "declined": _("Declined or withdrawn"),
        "worked": pgettext("emergencies", "Worked on"),
        "dossier": _("Came with a service dossier"),
        "no_dossier": _("Came without a service dossier"),
        "paid": _("Guarantee paid"),
        "proof": _("Begun on proof of payment"),
        "plan": _("Guarantee waived by a plan"),
        "expert": _("Guarantee waived by an expert"),
        "normalised": _("Service normal again"),
        "normalisation_above": _("Longer until normal than estimated"),
        "mitigated": _("Causes fixed"),
        "mitigation_above": _("Longer to fix the causes than estimated"),
        "billed": _("Invoiced"),
        "rated": _("With the client's opinion"),
    }


def _asked(request: StaffRequest) -> tuple[DaysForm, Overview | None]:
    firm, now = the_firm(), read_clock()
    today = local_date(now, firm.time_zone)
    usual = {"desde": add_months(today.replace(day=1), -11), "hasta": today}
    form = DaysForm(request.GET if "desde" in request.GET or "hasta" in request.GET else None, initial=usual)
    if form.is_bound and not form.is_valid():
        return form, None
    days: dict[str, date] = form.cleaned_data if form.is_bound else usual
    cases = visible_emergencies(request.user)
    return form, overview_of(cases, days["desde"], days["hasta"], firm=firm, now=now)


def _counted(found: Overview, *keys: str) -> list[dict[str, Any]]:
    names = list_names()
    return [{"key": key, "label": names[key], "total": len(found.behind(key))} for key in keys]


def _phase(phase: Phase, found: PhaseSum) -> dict[str, Any]:
    done, above = (
        ("normalised", "normalisation_above")
        if phase is Phase.NORMALISATION
        else ("mitigated", "mitigation_above")
    )
    return {"name": phase_name(phase), "sum": found, "done": done, "above": above}


def _row(row: CaseFigures) -> dict[str, Any]:
    return {
        "row": row,
        "opening": _openings()[row.opening],
        "phases": [
            (phase_name(phase), row.estimates.get(phase), row.seconds[phase], row.is_above(phase))
            for phase in Phase
        ],
        "billed": sum(row.billed.values()),
    }


def _openings() -> dict[Opening, str]:
    return {
        Opening.PAID: _("guarantee paid"),
        Opening.PROOF: _("on proof of payment"),
        Opening.PLAN: _("waived by a plan"),
        Opening.EXPERT: _("waived by the expert"),
        Opening.LATER: _("waived after acceptance"),
        Opening.NONE: "–",
    }


def _cells(row: CaseFigures) -> tuple[Cell, ...]:
    case, first, second = row.case, Phase.NORMALISATION, Phase.MITIGATION
    return (
        case.number,
        str(case.client),
        str(case.area),
        case.stage,
        _moment(case.declared_at),
        _moment(case.answered_at),
        row.minutes,
        int(row.is_late),
        None if row.had_dossier is None else int(row.had_dossier),
        row.opening.value,
        row.estimates.get(first),
        row.seconds[first] // 60,
        row.estimates.get(second),
        row.seconds[second] // 60,
        row.currency,
        _major(row.billed[first], row.currency),
        _major(row.billed[second], row.currency),
        _moment(case.closed_at),
        row.liked,
    )


def _major(minor: int, currency: str) -> Decimal | None:
    return Decimal(minor).scaleb(-currency_exponent(currency)) if currency else None


def _moment(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(the_firm().zone).isoformat(timespec="seconds")
