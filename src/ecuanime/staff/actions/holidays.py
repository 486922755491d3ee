"""The days on which the firm is closed."""

from __future__ import annotations

from datetime import date, datetime

import holidays as public_holidays
from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.staff.countries import has_holidays
from ecuanime.staff.events import HolidaysChanged
from ecuanime.staff.models import Firm, Holiday


@transaction.atomic
def load_public_holidays(*, now: datetime, replace: bool = False) -> int:
    """Note the public holidays of the firm's country and region for this year and the next; returns how many are new.

    Days already noted keep their name. With `replace` (the country or region was wrong) those two years are written
    anew, and days added by hand in them go too.
    """
    firm = Firm.objects.select_for_update().get()
    if not has_holidays(firm.country):
        return 0
    year = now.astimezone(firm.zone).year
    if replace:
        Holiday.objects.filter(on__year__in=(year, year + 1)).delete()
    found = _public_holidays(firm, [year, year + 1])
    known = set(Holiday.objects.filter(on__in=found).values_list("on", flat=True))
    new = [Holiday(on=on, name=name[:120]) for on, name in sorted(found.items()) if on not in known]
    Holiday.objects.bulk_create(new, ignore_conflicts=True)
    if new or replace:
        audit.record(
            "holidays_loaded", firm, now=now, years=[year, year + 1], added=len(new), replaced=replace
        )
        publish(HolidaysChanged(firm.pk))
    return len(new)


@transaction.atomic
def add_holiday(*, on: date, name: str, now: datetime) -> Holiday:
    """Note a day on which the firm is closed. Refuses `no_name` and `holiday_known`."""
    if not name.strip():
        raise Refused(
            "no_name", _("Give the holiday a name: it explains why an hour was priced as on a holiday.")
        )
    holiday, is_new = Holiday.objects.get_or_create(on=on, defaults={"name": name.strip()[:120]})
    if not is_new:
        raise Refused("holiday_known", _("That day is already in the list, so nothing was added."))
    audit.record("holiday_added", holiday, now=now, on=on, name=holiday.name)
    _announce()
    return holiday


@transaction.atomic
def remove_holiday(*, holiday: Holiday, now: datetime) -> None:
    """Take a day off the list. What was already rated keeps the price it got."""
    audit.record("holiday_removed", holiday, now=now, on=holiday.on, name=holiday.name)
    holiday.delete()
    _announce()


def _announce() -> None:
    """Tell whoever counts covered hours; before the firm exists nobody does."""
    firm = Firm.objects.first()
    if firm is not None:
        publish(HolidaysChanged(firm.pk))


def _public_holidays(firm: Firm, years: list[int]) -> dict[date, str]:
    calendar = public_holidays.country_holidays(
        firm.country, subdiv=firm.holiday_subdivision or None, years=years
    )
    languages = getattr(calendar, "supported_languages", ())
    spoken = next((code for code in languages if code.split("_")[0] == firm.language), None)
    if spoken:
        calendar = public_holidays.country_holidays(
            firm.country, subdiv=firm.holiday_subdivision or None, years=years, language=spoken
        )
    return dict(calendar.items())
