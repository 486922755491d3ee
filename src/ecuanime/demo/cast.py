"""Who is in the demo: the firm and its people, and what is told of a client. All invented, on reserved domains."""

from __future__ import annotations

from dataclasses import dataclass

from stdnum.es import cif

from ecuanime.accounts.models import Language, Role
from ecuanime.staff.models import Competence

FIRM_NAME = "Nodo Alisio, S. L."
DOMAIN = "nodoalisio.example"
MAILBOX = f"soporte@{DOMAIN}"
PASSWORD = "una demo sin secretos"  # noqa: S105  # shown on the sign-in page of the demo, on purpose


def made_up_tax_id(number: int) -> str:
    """A tax id whose check digit fits, of a province that does not exist, so that it is nobody's."""
    digits = f"B00{number:05}"
    return digits + str(cif.calc_check_digits(digits))[0]


FIRM = {
    "name": FIRM_NAME,
    "tax_id": made_up_tax_id(1),
    "address": "Calle del Alisio, 12",
    "postcode": "41003",
    "city": "Sevilla",
    "region": "Sevilla",
    "email": MAILBOX,
    "phone": "+34 600 000 100",
    "website": f"https://{DOMAIN}",
    "iban": "ES9121000418450200051332",
    "holiday_subdivision": "AN",
}

AREAS = (
    "Puestos y oficina",
    "Correo y dominios",
    "Servidores y copias",
    "Redes y wifi",
    "Programas de gestión",
    "Web y tienda online",
)
"""What the firm supports; a story names its area by its place in this list."""

TECHNICIAN, CONSULTANT = Competence.Level.TECHNICIAN.value, Competence.Level.CONSULTANT.value


@dataclass(frozen=True)
class Person:
    """Somebody of the firm: what they do, and the areas they know with the level."""

    key: str
    name: str
    roles: tuple[str, ...]
    knows: dict[int, str]
    phone: str = ""

    @property
    def email(self) -> str:
        """Their address."""
        return f"{self.key}@{DOMAIN}"


STAFF = (
    Person("adela", "Adela Ríos", (Role.ADMINISTRATOR,), {}),
    Person("lucia", "Lucía Pardo", (Role.SUPERVISOR,), {4: CONSULTANT, 0: CONSULTANT}),
    Person(
        "nuria",
        "Nuria Vidal",
        (Role.CONSULTANT,),
        {1: CONSULTANT, 2: CONSULTANT, 5: CONSULTANT},
        "+34 600 000 021",
    ),
    Person("irene", "Irene Maldonado", (Role.TECHNICIAN,), {0: TECHNICIAN, 1: TECHNICIAN, 4: TECHNICIAN}),
    Person(
        "teo",
        "Teo Barrientos",
        (Role.TECHNICIAN,),
        {2: TECHNICIAN, 3: TECHNICIAN, 5: TECHNICIAN},
        "+34 600 000 034",
    ),
    Person("samuel", "Samuel Ortega", (Role.TECHNICIAN,), {0: TECHNICIAN, 3: TECHNICIAN, 4: TECHNICIAN}),
    Person("mario", "Mario Ledesma", (Role.BILLING,), {}),
)
AT_DESK: dict[int, tuple[str, ...]] = {
    0: ("irene", "samuel"),
    1: ("irene", "nuria"),
    2: ("teo", "nuria"),
    3: ("teo", "samuel"),
    4: ("irene", "samuel", "lucia"),
    5: ("teo", "nuria"),
}
"""Who takes the tickets of an area; the first takes most."""


@dataclass(frozen=True)
class Someone:
    """A contact of a client. A lead approves time, up to `limit` minutes a day if there is one."""

    name: str
    job: str
    mail: str
    is_lead: bool = False
    signs_in: bool = False
    sees_invoices: bool = False
    limit: int | None = None


@dataclass(frozen=True)
class Customer:
    """A client. `deal` says what they contracted, `pays` how they pay; `size` weighs how much they ask for."""

    name: str
    domain: str
    city: str
    postcode: str
    address: str
    deal: str
    people: tuple[Someone, ...]
    pays: str = "prompt"
    size: int = 2
    country: str = "ES"
    language: str = Language.ES

    @property
    def lead(self) -> Someone | None:
        """Who approves for them."""
        return next((one for one in self.people if one.is_lead), None)
