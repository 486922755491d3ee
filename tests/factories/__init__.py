"""Small, real rows for tests: a firm, its people, a client with contacts, plans and contracts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from ecuanime.accounts.models import Role, User
from ecuanime.clients.models import Client, Contact, Site
from ecuanime.contracts.models import (
    Contract,
    Cover,
    CoverageBand,
    CoverageCalendar,
    Fee,
    Grant,
    Plan,
    PlanKind,
    PlanVersion,
    PriceTier,
    Rate,
    Unit,
    Weight,
    WorkType,
)
from ecuanime.delivery.models import Mailbox
from ecuanime.staff.models import Firm

NOW = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
_numbers = count(1)


def make_firm(**fields: object) -> Firm:
    """A generic firm in Madrid time that may issue invoices."""
    values = {"id": 1, "name": "Nodo Alisio", "country": "IE", "currency": "EUR", "language": "en"}
    values |= {"time_zone": "Europe/Madrid", "setup_finished_at": NOW, "email": "soporte@nodoalisio.example"}
    firm, _ = Firm.objects.update_or_create(id=1, defaults=values | fields)
    return firm


def make_person(*roles: str, name: str = "", **fields: object) -> User:
    """Somebody of the firm; a technician unless roles say otherwise."""
    number = next(_numbers)
    user = User.objects.create_user(
        email=f"persona{number}@nodoalisio.example",
        password="una clave bastante larga",
        name=name or f"Persona {number}",
        roles=list(roles) or [Role.TECHNICIAN],
        language="en",
    )
    for field, value in fields.items():
        setattr(user, field, value)
    user.save()
    return user


def make_client(**fields: object) -> Client:
    """A client of the firm."""
    number = next(_numbers)
    values: dict[str, object] = {"code": f"C-{number:04}", "name": f"Cliente {number}", "created_at": NOW}
    values["language"] = "en"
    return Client.objects.create(**(values | fields))


def make_site(client: Client, name: str = "Almacén") -> Site:
    """A place of a client."""
    return Site.objects.create(client=client, name=name)


def make_contact(client: Client | None = None, *, signs_in: bool = False, **fields: object) -> Contact:
    """A person of a client; with `signs_in` they have an account for the portal."""
    number = next(_numbers)
    email = str(fields.pop("email", f"contacto{number}@cliente{number}.example"))
    name = str(fields.pop("name", f"Contacto {number}"))
    language = str(fields.setdefault("language", "en"))
    user = None
    if signs_in:
        user = User.objects.create_user(
            email=email, password="una clave bastante larga", name=name, language=language
        )
    return Contact.objects.create(
        client=client or make_client(), name=name, email=email, user=user, created_at=NOW, **fields
    )


def make_work_type(code: str = "remote") -> WorkType:
    """A work type by its code."""
    work_type, _ = WorkType.objects.get_or_create(
        code=code, defaults={"name_es": f"{code} (es)", "name_en": code.capitalize()}
    )
    return work_type


def make_calendar() -> CoverageCalendar:
    """Monday to Friday, 08:00 to 18:00."""
    calendar, created = CoverageCalendar.objects.get_or_create(code="8x5", defaults={"name": "8x5"})
    if created:
        for weekday in range(5):
            CoverageBand.objects.create(
                calendar=calendar, weekday=weekday, starts_at="08:00", ends_at="18:00"
            )
    return calendar


_NAMES = {
    PlanKind.ON_DEMAND: ("Bajo demanda", "On demand"),
    PlanKind.INCIDENT_PACK: ("Bono de incidencias", "Incident pack"),
    PlanKind.MONTHLY: ("Cuota mensual", "Fixed monthly"),
    PlanKind.FLAT: ("Tarifa plana", "Flat fee"),
    PlanKind.INCLUDED: ("Soporte incluido", "Support included"),
}


def make_version(
    kind: str = PlanKind.HOUR_PACK, *, is_published: bool = True, **fields: object
) -> PlanVersion:
    """A plan version: a pack of 10 h at 30.00 with one free hour per 20, or on demand at 30.00; a pack of 10 incidents
    at 50.00 each; monthly at 200.00 with 5 h of which 2 roll over; flat at 300.00 a month; all included for 3 months.

    A published version never changes: a test that wants other rows leaves it unpublished and ends with `publish`.
    """
    plan = Plan.objects.create(code=f"plan-{next(_numbers)}", kind=kind, created_at=NOW)
    values: dict[str, object] = {
        "name_es": "Bono de horas",
        "name_en": "Hour pack",
        "calendar": make_calendar(),
    }
    names = _NAMES.get(kind)
    if names is not None:
        values |= {"name_es": names[0], "name_en": names[1]}
    if kind == PlanKind.INCLUDED:
        values["term_months"] = 3
    version = PlanVersion.objects.create(plan=plan, number=1, **(values | fields))
    if kind == PlanKind.HOUR_PACK:
        Grant.objects.create(version=version, quantity=10, valid_months=12, bonus_every=20, bonus=1)
        PriceTier.objects.create(version=version, from_quantity=1, unit_price=Decimal(30))
    elif kind == PlanKind.INCIDENT_PACK:
        Grant.objects.create(version=version, unit=Unit.INCIDENTS, quantity=10, valid_months=12)
        PriceTier.objects.create(version=version, from_quantity=1, unit_price=Decimal(50))
        Cover.objects.create(version=version, needs_incident=True)
    elif kind == PlanKind.MONTHLY:
        Fee.objects.create(version=version, price=Decimal(200))
        Grant.objects.create(version=version, per=Grant.Per.PERIOD, quantity=5, rollover_cap=2)
    elif kind == PlanKind.FLAT:
        Fee.objects.create(version=version, price=Decimal(300))
        Cover.objects.create(version=version)
    elif kind == PlanKind.INCLUDED:
        Cover.objects.create(version=version)
    Rate.objects.create(version=version, price_per_hour=Decimal(30))
    Weight.objects.create(version=version, work_type=make_work_type("remote"), factor=1)
    return publish(version) if is_published else version


def publish(version: PlanVersion) -> PlanVersion:
    """Publish a version as it is."""
    PlanVersion.objects.filter(pk=version.pk).update(published_at=NOW)
    return PlanVersion.objects.select_related("plan").get(pk=version.pk)


def make_contract(client: Client | None = None, kind: str = PlanKind.HOUR_PACK, **fields: object) -> Contract:
    """An active contract from the start of 2026, without lots."""
    version = fields.pop("version", None) or make_version(kind)
    values: dict[str, object] = {
        "number": f"CT-{next(_numbers):04}",
        "client": client or make_client(),
        "version": version,
        "time_zone": "Europe/Madrid",
        "starts_on": date(2026, 1, 1),
        "accepted_at": NOW,
    }
    return Contract.objects.create(**(values | fields))


def make_mailbox(**fields: object) -> Mailbox:
    """The firm's mailbox, which captures what would leave."""
    values: dict[str, object] = {
        "address": "soporte@nodoalisio.example",
        "captures": True,
        "is_default": True,
    }
    mailbox, _ = Mailbox.objects.get_or_create(address=values["address"], defaults=values | fields)
    return mailbox
