"""What the room of a case keeps: what was asked before the answer, who takes part, what is critical, files, raises."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ecuanime.clients.models import Contact
from ecuanime.emergencies.models.cases import Assessment, Emergency, Happening
from ecuanime.foundation.fields import CurrencyField, MinorUnitsField
from ecuanime.foundation.models import StoredFile
from ecuanime.procedures.models import RunItem


class Question(models.TextChoices):
    """What an expert asks before saying whether a case is viable."""

    DOSSIER = "dossier", _("Is there a service dossier?")
    ACCESS = "access", _("Do we have access?")
    BACKUPS = "backups", _("Are there backups that can be restored?")
    PREVIOUS = "previous", _("Have we worked for them before?")
    COMPETENCE = "competence", _("Are the products within our competence?")


class Finding(models.TextChoices):
    """What was found."""

    YES = "yes", _("yes")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("not known yet")


class Check(models.Model):
    """One question with what was found, kept with the answer that was given on it."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="checks")
    question = models.CharField(max_length=12, choices=Question.choices)
    finding = models.CharField(max_length=8, choices=Finding.choices)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["assessment", "id"]
        constraints = [models.UniqueConstraint(fields=["assessment", "question"], name="asked_once")]


class Actor(models.Model):
    """Somebody who takes part in a case, on one of the sides, and how to reach them. Who has left stays in the log."""

    class Side(models.TextChoices):
        """For whom they take part."""

        OURS = "ours", _("on our side")
        THEIRS = "theirs", _("on the client's side")
        OTHER = "other", _("of a third party")

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="actors")
    side = models.CharField(_("side"), max_length=8, choices=Side.choices)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("what they do in the case"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    is_internal = models.BooleanField(default=False, help_text="the client does not see them")
    added_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["emergency", "id"]

    def __str__(self) -> str:
        return self.name


class Critical(models.Model):
    """A critical action, or a result without which service is not normal again.

    `item` is that of the ticket's checklist from which an action came. `said` is the evidence, or why it waits or
    cannot be done; the files stand at `shown_by`, the line of the log that said it.
    """

    class Kind(models.TextChoices):
        """Whether it is done or comes true."""

        ACTION = "action", _("action")
        RESULT = "result", _("result")

    class State(models.TextChoices):
        """How it stands."""

        TODO = "todo", pgettext_lazy("critical", "to do")
        DOING = "doing", pgettext_lazy("critical", "being done")
        WAITING = "waiting", pgettext_lazy("critical", "waiting for somebody")
        DONE = "done", pgettext_lazy("critical", "done")
        CANNOT = "cannot", pgettext_lazy("critical", "cannot be done")

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="criticals")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.CharField(max_length=300)
    who = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.TODO)
    said = models.CharField(max_length=500, blank=True)
    is_internal = models.BooleanField(default=False, help_text="the client does not see it")
    item = models.OneToOneField(
        RunItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="critical"
    )
    shown_by = models.ForeignKey(Happening, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["emergency", "id"]


class Evidence(models.Model):
    """A file that stands at a line of the log; whoever may read the line may have it."""

    happening = models.ForeignKey(Happening, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=120)

    class Meta:
        ordering = ["id"]


class CeilingRaise(models.Model):
    """That the client lets more be spent than was agreed: a consent, never changed. `amount` is the new ceiling."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="raises")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    amount = MinorUnitsField()
    currency = CurrencyField()
    at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        ordering = ["emergency", "id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="ceiling_above_zero")]
