"""Crediting a part of a document: all that is left of a line, some of its units, entries, or a lower price."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecuanime.billing import actions
from ecuanime.billing.actions.drafts.changes import UNIT_DECIMALS
from ecuanime.billing.crediting.writing import CreditPart, LineLeft, lines_left, note_of
from ecuanime.billing.models import Invoice, InvoiceLine
from ecuanime.billing.queries import key_of
from ecuanime.foundation import formats
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.acting import status_of
from ecuanime.web.components.fields import AmountField, FigureField, KeyField, count_in, minor_of
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.invoices.common import billers, invoice_of
from ecuanime.web.office.invoices.forms import CreditForm, kinds_for
from ecuanime.web.refusals import tell


@dataclass(frozen=True)
class Choice:
    """A line with what is left of it, and the fields that say what is credited."""

    line: InvoiceLine
    left: int
    fields: tuple[forms.BoundField, ...]


class CreditLinesForm(CreditForm):
    """What is credited of each line, one way for each, and why."""

    idempotency_key = KeyField()

    def __init__(self, data: Any = None, *, invoice: Invoice, left: Mapping[int, LineLeft]) -> None:
        self.invoice = invoice
        kept = (each for each in left.values() if each.line.kind != InvoiceLine.Kind.DISCOUNT)
        self.left = [each for each in kept if each.amount or each.segments]
        has_time = any(each.segments or each.is_fee for each in self.left)
        super().__init__(data, has_time=has_time, kinds=kinds_for(invoice))
        for each in self.left:
            self.fields |= dict(self._fields_of(each))

    def _fields_of(self, left: LineLeft) -> Iterator[tuple[str, forms.Field]]:
        line = left.line
        yield f"rest_{line.pk}", forms.BooleanField(label=gettext_lazy("All that is left"), required=False)
        if left.segments:
            yield (
                f"entries_{line.pk}",
                forms.MultipleChoiceField(
                    label=gettext_lazy("These entries"),
                    choices=list(self._entries(left)),
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                ),
            )
        elif line.units is not None and line.amount > 0:
            yield (
                f"units_{line.pk}",
                FigureField(label=gettext_lazy("So many units"), decimal_places=UNIT_DECIMALS),
            )
        if left.amount > 0:
            amount = AmountField(
                label=gettext_lazy("Only a lower price: take off"),
                help_text=gettext_lazy("Before tax. Nothing is freed."),
            )
            count_in(amount, self.invoice.currency)
            yield f"amount_{line.pk}", amount

    def _entries(self, left: LineLeft) -> Iterator[tuple[int, str]]:
        """Each entry on the line, with its cents."""
        locale = formats.locale_for(get_language(), self.invoice.currency)
        cents: dict[int, int] = {}
        entries = {part.segment.rating.entry_id: part.segment.rating.entry for part in left.segments}
        for part in left.segments:
            pk = part.segment.rating.entry_id
            cents[pk] = cents.get(pk, 0) + part.amount
        for pk, entry in entries.items():
            words = f"{formats.day_year(entry.work_on, locale)}, {entry.user.name}, {entry.work_type}"
            yield pk, f"{words}: {formats.money(cents[pk], self.invoice.currency, locale)}"

    def choices(self) -> list[Choice]:
        """The lines as the page shows them."""
        return [
            Choice(
                each.line,
                each.amount,
                tuple(self[name] for name in self.fields if name.rpartition("_")[2] == str(each.line.pk)),
            )
            for each in self.left
        ]

    def clean(self) -> dict[str, Any]:
        """One way for each line."""
        data = super().clean() or {}
        for each in self.left:
            if len(self._said(each.line.pk, data)) > 1:
                self.add_error(f"rest_{each.line.pk}", _("Choose one of these for each line."))
        return data

    def _said(self, pk: int, data: Mapping[str, Any]) -> dict[str, Any]:
        names = ("rest", "entries", "units", "amount")
        return {
            name: data[f"{name}_{pk}"]
            for name in names
            if data.get(f"{name}_{pk}") not in (None, "", False, [])
        }

    def parts(self) -> list[CreditPart]:
        """What the action takes."""
        said = ((each.line, self._said(each.line.pk, self.cleaned_data)) for each in self.left)
        return [self._part(line, found) for line, found in said if found]

    def _part(self, line: InvoiceLine, said: Mapping[str, Any]) -> CreditPart:
        units: Decimal | None = said.get("units")
        return CreditPart(
            line=line,
            units=units,
            amount=minor_of(said.get("amount"), self.invoice.currency),
            entries=frozenset(map(int, said.get("entries", ()))),
        )

    def values(self) -> dict[str, Any]:
        """The rest of what the action takes."""
        return super().values() | {"idempotency_key": self.cleaned_data["idempotency_key"]}


@billers
@require_http_methods(["GET", "POST"])
def credit_lines(request: StaffRequest, key: str) -> HttpResponse:
    """Choose what is credited of each line; the credit note is issued at once."""
    issued = invoice_of(key)
    if issued.is_draft:
        raise Http404
    if not issued.can_be_credited:
        say_refused(request, _("%(number)s cannot be credited again.") % {"number": issued.number})
        return redirect("invoice", key)
    known = note_of(request.POST.get("idempotency_key", ""))
    if known is not None and known.corrects_id == issued.pk:
        return redirect("invoice", key_of(known))
    form = CreditLinesForm(request.POST or None, invoice=issued, left=lines_left(issued))
    if request.method == "POST" and form.is_valid():
        try:
            note = actions.credit_lines(
                invoice=issued, parts=form.parts(), by=request.user, now=read_clock(), **form.values()
            )
        except Refused as refusal:
            tell(form, refusal)
        else:
            said = _("%(number)s takes a part of %(credited)s off and leaves by mail.")
            say(request, said % {"number": note.number, "credited": issued.number})
            return redirect("invoice", key_of(note))
    context = {"invoice": issued, "key": key, "form": form, "choices": form.choices()}
    return render(request, "office/invoices/credit_lines.html", context, status=status_of(form))
