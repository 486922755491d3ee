"""Handing over: the pro-formas that another program issues invoices of, and what it issued."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import DecimalValidator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecuanime.accounts.models import Role
from ecuanime.billing import actions
from ecuanime.billing.access import may_administer
from ecuanime.billing.actions import NotedFile
from ecuanime.billing.books.export import invoices_csv
from ecuanime.billing.books.handing import LARGEST_CSV, as_json, as_table, documents_of, to_hand_over
from ecuanime.billing.models import HandedOver, HandOver, Invoice, IssuingSettings
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.tables import as_xlsx
from ecuanime.rules.money import currency_exponent, round_half_up, to_minor
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.components.elsewhere import file_of
from ecuanime.web.components.fields import LARGEST_AMOUNT, KeyField, day_input
from ecuanime.web.downloads import CSV, TABLES, download
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.web.office.invoices.common import billers, firm_today

administrators = for_staff(Role.ADMINISTRATOR)
MOST_SHOWN = 200
PAST = 20


class ModeForm(forms.Form):
    """Where invoices are issued."""

    is_elsewhere = forms.BooleanField(
        label=gettext_lazy("Our invoices are issued in another program"), required=False
    )
    program = forms.CharField(label=gettext_lazy("Which program"), max_length=80, required=False)


class HandOverForm(forms.Form):
    """Which pro-formas are handed over."""

    documents = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Pro-formas"),
        queryset=Invoice.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one pro-forma.")},
    )
    idempotency_key = KeyField()

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        documents: Any = self.fields["documents"]
        documents.queryset = Invoice.objects.filter(kind=Invoice.Kind.PRO_FORMA)


class NoteForm(forms.Form):
    """The invoice that the other program issued."""

    number = forms.CharField(label=gettext_lazy("Its number"), max_length=60)
    issued_on = forms.DateField(label=gettext_lazy("Issued on"), widget=day_input())
    total = forms.DecimalField(
        label=gettext_lazy("Its total, with tax"),
        min_value=-LARGEST_AMOUNT,
        max_value=LARGEST_AMOUNT,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    file = forms.FileField(
        label=gettext_lazy("Its PDF"),
        required=False,
        help_text=gettext_lazy("The client finds it in the portal."),
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, item: HandedOver) -> None:
        self.currency = item.invoice.currency
        total = item.invoice.total if item.total is None else item.total
        initial = {
            "number": item.number,
            "issued_on": item.issued_on or firm_today(),
            "total": _major(total, self.currency),
        }
        super().__init__(data, files, initial=initial)
        field: Any = self.fields["total"]
        field.validators.append(DecimalValidator(None, currency_exponent(self.currency)))

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        given = {name: self.cleaned_data[name] for name in ("number", "issued_on")}
        sent = self.cleaned_data["file"]
        total = round_half_up(to_minor(self.cleaned_data["total"], self.currency))
        return given | {"total": total, "content": sent.read() if sent else None}


class NotedForm(forms.Form):
    """A CSV of what the other program issued."""

    file = forms.FileField(
        label=gettext_lazy("CSV with the columns document, number, issued_on and total"),
        widget=forms.FileInput(attrs={"accept": ".csv"}),
    )


class WhyForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300)


def _major(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-currency_exponent(currency))


@billers
@require_safe
def hand_overs(request: StaffRequest) -> HttpResponse:
    """What waits to be handed over, and what was."""
    return _all(request)


def _all(request: StaffRequest, *, told: NotedFile | None = None, **sent: forms.Form) -> HttpResponse:
    waiting = list(to_hand_over()[: MOST_SHOWN + 1])
    mode = IssuingSettings.objects.first()
    context: dict[str, Any] = {
        "mode": mode,
        "mode_form": ModeForm(
            initial={"is_elsewhere": mode.is_elsewhere, "program": mode.program} if mode else {}
        ),
        "may_decide": may_administer(request.user),
        "waiting": waiting[:MOST_SHOWN],
        "has_more": len(waiting) > MOST_SHOWN,
        "form": HandOverForm(),
        "noted_form": NotedForm(),
        "told": told,
        "past": HandOver.objects.select_related("made_by").prefetch_related("items")[:PAST],
    }
    return render(request, "office/books/hand_overs.html", context | sent, status=status_of(*sent.values()))


@billers
@require_POST
def hand_over(request: StaffRequest) -> HttpResponse:
    """Hand the marked pro-formas over."""
    form, made = HandOverForm(request.POST), []

    def act() -> None:
        made.append(
            actions.hand_over(
                invoices=list(form.cleaned_data["documents"]),
                by=request.user,
                now=read_clock(),
                idempotency_key=form.cleaned_data["idempotency_key"],
            )
        )

    if done(request, form, act, _("They are handed over. Take the file to the other program.")):
        return redirect("hand_over", made[0].pk)
    return _all(request, form=form)


@administrators
@require_POST
def decide(request: StaffRequest) -> HttpResponse:
    """Say where invoices are issued."""
    form = ModeForm(request.POST)

    def act() -> None:
        actions.save_issuing(by=request.user, now=read_clock(), **form.cleaned_data)

    if done(request, form, act, _("Saved.")):
        return redirect("hand_overs")
    return _all(request, mode_form=form)


@billers
@require_POST
def noted(request: StaffRequest) -> HttpResponse:
    """Note what a CSV says that the other program issued."""
    form = NotedForm(request.POST, request.FILES)
    told: list[NotedFile] = []

    def act() -> None:
        content = form.cleaned_data["file"].read(LARGEST_CSV + 1)
        told.append(actions.note_elsewhere_from_csv(content=content, by=request.user, now=read_clock()))

    if done(request, form, act, _("The file is read.")):
        return redirect("hand_overs") if not told[0].refused else _all(request, told=told[0])
    return _all(request, noted_form=form)


@billers
@require_safe
def one(request: StaffRequest, pk: int) -> HttpResponse:
    """A hand-over with what became of each pro-forma; with `formato` in the address, its file."""
    found = get_object_or_404(HandOver.objects.select_related("made_by"), pk=pk)
    wanted = request.GET.get("formato", "")
    if wanted:
        return _file(found, wanted)
    items = found.items.select_related("invoice__client").order_by("pk")
    return render(request, "office/books/hand_over.html", {"found": found, "items": items})


def _file(found: HandOver, wanted: str) -> HttpResponse:
    documents = documents_of(found)
    made: dict[str, tuple[str, Callable[[], Any]]] = {
        "csv": (CSV, lambda: "".join(invoices_csv(documents))),
        "xlsx": (TABLES["xlsx"], lambda: as_xlsx([as_table(documents)])),
        "json": ("application/json", lambda: as_json(documents)),
    }
    if wanted not in made:
        raise Http404
    kind, content = made[wanted]
    return download(content(), f"ecuanime-{found.pk}.{wanted}", kind)


@billers
@require_http_methods(["GET", "POST"])
def note(request: StaffRequest, pk: int) -> HttpResponse:
    """Note which invoice the other program issued of a pro-forma."""
    item = _item(pk)
    form = NoteForm(request.POST or None, request.FILES or None, item=item)

    def act() -> None:
        actions.note_elsewhere(item=item, by=request.user, now=read_clock(), **form.values())

    if done(request, form, act, _("It is noted. The client sees it as their invoice.")):
        return redirect("hand_over", item.hand_over_id)
    context = {"item": item, "form": form, "why_form": WhyForm(auto_id="why_%s")}
    return render(request, "office/books/hand_over_note.html", context, status=status_of(form))


@billers
@require_POST
def forget(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget which invoice was noted, because it was wrong."""
    item, form = _item(pk), WhyForm(request.POST)
    attempt(
        request,
        lambda: actions.forget_elsewhere(item=item, reason=_why(form), by=request.user, now=read_clock()),
        _("It is forgotten. Note the right one."),
    )
    return redirect("hand_over_note", pk)


@billers
@require_POST
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a pro-forma back, so that it can be handed over again."""
    item, form = _item(pk), WhyForm(request.POST)
    attempt(
        request,
        lambda: actions.take_hand_over_back(item=item, reason=_why(form), by=request.user, now=read_clock()),
        _("It is taken back, and can be handed over again."),
    )
    return redirect("hand_over", item.hand_over_id)


@billers
@require_safe
def file(request: StaffRequest, pk: int) -> HttpResponse:
    """The PDF of the other program."""
    return file_of(_item(pk))


def _why(form: WhyForm) -> str:
    return str(form.cleaned_data.get("reason", "")) if form.is_valid() else ""


def _item(pk: int) -> HandedOver:
    return get_object_or_404(HandedOver.objects.select_related("invoice__client", "hand_over", "file"), pk=pk)
