"""Invoices of the former program of which something is still owed."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecuanime.billing.actions import bring_invoice
from ecuanime.billing.models import Invoice
from ecuanime.clients.models import Client
from ecuanime.foundation import formats
from ecuanime.foundation.errors import Refused
from ecuanime.imports import values
from ecuanime.imports.columns import Field
from ecuanime.imports.kinds.kind import OF_CLIENT, Given, Kind, Made
from ecuanime.imports.origins import note_origin, subject_of, the_client
from ecuanime.imports.values import minor_units


def bring(given: Given) -> Made:
    """Take the invoice of a row over, unless its number was brought before, of the same client, day and total.

    Refuses as `the_client`, `minor_units` and `bring_invoice`, and `number_twice` for a number that was brought with
    other facts.
    """
    said = given.values
    client = the_client(said["client"])
    number = "-".join(filter(None, [said["series"], said["number"]]))
    currency = said["currency"] or client.currency
    total, tax, paid = (minor_units(said[name] or Decimal(0), currency) for name in ("total", "tax", "paid"))
    former = subject_of("invoices", number)
    if former is not None:
        known = Invoice.objects.select_related("client").get(pk=former)
        _refuse_other_facts(known, (client.pk, said["issued_on"], total, currency))
        return Made(_words(known, client), is_new=False)
    invoice = bring_invoice(
        client=client,
        number=number,
        issued_on=said["issued_on"],
        due_on=said["due_on"],
        total=total,
        tax=tax,
        paid=paid,
        currency=currency,
        by=given.by,
        now=given.now,
    )
    note_origin("invoices", number, invoice.pk, now=given.now)
    return Made(_words(invoice, client), is_new=True)


def _words(invoice: Invoice, client: Client) -> str:
    owed = formats.money(
        invoice.owed, invoice.currency, formats.locale_for(client.language, invoice.currency)
    )
    return _("%(number)s · %(client)s · %(owed)s owed") % {
        "number": invoice.number,
        "client": client.name,
        "owed": owed,
    }


def _refuse_other_facts(known: Invoice, facts: tuple[object, ...]) -> None:
    if (known.client_id, known.issued_on, known.total, known.currency) != facts:
        raise Refused(
            "number_twice",
            _("%(number)s was brought already, of another client or day or with another total.")
            % {"number": known.number},
        )


INVOICES = Kind(
    code="invoices",
    label=gettext_lazy("Open invoices"),
    says=gettext_lazy(
        "One invoice a row of which something is still owed. It keeps its number and is never sent."
    ),
    bring=bring,
    fields=(
        OF_CLIENT,
        Field(
            "number",
            gettext_lazy("Invoice number"),
            ("número", "factura", "nº factura", "número factura", "invoice", "number"),
            values.text(40),
            ("A/1023", "1024"),
            is_required=True,
        ),
        Field("series", gettext_lazy("Series"), ("serie",), values.text(10), ("", "B")),
        Field(
            "issued_on",
            gettext_lazy("Invoice date"),
            ("fecha", "fecha factura", "date", "issued"),
            values.day,
            ("01/10/2026", "2026-10-15"),
            is_required=True,
        ),
        Field(
            "due_on",
            gettext_lazy("Due on"),
            ("vencimiento", "vence", "fecha vencimiento", "due date", "due"),
            values.day,
            ("31/10/2026", "2026-11-15"),
            is_required=True,
        ),
        Field(
            "total",
            gettext_lazy("Total with tax"),
            ("total", "importe", "importe total", "amount"),
            values.number,
            ("1210,00", "484,00"),
            is_required=True,
        ),
        Field(
            "tax",
            gettext_lazy("Tax in it"),
            ("iva", "impuesto", "cuota", "vat", "tax"),
            values.number,
            ("210,00", "84,00"),
        ),
        Field(
            "paid",
            gettext_lazy("Paid so far"),
            ("pagado", "cobrado", "a cuenta", "paid"),
            values.number,
            ("500,00", ""),
        ),
        Field("currency", gettext_lazy("Currency"), ("moneda", "divisa"), values.currency, ("EUR", "EUR")),
    ),
)
