"""An invoice as a file for programs: what the office and the portal offer beside its PDF."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse

from ecuanime.billing.einvoice.written import DataFile, files_of, written
from ecuanime.billing.models import Invoice
from ecuanime.foundation.clock import read_clock
from ecuanime.web.downloads import XML, download


@dataclass(frozen=True)
class OfferedData:
    """The files that a document can be had as, and why it cannot be had as others."""

    files: tuple[DataFile, ...]
    faults: tuple[str, ...]


def data_of(invoice: Invoice) -> OfferedData | None:
    """What is offered of an issued document; None of what is no invoice or was issued elsewhere."""
    found = files_of(invoice)
    if not found:
        return None
    faults = dict.fromkeys(words for each in found.values() for words in each)
    return OfferedData(tuple(file for file, wrong in found.items() if not wrong), tuple(faults))


def data_response(invoice: Invoice, name: str) -> HttpResponse:
    """The file as a download; there is none of an unknown name. Refused: as `written`."""
    if name not in DataFile:
        raise Http404
    content = written(invoice, DataFile(name), read_clock())
    return download(content, f"{invoice.number}-{name}.xml", XML)
