"""What billing and what it touches hold, to show that a refusal changed nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from ecuanime.billing.models import (
    AgencyCertificate,
    AgencyQueue,
    AgencySettings,
    BankEntry,
    BankFile,
    BankFormat,
    BankMatch,
    Cfdi,
    CfdiCancellation,
    Charge,
    CollectedInvoice,
    Collection,
    CoveredWork,
    CreditorSettings,
    DeductionAdjustment,
    Dispute,
    ExchangeRate,
    FiscalChain,
    FiscalRecord,
    HandedOver,
    HandOver,
    Invoice,
    InvoiceLine,
    IssuingSettings,
    JournalAccount,
    LineSegment,
    Mandate,
    MexicoReceiver,
    MexicoSeal,
    MexicoSettings,
    NextPack,
    Payment,
    PublicSale,
    ReceivedInvoice,
    ReceivedTax,
    Run,
    Series,
    Submission,
    TaxLine,
    TaxRate,
    VatCheck,
    Verdict,
    WaitingPaper,
)
from ecuanime.delivery.models import OutgoingMail
from ecuanime.entitlements.models import Lot, Movement
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.models import AuditEntry
from ecuanime.worklog.models import RatedEntry, TimeEntry
from tests.snapshots import held

_ROOM = (
    AgencyCertificate,
    AgencyQueue,
    AgencySettings,
    BankEntry,
    BankFile,
    BankFormat,
    BankMatch,
    Submission,
    Verdict,
    Charge,
    CollectedInvoice,
    Collection,
    CreditorSettings,
    Mandate,
    CoveredWork,
    Invoice,
    InvoiceLine,
    JournalAccount,
    LineSegment,
    NextPack,
    Payment,
    PublicSale,
    Run,
    Series,
    TaxLine,
    TaxRate,
    HandOver,
    HandedOver,
    IssuingSettings,
    Dispute,
    DeductionAdjustment,
    ExchangeRate,
    ReceivedInvoice,
    ReceivedTax,
    WaitingPaper,
    VatCheck,
    FiscalChain,
    FiscalRecord,
    Cfdi,
    CfdiCancellation,
    MexicoReceiver,
    MexicoSeal,
    MexicoSettings,
)
_TOUCHED: tuple[Any, ...] = (Lot, TimeEntry, RatedEntry)


def everything() -> tuple[object, ...]:
    """All rows of the room and of what it touches below, and how much was recorded and queued."""
    return held((*_ROOM, *_TOUCHED), counted=[Movement, AuditEntry, OutgoingMail])


def rows(*, but: Any = None) -> tuple[object, ...]:
    """All rows of the room and of what it touches below, those of one model left out."""
    return held([model for model in (*_ROOM, *_TOUCHED) if model is not but])


def refused(call: Callable[[], object], code: str) -> str:
    """The call is refused with the code, and nothing has changed; gives the words."""
    before = everything()
    with pytest.raises(Refused) as refusal, transaction.atomic():
        call()
    assert refusal.value.code == code
    assert str(refusal.value)
    assert everything() == before
    return str(refusal.value)
