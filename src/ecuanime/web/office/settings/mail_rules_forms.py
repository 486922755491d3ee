"""The form of a rule for incoming mail."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecuanime.channels.mail_rules import RuleSettings
from ecuanime.channels.models import MailRule
from ecuanime.clients.models import Client
from ecuanime.delivery.models import Mailbox
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.models import Priority, Queue

_SAME = ("name", "position", "is_active", "recipient", "senders", "words", "machines", "priority")


class RuleForm(forms.Form):
    """When it fits, and what the request then gets."""

    name = forms.CharField(label=_("Name of the rule"), max_length=80)
    position = forms.IntegerField(
        label=_("Place in the order"),
        min_value=0,
        max_value=9999,
        initial=0,
        help_text=_("Smaller goes first."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    mailbox = forms.ModelChoiceField(
        label=_("Mailbox"),
        queryset=Mailbox.objects.order_by("address"),
        required=False,
        empty_label=_("every one"),
    )
    recipient = forms.EmailField(
        label=_("Sent to"), max_length=254, required=False, help_text=_("One of your addresses or aliases.")
    )
    senders = forms.CharField(
        label=_("Senders"),
        required=False,
        max_length=10_000,
        help_text=_("Addresses or @domains, one to a line. Empty: whoever writes."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    words = forms.CharField(
        label=_("Words in the subject"),
        max_length=200,
        required=False,
        help_text=_("All of them must be there."),
    )
    machines = forms.ChoiceField(label=_("Written by"), choices=MailRule.Machines.choices, required=False)
    client = forms.CharField(
        label=_("Client"),
        max_length=20,
        required=False,
        help_text=_("Their code, for senders nobody has recognised."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    area = forms.ModelChoiceField(
        label=_("Product area"),
        queryset=ProductArea.objects.order_by("position", "name"),
        required=False,
        empty_label=_("as it is"),
    )
    queue = forms.ModelChoiceField(
        label=_("Queue"),
        queryset=Queue.objects.filter(is_active=True),
        required=False,
        empty_label=_("its mailbox's"),
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=[("", _("as it is")), *Priority.choices], coerce=int, empty_value=None,
        required=False,
    )  # fmt: skip
    tags = forms.CharField(
        label=_("Tags"), max_length=400, required=False, help_text=_("Separated by commas.")
    )
    is_silent = forms.BooleanField(label=_("Do not answer with the ticket's number"), required=False)
    sets_aside = forms.BooleanField(
        label=_("Keep it in quarantine instead of opening a ticket"), required=False
    )

    def clean_client(self) -> Client | None:
        """The client of that code."""
        code = self.cleaned_data["client"].strip()
        found = Client.objects.filter(code__iexact=code, is_active=True).first() if code else None
        if code and found is None:
            raise forms.ValidationError(_("No client has this code. Look it up in the list of clients."))
        return found

    def settings(self) -> RuleSettings:
        """What the action takes."""
        given = self.cleaned_data
        senders = tuple(part for part in re.split(r"[\s,;]+", given["senders"]) if part)
        tags = tuple(part.strip() for part in given["tags"].split(",") if part.strip())
        return RuleSettings(**given | {"senders": senders, "tags": tags})

    @staticmethod
    def initial_of(rule: MailRule | None) -> dict[str, Any]:
        """What is written down now."""
        if rule is None:
            return {}
        initial: dict[str, Any] = {field: getattr(rule, field) for field in _SAME}
        return initial | {
            "mailbox": rule.mailbox_id,
            "client": rule.client.code if rule.client else "",
            "area": rule.area_id,
            "queue": rule.queue_id,
            "tags": ", ".join(sorted((tag.name for tag in rule.tags.all()), key=str.casefold)),
            "is_silent": rule.is_silent,
            "sets_aside": rule.sets_aside,
        }
