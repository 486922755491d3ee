"""The form of a mailbox."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecuanime.accounts.models import Language
from ecuanime.channels.mailboxes import MailboxSettings
from ecuanime.channels.models import ImapSource
from ecuanime.delivery.models import Mailbox, Security

# In a narrow field: that "none" stays on this machine is said by the test, where it matters.
PROTECTION = ((Security.TLS, "TLS"), (Security.STARTTLS, "STARTTLS"), (Security.NONE, _("none")))


class MailboxForm(forms.Form):
    """An address, who signs in, and the two servers."""

    address = forms.EmailField(
        label=_("Address your clients know"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    display_name = forms.CharField(label=_("Name shown to clients"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    aliases = forms.CharField(
        label=_("Other addresses of this mailbox"),
        required=False,
        max_length=4000,
        help_text=_("One to a line. Mail sent to them comes in here too."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    trusted_receiver = forms.CharField(
        label=_("Who says whether a sender is genuine"),
        max_length=253,
        required=False,
        help_text=_(
            "The name your mail server writes first in the Authentication-Results of what it receives, as in "
            "mx.google.com. Empty: no sender is checked."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    warms_up = forms.BooleanField(
        label=_("The address is new: let what it sends grow day by day"),
        required=False,
        help_text=_("Mail providers distrust an address that sends much from its first day."),
    )
    username = forms.CharField(
        label=_("User name"),
        max_length=254,
        required=False,
        help_text=_("Usually the address itself."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    password = forms.CharField(
        label=_("Password, better an application password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    imap_host = forms.CharField(
        label=_("Server"), max_length=253, required=False, help_text=_("Empty: this mailbox only sends.")
    )
    imap_port = forms.IntegerField(label=_("Port"), initial=993, min_value=1, max_value=65535)
    imap_security = forms.ChoiceField(label=_("Security"), choices=PROTECTION)
    folder = forms.CharField(label=_("Folder"), max_length=200, initial="INBOX")
    takes_existing = forms.BooleanField(label=_("Take in what is already in the mailbox"), required=False)
    deletes_after_intake = forms.BooleanField(
        label=_("Delete mail from the server once it is stored here"), required=False
    )
    smtp_host = forms.CharField(label=_("Server"), max_length=253, required=False)
    smtp_port = forms.IntegerField(label=_("Port"), initial=465, min_value=1, max_value=65535)
    smtp_security = forms.ChoiceField(label=_("Security"), choices=PROTECTION)
    signature = forms.CharField(
        label=_("Signature"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean(self) -> dict[str, Any]:
        """A mailbox that neither sends nor receives is a mistake."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned["imap_host"].strip() and not cleaned["smtp_host"].strip():
            self.add_error(
                "smtp_host", _("Write at least one server: the one that receives or the one that sends.")
            )
        return cleaned

    def settings(self) -> MailboxSettings:
        """What the action takes."""
        aliases = tuple(part for part in re.split(r"[\s,;]+", self.cleaned_data["aliases"]) if part)
        return MailboxSettings(**self.cleaned_data | {"aliases": aliases})

    @staticmethod
    def initial_of(mailbox: Mailbox | None, language: str) -> dict[str, Any]:
        """What is written down now; the password never comes back out."""
        if mailbox is None:
            return {"language": language, "imap_security": Security.TLS, "smtp_security": Security.TLS}
        initial: dict[str, Any] = {
            "address": mailbox.address,
            "display_name": mailbox.display_name,
            "signature": mailbox.signature,
            "language": mailbox.language,
            "aliases": "\n".join(mailbox.aliases),
            "trusted_receiver": mailbox.trusted_receiver,
            "warms_up": mailbox.warms_up_since is not None,
            "username": mailbox.smtp_username,
            "smtp_host": mailbox.smtp_host,
            "smtp_port": mailbox.smtp_port,
            "smtp_security": mailbox.smtp_security,
        }
        source = ImapSource.objects.filter(mailbox=mailbox).first()
        if source is not None:
            same = ("folder", "takes_existing", "deletes_after_intake")
            initial |= {"imap_host": source.host, "imap_port": source.port, "imap_security": source.security}
            initial |= {field: getattr(source, field) for field in same}
            initial["username"] = mailbox.smtp_username or source.username
        return initial
