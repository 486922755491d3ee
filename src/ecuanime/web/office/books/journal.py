"""The journal for accountants on screen: its days, its accounts, and the files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ecuanime.accounts.models import Role as Office
from ecuanime.billing import actions
from ecuanime.billing.books.journal import (
    Booked,
    account_of,
    accounts,
    entries_between,
    journal_table,
    missing,
)
from ecuanime.billing.models import JOURNAL_ROLES
from ecuanime.foundation.clock import read_clock
from ecuanime.rules.journal import Role
from ecuanime.web.acting import done, status_of
from ecuanime.web.downloads import table_download
from ecuanime.web.guards import StaffRequest, for_staff
from ecuanime.web.office.books.received_forms import BookForm
from ecuanime.web.office.invoices.common import billers, firm_today

keepers = for_staff(Office.BILLING)
MOST_SHOWN = 20


class AccountsForm(forms.Form):
    """The account of each role."""

    def __init__(self, data: Any = None) -> None:
        usual = {role.value: account for role, account in accounts().items()}
        super().__init__(data, initial=usual, auto_id="account_%s")
        for role, label in JOURNAL_ROLES:
            self.fields[role] = forms.CharField(label=label, max_length=30, required=False)

    @property
    def named(self) -> dict[Role, str]:
        """What was sent, by role."""
        return {Role(role): account for role, account in self.cleaned_data.items()}


@billers
@require_safe
def journal(request: StaffRequest) -> HttpResponse:
    """The journal of the days asked for; with `formato` in the address, its file."""
    return _journal(request)


@keepers
@require_POST
def name(request: StaffRequest) -> HttpResponse:
    """Keep the accounts."""
    form = AccountsForm(request.POST)
    if done(
        request,
        form,
        lambda: actions.name_accounts(named=form.named, by=request.user, now=read_clock()),
        _("The accounts are kept."),
    ):
        return redirect("journal")
    return _journal(request, form)


def _journal(request: StaffRequest, form: AccountsForm | None = None) -> HttpResponse:
    asked = {"desde", "hasta"} <= set(request.GET)
    days = BookForm(request.GET if asked else None, today=firm_today())
    first, last = days.span
    entries, named = entries_between(first, last), accounts()
    unnamed = missing(entries, named)
    if "formato" in request.GET and not unnamed:
        return _file(request.GET["formato"], entries, named, first, last)
    labels = dict(JOURNAL_ROLES)
    context = {
        "days": days,
        "query": f"desde={first.isoformat()}&hasta={last.isoformat()}",
        "count": len(entries),
        "shown": [] if unnamed else _shown(entries[:MOST_SHOWN], named),
        "most": MOST_SHOWN if len(entries) > MOST_SHOWN else 0,
        "unnamed": [labels[role.value] for role in unnamed],
        "form": form or AccountsForm(),
        "may_name": request.user.has_role(Office.BILLING),
    }
    sent = [each for each in (days, form) if each is not None]
    return render(request, "office/books/journal.html", context, status=status_of(*sent))


def _shown(entries: Sequence[Booked], named: dict[Role, str]) -> list[dict[str, Any]]:
    """The postings of some entries with their accounts."""
    return [
        {
            "number": number,
            "booked": booked,
            "posting": posting,
            "account": account_of(named[posting.role], booked.client),
        }
        for number, booked in enumerate(entries, start=1)
        for posting in booked.entry.postings
    ]


def _file(kind: str, entries: list[Booked], named: dict[Role, str], first: date, last: date) -> HttpResponse:
    name = f"{first.isoformat()}-{last.isoformat()}-journal"
    return table_download([journal_table(entries, named)], name, kind)
