"""Issuing: the number, the frozen texts and the end of all changes, in one transaction."""

from __future__ import annotations

from datetime import datetime

from ecuanime.accounts.models import User
from ecuanime.billing.models import Invoice


def issue_invoice(*, invoice: Invoice, by: User, now: datetime) -> Invoice:
    """Give a draft the next number of its series and freeze it; packs on it can be used from now on.

    Invoices and advance invoices are numbered F-2026-0188, credit notes R-…, pro-formas P-…; without gaps, and the
    dates never go backwards. Right after the commit a job draws the PDF and queues the mail to the client; if that
    fails the number stands and it is tried again. Repeated, it gives the issued document back.
    Refused: `not_allowed`, `export_only` (the firm's country has no legal pack yet: its drafts are pro-formas),
    `empty`, `not_positive`, `missing_data` (of issuer or customer, named), `no_tax_rate`, `clock_back`.
    """
    raise NotImplementedError
