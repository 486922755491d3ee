"""What billing keeps: invoices and what stands on them, the money that comes and goes, and the state of the books."""

from ecuanime.billing.models.books.exchange import ExchangeRate, RateSource
from ecuanime.billing.models.books.handing import HandedOver, HandOver, IssuingSettings
from ecuanime.billing.models.books.journal import ROLES as JOURNAL_ROLES
from ecuanime.billing.models.books.journal import JournalAccount
from ecuanime.billing.models.books.keeping import (
    Batch,
    BatchItem,
    Closing,
    Numbering,
    Reminder,
    ReminderStep,
    Unreminded,
)
from ecuanime.billing.models.books.received import (
    SAID_BY_SUPPLIER,
    TYPED,
    TYPED_AT_CUSTOMS,
    DeductionAdjustment,
    ReceivedInvoice,
    ReceivedTax,
    WaitingPaper,
)
from ecuanime.billing.models.documents.charges import Charge, NextPack, Run
from ecuanime.billing.models.documents.discounts import TimeDiscount
from ecuanime.billing.models.documents.invoices import (
    BROUGHT_KEY,
    DRAFT_KEY,
    PAYABLE,
    TAKEN_OFF,
    Invoice,
    Series,
)
from ecuanime.billing.models.documents.lines import BY_HAND, CoveredWork, InvoiceLine, LineSegment, TaxLine
from ecuanime.billing.models.documents.taxes import RATED_CATEGORIES, TaxRate
from ecuanime.billing.models.mexico.cfdis import GLOBAL, Cfdi, CfdiCancellation, PublicSale
from ecuanime.billing.models.mexico.settings import MexicoReceiver, MexicoSeal, MexicoSettings
from ecuanime.billing.models.money.bank import BankEntry, BankFile, BankFormat, BankMatch
from ecuanime.billing.models.money.cards import CardCheckout, CardEvent, CardSettings
from ecuanime.billing.models.money.debits import CollectedInvoice, Collection, CreditorSettings, Mandate
from ecuanime.billing.models.money.payments import Dispute, Payment
from ecuanime.billing.models.spain.agency import (
    AgencyCertificate,
    AgencyQueue,
    AgencySettings,
    Environment,
    Submission,
    Verdict,
)
from ecuanime.billing.models.spain.records import FiscalChain, FiscalRecord, SpainSettings
from ecuanime.billing.models.vies import VatCheck

__all__ = [
    "BROUGHT_KEY",
    "BY_HAND",
    "DRAFT_KEY",
    "GLOBAL",
    "JOURNAL_ROLES",
    "PAYABLE",
    "RATED_CATEGORIES",
    "SAID_BY_SUPPLIER",
    "TAKEN_OFF",
    "TYPED",
    "TYPED_AT_CUSTOMS",
    "AgencyCertificate",
    "AgencyQueue",
    "AgencySettings",
    "BankEntry",
    "BankFile",
    "BankFormat",
    "BankMatch",
    "Batch",
    "BatchItem",
    "CardCheckout",
    "CardEvent",
    "CardSettings",
    "Cfdi",
    "CfdiCancellation",
    "Charge",
    "Closing",
    "CollectedInvoice",
    "Collection",
    "CoveredWork",
    "CreditorSettings",
    "DeductionAdjustment",
    "Dispute",
    "Environment",
    "ExchangeRate",
    "FiscalChain",
    "FiscalRecord",
    "HandOver",
    "HandedOver",
    "Invoice",
    "InvoiceLine",
    "IssuingSettings",
    "JournalAccount",
    "LineSegment",
    "Mandate",
    "MexicoReceiver",
    "MexicoSeal",
    "MexicoSettings",
    "NextPack",
    "Numbering",
    "Payment",
    "PublicSale",
    "RateSource",
    "ReceivedInvoice",
    "ReceivedTax",
    "Reminder",
    "ReminderStep",
    "Run",
    "Series",
    "SpainSettings",
    "Submission",
    "TaxLine",
    "TaxRate",
    "TimeDiscount",
    "Unreminded",
    "VatCheck",
    "Verdict",
    "WaitingPaper",
]
