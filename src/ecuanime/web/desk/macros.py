"""Macros: using one on a ticket after a look at what it does, and keeping them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ecuanime.accounts.models import Role, User
from ecuanime.accounts.queries import people_of_firm
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.access import DESK_ROLES, may_change_macro, works_at_desk
from ecuanime.tickets.actions import Changes, keep_macro, use_macro
from ecuanime.tickets.actions.together import ME, NOBODY
from ecuanime.tickets.models import Macro, Priority, Queue, State, Ticket
from ecuanime.tickets.queries import macros_for, newest_inbound, reply_recipients
from ecuanime.tickets.wording import VARIABLES, note_of, reply_of
from ecuanime.web.acting import done, status_of
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.desk.bulk import changes_of
from ecuanime.web.desk.tickets import back_to_ticket, place_of, ticket_or_404
from ecuanime.web.guards import StaffRequest, for_staff

SAME = ("", gettext_lazy("as it is"))


class MacroForm(forms.Form):
    """A macro's texts and what it changes."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    reply_es = forms.CharField(
        label=gettext_lazy("Reply in Spanish"), widget=forms.Textarea(attrs={"rows": 5}), required=False
    )
    reply_en = forms.CharField(
        label=gettext_lazy("Reply in English"), widget=forms.Textarea(attrs={"rows": 5}), required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Internal note"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    priority = forms.ChoiceField(label=gettext_lazy("Priority"), required=False)
    assignee = forms.ChoiceField(label=gettext_lazy("Assigned to"), required=False)
    queue = forms.ChoiceField(label=gettext_lazy("Queue"), required=False)
    add_tags = forms.CharField(label=gettext_lazy("Add these tags"), max_length=500, required=False)
    remove_tags = forms.CharField(label=gettext_lazy("Take these tags off"), max_length=500, required=False)
    for_everybody = forms.BooleanField(label=gettext_lazy("For everybody"), required=False)
    position = forms.IntegerField(
        label=gettext_lazy("Place in the list"), min_value=0, max_value=999, initial=0
    )
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(self, data: Any = None, *, user: User, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        if not user.has_role(Role.SUPERVISOR):
            del self.fields["for_everybody"]
        people = [(str(person.pk), str(person)) for person in people_of_firm() if works_at_desk(person)]
        queues = [(str(queue.pk), queue.name) for queue in Queue.objects.filter(is_active=True)]
        self._offer("state", [(state.value, state.label) for state in State if state != State.NEW])
        self._offer("priority", [(str(value), label) for value, label in Priority.choices])
        self._offer("assignee", [(ME, _("whoever uses it")), (NOBODY, _("nobody")), *people])
        self._offer("queue", [(NOBODY, _("No queue")), *queues])

    def texts(self) -> dict[str, Any]:
        """What is not among the changes."""
        names = ("name", "reply_es", "reply_en", "note", "position", "is_active")
        kept = {name: self.cleaned_data[name] for name in names}
        return kept | {"for_everybody": self.cleaned_data.get("for_everybody", False)}

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = [SAME, *choices]


@for_staff(*DESK_ROLES)
@require_http_methods(["GET", "POST"])
def use(request: StaffRequest, number: int, pk: int) -> HttpResponse:
    """What a macro would do to a ticket; posted, it does it, all or nothing."""
    ticket = ticket_or_404(request, number)
    macro = get_object_or_404(macros_for(request.user), pk=pk)
    if request.method == "POST":
        return _do(request, ticket, macro)
    place = place_of(request)
    context = {
        "ticket": ticket,
        "macro": macro,
        "reply": reply_of(macro, ticket, request.user),
        "note": note_of(macro, ticket, request.user),
        "recipients": ", ".join(reply_recipients(ticket)),
        "changes": changes_in_words(Changes.of(macro.changes)),
        "newest": newest_inbound(ticket),
        "query": place.query if place else "",
    }
    return render(request, "desk/ticket/macro.html", context)


@for_staff(*DESK_ROLES)
@require_safe
def macros(request: StaffRequest) -> HttpResponse:
    """The macros a person has."""
    rows = [
        {"macro": macro, "may_change": may_change_macro(request.user, macro)}
        for macro in macros_for(request.user, with_unused=True)
    ]
    return render(request, "desk/macros/list.html", {"rows": rows})


@for_staff(*DESK_ROLES)
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Keep a macro."""
    return _editor(request, None, {})


@for_staff(*DESK_ROLES)
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a macro, for whoever may."""
    macro = get_object_or_404(macros_for(request.user, with_unused=True), pk=pk)
    if not may_change_macro(request.user, macro):
        raise Http404
    names = ("name", "reply_es", "reply_en", "note", "position", "is_active")
    changes = Changes.of(macro.changes)
    initial = {name: getattr(macro, name) for name in names} | {
        **changes.as_json(),
        "add_tags": ", ".join(changes.add_tags),
        "remove_tags": ", ".join(changes.remove_tags),
        "for_everybody": macro.owner_id is None,
    }
    return _editor(request, macro, initial)


def with_macro(request: StaffRequest, macros: Sequence[Macro], ticket: Ticket, text: str) -> str:
    """What stands in the composer, and below it the reply of the macro that the address names."""
    chosen = next((macro for macro in macros if str(macro.pk) == request.GET.get("macro")), None)
    if chosen is None:
        return text
    return "\n\n".join(filter(None, [text, reply_of(chosen, ticket, request.user)]))


def changes_in_words(changes: Changes) -> list[str]:
    """What would change, a line each."""
    people = {str(person.pk): str(person) for person in people_of_firm()} if changes.assignee else {}
    queue = Queue.objects.filter(pk=changes.queue).first() if changes.queue.isdigit() else None
    who = {ME: _("me"), NOBODY: _("nobody")}.get(changes.assignee, people.get(changes.assignee, ""))
    lines = [
        changes.state and _("State: %(state)s") % {"state": State(changes.state).label},
        changes.priority and _("Priority: %(priority)s") % {"priority": Priority(changes.priority).label},
        who and _("Assigned to: %(name)s") % {"name": who},
        changes.queue and _("Queue: %(name)s") % {"name": queue or _("No queue")},
        changes.add_tags and _("Tags added: %(names)s") % {"names": ", ".join(changes.add_tags)},
        changes.remove_tags and _("Tags taken off: %(names)s") % {"names": ", ".join(changes.remove_tags)},
    ]
    return [str(line) for line in lines if line]


def _do(request: StaffRequest, ticket: Ticket, macro: Macro) -> HttpResponse:
    version, seen = (request.POST.get(name, "") for name in ("version", "seen_message"))
    try:
        use_macro(
            ticket=ticket,
            macro=macro,
            by=request.user,
            now=read_clock(),
            expected_version=int(version) if version.isdigit() and len(version) < 10 else None,
            seen_message=int(seen) if seen.isdigit() and len(seen) < 19 else None,
        )
    except Refused as refusal:
        say_refused(request, str(refusal))
    else:
        say(request, _("“%(macro)s” was done") % {"macro": macro.name})
    return back_to_ticket(request, ticket.number)


def _editor(request: StaffRequest, macro: Macro | None, initial: dict[str, Any]) -> HttpResponse:
    form = MacroForm(request.POST or None, user=request.user, initial=initial)

    def keep() -> None:
        changes = changes_of(form.cleaned_data)
        keep_macro(macro=macro, by=request.user, now=read_clock(), changes=changes, **form.texts())

    if done(request, form, keep, _("The macro was kept.")):
        return redirect("macros")
    context = {"form": form, "edited": macro, "variables": ["{{" + name + "}}" for name in VARIABLES]}
    return render(request, "desk/macros/form.html", context, status=status_of(form))
