"""The forms about contracts and lots."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecuanime.clients.models import Client, Contact, Site
from ecuanime.clients.queries import contacts_of, sites_of
from ecuanime.contracts.models import Approval, Contract, Overage, PlanVersion, Unit
from ecuanime.contracts.offers import Offer
from ecuanime.contracts.queries import contracts_of, replaceable_contracts, versions_on_sale
from ecuanime.entitlements.models import Lot
from ecuanime.rules.hours import minutes_to_hundredths
from ecuanime.staff.models import ProductArea
from ecuanime.staff.queries import product_areas
from ecuanime.web.choices import time_zone_choices
from ecuanime.web.components.fields import DurationField, KeyField
from ecuanime.web.office.hours.forms import ContractField
from ecuanime.web.office.plans.section import count_field, plain, price_field

DAYS_TO_ANSWER = timedelta(days=30)
AS_THE_PLAN = ("", _("As the plan says"))


def _day() -> forms.DateInput:
    """The browser's own calendar, which reads and writes ISO dates in every language."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class TermsForm(forms.Form):
    """A version on sale, from when, for what, and where it differs from the plan."""

    version = forms.ModelChoiceField(
        label=_("Plan"), queryset=PlanVersion.objects.none(), empty_label=None, widget=forms.RadioSelect
    )
    starts_on = forms.DateField(label=_("Starts on"), widget=_day())
    ends_on = forms.DateField(
        label=_("Ends on"),
        required=False,
        widget=_day(),
        help_text=_("Its last day. Empty: it goes on until somebody ends it."),
    )
    areas = forms.ModelMultipleChoiceField(
        label=_("Product areas"),
        queryset=ProductArea.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them."),
    )
    sites = forms.ModelMultipleChoiceField(
        label=_("Sites"),
        queryset=Site.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all of them. What is granted pays only for work at the chosen ones."),
    )
    approval = forms.ChoiceField(
        label=_("Time is approved by"), choices=[AS_THE_PLAN, *Approval.choices], required=False
    )
    overage = forms.ChoiceField(
        label=_("Work that nothing covers"), choices=[AS_THE_PLAN, *Overage.choices], required=False
    )
    overage_price = price_field(
        _("Overage price per hour"), required=False, help_text=_("Empty: as the plan says.")
    )
    overage_limit_minutes = count_field(
        _("At most without asking (minutes)"),
        most=600_000,
        least=0,
        required=False,
        help_text=_("Empty: as the plan says."),
    )
    hours_visible = forms.TypedChoiceField(
        label=_("The client sees the hours left"),
        choices=[AS_THE_PLAN, ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )

    auto_renews = forms.BooleanField(
        label=_("It renews by itself when its term ends"),
        required=False,
        help_text=_(
            "Only for a plan with a term. The client is told before, and can say no until the last day."
        ),
    )
    renews_pack = forms.BooleanField(
        label=_("The next pack is ordered by itself"),
        required=False,
        help_text=_(
            "Only for packs whose hours the client sees: when one runs low, or 7 days before it expires, at that day's "
            "price."
        ),
    )

    def __init__(
        self, data: Any = None, *, client: Client, today: date, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"starts_on": today} | (initial or {}))
        fields: Any = self.fields
        fields["version"].queryset = versions_on_sale()
        fields["areas"].queryset = product_areas()
        fields["sites"].queryset = sites_of(client)
        if not fields["sites"].queryset.exists():
            del fields["sites"]


class ContractForm(TermsForm):
    """What a client has accepted without a quote, and who did."""

    accepted_by = forms.ModelChoiceField(
        label=_("Accepted by"),
        queryset=Contact.objects.none(),
        required=False,
        empty_label=_("Nobody in particular"),
    )

    def __init__(self, data: Any = None, *, client: Client, today: date) -> None:
        super().__init__(data, client=client, today=today)
        fields: Any = self.fields
        fields["accepted_by"].queryset = contacts_of(client)


class QuoteForm(TermsForm):
    """What is offered, until when it can be answered, and which contract it would replace."""

    valid_until = forms.DateField(
        label=_("Can be answered until"),
        required=False,
        widget=_day(),
        help_text=_("Its last day. Empty: until you withdraw it."),
    )
    replaces = forms.ModelChoiceField(
        label=_("In place of"),
        queryset=Contract.objects.none(),
        required=False,
        empty_label=_("Nothing: it stands beside the others"),
        help_text=_("That contract ends the day before this one begins."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)
    note = forms.CharField(
        label=_("Besides"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whatever else is part of the offer. The client reads it and accepts it."),
    )

    def __init__(
        self, data: Any = None, *, client: Client, today: date, initial: dict[str, Any] | None = None
    ) -> None:
        kept = {"time_zone": client.time_zone, "valid_until": today + DAYS_TO_ANSWER} | (initial or {})
        super().__init__(data, client=client, today=today, initial=kept)
        fields: Any = self.fields
        fields["replaces"].queryset = replaceable_contracts(client)

    @property
    def offer(self) -> Offer:
        """What was filled in, as the action takes it."""
        given = self.cleaned_data
        return Offer(**given | {name: tuple(given.get(name, ())) for name in ("areas", "sites")})

    @classmethod
    def initial_of(cls, quote: Contract) -> dict[str, Any]:
        """What a draft offers now."""
        choice = {None: "", True: "yes", False: "no"}[quote.hours_visible]
        dates = ("starts_on", "ends_on", "valid_until", "time_zone")
        choices = (
            "version",
            "approval",
            "overage",
            "overage_limit_minutes",
            "auto_renews",
            "renews_pack",
            "note",
        )
        kept = {name: getattr(quote, name) for name in (*dates, *choices)}
        kept["overage_price"] = plain(quote.overage_price)
        scope = {"areas": quote.areas.all(), "sites": quote.sites.all()}
        return kept | scope | {"hours_visible": choice, "replaces": quote.replaces}


class PaperForm(forms.Form):
    """An acceptance given outside the portal: who, when, and what proves it."""

    contact = forms.ModelChoiceField(
        label=_("Contact"), queryset=Contact.objects.none(), required=False, empty_label=_("Somebody else")
    )
    name = forms.CharField(
        label=_("Name of who signed"),
        max_length=120,
        required=False,
        help_text=_("Empty: the contact's name."),
    )
    given_on = forms.DateField(label=_("Accepted on"), widget=_day())
    file = forms.FileField(label=_("What was signed"), required=False)
    note = forms.CharField(
        label=_("Where it can be found"),
        max_length=600,
        required=False,
        help_text=_("Needed when no file is attached: a mail, a folder, a call with its date."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, client: Client, today: date) -> None:
        super().__init__(data, files, initial={"given_on": today})
        fields: Any = self.fields
        fields["contact"].queryset = contacts_of(client)


class EndForm(forms.Form):
    """A contract's last day and why it ends."""

    ends_on = forms.DateField(label=_("Last day"), widget=_day())
    reason = forms.CharField(label=_("Why"), max_length=300)


class SettleForm(forms.Form):
    """What became of what a contract left."""

    settlement = forms.CharField(
        label=_("What became of what was left"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Hours moved, paid back, voided or left to expire; debts agreed on. Or: nothing was left."
        ),
    )


class PartForm(forms.Form):
    """How much of a lot, in its own unit, and why. `values()` gives the action's arguments."""

    part = DurationField(
        label=_("Hours"), required=False, max_length=20, help_text=_("As 3:20 or 90 min. Empty: all of it.")
    )
    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("The client reads it in the statement.")
    )
    idempotency_key = KeyField()

    def __init__(self, data: Any = None, *, lot: Lot) -> None:
        super().__init__(data)
        self.counts_incidents = lot.unit == Unit.INCIDENTS
        if self.counts_incidents:
            self.fields["part"] = forms.IntegerField(
                label=_("Incidents"), required=False, min_value=1, help_text=_("Empty: all of it.")
            )

    def values(self) -> dict[str, Any]:
        """What was asked for, the part as the ledger counts it."""
        rest = {name: value for name, value in self.cleaned_data.items() if name != "part"}
        return rest | {"hundredths": self._counted(self.cleaned_data["part"])}

    def _counted(self, part: int | None) -> int | None:
        if part is None or self.counts_incidents:
            return part
        return minutes_to_hundredths(part // 60)


class TransferForm(PartForm):
    """To which contract of the client it is moved."""

    to = ContractField(label=_("To the contract"), queryset=Contract.objects.none(), empty_label=None)
    field_order = ("to", "part", "reason")

    def __init__(self, data: Any = None, *, lot: Lot) -> None:
        super().__init__(data, lot=lot)
        fields: Any = self.fields
        others = contracts_of(lot.contract.client).exclude(pk=lot.contract_id)
        fields["to"].queryset = others.filter(state=Contract.State.ACTIVE, version__currency=lot.currency)


class ReplaceForm(PartForm):
    """Until when what has expired goes on."""

    expires_on = forms.DateField(label=_("New last day"), widget=_day())
    field_order = ("part", "expires_on", "reason")


class RevalueForm(forms.Form):
    """Only its own key, so that sending it twice revalues once."""

    idempotency_key = KeyField()


class VoidForm(forms.Form):
    """Why a pack is voided, and the form's own key, so that sending it twice voids once."""

    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("The client reads it in the statement.")
    )
