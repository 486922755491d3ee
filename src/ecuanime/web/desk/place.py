"""Where in which list a ticket was opened: it travels in the query string, so that "back" returns to the same row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from ecuanime.accounts.models import Role, User
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.queries import View

LABELS = {
    View.FOR_ME: gettext_lazy("For me"),
    View.UNASSIGNED: gettext_lazy("Not assigned"),
    View.TRIAGE: gettext_lazy("To identify"),
    View.WAITING_CLIENT: pgettext_lazy("view", "Waiting for the client"),
    View.SOLVED: pgettext_lazy("view", "Solved"),
    View.ALL_OPEN: gettext_lazy("All open"),
}
ICONS = {
    View.FOR_ME: "user-check",
    View.UNASSIGNED: "inbox",
    View.TRIAGE: "user-question",
    View.WAITING_CLIENT: "player-pause",
    View.SOLVED: "circle-check",
    View.ALL_OPEN: "list",
}

_KNOWN = frozenset(view.value for view in View)


@dataclass(frozen=True)
class Place:
    """A view with its filters and the cursor of the page one stands on."""

    view: View
    client: str = ""
    tag: str = ""
    after: str = ""

    @property
    def label(self) -> str:
        """What the view is called."""
        return str(LABELS[self.view])

    @property
    def filters(self) -> dict[str, str]:
        """The filters and the page as the list's query string has them, empty ones left out."""
        named = {"cliente": self.client, "etiqueta": self.tag, "despues": self.after}
        return {name: value for name, value in named.items() if value}

    @property
    def query(self) -> str:
        """What a ticket's address carries along, with its question mark."""
        return "?" + urlencode({"vista": self.view.value, **self.filters})

    @property
    def url(self) -> str:
        """The list itself."""
        plain = reverse("inbox_view", args=[self.view.value])
        return f"{plain}?{urlencode(self.filters)}" if self.filters else plain

    def ticket_url(self, number: int) -> str:
        """A ticket opened from here."""
        return reverse("ticket", args=[number]) + self.query

    def row_url(self, number: int) -> str:
        """Back to the row of a ticket."""
        return f"{self.url}#t{number}"


def place_in(query: Mapping[str, str], view: str) -> Place | None:
    """The place that a list's or a ticket's query string names; None when there is no such view."""
    if view not in _KNOWN:
        return None
    texts = (query.get(name, "")[:400] for name in ("cliente", "etiqueta", "despues"))
    return Place(View(view), *texts)


def first_view(user: User) -> View:
    """The view a person lands on: supervisors hand out work, the others do theirs, billing looks at all."""
    if user.has_role(Role.SUPERVISOR):
        return View.UNASSIGNED
    return View.FOR_ME if works_at_desk(user) else View.ALL_OPEN
