"""The invoice as a person reads it: one page that says what is owed, and an annex that explains every minute.

A pure function over the frozen values of `document`: no database, no clock, no network, no system fonts. The
same document gives the same bytes.
"""

from ecuanime.billing.pdf.errors import RenderError
from ecuanime.billing.pdf.render import render_invoice
from ecuanime.billing.pdf.report import ReportDocument, ReportSection, render_report
from ecuanime.billing.pdf.statement import StatementDocument, StatementRow, render_statement

__all__ = [
    "RenderError",
    "ReportDocument",
    "ReportSection",
    "StatementDocument",
    "StatementRow",
    "render_invoice",
    "render_report",
    "render_statement",
]
