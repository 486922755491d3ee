"""The clients' people. Nobody is written to: access to the portal is given later, by hand."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from ecuanime.clients.actions import add_contact, set_rights
from ecuanime.clients.models import Client, Contact
from ecuanime.imports import values
from ecuanime.imports.columns import Field
from ecuanime.imports.kinds.kind import OF_CLIENT, Given, Kind, Made
from ecuanime.imports.origins import the_client

_RIGHTS = ("is_project_lead", "sees_invoices")


def bring(given: Given) -> Made:
    """Note the person of a row, unless their client has them already by address, or by name where there is none.

    Refuses as `the_client` and `add_contact`.
    """
    details: dict[str, Any] = {name: value for name, value in given.values.items() if value}
    client = the_client(details.pop("client"))
    rights = {name: bool(details.pop(name, False)) for name in _RIGHTS}
    contact, is_new = _known(client, details), False
    if contact is None:
        contact, is_new = add_contact(client=client, now=given.now, **details), True
        if any(rights.values()):
            contact = set_rights(
                contact=contact,
                approves_up_to_minutes=None,
                approves_up_to_amount=None,
                now=given.now,
                **rights,
            )
    return Made(f"{client.code} · {contact.name}", is_new=is_new)


def _known(client: Client, details: dict[str, Any]) -> Contact | None:
    people = client.contacts.filter(is_active=True).order_by("pk")
    if email := details.get("email"):
        return people.filter(email__iexact=email).first()
    return people.filter(name__iexact=details["name"]).first()


CONTACTS = Kind(
    code="contacts",
    label=gettext_lazy("People of clients"),
    says=gettext_lazy("One person a row, of a client that is here. Nobody is written to."),
    bring=bring,
    fields=(
        OF_CLIENT,
        Field(
            "name",
            gettext_lazy("Name"),
            ("nombre", "contacto", "persona", "nombre y apellidos", "contact", "full name"),
            values.text(120),
            ("Lucía Prado", "Aitor Goñi"),
            is_required=True,
        ),
        Field(
            "email",
            gettext_lazy("E-mail address"),
            ("correo", "e-mail", "correo electrónico", "mail"),
            values.text(254),
            ("lucia@lunares.example", "aitor@ibaizabal.example"),
        ),
        Field(
            "phone",
            gettext_lazy("Phone"),
            ("teléfono", "móvil", "tel", "mobile"),
            values.text(30),
            ("910 000 001", ""),
        ),
        Field(
            "job",
            gettext_lazy("Role"),
            ("cargo", "puesto", "job title"),
            values.text(80),
            ("Gerente", "Sistemas"),
        ),
        Field("language", gettext_lazy("Language"), ("idioma",), values.language, ("es", "es")),
        Field(
            "is_project_lead",
            gettext_lazy("Approves time"),
            ("aprueba horas", "líder de proyecto", "aprueba", "project lead"),
            values.yes_or_no,
            ("sí", "no"),
        ),
        Field(
            "sees_invoices",
            gettext_lazy("Sees invoices"),
            ("ve facturas", "facturas"),
            values.yes_or_no,
            ("sí", "no"),
        ),
    ),
)
