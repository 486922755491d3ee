"""The demo's firm, its team, its mailbox and its clients, through the actions that a person would use."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from ecuanime.accounts.actions import create_account, update_profile
from ecuanime.accounts.models import Language, User
from ecuanime.accounts.setup import setup_link
from ecuanime.billing.actions import seed_taxes
from ecuanime.channels.mailboxes import MailboxSettings, set_up_mailbox
from ecuanime.clients.actions import (
    add_contact,
    add_site,
    confirm_domain,
    create_client,
    give_portal_access,
    set_rights,
)
from ecuanime.clients.models import Client
from ecuanime.contracts.actions import provide_basics, publish_template
from ecuanime.contracts.models import WorkType
from ecuanime.contracts.templates import TEMPLATES
from ecuanime.delivery.models import Mailbox
from ecuanime.demo import cast
from ecuanime.demo.cast import Customer, made_up_tax_id
from ecuanime.demo.customers import CUSTOMERS
from ecuanime.demo.diary import Agenda, Diary
from ecuanime.demo.world import World
from ecuanime.foundation.errors import Refused
from ecuanime.staff.actions import (
    add_product_area,
    load_public_holidays,
    set_competences,
    set_up_firm,
    update_firm,
)
from ecuanime.staff.models import Holiday

FOUNDED = timedelta(days=400)
"""How long before today the firm begins: long enough for packs that have expired since."""

SIGNATURE = "Nodo Alisio · soporte informático\n+34 600 000 100 · soporte@nodoalisio.example"


def found(now: datetime, rng: Random, *, customers: int) -> World:
    """The firm with its team and the first so many clients, as they were when it began."""
    then = now - FOUNDED
    staff = _open_firm(then, now)
    areas = [add_product_area(name=name, now=then) for name in cast.AREAS]
    for person in cast.STAFF:
        levels = {areas[area].pk: level for area, level in person.knows.items()}
        set_competences(user=staff[person.key], levels=levels, now=then)
    for code in TEMPLATES:
        publish_template(code=code, currency="EUR", by=staff["adela"], now=then)
    world = World(
        now=now,
        rng=rng,
        agenda=Agenda(now),
        diary=Diary(Holiday.objects.values_list("on", flat=True)),
        customers=CUSTOMERS[:customers],
        staff=staff,
        areas=areas,
        work_types={row.code: row for row in WorkType.objects.all()},
        mailbox=_mailbox(then),
    )
    for number, customer in enumerate(world.customers):
        _take_on(world, number, customer, then + timedelta(hours=number + 1))
    _give_passwords(world)
    return world


def _open_firm(then: datetime, now: datetime) -> dict[str, User]:
    """The firm and its people. What handlers of the firm's foundation do is done here: their jobs are held back."""
    link = setup_link()
    if link is None:
        raise Refused("firm_exists", "There is an administrator already.")
    boss = cast.STAFF[0]
    administrator = set_up_firm(
        token=link.strip("/").rpartition("/")[2],
        name=cast.FIRM_NAME,
        country="ES",
        administrator_name=boss.name,
        administrator_email=boss.email,
        password=cast.PASSWORD,
        now=then,
        language=Language.ES,
    )
    update_firm(now=then, **cast.FIRM)  # type: ignore[arg-type]  # every key is one of FirmChanges
    load_public_holidays(now=now)
    provide_basics(now=then)
    seed_taxes("ES", now=then)
    staff = {boss.key: administrator}
    for person in cast.STAFF[1:]:
        account = create_account(email=person.email, name=person.name, roles=person.roles, now=then)
        staff[person.key] = update_profile(
            user=account,
            name=account.name,
            language=account.language,
            time_zone="",
            phone=person.phone,
            now=then,
        )
    return staff


def _mailbox(then: datetime) -> Mailbox:
    """The support address. Nothing leaves: what would be sent is kept on a screen."""
    settings = MailboxSettings(address=cast.MAILBOX, display_name="Nodo Alisio", signature=SIGNATURE)
    mailbox = set_up_mailbox(mailbox=None, settings=settings, now=then)
    mailbox.captures = True
    mailbox.save(update_fields=["captures"])
    return mailbox


def _take_on(world: World, number: int, customer: Customer, then: datetime) -> None:
    client = create_client(
        now=then,
        name=customer.name,
        legal_name=f"{customer.name}, S. L." if customer.country == "ES" else f"{customer.name} Ltd",
        tax_id=_tax_id(number, customer),
        address=customer.address,
        postcode=customer.postcode,
        city=customer.city,
        country=customer.country,
        language=customer.language,
        time_zone={"IE": "Europe/Dublin", "GI": "Europe/Gibraltar"}.get(customer.country, "Europe/Madrid"),
    )
    world.clients.append(client)
    for place, someone in enumerate(customer.people):
        contact = add_contact(
            client=client,
            now=then,
            name=someone.name,
            email=f"{someone.mail}@{customer.domain}",
            phone=f"+34 600 {100 + number:03} {place:03}",
            job=someone.job,
        )
        if someone.is_lead or someone.sees_invoices:
            contact = set_rights(
                contact=contact,
                is_project_lead=someone.is_lead,
                sees_invoices=someone.sees_invoices,
                approves_up_to_minutes=someone.limit,
                approves_up_to_amount=None,
                now=then,
            )
        if someone.signs_in:
            contact.user = give_portal_access(contact=contact, now=then)
        world.contacts[number, place] = contact
    confirm_domain(client=client, domain=customer.domain, by=world.staff["lucia"], now=then)
    _sites(client, customer, then)


def _sites(client: Client, customer: Customer, then: datetime) -> None:
    english = customer.language == Language.EN
    add_site(
        client=client,
        name="Main office" if english else "Oficina",
        address=customer.address,
        city=customer.city,
        now=then,
    )
    if customer.size >= 4:
        add_site(client=client, name="Warehouse" if english else "Almacén", city=customer.city, now=then)


def _tax_id(number: int, customer: Customer) -> str:
    if customer.country == "ES":
        return made_up_tax_id(number + 100)
    return "IE0000001B" if customer.country == "IE" else f"{customer.country}-0000{number:03}"


def _give_passwords(world: World) -> None:
    """Let everybody sign in with the administrator's password; hashed once, since hashing is slow on purpose."""
    one = world.staff["adela"].password
    User.objects.update(password=one)
    for user in world.staff.values():
        user.password = one
