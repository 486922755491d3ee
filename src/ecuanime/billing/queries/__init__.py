"""Shared reads about bills, each with a constant number of queries."""

from ecuanime.billing.queries.lists import InvoiceFilter, InvoiceRow, invoices_in, invoices_of_contact
from ecuanime.billing.queries.page import (
    ExplainedEntry,
    ExplainedLine,
    ExplainedTicket,
    InvoicePage,
    find_invoice,
    invoice_page,
)
from ecuanime.billing.queries.runs import latest_runs, unbilled_segments
from ecuanime.billing.queries.totals import Receivables, receivables

__all__ = [
    "ExplainedEntry",
    "ExplainedLine",
    "ExplainedTicket",
    "InvoiceFilter",
    "InvoicePage",
    "InvoiceRow",
    "Receivables",
    "find_invoice",
    "invoice_page",
    "invoices_in",
    "invoices_of_contact",
    "latest_runs",
    "receivables",
    "unbilled_segments",
]
