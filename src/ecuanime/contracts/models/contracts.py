"""What a client has accepted, is offered, or once had."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ecuanime.clients.models import Client, Contact, Site
from ecuanime.contracts.models.plans import Approval, Overage, PlanVersion
from ecuanime.foundation.fields import OptionalRateField
from ecuanime.foundation.models import StoredFile
from ecuanime.staff.models import ProductArea


class Contract(models.Model):
    """A plan version offered to a client, accepted, in force, over. Empty overrides mean: as the version says.

    It is one row and one number from the draft of its quote to its end. `starts_on` is a proposal until it is
    accepted: no contract begins before that day. `replaces` is the contract whose place it takes: the plan was
    changed, or its term renewed.
    """

    class State(models.TextChoices):
        """From offer to end."""

        DRAFT = "draft", _("draft")
        QUOTED = "quoted", _("waiting for an answer")
        ACCEPTED = "accepted", _("accepted, not begun")
        ACTIVE = "active", _("active")
        ENDED = "ended", _("ended")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        LAPSED = "lapsed", _("not answered in time")

    number = models.CharField(_("number"), max_length=20, unique=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="contracts")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="contracts")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    time_zone = models.CharField(_("time zone"), max_length=60)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    areas = models.ManyToManyField(ProductArea, blank=True, help_text="empty: every area")
    sites = models.ManyToManyField(Site, blank=True, help_text="of its client; empty: every site")
    precedence = models.SmallIntegerField(default=100, help_text="the lowest that fits a ticket is proposed")
    approval = models.CharField(max_length=12, choices=Approval.choices, blank=True)
    overage = models.CharField(max_length=10, choices=Overage.choices, blank=True)
    overage_price = OptionalRateField(_("overage price per hour"))
    overage_limit_minutes = models.PositiveIntegerField(
        _("overage without asking (minutes)"), null=True, blank=True
    )
    hours_visible = models.BooleanField(null=True, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True, help_text="part of what is accepted")
    valid_until = models.DateField(
        null=True, blank=True, help_text="the last day on which the quote can be answered"
    )
    sent_at = models.DateTimeField(null=True, blank=True, help_text="when the quote went to the client")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text="who drafted the quote, or noted an acceptance given without one",
    )
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors"
    )
    supersedes = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        help_text="the quote that this one, once sent, is instead of",
    )
    auto_renews = models.BooleanField(
        default=False, help_text="the client agreed that it renews by itself when its term ends"
    )
    renews_pack = models.BooleanField(
        default=False, help_text="the client agreed that the next pack is ordered when one nears its end"
    )
    noticed_on = models.DateField(
        null=True, blank=True, help_text="when the client was told that its term ends"
    )
    renewal_version = models.ForeignKey(
        PlanVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="what it renews as, as the notice said",
    )
    is_final = models.BooleanField(default=False, help_text="somebody decided its end: it is not renewed")
    end_reason = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settlement = models.CharField(max_length=600, blank=True, help_text="what became of what was left")
    next_due_at = models.DateTimeField(null=True, blank=True)
    next_period_at = models.DateTimeField(
        null=True, blank=True, help_text="when its next period is to be opened"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["replaces"],
                condition=models.Q(state__in=("accepted", "active", "ended")),
                name="one_successor",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=False)
                | ~models.Q(state__in=("accepted", "active", "ended")),
                name="accepted_is_dated",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "state", "precedence"]),
            models.Index(fields=["state", "-id"]),
            models.Index(
                fields=["next_due_at"], condition=models.Q(next_due_at__isnull=False), name="contract_due"
            ),
            models.Index(
                fields=["next_period_at"],
                condition=models.Q(next_period_at__isnull=False),
                name="contract_period_due",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_binding(self) -> bool:
        """Whether the client has accepted it."""
        return self.state in BINDING

    @property
    def is_renewable(self) -> bool:
        """Whether it has a term that is renewed, or offered again, unless somebody decides otherwise."""
        return self.version.term_months is not None and not self.is_final

    @property
    def zone(self) -> ZoneInfo:
        """The time zone its days are counted in."""
        return ZoneInfo(self.time_zone)

    @property
    def approval_policy(self) -> str:
        """Whose approval draws: its own choice or its version's."""
        return self.approval or self.version.approval

    @property
    def overage_policy(self) -> str:
        """What happens when nothing covers the work: its own choice or its version's."""
        return self.overage or self.version.overage

    @property
    def overage_price_agreed(self) -> Decimal | None:
        """What an hour costs that nothing covers, where it is not the base rate."""
        return self.version.overage_price if self.overage_price is None else self.overage_price

    @property
    def overage_limit_agreed(self) -> int | None:
        """The minutes of overage without asking; none is no limit."""
        own = self.overage_limit_minutes
        return self.version.overage_limit_minutes if own is None else own

    @property
    def client_sees_hours(self) -> bool:
        """Whether the portal shows the hours left."""
        return self.version.hours_visible if self.hours_visible is None else self.hours_visible


BINDING = (Contract.State.ACCEPTED, Contract.State.ACTIVE, Contract.State.ENDED)
"""The states of what a client has accepted; the others are offers, or were."""


class ContractPeriod(models.Model):
    """A period of a contract that has been opened, both days inclusive in the contract's zone. It never changes."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="periods")
    number = models.PositiveIntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="period_number_once"),
            models.UniqueConstraint(fields=["contract", "first_day"], name="period_day_once"),
        ]


class Answer(models.Model):
    """What a client said to a quote, for good: who, when, from where, and the very text that was before them.

    Given in the portal it has a contact, an address and no `recorded_by`; given on paper somebody of the firm noted
    it, with the signed file or a word on where it lies. The database refuses to change or delete it.
    """

    class Kind(models.TextChoices):
        """Yes or no."""

        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="answer")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    given_on = models.DateField(help_text="the day of the answer, in the contract's zone")
    name = models.CharField(max_length=120)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    language = models.CharField(max_length=5)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    reason = models.CharField(max_length=600, blank=True, help_text="why it was declined")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    note = models.CharField(max_length=600, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True)
    file_name = models.CharField(max_length=150, blank=True)
