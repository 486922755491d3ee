"""Contracts in force, with what is left of their packs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecuanime.clients.models import Client
from ecuanime.contracts.actions import open_contract
from ecuanime.contracts.models import PACKS, Contract, PlanVersion, Unit
from ecuanime.contracts.queries import versions_on_sale
from ecuanime.entitlements.actions import open_balance
from ecuanime.entitlements.models import Lot
from ecuanime.foundation.errors import Refused
from ecuanime.imports import values
from ecuanime.imports.columns import Field
from ecuanime.imports.kinds.kind import OF_CLIENT, Given, Kind, Made
from ecuanime.imports.origins import note_origin, subject_of, the_client
from ecuanime.imports.values import folded
from ecuanime.rules.calendars import local_date


def bring(given: Given) -> Made:
    """Open the contract of a row, and a lot for what is left of its pack, unless they are here already.

    Several rows with one contract open several lots: they are known by expiry, price and whether they are a bonus.
    Refuses as `the_client`, `open_contract` and `open_balance`, and `unknown_plan`, `fee_in_the_past`,
    `nothing_left`.
    """
    said = given.values
    client = the_client(said["client"])
    contract, is_new = _contract(given, client)
    is_new = _lot(given, contract) or is_new
    return Made(f"{contract.number} · {client.name} · {contract.version}", is_new=is_new)


def _contract(given: Given, client: Client) -> tuple[Contract, bool]:
    said = given.values
    version = _version(said["plan"])
    starts_on: date = said["starts_on"]
    key = f"{client.pk}|{said['number'] or f'{version.plan.code}|{starts_on}'}"
    former = subject_of("contracts", key)
    if former is not None:
        return Contract.objects.select_related("version__plan").get(pk=former), False
    _refuse_fee_in_the_past(version, starts_on, local_date(given.now, client.time_zone))
    contract = open_contract(
        client=client,
        version=version,
        starts_on=starts_on,
        ends_on=said["ends_on"],
        recorded_by=given.by,
        now=given.now,
    )
    note_origin("contracts", key, contract.pk, now=given.now)
    return contract, True


def _version(name: str) -> PlanVersion:
    """The version on sale of the plan that a file names by its code or its name."""
    wanted = folded(name)
    found = [
        version
        for version in versions_on_sale()
        if wanted in {folded(version.plan.code), folded(version.name_es), folded(version.name_en)}
    ]
    if len(found) != 1:
        text = _("There is no single plan on sale called “%(name)s”. Write the plan's code.")
        raise Refused("unknown_plan", text % {"name": name[:60]})
    return found[0]


def _refuse_fee_in_the_past(version: PlanVersion, starts_on: date, today: date) -> None:
    """Periods open by themselves from the first day on: those before today were charged elsewhere."""
    if version.has_periods and version.period(starts_on, 1).last_day < today:
        raise Refused(
            "fee_in_the_past",
            _(
                "This plan's periods begin on the contract's first day: write the first day of the current period."
            ),
        )


def _lot(given: Given, contract: Contract) -> bool:
    """Open a lot for what is left; whether there was one to open."""
    said, is_pack = given.values, contract.version.plan.kind in PACKS
    if not said["left"]:
        return False
    if not is_pack:
        raise Refused("nothing_left", _("Only packs have something left. Leave that cell empty."))
    left, price = _quantity(contract, said["left"]), said["unit_price"] or Decimal(0)
    key = f"{contract.pk}|{said['expires_on'] or ''}|{price.normalize():f}"  # a bonus has the price 0
    known = subject_of("lots", key)
    if known is not None:
        _refuse_other_quantity(Lot.objects.get(pk=known), left)
        return False
    lot = open_balance(
        contract=contract,
        left=left,
        unit_price_paid=price,
        expires_on=said["expires_on"],
        is_bonus=said["is_bonus"],
        now=given.now,
        idempotency_key=f"opening:{key}",
    )
    note_origin("lots", key, lot.pk, now=given.now)
    return True


def _refuse_other_quantity(lot: Lot, left: int) -> None:
    """A lot of that price and expiry is here: the same row again, or another pack that would be lost silently."""
    if lot.granted != left:
        raise Refused(
            "lot_twice",
            _(
                "%(code)s has that price and expiry already, with another quantity. Add alike packs up in one row."
            )
            % {"code": lot.code},
        )


def _quantity(contract: Contract, cell: str) -> int:
    """What is left, in hundredths of a minute or whole incidents, as the plan's pack counts."""
    if contract.version.grants.get().unit == Unit.MINUTES:
        return values.hundredths(cell) or 0
    count = values.number(cell) or Decimal(0)
    if count != count.to_integral_value():
        raise Refused("bad_number", _("“%(text)s” is no number.") % {"text": cell[:40]})
    return int(count)


CONTRACTS = Kind(
    code="contracts",
    label=gettext_lazy("Contracts with what is left"),
    says=gettext_lazy("One contract a row, of a plan on sale, with what is left of its pack."),
    bring=bring,
    holds_clients=True,
    fields=(
        OF_CLIENT,
        Field(
            "plan",
            gettext_lazy("Plan"),
            ("código plan", "tarifa", "producto", "plan code"),
            values.text(120),
            ("bono", "bono"),
            is_required=True,
        ),
        Field(
            "number",
            gettext_lazy("Number in the former program"),
            ("número", "contrato", "nº contrato", "contract", "contract number"),
            values.text(60),
            ("2025/014", "2026/003"),
        ),
        Field(
            "starts_on",
            gettext_lazy("Starts on"),
            ("inicio", "fecha inicio", "desde", "start", "start date"),
            values.day,
            ("01/03/2026", "2026-06-15"),
            is_required=True,
        ),
        Field(
            "ends_on", gettext_lazy("Ends on"), ("fin", "fecha fin", "hasta", "end", "end date"), values.day
        ),
        Field(
            "left",
            gettext_lazy("Left"),
            (
                "quedan",
                "saldo",
                "restante",
                "horas restantes",
                "incidencias restantes",
                "balance",
                "hours left",
            ),
            values.text(20),
            ("11:45", "6,5"),
        ),
        Field(
            "unit_price",
            gettext_lazy("Price paid"),
            ("precio pagado", "precio hora", "precio", "price per hour", "price"),
            values.number,
            ("30,00", "32,50"),
        ),
        Field(
            "expires_on",
            gettext_lazy("Expires on"),
            ("caduca", "caducidad", "caduca el", "vencimiento", "expiry"),
            values.day,
            ("28/02/2030", ""),
        ),
        Field(
            "is_bonus",
            gettext_lazy("Bonus"),
            ("bonificación", "regalo", "cortesía"),
            values.yes_or_no,
            ("no", "no"),
        ),
    ),
)
