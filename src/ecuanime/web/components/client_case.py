"""A case as its client meets it, in the portal or by a link: what its page shows, and what is sent from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecuanime.clients.models import Client, Contact
from ecuanime.contracts.models import Contract
from ecuanime.contracts.offers import clauses_in, hash_of
from ecuanime.emergencies import actions
from ecuanime.emergencies.access import may_answer_for_client
from ecuanime.emergencies.actions import Identity
from ecuanime.emergencies.agreements import agreement_of
from ecuanime.emergencies.conditions import choices_for, conditions_for
from ecuanime.emergencies.identity import lacks_identity
from ecuanime.emergencies.models import Emergency, Stage
from ecuanime.emergencies.paper import text_for
from ecuanime.emergencies.queries import assessments_of
from ecuanime.foundation.addresses import client_address
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.rules.express import Act, Party, acts_in
from ecuanime.rules.express import Stage as CourseStage
from ecuanime.web.choices import countries
from ecuanime.web.components.client_room import act_in_client_room, client_room
from ecuanime.web.components.emergencies import shown
from ecuanime.web.components.fields import minor_of
from ecuanime.web.components.toasts import say
from ecuanime.web.components.uploads import MOST_BYTES, files_of


@dataclass(frozen=True, kw_only=True)
class Seat:
    """From where a person of the client looks at a case: who they are, and the addresses that its page leads to.

    An empty address is one that they have no use for. Whoever comes by a link (`by_link`) says who they are when they
    accept, and whom the invoices are for. To `files_url` and
    `attachments_url` the key of a file of the room, or of a message, is added.
    """

    contact: Contact
    here: str
    paper_url: str
    report_url: str
    agreement_url: str
    write_url: str
    guarantee_url: str = ""
    list_url: str = ""
    by_link: bool = False
    pulse_url: str = ""
    files_url: str = ""
    attachments_url: str = ""


class AcceptForm(forms.Form):
    """Which text was read, and what may be spent without asking again."""

    text_sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    ceiling = forms.DecimalField(
        label=gettext_lazy("To be spent without asking you again"),
        required=False,
        max_digits=12,
        decimal_places=2,
        min_value=0,
    )
    name = forms.CharField(
        label=gettext_lazy("Your name and surname"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, by_link: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = by_link


class IdentityForm(forms.Form):
    """Whom the invoices are for."""

    legal_name = forms.CharField(label=gettext_lazy("Legal name"), max_length=200)
    tax_id = forms.CharField(label=gettext_lazy("Tax id"), max_length=30)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200)
    postcode = forms.CharField(label=gettext_lazy("Postcode"), max_length=12, required=False)
    city = forms.CharField(label=gettext_lazy("City"), max_length=80)
    region = forms.CharField(label=gettext_lazy("Province or state"), max_length=80, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country: Any = self.fields["country"]
        country.choices = countries()

    @classmethod
    def about(cls, client: Client) -> IdentityForm:
        """With what is known of a client."""
        known = {name: getattr(client, name) for name in cls.base_fields}
        return cls(initial=known | {"legal_name": client.legal_name or client.name}, auto_id="id_%s")


def act_on(request: HttpRequest, seat: Seat, case: Emergency) -> None:
    """Do what was sent from the page of a case; `do` says which of its forms it was. Refused: as the actions."""
    contact, now, do = seat.contact, read_clock(), request.POST.get("do", "")
    reason = request.POST.get("reason", "")
    if do == "accept":
        _accept(request, seat, case)
    elif do == "identity":
        _identify(request, seat, case)
    elif do == "agreement":
        given = files_of(request)
        if not given:
            raise Refused("agreement", _("Choose the file first."))
        actions.give_agreement(
            emergency=case, contact=contact, file=given[0].file, name=given[0].name, now=now
        )
        say(request, _("We have it: your agreement holds. Read the text again before you accept."))
    elif do == "agreement_back":
        actions.take_back_agreement(emergency=case, contact=contact, now=now)
        say(request, _("Noted: our agreement holds. Read the text again before you accept."))
    elif do == "decline":
        actions.decline(emergency=case, contact=contact, reason=reason, now=now)
        say(request, _("Noted. Nothing is charged."))
    elif do == "withdraw":
        actions.withdraw(emergency=case, contact=contact, reason=reason, now=now)
        say(request, _("Noted. Nobody is alerted any more."))
    elif do == "proof":
        files = files_of(request)
        if not files:
            raise Refused("proof", _("Choose the file first."))
        actions.give_proof(emergency=case, contact=contact, file=files[0].file, name=files[0].name, now=now)
        say(request, _("We have it. Our expert decides whether to start on it."))
    elif do == "normal":
        actions.acknowledge_normal(emergency=case, contact=contact, now=now)
        say(request, _("Thank you. We go on with the causes."))
    elif do == "relapse":
        actions.note_relapse(emergency=case, contact=contact, reason=reason, now=now)
        say(request, _("Noted. Our expert knows."))
    else:
        act_in_client_room(request, contact, case, do)


def _accept(request: HttpRequest, seat: Seat, case: Emergency) -> None:
    form = AcceptForm(request.POST, by_link=seat.by_link)
    if "name" in form.errors:
        raise Refused("name", _("Write your name: whoever accepts says who they are."))
    if not form.is_valid():
        raise Refused("bad_ceiling", _("Give an amount above zero, or leave it empty."))
    chosen = _chosen(request.POST.get("contract", ""), case)
    found = conditions_for(case.client, case.area, now=read_clock(), chosen=chosen)
    actions.accept(
        emergency=case,
        contact=seat.contact,
        text_sha256=form.cleaned_data["text_sha256"],
        address=client_address(request),
        chosen=chosen,
        ceiling=minor_of(form.cleaned_data["ceiling"], found.currency),
        name=form.cleaned_data["name"] if seat.by_link else None,
        now=read_clock(),
    )
    say(request, _("You have accepted. The paper is kept here."))


def _identify(request: HttpRequest, seat: Seat, case: Emergency) -> None:
    form = IdentityForm(request.POST)
    if not form.is_valid():
        wrong = ", ".join(str(form.fields[name].label) for name in form.errors if name in form.fields)
        raise Refused("identity", _("Look at this again: %(fields)s.") % {"fields": wrong})
    identity = Identity(**form.cleaned_data)
    actions.give_identity(emergency=case, contact=seat.contact, identity=identity, now=read_clock())
    say(request, _("Thank you. Now read our answer."))


def _chosen(number: str, case: Emergency) -> Contract | None:
    """The contract that the client wants the causes to be fixed under; none is on demand."""
    return next((each for each in choices_for(case, read_clock()) if each.number == number), None)


def page_of_case(request: HttpRequest, seat: Seat, case: Emergency, *, refusal: str = "") -> dict[str, Any]:
    """What the page of a case shows to a person of its client; `refusal` is why something was not done."""
    now, may_answer = read_clock(), may_answer_for_client(seat.contact, case)
    context = shown(case, now=now) | client_room(request, seat.contact, case, now=now)
    context |= {
        "seat": seat,
        "may_answer": may_answer,
        "acts": acts_in(CourseStage(case.stage), Party.CLIENT) if may_answer else (),
        "may_withdraw": may_answer and Act.WITHDRAW in acts_in(CourseStage(case.stage), Party.CLIENT),
        "limit": MOST_BYTES,
        "silence_at": case.silence_at if case.stage == Stage.NORMALISED else None,
        "refusal": refusal,
    }
    if case.stage == Stage.VIABLE:
        try:
            context |= _offer(request, seat, case)
        except Refused as not_now:
            context |= {"may_answer": False, "refusal": str(not_now)}
    return context


def _offer(request: HttpRequest, seat: Seat, case: Emergency) -> dict[str, Any]:
    """The text that can be accepted, as its reader chose what the causes fall under."""
    now, wanted = read_clock(), request.POST.get("contract", request.GET.get("contrato", ""))
    chosen = _chosen(wanted, case)
    text = text_for(case, assessments_of(case)[0], now=now, chosen=chosen)
    lacks = seat.by_link and lacks_identity(case.client)
    is_identity = request.POST.get("do") == "identity"
    return {
        "agreement": agreement_of(case),
        "identity_form": _identity_form(request if is_identity else None, case) if lacks else None,
        "clauses": clauses_in(text),
        "choices": choices_for(case, now),
        "chosen": chosen,
        "form": AcceptForm(initial=_typed(request) | {"text_sha256": hash_of(text)}, by_link=seat.by_link),
    }


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What was typed into the form of acceptance, so that a refusal loses nothing."""
    return {name: request.POST.get(name, "") for name in ("ceiling", "name")}


def _identity_form(request: HttpRequest | None, case: Emergency) -> IdentityForm:
    if request is None:
        return IdentityForm.about(case.client)
    form = IdentityForm(request.POST, auto_id="id_%s")
    form.is_valid()
    return form
