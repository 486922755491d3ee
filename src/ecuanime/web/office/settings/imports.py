"""Bringing data in: a file is given, foreseen row by row, and confirmed."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecuanime.accounts.models import Role
from ecuanime.foundation.clock import read_clock
from ecuanime.imports.actions import assign_columns, confirm_import, drop_import, store_file
from ecuanime.imports.kinds import KINDS
from ecuanime.imports.models import Import, ImportRow
from ecuanime.imports.queries import import_page, row_page
from ecuanime.imports.report import example_csv, report_csv
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.downloads import CSV, download
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.web.office.settings.frame import show
from ecuanime.web.office.settings.imports_forms import ColumnsForm, FileForm

administrators = for_staff(Role.ADMINISTRATOR)
STATES = {
    Import.State.STORED: ("hourglass-low", ""),
    Import.State.READ: ("eye", "warn"),
    Import.State.ASKED: ("hourglass-low", ""),
    Import.State.BROUGHT: ("check", "ok"),
    Import.State.UNREADABLE: ("alert-circle", "bad"),
}
OUTCOMES = {
    ImportRow.Outcome.NEW: ("plus", "ok"),
    ImportRow.Outcome.KNOWN: ("checks", ""),
    ImportRow.Outcome.WRONG: ("alert-circle", "bad"),
}


@administrators
@require_http_methods(["GET", "POST"])
def imports(request: StaffRequest) -> HttpResponse:
    """The files that were brought, and a place for another one."""
    form = FileForm(request.POST or None, request.FILES or None)
    kept: list[Import] = []

    def store() -> None:
        upload = form.cleaned_data["file"]
        kept.append(
            store_file(
                kind=form.cleaned_data["kind"],
                content=upload.read(),
                name=upload.name,
                by=request.user,
                now=read_clock(),
            )
        )

    if done(request, form, store, _("The file is being read. Nothing is written before you confirm it.")):
        return redirect("settings_import", kept[0].pk)
    page = import_page(after=request.GET.get("desde", ""))
    context = {
        "form": form,
        "rows": [_listed(file) for file in page.rows],
        "next_url": f"?desde={page.next}" if page.next else "",
        "kinds": KINDS.values(),
    }
    return show(request, "imports", context, is_setup=False, status=status_of(form))


@administrators
@require_safe
def example(request: StaffRequest, kind: str) -> HttpResponse:
    """A file of this kind to begin with."""
    if kind not in KINDS:
        raise Http404
    return _download(example_csv(KINDS[kind]), f"{kind}.csv")


@administrators
@require_safe
def file(request: StaffRequest, pk: int) -> HttpResponse:
    """What a file would do, or did, row by row."""
    kept = _file(pk)
    return show(
        request, "imports", _context(request, kept), is_setup=False, template="office/settings/import.html"
    )


@administrators
@require_safe
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """The part of that page that asks again until the job is done; then the page itself is opened anew."""
    kept = _file(pk)
    response = render(request, "office/settings/import_wait.html", {"file": kept})
    if not kept.is_at_work:
        response.headers["HX-Refresh"] = "true"
    return response


@administrators
@require_POST
def columns(request: StaffRequest, pk: int) -> HttpResponse:
    """Say which column holds what."""
    kept = _file(pk)
    form = ColumnsForm(request.POST, file=kept)

    def assign() -> None:
        assign_columns(file=kept, columns=form.chosen(), now=read_clock())

    if done(request, form, assign, _("The file is being read with these columns.")):
        return redirect("settings_import", pk)
    context = _context(request, kept) | {"form": form}
    return show(
        request, "imports", context, is_setup=False, status=422, template="office/settings/import.html"
    )


@administrators
@require_POST
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """Bring all rows in."""
    kept = _file(pk)
    attempt(request, lambda: confirm_import(file=kept, now=read_clock()), _("The rows are being brought in."))
    return redirect("settings_import", pk)


@administrators
@require_POST
def drop(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget a file that was not brought in."""
    kept = _file(pk)
    attempt(request, lambda: drop_import(file=kept, now=read_clock()), _("The file was forgotten."))
    return redirect("settings_imports")


@administrators
@require_safe
def report(request: StaffRequest, pk: int) -> HttpResponse:
    """Every row with what came of it, as CSV."""
    kept = _file(pk)
    return _download("".join(report_csv(kept)), f"{kept.kind}-{kept.pk}.csv")


def _file(pk: int) -> Import:
    return get_object_or_404(Import.objects.select_related("stored_by"), pk=pk)


def _context(request: StaffRequest, kept: Import) -> dict[str, Any]:
    outcome = request.GET.get("ver", "")
    outcome = outcome if outcome in ImportRow.Outcome.values else ""
    page = row_page(kept, outcome=outcome, after=request.GET.get("desde", ""))
    query = f"ver={outcome}&" if outcome else ""
    return {
        **_listed(kept),
        "rows": [(row, *OUTCOMES[ImportRow.Outcome(row.outcome)]) for row in page.rows],
        "tabs": _tabs(kept, outcome),
        "next_url": f"?{query}desde={page.next}" if page.next else "",
        "form": ColumnsForm(file=kept) if kept.headers else None,
        "may_confirm": kept.state == Import.State.READ and kept.new > 0 and kept.wrong == 0,
        "may_change": kept.state in {Import.State.READ, Import.State.UNREADABLE},
    }


def _listed(kept: Import) -> dict[str, Any]:
    icon, tone = STATES[Import.State(kept.state)]
    return {"file": kept, "kind": KINDS[kept.kind], "icon": icon, "tone": tone}


def _tabs(kept: Import, current: str) -> list[dict[str, Any]]:
    counted = (
        ("", _("All rows"), kept.new + kept.known + kept.wrong),
        ("wrong", _("Wrong"), kept.wrong),
        ("new", _("New"), kept.new),
        ("known", _("Already here"), kept.known),
    )
    return [
        {"label": label, "count": count, "url": f"?ver={key}" if key else "?", "current": key == current}
        for key, label, count in counted
    ]


def _download(text: str, name: str) -> HttpResponse:
    return download(text, name, CSV)
