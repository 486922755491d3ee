"""Time that was worked and settled under the former program."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecuanime.accounts.models import User
from ecuanime.clients.models import Client
from ecuanime.contracts.models import WorkType
from ecuanime.foundation import formats
from ecuanime.foundation.errors import Refused
from ecuanime.imports import values
from ecuanime.imports.columns import Field
from ecuanime.imports.kinds.kind import OF_CLIENT, Given, Kind, Made
from ecuanime.imports.origins import note_origin, subject_of, the_client
from ecuanime.imports.values import folded
from ecuanime.rules.calendars import start_of_day
from ecuanime.tickets.actions import bring_ticket, stretch_ticket
from ecuanime.tickets.models import Ticket
from ecuanime.worklog.actions import bring_time


def bring(given: Given) -> Made:
    """Keep the work of a row on the ticket of its reference, or on the client's one of all that has none.

    A row is known again by all that it says. Refuses as `the_client` and `bring_time`, and `unknown_person`,
    `unknown_work_type`, `no_duration`.
    """
    said = given.values
    client, user = the_client(said["client"]), _person(said["person"])
    work_type, seconds = _work_type(said["work_type"]), _seconds(said)
    if subject_of("time", given.mark) is not None:
        return Made(_words(client, user, seconds), is_new=False)
    entry = bring_time(
        user=user,
        ticket=_ticket(given, client),
        work_type=work_type,
        work_on=said["work_on"],
        seconds=seconds,
        note=said["note"],
        now=given.now,
    )
    note_origin("time", given.mark, entry.pk, now=given.now)
    return Made(_words(client, user, seconds), is_new=True)


def _words(client: Client, user: User, seconds: int) -> str:
    hours = formats.hours_of_seconds(seconds, formats.locale_for(user.language))
    return f"{client.name} · {user.name} · {hours}"


def _ticket(given: Given, client: Client) -> Ticket:
    """The ticket that holds the work of this reference, begun or ended so that the row's day lies in it."""
    said = given.values
    at = start_of_day(said["work_on"], client.time_zone)
    key = f"{client.pk}|{said['reference']}"
    former = subject_of("tickets", key)
    if former is not None:
        return stretch_ticket(ticket=Ticket.objects.get(pk=former), at=at)
    subject = " · ".join(filter(None, [said["reference"], said["subject"]]))
    ticket = bring_ticket(
        client=client, subject=subject or _("Work under the former program"), at=at, now=given.now
    )
    note_origin("tickets", key, ticket.pk, now=given.now)
    return ticket


def _person(name: str) -> User:
    """The person of the firm that a file names by address or name; those who left count too."""
    wanted = Q(email__iexact=name) | Q(name__iexact=name)
    found = list(User.objects.filter(wanted, contact=None).order_by("pk")[:2])
    if len(found) != 1:
        text = _("There is no single person of the firm called “%(name)s”. Write their e-mail address.")
        raise Refused("unknown_person", text % {"name": name[:60]})
    return found[0]


def _work_type(name: str) -> WorkType:
    wanted = folded(name)
    found = [
        each
        for each in WorkType.objects.all()
        if wanted in {folded(each.code), folded(each.name_es), folded(each.name_en)}
    ]
    if len(found) != 1:
        text = _("There is no single kind of work called “%(name)s”. Write its code.")
        raise Refused("unknown_work_type", text % {"name": name[:60]})
    return found[0]


def _seconds(said: Any) -> int:
    """From the hours or the minutes, whichever is said. Refuses `no_duration`."""
    hundredths: int | None = said["hours"]
    minutes: Decimal | None = said["minutes"]
    if (hundredths is None) == (minutes is None):
        raise Refused("no_duration", _("Say how long it took, either in hours or in minutes."))
    if hundredths is not None:
        return int((Decimal(hundredths) * 60 / 100).to_integral_value())
    return int((60 * (minutes or Decimal(0))).to_integral_value())


TIME = Kind(
    code="time",
    label=gettext_lazy("Time worked before"),
    says=gettext_lazy(
        "One piece of work a row, settled already: it is shown and counted, never drawn nor billed."
    ),
    bring=bring,
    fields=(
        OF_CLIENT,
        Field(
            "person",
            gettext_lazy("Who worked"),
            ("persona", "técnico", "usuario", "empleado", "technician", "user", "person"),
            values.text(254),
            ("teo@firma.example", "Teo Bruna"),
            is_required=True,
        ),
        Field(
            "work_on",
            gettext_lazy("Day of the work"),
            ("fecha", "día", "date", "day"),
            values.day,
            ("03/02/2026", "2026-02-04"),
            is_required=True,
        ),
        Field(
            "hours",
            gettext_lazy("Hours"),
            ("horas", "duración", "tiempo", "duration", "time"),
            values.hundredths,
            ("1:30", ""),
        ),
        Field("minutes", gettext_lazy("Minutes"), ("minutos", "min"), values.number, ("", "45")),
        Field(
            "work_type",
            gettext_lazy("Kind of work"),
            ("tipo", "tipo de trabajo", "tarea", "type", "work type"),
            values.text(80),
            ("remote", "remote"),
            is_required=True,
        ),
        Field(
            "note",
            gettext_lazy("What was done"),
            ("nota", "trabajo realizado", "descripción", "concepto", "description", "note"),
            values.text(300),
            ("Cambio de router", "Copias de seguridad"),
        ),
        Field(
            "reference",
            gettext_lazy("Ticket in the former program"),
            ("ticket", "incidencia", "referencia", "parte", "nº ticket", "reference"),
            values.text(60),
            ("INC-2041", ""),
        ),
        Field(
            "subject",
            gettext_lazy("Subject of that ticket"),
            ("asunto", "título", "subject", "title"),
            values.text(200),
            ("Sin conexión en tienda", ""),
        ),
    ),
)
