"""Saved views: a query with a name, for oneself, a team or everybody."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ecuanime.staff.models import Team


class Order(models.TextChoices):
    """The orders a list of tickets can be read in; each has an index of its own."""

    WAITING = "waiting", _("who has waited longest")
    UPDATED = "updated", _("latest message first")
    STALEST = "stalest", _("longest without a message")
    NEWEST = "newest", _("newest first")
    OLDEST = "oldest", _("oldest first")
    PRIORITY = "priority", _("most urgent first")
    DUE = "due", _("promised first; only what is promised")


class Column(models.TextChoices):
    """What a row shows beside subject, client and clock."""

    EXCERPT = "excerpt", _("beginning of the last message")
    CONTRACT = "contract", _("contract and hours left")
    ASSIGNEE = "assignee", pgettext_lazy("column", "who has it")
    STATE = "state", pgettext_lazy("column", "state")
    PRIORITY = "priority", pgettext_lazy("column", "priority")
    QUEUE = "queue", pgettext_lazy("column", "queue")
    AREA = "area", pgettext_lazy("column", "product area")
    TAGS = "tags", pgettext_lazy("column", "tags")


USUAL_COLUMNS = (Column.EXCERPT, Column.CONTRACT, Column.ASSIGNEE)


def usual_columns() -> list[str]:
    """What a row shows unless somebody has chosen otherwise."""
    return [column.value for column in USUAL_COLUMNS]


class SavedView(models.Model):
    """A list of tickets somebody comes back to; the query is read anew each time, so `me` is whoever looks."""

    class Audience(models.TextChoices):
        """Who has it in the side bar."""

        OWNER = "owner", _("only me")
        TEAM = "team", _("one team")
        EVERYBODY = "everybody", _("everybody")

    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("which tickets"), max_length=500, blank=True)
    order = models.CharField(_("order"), max_length=10, choices=Order.choices, default=Order.WAITING)
    columns = ArrayField(
        models.CharField(max_length=10, choices=Column.choices), default=usual_columns, blank=True
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    audience = models.CharField(
        _("who sees it"), max_length=10, choices=Audience.choices, default=Audience.OWNER
    )
    team = models.ForeignKey(Team, on_delete=models.CASCADE, verbose_name=_("team"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the side bar"), default=0)

    class Meta:
        ordering = ["position", "name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(team__isnull=False) | ~Q(audience="team"), name="view_of_a_team_names_it"
            )
        ]

    def __str__(self) -> str:
        return self.name
