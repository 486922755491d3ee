"""Issuing many drafts at once: each in a transaction of its own, restartable, each refused alone with its reason."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import require_biller
from ecuanime.billing.actions.issuing.documents import issue_invoice
from ecuanime.billing.models import Batch, BatchItem, Invoice
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused

logger = logging.getLogger(__name__)


@transaction.atomic
def issue_drafts(*, invoices: Sequence[Invoice], by: User, now: datetime, idempotency_key: str) -> Batch:
    """Start issuing these drafts; a job does it, and the batch shows how far it is.

    The same key again gives the first batch back. Refused: `not_allowed`, `nothing_chosen`.
    """
    require_biller(by)
    batch, is_new = Batch.objects.get_or_create(
        idempotency_key=idempotency_key, defaults={"started_at": now, "started_by": by}
    )
    if not is_new:
        return batch
    drafts = {invoice.pk for invoice in invoices if invoice.is_draft}
    if not drafts:
        raise Refused("nothing_chosen", _("Choose at least one draft."))
    BatchItem.objects.bulk_create(BatchItem(batch=batch, invoice_id=pk) for pk in sorted(drafts))
    record("batch_started", batch, now=now, drafts=len(drafts))
    # Imported here because the job, a door to the room, stands above the actions.
    from ecuanime.billing.jobs import do_batch

    do_batch.defer(batch_id=batch.pk)
    return batch


def continue_batch(*, batch: Batch, now: datetime) -> Batch:
    """Issue what is left of a batch: what the job does; finished is a no-op.

    Raises RuntimeError when a draft failed for a reason that is none of the rules; it stays waiting.
    """
    waiting = batch.items.filter(outcome=BatchItem.Outcome.WAITING).order_by("pk")
    failed = [pk for pk in waiting.values_list("pk", flat=True) if not _try(pk, batch, now)]
    if failed:
        raise RuntimeError(f"batch {batch.pk}: {len(failed)} drafts could not be issued, see the log")
    Batch.objects.filter(pk=batch.pk, finished_at__isnull=True).update(finished_at=now)
    batch.refresh_from_db()
    return batch


def _try(pk: int, batch: Batch, now: datetime) -> bool:
    try:
        _issue(pk, batch, now)
    except Refused as refusal:
        found = BatchItem.objects.filter(pk=pk, outcome=BatchItem.Outcome.WAITING)
        found.update(outcome=BatchItem.Outcome.REFUSED, reason=str(refusal)[:600])
    except Exception:
        logger.exception("batch %s: item %s could not be issued", batch.pk, pk)
        return False
    return True


@transaction.atomic
def _issue(pk: int, batch: Batch, now: datetime) -> None:
    rows = BatchItem.objects.select_for_update(of=("self",), no_key=True).select_related("invoice")
    item = rows.filter(pk=pk, outcome=BatchItem.Outcome.WAITING).first()
    if item is None:
        return
    issue_invoice(invoice=item.invoice, by=batch.started_by, now=now)
    item.outcome = BatchItem.Outcome.ISSUED
    item.save(update_fields=["outcome"])
