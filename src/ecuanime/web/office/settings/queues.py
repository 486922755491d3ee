"""Settings about queues: what there is, who works them off, and what lands in them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ecuanime.accounts.models import Role
from ecuanime.delivery.models import Mailbox
from ecuanime.foundation.clock import read_clock
from ecuanime.staff.models import Team
from ecuanime.tickets.actions import keep_queue
from ecuanime.tickets.models import Priority, Queue
from ecuanime.web.acting import done, status_of
from ecuanime.web.guards import for_staff
from ecuanime.web.office.settings.frame import show

administrators = for_staff(Role.ADMINISTRATOR)


class QueueForm(forms.Form):
    """A queue as the settings keep it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"),
        queryset=Team.objects.all(),
        required=False,
        empty_label=gettext_lazy("everybody"),
    )
    mailbox = forms.ModelChoiceField(
        label=gettext_lazy("What comes to this mailbox lands here"),
        queryset=Mailbox.objects.filter(is_active=True),
        required=False,
        empty_label=gettext_lazy("none"),
    )
    default_priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority of what lands here"),
        choices=Priority.choices,
        coerce=int,
        initial=Priority.NORMAL,
    )
    giving_out = forms.ChoiceField(
        label=gettext_lazy("Its tickets are"), choices=Queue.GivingOut.choices, required=False
    )
    position = forms.IntegerField(
        label=gettext_lazy("Place in the side bar"), min_value=0, max_value=999, initial=0
    )
    is_active = forms.BooleanField(label=gettext_lazy("Takes new tickets"), required=False, initial=True)


@administrators
@require_http_methods(["GET", "POST"])
def queues(request: HttpRequest) -> HttpResponse:
    """The queues there are, and a new one."""
    return _page(request, None, {})


@administrators
@require_http_methods(["GET", "POST"])
def queue(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a queue, or close it."""
    kept = get_object_or_404(Queue, pk=pk)
    names = ("name", "team", "mailbox", "default_priority", "giving_out", "position", "is_active")
    return _page(request, kept, {name: getattr(kept, name) for name in names})


def _page(request: HttpRequest, edited: Queue | None, initial: dict[str, Any]) -> HttpResponse:
    form = QueueForm(request.POST or None, initial=initial)
    if done(
        request,
        form,
        lambda: keep_queue(queue=edited, now=read_clock(), **form.cleaned_data),
        _("The queue was kept."),
    ):
        return redirect("settings_queues")
    listed = Queue.objects.select_related("team", "mailbox")
    context = {"form": form, "queues": listed, "edited": edited}
    return show(request, "queues", context, is_setup=False, status=status_of(form))
