"""Clients."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecuanime.clients.actions import create_client
from ecuanime.clients.models import Client
from ecuanime.foundation.errors import Refused
from ecuanime.imports import values
from ecuanime.imports.columns import Field
from ecuanime.imports.kinds.kind import Given, Kind, Made
from ecuanime.imports.origins import note_origin, subject_of
from ecuanime.staff.queries import the_firm
from ecuanime.staff.tax_ids import checked_tax_id


def bring(given: Given) -> Made:
    """Take the client of a row on, unless it is here already by its former code, its tax id or its name.

    Refuses as `create_client`, and `same_name` for a name that a client with another tax id has here.
    """
    details: dict[str, Any] = {name: value for name, value in given.values.items() if value}
    code = details.pop("code", "")
    here = _known(code, details)
    if here is not None:
        _note(code, here, given)
        return Made(f"{here.code} · {here.name}", is_new=False)
    client = create_client(now=given.now, **details)
    _note(code, client, given)
    return Made(f"{client.code} · {client.name}", is_new=True)


def _known(code: str, details: dict[str, Any]) -> Client | None:
    former = subject_of("clients", code) if code else None
    if former is not None:
        return Client.objects.get(pk=former)
    tax_id = checked_tax_id(details.get("country") or the_firm().country, details.get("tax_id", ""))
    if tax_id:
        by_tax_id = Client.objects.filter(tax_id=tax_id).order_by("pk").first()
        if by_tax_id is not None:
            return by_tax_id
    named = Client.objects.filter(name__iexact=details["name"]).order_by("pk").first()
    if named is not None and tax_id and named.tax_id:
        text = _("%(code)s has this name here with another tax id, so it is not clear whether both are one.")
        raise Refused("same_name", text % {"code": named.code})
    return named


def _note(code: str, client: Client, given: Given) -> None:
    if code:
        note_origin("clients", code, client.pk, now=given.now)


CLIENTS = Kind(
    code="clients",
    label=gettext_lazy("Clients"),
    says=gettext_lazy("One organisation a row. Those that are here already stay as they are."),
    bring=bring,
    fields=(
        Field(
            "name",
            gettext_lazy("Name"),
            ("nombre", "cliente", "nombre comercial", "client", "company", "empresa"),
            values.text(160),
            ("Óptica Lunares", "Talleres Ibaizabal"),
            is_required=True,
        ),
        Field(
            "code",
            gettext_lazy("Code in the former program"),
            ("código", "codigo cliente", "id", "número", "client code", "customer number", "clave"),
            values.text(60),
            ("430012", "430013"),
        ),
        Field(
            "legal_name",
            gettext_lazy("Legal name"),
            ("razón social", "nombre fiscal", "company name"),
            values.text(200),
            ("Óptica Lunares, S. L.", "Talleres Ibaizabal, S. A."),
        ),
        Field(
            "tax_id",
            gettext_lazy("Tax id"),
            ("nif", "cif", "rfc", "nif/cif", "identificación fiscal", "vat number", "vat"),
            values.text(30),
            ("B12345674", ""),
        ),
        Field(
            "kind",
            gettext_lazy("Business or consumer"),
            ("tipo de cliente", "tipo", "empresa o particular", "kind", "customer type"),
            values.taxed_as,
            ("empresa", "empresa"),
        ),
        Field(
            "in_retail_scheme",
            gettext_lazy("Equivalence surcharge"),
            ("recargo de equivalencia", "recargo", "r.e.", "equivalence surcharge"),
            values.yes_or_no,
            ("", "sí"),
        ),
        Field(
            "address",
            gettext_lazy("Address"),
            ("dirección", "domicilio", "calle", "street"),
            values.text(200),
            ("Calle Mayor, 12", "Polígono Sur, 4"),
        ),
        Field(
            "postcode",
            gettext_lazy("Postcode"),
            ("código postal", "cp", "c.p.", "zip", "postal code"),
            values.text(12),
            ("28013", "48200"),
        ),
        Field(
            "city",
            gettext_lazy("City"),
            ("ciudad", "población", "localidad", "municipio", "town"),
            values.text(80),
            ("Madrid", "Durango"),
        ),
        Field(
            "region",
            gettext_lazy("Province or state"),
            ("provincia", "estado", "state", "province"),
            values.text(80),
            ("Madrid", "Bizkaia"),
        ),
        Field("country", gettext_lazy("Country"), ("país",), values.country, ("ES", "España")),
        Field("language", gettext_lazy("Language"), ("idioma",), values.language, ("es", "es")),
        Field("currency", gettext_lazy("Currency"), ("moneda", "divisa"), values.currency, ("EUR", "EUR")),
        Field(
            "invoice_email",
            gettext_lazy("E-mail for invoices"),
            ("correo facturas", "correo", "email", "e-mail", "correo electrónico", "email facturación"),
            values.email,
            ("facturas@lunares.example", ""),
        ),
        Field(
            "notes",
            gettext_lazy("Notes for the team"),
            ("notas", "observaciones", "comentarios"),
            values.text(2000),
        ),
    ),
)
