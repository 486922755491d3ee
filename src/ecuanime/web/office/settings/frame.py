"""The settings' sections, which are also the steps of the set-up: the same forms in two frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ecuanime.accounts.models import Role, User
from ecuanime.accounts.queries import people_of_firm
from ecuanime.contracts.models import Plan
from ecuanime.delivery.models import Mailbox
from ecuanime.staff.queries import current_firm, the_firm


@dataclass(frozen=True)
class Section:
    """A group of settings: its key, its name in the navigation, and where it is shown."""

    key: str
    label: Promise
    in_setup: bool = True
    in_settings: bool = True


SECTIONS = (
    Section("begin", _("Firm and administrator"), in_settings=False),
    Section("firm", _("Details of your firm")),
    Section("hours", _("Hours and holidays")),
    Section("mail", _("Mail")),
    Section("plans", _("Rates and packs"), in_settings=False),
    Section("people", _("People")),
    Section("teams", _("Teams"), in_setup=False),
    Section("areas", _("Product areas"), in_setup=False),
    Section("desk", _("Desk"), in_setup=False),
    Section("checklists", _("Checklists"), in_setup=False),
    Section("express", _("Emergencies"), in_setup=False),
    Section("queues", _("Queues"), in_setup=False),
    Section("invoicing", _("Invoicing"), in_setup=False),
    Section("bank", _("Bank"), in_setup=False),
    Section("cards", _("Card payments"), in_setup=False),
    Section("spain", _("Spain"), in_setup=False),
    Section("mexico", _("Mexico"), in_setup=False),
    Section("imports", _("Bring data in"), in_setup=False),
    Section("ready", _("Ready"), in_settings=False),
)
GROUPS = (
    (_("Your firm"), ("firm", "hours", "people", "teams")),
    (_("How you attend"), ("mail", "desk", "areas", "queues", "checklists", "express")),
    (_("Money"), ("invoicing", "bank", "cards", "spain", "mexico")),
    (_("Data"), ("imports",)),
)
"""The settings as a person looks for them; each stands in one group."""
_COUNTRIES = {"ES": "spain", "MX": "mexico"}
"""The sections that only firms of a country see."""


def show(
    request: HttpRequest,
    key: str,
    context: dict[str, Any],
    *,
    is_setup: bool,
    status: int = 200,
    template: str = "",
) -> HttpResponse:
    """Render a section (or another page of it) in the frame of the set-up or of the settings."""
    frame: dict[str, Any] = {"is_setup": is_setup, "after": after(key, is_setup=is_setup)}
    if is_setup:
        listed = [section for section in SECTIONS if section.in_setup]
        position = [section.key for section in listed].index(key)
        frame |= {"frame": "office/settings/frame_setup.html", "steps": steps(key, is_setup=True)}
        frame |= {"step": position + 1, "step_count": len(listed)}
        frame["back"] = reverse(f"setup_{listed[position - 1].key}") if position > 1 else ""
    else:
        frame |= {"frame": "office/settings/frame.html", "groups": _navigation(key, request.user)}
        frame["here"] = next((section.label for section in SECTIONS if section.key == key), "")
    return render(request, template or f"office/settings/{key}.html", frame | context, status=status)


def after(key: str, *, is_setup: bool) -> str:
    """Where to go once a section is saved: the next step of the set-up, or the same settings again."""
    if not is_setup:
        return reverse(f"settings_{key}")
    keys = [section.key for section in SECTIONS if section.in_setup]
    following = keys[min(keys.index(key) + 1, len(keys) - 1)]
    return reverse(f"setup_{following}")


def steps(current: str, *, is_setup: bool) -> list[dict[str, Any]]:
    """The steps of the set-up as the list on its left shows them; what is done is read from the data."""
    done = progress()
    rows = []
    for section in SECTIONS:
        if not section.in_setup:
            continue
        note = done.get(section.key, "")
        state = "now" if section.key == current else "done" if note else "todo"
        reachable = section.key != "begin" and current != "begin"
        url = reverse(f"setup_{section.key}") if reachable else ""
        rows.append({"label": section.label, "state": state, "note": note, "url": url})
    return rows


def progress() -> dict[str, str]:
    """What is set up already, by step, in a word or two each."""
    firm = current_firm()
    if firm is None:
        return {}
    people, plans = people_of_firm().count(), Plan.objects.count()
    mailbox = Mailbox.objects.filter(is_active=True).order_by("-is_default", "pk").first()
    done = {
        "begin": firm.name,
        "firm": firm.tax_id,
        "hours": firm.time_zone,
        "mail": mailbox.address if mailbox else "",
        "plans": ngettext("%(count)s plan", "%(count)s plans", plans) % {"count": plans} if plans else "",
        "people": ngettext("%(count)s person", "%(count)s people", people) % {"count": people}
        if people > 1
        else "",
        "ready": firm.name if firm.setup_finished_at else "",
    }
    return {key: note for key, note in done.items() if note}


def _navigation(current: str, user: object) -> list[dict[str, Any]]:
    """The sections that the person may open, by group: all for an administrator, for others the one they came to."""
    opens_all = isinstance(user, User) and user.has_role(Role.ADMINISTRATOR)
    elsewhere = {"spain", "mexico"} - {_COUNTRIES.get(the_firm().country)}
    open_to = {
        section.key: section
        for section in SECTIONS
        if section.in_settings and section.key not in elsewhere and (opens_all or section.key == current)
    }
    groups = [(label, [open_to[key] for key in keys if key in open_to]) for label, keys in GROUPS]
    return [
        {
            "label": label,
            "items": [
                {"label": each.label, "url": reverse(f"settings_{each.key}"), "current": each.key == current}
                for each in listed
            ],
        }
        for label, listed in groups
        if listed
    ]
