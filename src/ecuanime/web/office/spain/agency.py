"""Spain's tax agency on screen: what was sent, what it answered, what waits and why, and the firm's certificate."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecuanime.accounts.models import Role
from ecuanime.billing.actions.spain import agency as actions
from ecuanime.billing.models import Submission, Verdict
from ecuanime.billing.packs.es.agency.reading import submission_page, verdict_page
from ecuanime.billing.packs.es.agency.standing import (
    certificate_in_use,
    environment,
    obstacles,
    queues,
    unresolved,
    waiting,
)
from ecuanime.billing.packs.es.agency.words import trouble_words
from ecuanime.foundation.clock import read_clock
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.downloads import XML, download
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.web.office.invoices.common import billers
from ecuanime.web.office.spain.agency_forms import NOWHERE, CertificateForm, EnvironmentForm

administrators = for_staff(Role.ADMINISTRATOR)
MOST_UNRESOLVED = 20
MESSAGE_TAGS = {
    Submission.State.SENDING: ("hourglass-low", ""),
    Submission.State.ANSWERED: ("check", "ok"),
    Submission.State.FAULTED: ("alert-circle", "bad"),
    Submission.State.UNANSWERED: ("help-circle", "warn"),
    Submission.State.NOT_SENT: ("plug-connected-x", "warn"),
}
VERDICT_TAGS = {
    Verdict.State.ACCEPTED: ("check", "ok"),
    Verdict.State.WITH_ERRORS: ("alert-triangle", "warn"),
    Verdict.State.REJECTED: ("alert-circle", "bad"),
}


@billers
@require_safe
def sending(request: StaffRequest) -> HttpResponse:
    """What was sent, the newest first, under what waits and what keeps it from leaving."""
    now = read_clock()
    page = submission_page(after=request.GET.get("d", ""))
    paused = queues().filter(failures__gt=0).order_by("failing_since").first()
    context = {
        "waiting": waiting(),
        "obstacles": obstacles(now),
        "place": environment(),
        "paused": paused,
        "paused_words": trouble_words(paused.trouble) if paused else "",
        "rejected": [_judged(verdict) for verdict in unresolved()[:MOST_UNRESOLVED]],
        "rows": [_sent(message) for message in page.rows],
        "first_url": request.path if request.GET.get("d") else "",
        "next_url": f"?d={page.next}" if page.next else "",
        "may_set_up": request.user.has_role(Role.ADMINISTRATOR),
    }
    return render(request, "office/spain/agency.html", context)


@billers
@require_safe
def message(request: StaffRequest, pk: int) -> HttpResponse:
    """One message: its receipt, and the verdict on each of its records."""
    found = get_object_or_404(Submission.objects.select_related("queue"), pk=pk)
    page = verdict_page(found, after=request.GET.get("d", ""))
    context = {
        **_sent(found),
        "rows": [_judged(verdict) for verdict in page.rows],
        "first_url": request.path if request.GET.get("d") else "",
        "next_url": f"?d={page.next}" if page.next else "",
    }
    return render(request, "office/spain/agency_message.html", context)


@billers
@require_safe
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """What the agency answered, as it came."""
    found = get_object_or_404(Submission, pk=pk)
    if not found.answer:
        raise Http404
    return download(found.answer, f"respuesta-{found.pk}.xml", XML)


@billers
@require_POST
def send_now(request: StaffRequest) -> HttpResponse:
    """Try what failed at once."""
    said = _("It is tried again within a minute.")
    attempt(request, lambda: actions.send_now(by=request.user, now=read_clock()), said)
    return redirect("agency")


@billers
@require_POST
def ask(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask the agency what it holds of a record's invoice."""
    found = get_object_or_404(Verdict.objects.select_related("record", "queue__chain"), pk=pk)
    said = _("The agency has answered: it stands beside the record.")
    attempt(request, lambda: actions.ask_about(verdict=found, by=request.user, clock=read_clock), said)
    return redirect("agency_message", found.submission_id)


@administrators
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def certificate(request: StaffRequest) -> HttpResponse:
    """The certificate that speaks for the firm, where records go, and a place for its successor."""
    form = CertificateForm(request.POST or None, request.FILES or None)

    def keep() -> None:
        content, password = form.cleaned_data["file"].read(), form.cleaned_data["password"]
        actions.keep_certificate(content=content, password=password, by=request.user, now=read_clock())

    if done(request, form, keep, _("The certificate speaks for your firm from now on.")):
        return redirect("agency_certificate")
    return _set_up(request, form, EnvironmentForm(initial={"environment": environment() or NOWHERE}))


@administrators
@require_POST
def remove(request: StaffRequest) -> HttpResponse:
    """Use no certificate, and forget the key."""
    said = _("The key is forgotten. Records wait until there is a certificate again.")
    attempt(request, lambda: actions.remove_certificate(by=request.user, now=read_clock()), said)
    return redirect("agency_certificate")


@administrators
@require_POST
def place(request: StaffRequest) -> HttpResponse:
    """Choose where records go."""
    form = EnvironmentForm(request.POST)

    def choose() -> None:
        actions.choose_environment(**form.cleaned_data, by=request.user, now=read_clock())

    if done(request, form, choose, _("Records go there from now on.")):
        return redirect("agency_certificate")
    return _set_up(request, CertificateForm(), form)


def _set_up(request: StaffRequest, form: CertificateForm, place_form: EnvironmentForm) -> HttpResponse:
    now, used = read_clock(), certificate_in_use()
    context = {
        "form": form,
        "place_form": place_form,
        "used": used,
        "is_expired": used is not None and used.is_expired(now),
        "expires_soon": used is not None and used.expires_soon(now),
    }
    return render(
        request, "office/spain/agency_certificate.html", context, status=status_of(form, place_form)
    )


def _sent(found: Submission) -> dict[str, Any]:
    icon, look = MESSAGE_TAGS[Submission.State(found.state)]
    if found.rejected:
        icon, look = "alert-triangle", "warn"
    return {"message": found, "icon": icon, "look": look, "trouble": trouble_words(found.trouble)}


def _judged(verdict: Verdict) -> dict[str, Any]:
    icon, look = VERDICT_TAGS[Verdict.State(verdict.state)]
    return {"verdict": verdict, "icon": icon, "look": look}
