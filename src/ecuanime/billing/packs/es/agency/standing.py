"""How sending stands: what waits, since when, and what keeps it from leaving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from ecuanime.billing.models import (
    AgencyCertificate,
    AgencyQueue,
    AgencySettings,
    Environment,
    FiscalChain,
    FiscalRecord,
    Invoice,
    Verdict,
)
from ecuanime.billing.packs.es.declared import gaps
from ecuanime.foundation.secrets import Unsealable, unseal
from ecuanime.staff.queries import current_firm


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps every record from leaving: a stable code and words that say the way on."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many records wait to be sent, and since when the oldest does."""

    count: int
    since: datetime | None


def environment() -> str:
    """Where records go; empty when that has not been chosen."""
    return AgencySettings.objects.values_list("environment", flat=True).first() or ""


def certificate_in_use() -> AgencyCertificate | None:
    """The certificate that speaks for the firm."""
    return AgencyCertificate.objects.filter(retired_at=None).first()


def obstacles(now: datetime) -> list[Obstacle]:
    """What keeps records from leaving at `now`; nothing of a demo firm ever does."""
    firm = current_firm()
    if firm is None or firm.is_demo:
        return [Obstacle("demo", _("This is a demo: its records are for looking at and are never sent."))]
    found = [Obstacle("incomplete", text) for text in gaps()]
    if not environment():
        text = _("It has not been chosen where records go: to the agency's test or production environment.")
        found.append(Obstacle("nowhere", text))
    return [*found, *_of_certificate(certificate_in_use(), now)]


def _of_certificate(certificate: AgencyCertificate | None, now: datetime) -> list[Obstacle]:
    if certificate is None:
        return [Obstacle("no_certificate", _("There is no certificate with which to speak for your firm."))]
    if now >= certificate.valid_until:
        return [Obstacle("expired", _("The certificate has expired. Upload its successor."))]
    try:
        unseal(certificate.key_sealed)
    except Unsealable:
        text = _("The certificate was sealed with another key than this installation's. Upload it again.")
        return [Obstacle("unsealable", text)]
    return []


def waiting() -> Waiting:
    """What has not been sent to where records go, or to production while that has not been chosen.

    Positions have no gaps, so nothing is counted row by row; the records of demo chains never wait.
    """
    wanted = AgencyQueue.objects.filter(
        chain=OuterRef("pk"), environment=environment() or Environment.PRODUCTION
    )
    chains = FiscalChain.objects.filter(is_demo=False).annotate(
        sent_through=Coalesce(Subquery(wanted.values("sent_through")[:1]), 0)
    )
    behind = list(chains.filter(next_position__gt=F("sent_through") + 1))
    oldest = Q(pk=None)
    for chain in behind:
        oldest |= Q(chain=chain, position=chain.sent_through + 1)
    since = FiscalRecord.objects.filter(oldest).aggregate(at=Min("generated_at"))["at"] if behind else None
    return Waiting(sum(chain.next_position - 1 - chain.sent_through for chain in behind), since)


def unresolved() -> QuerySet[Verdict]:
    """Rejected records for whose invoice no later one has been written, the oldest first."""
    later = FiscalRecord.objects.filter(
        chain=OuterRef("record__chain"),
        invoice=OuterRef("record__invoice"),
        position__gt=OuterRef("record__position"),
    )
    found = Verdict.objects.filter(state=Verdict.State.REJECTED, queue__environment=environment())
    rows = found.filter(~Exists(later)).select_related("record__invoice").defer("record__xml")
    return rows.order_by("record__position", "pk")


def rejection_before(invoice: Invoice) -> str:
    """What an amendment of an invoice's record must say of its forerunner (RechazoPrevio of the schema).

    Empty when the agency took the last one it judged; else S when it holds an earlier one, and X when it has none.
    """
    place = environment() or Environment.PRODUCTION
    judged = Verdict.objects.filter(
        record__invoice=invoice, record__kind=FiscalRecord.Kind.REGISTRATION, queue__environment=place
    )
    verdicts = list(judged.order_by("record__position"))
    if not verdicts or verdicts[-1].state != Verdict.State.REJECTED:
        return ""
    is_held = any(verdict.state != Verdict.State.REJECTED or verdict.found for verdict in verdicts)
    return "S" if is_held else "X"


def queues() -> QuerySet[AgencyQueue]:
    """The queues to where records go now."""
    return AgencyQueue.objects.filter(environment=environment(), chain__is_demo=False)


def due_queues(now: datetime) -> QuerySet[AgencyQueue]:
    """Those with something to send, whose time has come and whom nobody is at."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    ready = queues().filter(free, not_before__lte=now, sent_through__lt=F("chain__next_position") - 1)
    return ready.order_by("not_before", "pk")
