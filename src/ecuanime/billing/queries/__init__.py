"""Shared reads about bills, each with a constant number of queries."""

from ecuanime.billing.queries.aged import AGES, AgedRow, aged_receivables, aged_totals, written_off_in
from ecuanime.billing.queries.corrections import OverBilled, over_billed_lines
from ecuanime.billing.queries.ending import Left, left_of
from ecuanime.billing.queries.lists import (
    InvoiceFilter,
    InvoiceRow,
    counts_by_filter,
    drafts_of_run,
    invoices_in,
    invoices_of_contact,
)
from ecuanime.billing.queries.packs import latest_next_pack
from ecuanime.billing.queries.page import (
    ExplainedEntry,
    ExplainedLine,
    ExplainedTicket,
    InvoicePage,
    find_invoice,
    invoice_page,
    key_of,
)
from ecuanime.billing.queries.preview import LeftOut, PreviewRow, RunPreview, run_preview
from ecuanime.billing.queries.runs import latest_runs, unbilled_segments
from ecuanime.billing.queries.time import (
    unbilled_corrected,
    unbilled_uncorrected,
    unbilled_work,
    uncovered_work,
)
from ecuanime.billing.queries.totals import Receivables, receivables
from ecuanime.billing.queries.unused import UnusedFee, unused_fees
from ecuanime.billing.queries.vies import VatStanding, leaning_on, vat_standing

__all__ = [
    "AGES",
    "AgedRow",
    "ExplainedEntry",
    "ExplainedLine",
    "ExplainedTicket",
    "InvoiceFilter",
    "InvoicePage",
    "InvoiceRow",
    "Left",
    "LeftOut",
    "OverBilled",
    "PreviewRow",
    "Receivables",
    "RunPreview",
    "UnusedFee",
    "VatStanding",
    "aged_receivables",
    "aged_totals",
    "counts_by_filter",
    "drafts_of_run",
    "find_invoice",
    "invoice_page",
    "invoices_in",
    "invoices_of_contact",
    "key_of",
    "latest_next_pack",
    "latest_runs",
    "leaning_on",
    "left_of",
    "over_billed_lines",
    "receivables",
    "run_preview",
    "unbilled_corrected",
    "unbilled_segments",
    "unbilled_uncorrected",
    "unbilled_work",
    "uncovered_work",
    "unused_fees",
    "vat_standing",
    "written_off_in",
]
