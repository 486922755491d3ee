"""The technical report of a case: written section by section, version by version, and sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ecuanime.emergencies import actions
from ecuanime.emergencies.access import may_send_report, may_write_report, visible_emergencies
from ecuanime.emergencies.actions import merged_texts, tidy
from ecuanime.emergencies.models import Emergency, Report, Section
from ecuanime.emergencies.queries import emergency_in, newest_report, report_numbered, reports_of
from ecuanime.emergencies.recorded import GENERATED, LONGEST
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.components.emergencies import report_file
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import StaffRequest, for_staff

ROWS = {Section.SUMMARY: 5, Section.TIMELINE: 10, Section.ACTIONS: 8}


class ReportForm(forms.Form):
    """The sections of a report, and the version that they were read in."""

    seen = forms.IntegerField(min_value=1, max_value=10**6, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for section in Section:
            widget = forms.Textarea(attrs={"rows": ROWS.get(section, 4)})
            self.fields[section.value] = forms.CharField(
                label=section.label, required=False, max_length=LONGEST, widget=widget, strip=False
            )

    def texts(self) -> dict[str, str]:
        """The sections that were sent; one that was not is not changed."""
        return {
            section.value: self.cleaned_data[section.value]
            for section in Section
            if section.value in self.data
        }


@for_staff()
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: StaffRequest, number: str) -> HttpResponse:
    """The report as it stands, or as an earlier version said (`v`); `do` says which of its buttons was pressed."""
    case = _case_or_404(request, number)
    if request.method != "POST":
        return _page(request, case, None)
    if not may_write_report(request.user):
        raise PermissionDenied
    do, form = request.POST.get("do", ""), None
    try:
        if do == "make":
            actions.make_report(emergency=case, by=request.user, now=read_clock())
        elif do == "send":
            _send(request, case)
        else:
            form = ReportForm(request.POST)
            if not form.is_valid():
                return _page(request, case, form)
            _keep(request, case, form, do)
    except Refused as refusal:
        if form is not None and refusal.code == "stale":
            return _stale(request, case, form, str(refusal))
        return _page(request, case, form, refusal=str(refusal))
    return redirect("emergency_report", number)


@for_staff()
@require_safe
def pdf(request: StaffRequest, number: str) -> HttpResponse:
    """A version on paper (`v`; the newest without it): as it was sent, else as it would be."""
    return report_file(_case_or_404(request, number), request.GET.get("v", ""), is_client=False)


def _keep(request: StaffRequest, case: Emergency, form: ReportForm, do: str) -> None:
    anew = [section.value for section in GENERATED if do == f"anew_{section.value}"]
    before = newest_report(case)
    kept = actions.keep_report(
        emergency=case,
        seen=form.cleaned_data["seen"],
        texts=form.texts(),
        anew=anew,
        by=request.user,
        now=read_clock(),
    )
    if before is not None and kept.pk == before.pk:
        say(request, _("Nothing has changed."))
    else:
        say(request, _("Kept as version %(number)s.") % {"number": kept.number})


def _send(request: StaffRequest, case: Emergency) -> None:
    found = report_numbered(case, request.POST.get("version", ""))
    if found is None:
        raise Http404
    actions.send_report(report=found, by=request.user, now=read_clock())
    say(request, _("Sent. The client has it in the portal too."))


def _page(
    request: StaffRequest, case: Emergency, form: ReportForm | None, *, refusal: str = ""
) -> HttpResponse:
    newest = newest_report(case)
    wanted = report_numbered(case, request.GET.get("v", "")) if "v" in request.GET else None
    if "v" in request.GET and wanted is None:
        raise Http404
    earlier = wanted if wanted is not None and newest is not None and wanted.pk != newest.pk else None
    is_wrong = bool(refusal or (form is not None and form.errors))
    context = {
        "case": case,
        "newest": newest,
        "earlier": earlier,
        "earlier_parts": _parts(earlier) if earlier else [],
        "form": form or _form_of(newest),
        "generated": {section.value for section in GENERATED},
        "versions": reports_of(case),
        "may_write": may_write_report(request.user) and case.opened_at is not None,
        "may_send": may_send_report(request.user, case),
        "refusal": refusal,
    }
    return render(request, "desk/emergencies/report.html", context, status=422 if is_wrong else 200)


def _form_of(newest: Report | None) -> ReportForm | None:
    return None if newest is None else ReportForm(initial={"seen": newest.number, **newest.texts})


def _stale(request: StaffRequest, case: Emergency, form: ReportForm, refusal: str) -> HttpResponse:
    """Both versions of each section that two people changed, and what else was written, to be kept once more."""
    seen, newest = report_numbered(case, str(form.cleaned_data["seen"])), newest_report(case)
    assert seen is not None
    assert newest is not None
    texts = form.texts()
    both = merged_texts(seen, newest, texts).conflicts
    context = {
        "case": case,
        "newest": newest,
        "refusal": refusal,
        "both": [
            {
                "name": name,
                "label": Section(name).label,
                "theirs": newest.text(name),
                "mine": tidy(texts[name]),
            }
            for name in both
        ],
        # Of the other sections only what was changed goes along: the rest stays as it stands by then.
        "rest": [
            (name, text) for name, text in texts.items() if name not in both and tidy(text) != seen.text(name)
        ],
    }
    return render(request, "desk/emergencies/report_stale.html", context, status=409)


def _parts(report: Report) -> list[tuple[str, str]]:
    return [(str(section.label), report.text(section)) for section in Section]


def _case_or_404(request: StaffRequest, number: str) -> Emergency:
    found = emergency_in(visible_emergencies(request.user), number)
    if found is None:
        raise Http404
    return found
