"""Invoices for the firm's accounting or invoicing program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ecuanime.billing.models import Invoice


def invoices_csv(invoices: Iterable[Invoice]) -> Iterator[str]:
    """CSV text (RFC 4180, UTF-8 with a mark, decimal points), one row per line of each issued document.

    Time is in minutes with the price per 60; amounts in major units. A text that a spreadsheet would take for a
    formula is preceded by an apostrophe.
    """
    raise NotImplementedError
