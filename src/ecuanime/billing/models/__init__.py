"""What billing keeps: invoices and what stands on them, the money that comes and goes, and the state of the books."""

from ecuanime.billing.models.agency import (
    AgencyCertificate,
    AgencyQueue,
    AgencySettings,
    Environment,
    Submission,
    Verdict,
)
from ecuanime.billing.models.bank import BankEntry, BankFile, BankFormat, BankMatch
from ecuanime.billing.models.books import (
    Batch,
    BatchItem,
    Closing,
    Numbering,
    Reminder,
    ReminderStep,
    Unreminded,
)
from ecuanime.billing.models.cards import CardCheckout, CardEvent, CardSettings
from ecuanime.billing.models.debits import CollectedInvoice, Collection, CreditorSettings, Mandate
from ecuanime.billing.models.discounts import TimeDiscount
from ecuanime.billing.models.exchange import ExchangeRate
from ecuanime.billing.models.fiscal import FiscalChain, FiscalRecord, SpainSettings
from ecuanime.billing.models.handing import HandedOver, HandOver, IssuingSettings
from ecuanime.billing.models.invoices import (
    BROUGHT_KEY,
    BY_HAND,
    DRAFT_KEY,
    PAYABLE,
    TAKEN_OFF,
    Charge,
    CoveredWork,
    Invoice,
    InvoiceLine,
    LineSegment,
    NextPack,
    Run,
    Series,
    TaxLine,
)
from ecuanime.billing.models.journal import ROLES as JOURNAL_ROLES
from ecuanime.billing.models.journal import JournalAccount
from ecuanime.billing.models.mexico import (
    GLOBAL,
    Cfdi,
    CfdiCancellation,
    MexicoRate,
    MexicoReceiver,
    MexicoSeal,
    MexicoSettings,
    PublicSale,
)
from ecuanime.billing.models.payments import Dispute, Payment
from ecuanime.billing.models.received import ReceivedInvoice, ReceivedTax
from ecuanime.billing.models.taxes import RATED_CATEGORIES, TaxRate

__all__ = [
    "BROUGHT_KEY",
    "BY_HAND",
    "DRAFT_KEY",
    "GLOBAL",
    "JOURNAL_ROLES",
    "PAYABLE",
    "RATED_CATEGORIES",
    "TAKEN_OFF",
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
    "MexicoRate",
    "MexicoReceiver",
    "MexicoSeal",
    "MexicoSettings",
    "NextPack",
    "Numbering",
    "Payment",
    "PublicSale",
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
    "Verdict",
]
