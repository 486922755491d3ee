"""The firm set up and changed."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TypedDict, Unpack
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _
from stdnum import iban as iban_rules
from stdnum.exceptions import ValidationError

from ecuanime.accounts.actions import create_account
from ecuanime.accounts.models import Language, Role, User
from ecuanime.accounts.setup import redeem_setup_token
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.staff.actions.holidays import load_public_holidays
from ecuanime.staff.countries import is_country, is_currency, region_choices, usual_currency, usual_zone
from ecuanime.staff.events import FirmSetUp
from ecuanime.staff.models import Firm
from ecuanime.staff.tax_ids import checked_tax_id


class FirmChanges(TypedDict, total=False):
    """What can be changed about the firm; what is left out stays."""

    name: str
    country: str
    tax_id: str
    legal_form: str
    professional_since: date | None
    address: str
    postcode: str
    city: str
    region: str
    email: str
    phone: str
    website: str
    iban: str
    registry_note: str
    time_zone: str
    currency: str
    language: str
    holiday_subdivision: str
    opens_at: time
    closes_at: time
    cut_at: time
    close_solved_after_days: int
    satisfaction_every_days: int
    escalates_to: str


@transaction.atomic
def set_up_firm(
    *,
    token: str,
    name: str,
    country: str,
    administrator_name: str,
    administrator_email: str,
    password: str,
    now: datetime,
    language: str = Language.ES,
) -> User:
    """Use the set-up token up for the firm and its first administrator, who is returned.

    Currency and zone are the country's usual ones and its holidays of this and the next year are noted; all can be
    changed later. Refuses `setup_closed`, `already_set_up`, `no_name`, `unknown_country`, and as `create_account`.
    """
    redeem_setup_token(token=token, now=now)
    if Firm.objects.exists():
        raise Refused("already_set_up", _("The firm is set up already. Sign in as its administrator."))
    firm = Firm(id=1, name=_required_name(name), country=_known_country(country), language=language)
    firm.currency, firm.time_zone = usual_currency(country), usual_zone(country)
    firm.email = administrator_email.strip().lower()
    firm.save(force_insert=True)
    administrator = create_account(
        email=administrator_email,
        name=administrator_name,
        roles=[Role.ADMINISTRATOR],
        password=password,
        language=language,
        now=now,
    )
    audit.record(
        "firm_set_up", firm, now=now, name=firm.name, country=country, administrator=administrator.pk
    )
    load_public_holidays(now=now)
    publish(FirmSetUp(firm_id=firm.pk))
    return administrator


@transaction.atomic
def update_firm(*, now: datetime, **changes: Unpack[FirmChanges]) -> Firm:
    """Change what is given. The tax id is checked for the country, also when only the country changes.

    Another country or region writes the holidays of this and the next year anew.

    Refuses `no_name`, `unknown_country`, `tax_id`, `unknown_time_zone`, `unknown_currency`, `unknown_language`,
    `unknown_region`, `unknown_legal_form`, `iban` and `closes_before_it_opens`.
    """
    firm = Firm.objects.select_for_update().get()
    before = {field: getattr(firm, field) for field in changes}
    for field, value in changes.items():
        setattr(firm, field, value.strip() if isinstance(value, str) else value)
    if "holiday_subdivision" not in changes and firm.holiday_subdivision not in dict(
        region_choices(firm.country)
    ):
        firm.holiday_subdivision = ""
    _check(firm)
    changed = [field for field, value in before.items() if getattr(firm, field) != value]
    if changed:
        firm.save()
        audit.record("firm_changed", firm, now=now, fields=changed)
    if {"country", "holiday_subdivision"} & set(changed):
        load_public_holidays(now=now, replace=True)
    return firm


@transaction.atomic
def finish_setup(*, now: datetime) -> Firm:
    """Note that the wizard was gone through; again changes nothing."""
    firm = Firm.objects.select_for_update().get()
    if firm.setup_finished_at is None:
        firm.setup_finished_at = now
        firm.save(update_fields=["setup_finished_at"])
        audit.record("setup_finished", firm, now=now)
    return firm


def _check(firm: Firm) -> None:
    firm.name = _required_name(firm.name)
    _known_country(firm.country)
    firm.tax_id = checked_tax_id(firm.country, firm.tax_id)
    if firm.legal_form not in Firm.LegalForm.values:
        raise Refused("unknown_legal_form", _("Say whether the firm is a company or a natural person."))
    firm.iban = _checked_iban(firm.iban)
    if firm.time_zone not in available_timezones():
        raise Refused("unknown_time_zone", _("There is no such time zone. Choose one of the list."))
    if not is_currency(firm.currency):
        raise Refused(
            "unknown_currency", _("There is no such currency. Use its three letters, as in EUR or MXN.")
        )
    if firm.language not in Language.values:
        raise Refused("unknown_language", _("That language is not available."))
    if firm.holiday_subdivision and firm.holiday_subdivision not in dict(region_choices(firm.country)):
        raise Refused("unknown_region", _("That region is not one of the country's. Choose one of the list."))
    if firm.closes_at <= firm.opens_at:
        raise Refused("closes_before_it_opens", _("The closing time must be later than the opening time."))


def _required_name(name: str) -> str:
    if not name.strip():
        raise Refused("no_name", _("The firm needs a name: clients see it on every mail and invoice."))
    return name.strip()


def _known_country(country: str) -> str:
    if not is_country(country):
        raise Refused("unknown_country", _("There is no such country. Choose one of the list."))
    return country


def _checked_iban(iban: str) -> str:
    if not iban:
        return ""
    try:
        return str(iban_rules.validate(iban))
    except ValidationError as error:
        message = _("This is not a valid IBAN: a character is missing, or one was mistyped. Check it.")
        raise Refused("iban", message) from error
