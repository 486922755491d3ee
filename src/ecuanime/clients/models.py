"""Clients, their contacts, the mail domains confirmed as theirs, and their sites."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from ecuanime.accounts.models import Language
from ecuanime.foundation.fields import CurrencyField, MinorUnitsField
from ecuanime.foundation.words import folded


class InvoiceFormat(models.TextChoices):
    """What a client's programs read beside the PDF. With any but the first, what cannot be written is not issued."""

    NONE = "none", _("none: the PDF")
    FACTUR_X = "factur-x", _("Factur-X: the PDF with its data inside")
    UBL = "ubl", _("UBL: the PDF and an XML file")
    FACTURAE = "facturae", _("Facturae: the PDF and a signed Facturae")


class Client(models.Model):
    """An organisation that is served. `code` (C-0107) is what people say and what URLs carry."""

    class Kind(models.TextChoices):
        """What laws of taxes take it for."""

        BUSINESS = "business", _("business or entity")
        CONSUMER = "consumer", _("consumer")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=160)
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    tax_id = models.CharField(_("tax id"), max_length=30, blank=True)
    kind = models.CharField(_("taxed as"), max_length=8, choices=Kind.choices, default=Kind.BUSINESS)
    in_retail_scheme = models.BooleanField(
        _("retailer who pays the equivalence surcharge"),
        default=False,
        help_text="Spain's recargo de equivalencia, charged on goods",
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, default="ES")
    language = models.CharField(_("language"), max_length=5, choices=Language.choices, default=Language.ES)
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Madrid")
    currency = CurrencyField(_("currency"))
    uses_usted = models.BooleanField(_("address formally (usted)"), default=False)
    invoice_email = models.EmailField(_("e-mail for invoices"), blank=True)
    invoice_format = models.CharField(
        _("electronic invoice"), max_length=10, choices=InvoiceFormat.choices, default=InvoiceFormat.NONE
    )
    office_accounting = models.CharField(_("accounting office (DIR3)"), max_length=10, blank=True)
    office_managing = models.CharField(_("managing body (DIR3)"), max_length=10, blank=True)
    office_processing = models.CharField(_("processing unit (DIR3)"), max_length=10, blank=True)
    notes = models.TextField(_("notes for the team"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["is_active", "name", "id"])]

    def __str__(self) -> str:
        return self.name

    @property
    def offices(self) -> tuple[str, str, str]:
        """An administration's accounting office, managing body and processing unit, as Facturae names them."""
        return self.office_accounting, self.office_managing, self.office_processing

    def addressed_in(self, language: str) -> str:
        """The catalogue that speaks to its people in `language`: that of usted where Spanish is to be formal."""
        return f"{language}-usted" if self.uses_usted and language == Language.ES else language


CONTACT_WORDS = SearchVector(folded("name"), folded("email"), config="simple")


class Contact(models.Model):
    """A person of a client. With `user` set they may sign in to the portal."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    job = models.CharField(_("role in their organisation"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language.choices, default=Language.ES)
    is_project_lead = models.BooleanField(_("project lead: approves time"), default=False)
    sees_invoices = models.BooleanField(_("sees invoices"), default=False)
    sees_dossier = models.BooleanField(_("sees the service dossier"), default=False)
    manages_people = models.BooleanField(_("manages the people of their organisation"), default=False)
    approves_up_to_minutes = models.PositiveIntegerField(
        _("approves up to (minutes a day)"), null=True, blank=True
    )
    approves_up_to_amount = MinorUnitsField(_("approves up to (amount a day)"), null=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="contact"
    )
    is_active = models.BooleanField(_("active"), default=True)
    mail_failed_at = models.DateTimeField(null=True, blank=True, help_text="last permanent delivery failure")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="contact_email_once",
                condition=models.Q(is_active=True) & ~models.Q(email=""),
            )
        ]
        indexes = [GinIndex(CONTACT_WORDS, name="contact_words")]

    def __str__(self) -> str:
        return self.name

    @property
    def spoken(self) -> str:
        """The catalogue that mails and pages speak to them from, see `Client.addressed_in`."""
        return self.client.addressed_in(self.language)


class Substitution(models.Model):
    """Days on which somebody approves for a project lead, within that lead's limits.

    Both days count, in the client's time zone. One that is cancelled stays, for what was approved under it.
    """

    lead = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="substitutions")
    substitute = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="stands_in")
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until"), help_text="inclusive")
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day"))
                & ~models.Q(lead=models.F("substitute")),
                name="substitution_makes_sense",
            )
        ]
        indexes = [
            models.Index(fields=["substitute", "last_day"]),
            models.Index(fields=["lead", "last_day"]),
        ]


class DossierSection(models.Model):
    """A part of what must be known to serve a client: architecture, access, quirks. `is_shown` lets the client read it.

    Secrets do not belong here.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="dossier")
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    is_shown = models.BooleanField(_("the client may read it"), default=False)
    version = models.PositiveIntegerField(
        default=1, help_text="grows with each change: a stale save is refused"
    )
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["client", "id"]


class ClientDomain(models.Model):
    """A mail domain that somebody of the firm has confirmed to be the client's alone."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(_("domain"), max_length=253, unique=True, help_text="lower case, IDNA")
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)


class Site(models.Model):
    """A place of the client where work is done. What names it (a contract, a ticket, time) keeps it from removal."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """What rating and programs call it."""
        return str(self.pk)
