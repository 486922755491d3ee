"""The PDF and the mail of an issued document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ecuanime.accounts.models import User
from ecuanime.billing.models import Invoice


def ensure_pdf(*, invoice: Invoice, now: datetime) -> Invoice:
    """Draw the PDF of an issued document, once, and queue its mail with it: what the job after issuing does.

    The mail goes to the client's address for invoices, else to the contacts who see invoices, else to the project
    leads; without any there is no mail, and the page says so. Repeated, it does only what is missing.
    Raises `RenderError` when a figure does not add up: nothing is kept then.
    """
    raise NotImplementedError


def send_invoice(*, invoice: Invoice, by: User, now: datetime, to: Sequence[str] = ()) -> Invoice:
    """Send an issued document once more, to the usual addresses or to others.

    Refused: `not_allowed`, `not_issued`, `no_address`, `bad_address`.
    """
    raise NotImplementedError
