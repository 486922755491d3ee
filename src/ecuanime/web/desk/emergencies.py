"""Emergencies at the desk: the list, declaring one on a ticket, and the room of a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ecuanime.billing.access import may_bill
from ecuanime.billing.models import Invoice
from ecuanime.billing.queries import key_of
from ecuanime.contracts.access import may_change_contracts
from ecuanime.emergencies import actions
from ecuanime.emergencies.access import is_competent, parties_of, visible_emergencies
from ecuanime.emergencies.actions import Estimate
from ecuanime.emergencies.agreements import agreement_of
from ecuanime.emergencies.billing import invoice_of
from ecuanime.emergencies.conditions import the_service
from ecuanime.emergencies.links import links_of
from ecuanime.emergencies.models import Emergency, Stage
from ecuanime.emergencies.notices import notice_key
from ecuanime.emergencies.queries import (
    dossier_is_current,
    emergencies,
    emergency_in,
    emergency_of,
    experts_left,
    has_dossier,
    is_offered,
    is_open_now,
    open_emergencies,
    unclaimed,
)
from ecuanime.emergencies.words import clock_for
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.notices.actions import mark_subject_read
from ecuanime.rules.express import Document, Party, acts_in
from ecuanime.rules.express import Stage as CourseStage
from ecuanime.tickets.access import DESK_ROLES
from ecuanime.tickets.queries import opinion_of
from ecuanime.web.components.declare_form import DeclareForm
from ecuanime.web.components.durations import typed
from ecuanime.web.components.emergencies import shown
from ecuanime.web.components.fields import DurationField
from ecuanime.web.components.toasts import say
from ecuanime.web.context import unread_of
from ecuanime.web.desk.emergency_figures import FIGURE_ROLES
from ecuanime.web.desk.emergency_room import act_in_room, asked_of, checks_in, desk_room, is_unchanged
from ecuanime.web.desk.tickets import ticket_or_404
from ecuanime.web.downloads import PDF, kept_download
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.web.refusals import tell


class EstimateForm(forms.Form):
    """The figures of an answer, or of a revision."""

    certainty = forms.IntegerField(label=gettext_lazy("Certainty (%)"), min_value=0, max_value=100)
    risk = forms.CharField(
        label=gettext_lazy("Risk"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    lasts = DurationField(label=gettext_lazy("The emergency may last"))
    normalise = DurationField(label=gettext_lazy("Time to normalise"))
    mitigate = DurationField(label=gettext_lazy("Time to fix the causes"))
    guarantee_hours = forms.IntegerField(
        label=gettext_lazy("Guarantee (hours; 0 waives it)"), min_value=0, max_value=8
    )
    is_counted = forms.BooleanField(
        label=gettext_lazy("The guarantee counts toward the fees"), required=False
    )
    reason = forms.CharField(label=gettext_lazy("Why it changes"), max_length=600, required=False)

    def estimate(self) -> Estimate:
        """What was said, in minutes."""
        said = self.cleaned_data
        return Estimate(
            certainty=said["certainty"],
            risk=said["risk"],
            lasts_minutes=said["lasts"] // 60,
            normalise_minutes=said["normalise"] // 60,
            mitigate_minutes=said["mitigate"] // 60,
            guarantee_hours=said["guarantee_hours"],
            is_counted=said["is_counted"],
        )


@for_staff()
@require_safe
def all_emergencies(request: StaffRequest) -> HttpResponse:
    """Those that are open, and all of them, the newest first."""
    now = read_clock()
    page = emergencies(request.user, after=request.GET.get("despues", ""))
    is_open, running = is_open_now(now), open_emergencies(request.user)
    nobody = unclaimed(running, is_open=is_open)
    context = {
        "open": [
            {
                "case": case,
                "clock": clock_for(case, is_open=is_open, now=now),
                "is_unclaimed": case.pk in nobody,
            }
            for case in running
        ],
        "rows": page.rows,
        "is_offered": is_offered(),
        "may_see_figures": request.user.has_role(*FIGURE_ROLES),
        "is_first": "despues" not in request.GET,
        "older_url": f"?despues={page.next}" if page.next else "",
    }
    return render(request, "desk/emergencies/list.html", context)


@for_staff(*DESK_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: StaffRequest, number: int) -> HttpResponse:
    """Declare an emergency on a ticket, during a call say; one declared already is shown."""
    ticket = ticket_or_404(request, number)
    known = emergency_of(ticket)
    if known is not None:
        return redirect("emergency", known.number)
    form = DeclareForm(request.POST or None, auto_id="new_%s", initial={"area": ticket.area})
    if request.method == "POST" and form.is_valid():
        try:
            case = actions.declare_on_ticket(
                ticket=ticket, declared=form.declared(), by=request.user, now=read_clock()
            )
        except Refused as refusal:
            tell(form, refusal)
        else:
            return redirect("emergency", case.number)
    context = {"form": form, "ticket": ticket, "is_offered": is_offered()}
    return render(request, "desk/emergencies/declare.html", context, status=422 if form.is_bound else 200)


@for_staff()
@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: StaffRequest, number: str) -> HttpResponse:
    """The room of a case; `do` says which of its forms was sent."""
    case, do = case_or_404(request, number), request.POST.get("do", "")
    form = EstimateForm(request.POST, auto_id="e_%s") if do in ("say_viable", "revise") else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            found = _act(request, case, do, form)
        except Refused as refusal:
            return _page(request, case_or_404(request, number), form, refusal=str(refusal))
        return found or redirect("emergency", number)
    if unread_of(
        request
    ):  # opening it is knowing of it; a page that is open and looks for news may be seen by nobody
        mark_subject_read(user=request.user, subject_key=notice_key(case), now=read_clock())
    return _page(request, case, form)


def _act(request: StaffRequest, case: Emergency, do: str, form: EstimateForm | None) -> HttpResponse | None:
    by, now = request.user, read_clock()
    reason = request.POST.get("reason", "")
    if form is not None and do == "say_viable":
        checks = checks_in(request.POST)
        actions.say_viable(emergency=case, estimate=form.estimate(), checks=checks, by=by, now=now)
    elif form is not None and do == "revise":
        actions.revise(emergency=case, estimate=form.estimate(), reason=reason, by=by, now=now)
    elif do == "say_not_viable":
        elsewhere = request.POST.get("elsewhere", "")
        checks = checks_in(request.POST)
        actions.say_not_viable(
            emergency=case, reason=reason, elsewhere=elsewhere, checks=checks, by=by, now=now
        )
    elif do == "declare_normal":
        actions.declare_normal(emergency=case, evidence=request.POST.get("evidence", ""), by=by, now=now)
        say(request, _("The time was cut here, and closed for review."))
    elif do in ("close", "close_in_part"):
        actions.close(emergency=case, by=by, reason=reason, in_part=do == "close_in_part", now=now)
    elif do in ("invoice_2", "invoice_3"):
        document = Document.NORMALISATION if do == "invoice_2" else Document.MITIGATION
        draft = actions.bill_phase(emergency=case, document=document, by=by, now=now)
        return redirect("invoice", key_of(draft))
    elif not act_in_room(request, case, do):
        _simple(case, do, reason, request)
    return None


def _simple(case: Emergency, do: str, reason: str, request: StaffRequest) -> None:
    """What needs a word at most."""
    by, now = request.user, read_clock()
    if do == "take_on":
        actions.take_on(emergency=case, by=by, now=now)
    elif do == "hand_on":
        actions.hand_on(emergency=case, by=by, reason=reason, now=now)
    elif do == "waive":
        actions.waive_guarantee(emergency=case, reason=reason, by=by, now=now)
    elif do == "start_on_proof":
        actions.start_on_proof(emergency=case, by=by, now=now)
    elif do == "relapse":
        actions.note_relapse(emergency=case, by=by, reason=reason, now=now)
    elif do == "withdraw":
        actions.withdraw(emergency=case, by=by, reason=reason, now=now)


@for_staff()
@require_safe
def pulse(request: StaffRequest, number: str) -> HttpResponse:
    """Nothing while the room is as version `v` shows it; else its page, from which the browser takes what is new."""
    case = case_or_404(request, number)
    return HttpResponse(status=204) if is_unchanged(request, case) else _page(request, case, None)


@for_staff()
@require_safe
def paper(request: StaffRequest, number: str) -> HttpResponse:
    """What the client accepted, as it was."""
    accepted = getattr(case_or_404(request, number), "acceptance", None)
    if accepted is None:
        raise Http404
    return kept_download(accepted.pdf_id, f"{number}.pdf", PDF)


@for_staff()
@require_safe
def proof(request: StaffRequest, number: str) -> HttpResponse:
    """The proof of payment that the client sent."""
    case = case_or_404(request, number)
    if case.proof_id is None:
        raise Http404
    return kept_download(case.proof_id, case.proof_name)


def _page(
    request: StaffRequest, case: Emergency, form: EstimateForm | None, *, refusal: str = ""
) -> HttpResponse:
    now, stage = read_clock(), CourseStage(case.stage)
    parties = parties_of(request.user, case)
    is_wrong = bool(refusal or (form is not None and form.errors))
    context = shown(case, now=now) | {
        "may_hand_on": case.lead_id in (None, request.user.pk) or Party.LEAD in parties,
        "acts": {act.value for party in parties for act in acts_in(stage, party)},
        "may_offer": may_change_contracts(request.user),
        "opinion": opinion_of(case.ticket),
        "alerts": list(case.alerts.select_related("user")),
        "next_experts": experts_left(case) if case.stage == Stage.DECLARED else [],
        "is_unclaimed": bool(unclaimed([case], is_open=is_open_now(now))),
        "is_competent": is_competent(request.user, case),
        "has_dossier": has_dossier(case),
        "dossier_is_current": dossier_is_current(case),
        "agreement": agreement_of(case),
        "links": links_of(case),
        "form": form or EstimateForm(initial=_initial(case), auto_id="e_%s"),
        "is_estimating": form is not None and is_wrong,
        "documents": _documents(case) if may_bill(request.user) else [],
        "may_bill": may_bill(request.user),
        "refusal": refusal,
        "asked": asked_of(case, request.POST),
    }
    context |= desk_room(request, case, is_lead=Party.LEAD in parties)
    return render(request, "desk/emergencies/case.html", context, status=422 if is_wrong else 200)


def _documents(case: Emergency) -> list[dict[str, Any]]:
    """The three documents of a case with what can be done about each, for whoever bills."""
    second, third = invoice_of(case, Document.NORMALISATION), invoice_of(case, Document.MITIGATION)
    worked = case.stage in (Stage.NORMALISED, Stage.MITIGATING, Stage.CLOSED)
    return [
        _document(_("1. Guarantee"), case.guarantee, ""),
        _document(_("2. Until service is normal"), second, "invoice_2" if worked else ""),
        _document(_("3. Fixing the causes"), third, "invoice_3" if case.stage == Stage.CLOSED else ""),
    ]


def _document(name: str, invoice: Invoice | None, do: str) -> dict[str, Any]:
    is_final = invoice is not None and not invoice.is_draft
    key = key_of(invoice) if invoice else ""
    return {"name": name, "invoice": invoice, "key": key, "do": "" if is_final else do}


def _initial(case: Emergency) -> dict[str, Any]:
    last = case.assessments.order_by("-number").first()
    if last is None or not last.is_viable:
        service = the_service()
        return {"guarantee_hours": service.guarantee_hours, "is_counted": service.counts_guarantee}
    return {
        "certainty": last.certainty,
        "risk": last.risk,
        "lasts": typed((last.lasts_minutes or 0) * 60),
        "normalise": typed((last.normalise_minutes or 0) * 60),
        "mitigate": typed((last.mitigate_minutes or 0) * 60),
        "guarantee_hours": last.guarantee_hours,
        "is_counted": last.is_counted,
    }


def case_or_404(request: StaffRequest, number: str) -> Emergency:
    """A case by its number, if the person may see it."""
    found = emergency_in(visible_emergencies(request.user), number)
    if found is None:
        raise Http404
    return found
