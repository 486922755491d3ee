"""Shared reads about checklists and their runs."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from ecuanime.procedures.models import Checklist, RunItem


def checklists() -> QuerySet[Checklist]:
    """Those in use, by name, each with how many `items_count` it has."""
    return Checklist.objects.filter(is_active=True).annotate(items_count=Count("items"))


def items_that_block() -> QuerySet[RunItem]:
    """The required items without an answer, of runs that let nothing be solved before."""
    return RunItem.objects.filter(run__blocks_solving=True, is_required=True, answer="")
