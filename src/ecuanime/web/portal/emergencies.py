"""Emergencies in the portal: declaring one, reading and answering the answer, and following the work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ecuanime.billing.access import contact_sees_invoices
from ecuanime.contracts.models import Contract
from ecuanime.contracts.offers import clauses_in, hash_of
from ecuanime.emergencies import actions
from ecuanime.emergencies.access import emergencies_of_contact, may_answer_for_client
from ecuanime.emergencies.actions import Declared
from ecuanime.emergencies.conditions import choices_for, conditions_for
from ecuanime.emergencies.models import Emergency, Stage
from ecuanime.emergencies.paper import text_for
from ecuanime.emergencies.queries import (
    assessments_of,
    emergencies_in_portal,
    emergency_in,
    is_offered,
    is_open_now,
)
from ecuanime.foundation.addresses import client_address
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.rules.express import Act, Party, acts_in
from ecuanime.rules.express import Stage as CourseStage
from ecuanime.staff.models import ProductArea
from ecuanime.staff.queries import product_areas
from ecuanime.web.components.emergencies import file_of, report_file, shown
from ecuanime.web.components.toasts import say
from ecuanime.web.desk.uploads import MOST_BYTES, files_of
from ecuanime.web.guards import PortalRequest, for_contacts
from ecuanime.web.office.invoices.forms import minor_of
from ecuanime.web.portal.frame import in_their_zone, older_url
from ecuanime.web.refusals import tell


def _long(label: Any, rows: int, *, required: bool = True, most: int = 2000) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, widget=widget)


class DeclareForm(forms.Form):
    """What a client says of an emergency."""

    area = forms.ModelChoiceField(
        label=gettext_lazy("About what"), queryset=ProductArea.objects.none(), empty_label=None
    )
    facts = _long(gettext_lazy("What has stopped working?"), 4, most=5000)
    since = forms.CharField(label=gettext_lazy("Since when?"), max_length=200, required=False)
    critical = _long(gettext_lazy("What is critical meanwhile?"), 2, required=False)
    desired = _long(gettext_lazy("When would you call it normal again?"), 2)
    available = forms.CharField(
        label=gettext_lazy("Who can we reach, and how?"), max_length=300, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["area"].queryset = product_areas()

    def declared(self) -> Declared:
        """What was said."""
        return Declared(**self.cleaned_data)


class AcceptForm(forms.Form):
    """Which text was read, and what may be spent without asking again."""

    text_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    ceiling = forms.DecimalField(
        label=gettext_lazy("To be spent without asking you again"),
        required=False,
        max_digits=12,
        decimal_places=2,
        min_value=0,
    )


@for_contacts
@in_their_zone
@require_safe
def emergencies(request: PortalRequest) -> HttpResponse:
    """The cases the contact may see, the newest first."""
    page = emergencies_in_portal(request.contact, after=request.GET.get("d", ""))
    context = {
        "rows": page.rows,
        "is_offered": is_offered(),
        "is_first": "d" not in request.GET,
        "older_url": older_url(request, page.next),
    }
    return render(request, "portal/emergencies/list.html", context)


@for_contacts
@in_their_zone
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """Declare an emergency: the page says first what will happen, by when and at which rates."""
    if not is_offered():
        raise Http404
    form, now = DeclareForm(request.POST or None, auto_id="new_%s"), read_clock()
    if request.method == "POST" and form.is_valid():
        try:
            case = actions.declare_in_portal(contact=request.contact, declared=form.declared(), now=now)
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("We have it: %(number)s. An expert is being alerted.") % {"number": case.number})
            return redirect("portal_emergency", case.number)
    context = {"form": form, "is_open": is_open_now(now), "rates": _rates(request)}
    return render(request, "portal/emergencies/new.html", context, status=422 if form.is_bound else 200)


def _rates(request: PortalRequest) -> list[dict[str, Any]]:
    """What it would cost in each product area."""
    found = []
    for area in product_areas()[:30]:
        try:
            conditions = conditions_for(request.contact.client, area, now=read_clock())
        except Refused:
            continue
        found.append({"area": area, "conditions": conditions})
    return found


@for_contacts
@in_their_zone
@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: PortalRequest, number: str) -> HttpResponse:
    """One case; `do` says which of its forms was sent."""
    case = _theirs(request, number)
    if request.method == "POST":
        try:
            _act(request, case)
        except Refused as refusal:
            return _page(request, _theirs(request, number), refusal=str(refusal))
        return redirect("portal_emergency", number)
    return _page(request, case)


def _act(request: PortalRequest, case: Emergency) -> None:
    contact, now, do = request.contact, read_clock(), request.POST.get("do", "")
    reason = request.POST.get("reason", "")
    if do == "accept":
        _accept(request, case)
    elif do == "decline":
        actions.decline(emergency=case, contact=contact, reason=reason, now=now)
        say(request, _("Noted. Nothing is charged."))
    elif do == "withdraw":
        actions.withdraw(emergency=case, contact=contact, reason=reason, now=now)
        say(request, _("Noted. Nobody is alerted any more."))
    elif do == "proof":
        files = files_of(request)
        if not files:
            raise Refused("proof", _("Choose the file first."))
        actions.give_proof(emergency=case, contact=contact, file=files[0].file, name=files[0].name, now=now)
        say(request, _("We have it. Our expert decides whether to start on it."))
    elif do == "normal":
        actions.acknowledge_normal(emergency=case, contact=contact, now=now)
        say(request, _("Thank you. We go on with the causes."))
    elif do == "relapse":
        actions.note_relapse(emergency=case, contact=contact, reason=reason, now=now)
        say(request, _("Noted. Our expert knows."))


def _accept(request: PortalRequest, case: Emergency) -> None:
    form = AcceptForm(request.POST)
    if not form.is_valid():
        raise Refused("bad_ceiling", _("Give an amount above zero, or leave it empty."))
    chosen = _chosen(request.POST.get("contract", ""), case)
    found = conditions_for(case.client, case.area, now=read_clock(), chosen=chosen)
    actions.accept(
        emergency=case,
        contact=request.contact,
        text_sha256=form.cleaned_data["text_sha256"],
        address=client_address(request),
        chosen=chosen,
        ceiling=minor_of(form.cleaned_data["ceiling"], found.currency),
        now=read_clock(),
    )
    say(request, _("You have accepted. The paper is kept here."))


def _chosen(number: str, case: Emergency) -> Contract | None:
    """The contract that the client wants the causes to be fixed under; none is on demand."""
    return next((each for each in choices_for(case, read_clock()) if each.number == number), None)


@for_contacts
@require_safe
def paper(request: PortalRequest, number: str) -> HttpResponse:
    """What was accepted, as it was."""
    accepted = getattr(_theirs(request, number), "acceptance", None)
    if accepted is None:
        raise Http404
    return file_of(accepted.pdf_id, f"{number}.pdf", "application/pdf")


@for_contacts
@require_safe
def report(request: PortalRequest, number: str) -> HttpResponse:
    """The technical report, once the case is closed."""
    case = _theirs(request, number)
    if case.stage != Stage.CLOSED:
        raise Http404
    return report_file(case)


def _page(request: PortalRequest, case: Emergency, *, refusal: str = "") -> HttpResponse:
    now, may_answer = read_clock(), may_answer_for_client(request.contact, case)
    context = shown(case, now=now) | {
        "may_answer": may_answer,
        "acts": acts_in(CourseStage(case.stage), Party.CLIENT) if may_answer else (),
        "may_withdraw": may_answer and Act.WITHDRAW in acts_in(CourseStage(case.stage), Party.CLIENT),
        "sees_invoices": contact_sees_invoices(request.contact),
        "limit": MOST_BYTES,
        "refusal": refusal,
    }
    if case.stage == Stage.VIABLE:
        try:
            context |= _offer(request, case)
        except Refused as not_now:
            context |= {"may_answer": False, "refusal": str(not_now)}
    return render(request, "portal/emergencies/case.html", context, status=422 if refusal else 200)


def _offer(request: PortalRequest, case: Emergency) -> dict[str, Any]:
    """The text that can be accepted, as its reader chose what the causes fall under."""
    now, wanted = read_clock(), request.POST.get("contract", request.GET.get("contrato", ""))
    chosen = _chosen(wanted, case)
    text = text_for(case, assessments_of(case)[0], now=now, chosen=chosen)
    return {
        "clauses": clauses_in(text),
        "choices": choices_for(case, now),
        "chosen": chosen,
        "form": AcceptForm(initial={"text_sha256": hash_of(text)}),
    }


def _theirs(request: PortalRequest, number: str) -> Emergency:
    found = emergency_in(emergencies_of_contact(request.contact), number)
    if found is None:
        raise Http404
    return found
