"""What a plan version means, in sentences of the reader's language, with an example worked out by the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_decimal_symbol
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ecuanime.contracts.models import (
    PACKS,
    PRIORITY_NAMES,
    Approval,
    Contract,
    Cover,
    CoverageBand,
    Fee,
    Grant,
    Metric,
    Overage,
    PlanKind,
    PlanVersion,
    PriceTier,
    Rate,
    RoundingGroup,
    RoundingMode,
    ServiceLevel,
    Surcharge,
    Unit,
)
from ecuanime.staff.models import Competence

_NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Choices:
    """What a contract may decide otherwise than its version."""

    approval: str
    overage: str
    overage_price: Decimal | None
    overage_limit_minutes: int | None
    hours_visible: bool


def sentences_of(version: PlanVersion, contract: Contract | None = None) -> list[str]:
    """What the version says, one rule a sentence; with a contract, with its overrides."""
    choices = _choices_of(version) if contract is None else _choices_in(contract, version)
    return [
        *_granted(version),
        *_next_pack(version, contract),
        *_rates(version),
        *_hours(version),
        *_promises(version, contract),
        *_weights(version),
        *_levels(version),
        _rounding(version),
        *_shortage(version, choices),
        *_approval(version, choices),
        *_term(version),
        _payment(version),
    ]


def _choices_of(version: PlanVersion) -> Choices:
    return Choices(
        approval=version.approval,
        overage=version.overage,
        overage_price=version.overage_price,
        overage_limit_minutes=version.overage_limit_minutes,
        hours_visible=version.hours_visible,
    )


def _choices_in(contract: Contract, version: PlanVersion) -> Choices:
    """A contract's own choices, else those of the version, which may be another than the one it has now."""
    usual, limit = _choices_of(version), contract.overage_limit_minutes
    return Choices(
        approval=contract.approval or usual.approval,
        overage=contract.overage or usual.overage,
        overage_price=usual.overage_price if contract.overage_price is None else contract.overage_price,
        overage_limit_minutes=usual.overage_limit_minutes if limit is None else limit,
        hours_visible=usual.hours_visible if contract.hours_visible is None else contract.hours_visible,
    )


def price(amount: Decimal, currency: str) -> str:
    """A price in the reader's language with the decimals it has: `44,00 €`."""
    exact = Decimal(format(amount.normalize(), "f"))
    text: str = format_currency(exact, currency, locale=_locale(currency), decimal_quantization=False)
    return text


def duration(minutes: int | Fraction) -> str:
    """Minutes: `0 h 30`; what is not whole shows its hundredths: `0 h 18,75`."""
    hours, rest = divmod(Fraction(minutes), 60)
    whole, part = divmod(rest, 1)
    hundredths = f"{get_decimal_symbol(_locale(''))}{int(part * 100):02d}" if part else ""
    return f"{hours}{_NBSP}h{_NBSP}{int(whole):02d}{hundredths}"


def factor(value: Decimal) -> str:
    """A weight or surcharge: `×1,25`."""
    exact = Decimal(format(value.normalize(), "f"))
    return f"×{format_decimal(exact, locale=_locale(''), decimal_quantization=False)}"


def _locale(currency: str) -> str:
    if (get_language() or "es").startswith("en"):
        return "en_GB"
    return "es_MX" if currency == "MXN" else "es_ES"


def _granted(version: PlanVersion) -> Iterator[str]:
    """What is paid in advance, and what that grants and includes."""
    kind = version.plan.kind
    if kind == PlanKind.ON_DEMAND:
        yield _("Work is paid afterwards, by the hour; there is nothing to pay in advance.")
    if kind == PlanKind.INCLUDED:
        yield _("Support is included with what was bought; there is nothing more to pay for it.")
    if version.fee is not None:
        yield ngettext(
            "It costs %(price)s every month, in advance.",
            "It costs %(price)s every %(months)d months, in advance.",
            version.fee.every_months,
        ) % {"price": price(version.fee.price, version.currency), "months": version.fee.every_months}
        yield from _parts_of_periods(version.fee)
    for grant in version.grants.all():
        yield from _allowance(grant) if grant.per == Grant.Per.PERIOD else _purchase(grant)
    for tier in version.tiers.all():
        yield _tier(version, tier)
    for cover in version.covers.all():
        yield _cover(cover)


def _parts_of_periods(fee: Fee) -> Iterator[str]:
    if fee.begins == Fee.Begins.MONTH:
        yield _("Its periods begin on the first of a month; the first one begins with the contract.")
    if fee.is_by_day:
        yield _("Of a period that the contract has only a part of, its days are paid.")
    elif fee.begins == Fee.Begins.MONTH:
        yield _("A period that the contract has only a part of is paid whole.")
    if fee.divides_allowance:
        yield _("Such a part brings its share by days too, rounded up.")


def _allowance(grant: Grant) -> Iterator[str]:
    yield _("Each period brings %(quantity)s%(scope)s.") % {
        "quantity": bought(grant.quantity, grant.unit),
        "scope": _scope([*grant.areas.all(), *grant.work_types.all()]),
    }
    if grant.rollover_cap is None:
        yield _("What is not used in the period expires with it.")
    else:
        yield ngettext(
            "What is not used rolls over, at most %(cap)s, for %(periods)d period more; it rolls over once.",
            "What is not used rolls over, at most %(cap)s, for %(periods)d periods more; it rolls over once.",
            grant.rollover_periods,
        ) % {"cap": bought(grant.rollover_cap, grant.unit), "periods": grant.rollover_periods}


def _purchase(grant: Grant) -> Iterator[str]:
    """What is bought, what it pays for, and for how long."""
    if grant.unit == Unit.INCIDENTS:
        yield _("Incidents are bought in advance, usually %(number)d at once.") % {"number": grant.quantity}
        yield _("A request takes one at its first approved work, however many calls or days it takes.")
    else:
        yield ngettext(
            "Hours are bought in advance, usually %(hours)d.",
            "Hours are bought in advance, usually %(hours)d at once.",
            grant.quantity,
        ) % {"hours": grant.quantity}
    scope = [*grant.areas.all(), *grant.work_types.all()]
    if scope:
        yield _("They pay only for work%(scope)s.") % {"scope": _scope(scope)}
    if grant.valid_months:
        yield ngettext(
            "They are valid for %(months)d month from their first day.",
            "They are valid for %(months)d months from their first day.",
            grant.valid_months,
        ) % {"months": grant.valid_months}
    else:
        yield _("They do not expire.")
    if grant.moves_on:
        yield _(
            "What is left when the contract is renewed moves to the new one, with its price and last day."
        )
    if grant.bonus_every and grant.bonus:
        yield _bonus(grant)


def _bonus(grant: Grant) -> str:
    facts = {"free": grant.bonus, "bought": grant.bonus_every}
    if grant.unit == Unit.INCIDENTS:
        return _("%(free)d free for every %(bought)d bought, without cash value.") % facts
    return (
        ngettext(
            "%(free)d hour is free for every %(bought)d bought; it has no cash value.",
            "%(free)d hours are free for every %(bought)d bought; they have no cash value.",
            grant.bonus,
        )
        % facts
    )


def _tier(version: PlanVersion, tier: PriceTier) -> str:
    facts = {"hours": tier.from_quantity, "price": price(tier.unit_price, version.currency)}
    if version.plan.kind == PlanKind.INCIDENT_PACK:
        return _("From %(hours)d bought at once, an incident costs %(price)s.") % facts
    return (
        ngettext(
            "From %(hours)d hour bought at once, an hour costs %(price)s.",
            "From %(hours)d hours bought at once, an hour costs %(price)s.",
            tier.from_quantity,
        )
        % facts
    )


def _cover(cover: Cover) -> str:
    facts = {"what": " · ".join(str(part) for part in (cover.area, cover.work_type) if part) or _("all work")}
    text = _("Included: %(what)s") % facts
    if cover.needs_incident:
        text = _("An incident includes: %(what)s") % facts
    if cover.in_hours_only:
        text += _(", in the hours covered")
    if cover.cap_minutes is not None:
        text += _(", up to %(time)s of each request") % {"time": duration(cover.cap_minutes)}
    return f"{text}."


def _scope(rows: Sequence[object]) -> str:
    names = ", ".join(str(row) for row in rows)
    return _(" of %(names)s") % {"names": names} if names else ""


def _next_pack(version: PlanVersion, contract: Contract | None) -> Iterator[str]:
    if contract is None or not contract.renews_pack or version.plan.kind not in PACKS:
        return
    yield _(
        "When a tenth of a pack or one hour (one incident) is left, whichever is more, or 7 days before it expires, we "
        "order the next one of the same size for you once, at the price that this plan has on that day."
    )
    yield _(
        "You are told what was ordered and at what price. Nothing is ordered if you have bought another since."
    )
    yield _("Your project leads can stop this in the portal at any time.")


def bought(quantity: int, unit: str) -> str:
    """So much as it is granted: `5 hours`, `3 incidents`."""
    if unit == Unit.INCIDENTS:
        return ngettext("%(number)d incident", "%(number)d incidents", quantity) % {"number": quantity}
    return ngettext("%(hours)d hour", "%(hours)d hours", quantity) % {"hours": quantity}


def _rates(version: PlanVersion) -> Iterator[str]:
    is_rest = version.plan.kind != PlanKind.ON_DEMAND
    for rate in sorted(version.rates.all(), key=lambda row: (bool(row.work_type_id), row.band, row.pk)):
        if rate.unit_price is not None:
            yield _("%(type)s costs %(price)s each.") % {
                "type": rate.work_type,
                "price": price(rate.unit_price, version.currency),
            }
        elif rate.price_per_hour is not None:
            what = _what_rate(rate, version.plan.kind, is_rest)
            yield _("%(what)s: %(price)s an hour%(dates)s.") % {
                "what": what,
                "price": price(rate.price_per_hour, version.currency),
                "dates": _dates(rate),
            }


def _what_rate(rate: Rate, kind: str, is_rest: bool) -> str:
    parts = [str(part) for part in (rate.area, rate.work_type) if part is not None]
    if rate.level:
        parts.append(str(Competence.Level(rate.level).label))
    if rate.band:
        parts.append(str(Rate.Band(rate.band).label))
    if parts:
        return " · ".join(parts)
    if kind == PlanKind.HOUR_PACK:
        return _("Work that the hours do not cover")
    return _("Work that the plan does not cover") if is_rest else _("Base price")


def _dates(rate: Rate) -> str:
    first = _day(rate.valid_from) if rate.valid_from else ""
    last = _day(rate.valid_until) if rate.valid_until else ""
    if first and last:
        return _(" from %(first)s until %(last)s") % {"first": first, "last": last}
    if first:
        return _(" from %(first)s") % {"first": first}
    return _(" until %(last)s") % {"last": last} if last else ""


def _day(on: date) -> str:
    return format_date(on, "d MMM y", locale=_locale(""))


def _hours(version: PlanVersion) -> Iterator[str]:
    calendar = version.calendar
    if calendar is None:
        yield _("Every hour of every day counts the same.")
    else:
        yield _("It covers %(hours)s.") % {"hours": opening(list(calendar.bands.all()))}
        if calendar.observes_holidays:
            yield _("Holidays are not covered.")
    surcharges = {row.when: row.factor for row in version.surcharges.all()}
    texts = {
        Surcharge.When.AFTER_HOURS.value: _("Work outside those hours counts %(factor)s."),
        Surcharge.When.HOLIDAY.value: _("Work on holidays counts %(factor)s."),
        Surcharge.When.URGENT.value: _("Urgent work counts %(factor)s."),
    }
    for when, text in texts.items():
        if when in surcharges:
            yield text % {"factor": factor(surcharges[when])}
    if len(surcharges) > 1:
        yield _("Of several surcharges only the largest applies.")


def _promises(version: PlanVersion, contract: Contract | None) -> Iterator[str]:
    """What is promised about time: by the contract itself, else by the version."""
    level = getattr(contract, "service_level", None) or getattr(version, "service_level", None)
    if level is None:
        return
    hours = opening(list(level.calendar.bands.all())) if level.calendar else _("every hour of every day")
    yield _("Times are promised for each request, counted in these hours: %(hours)s.") % {"hours": hours}
    for metric in Metric:
        times = [
            f"{str(PRIORITY_NAMES[row.priority]).lower()} {duration(row.minutes)}"
            for row in level.targets.all()
            if row.metric == metric
        ]
        if times:
            yield _("%(promise)s, by priority: %(times)s.") % {
                "promise": metric.label,
                "times": ", ".join(times),
            }
    yield _("They stand still only while the request waits for the client.")
    yield from _credits(level)


def _credits(level: ServiceLevel) -> Iterator[str]:
    if not level.credit_minutes:
        return
    facts = {"time": duration(level.credit_minutes), "most": duration(level.credit_most_minutes)}
    if level.credit_most_minutes:
        yield _("Each one not kept gives %(time)s of work, at most %(most)s a month.") % facts
    else:
        yield _("Each one not kept gives %(time)s of work.") % facts


def opening(bands: Sequence[CoverageBand]) -> str:
    """`Monday to Friday from 09:00 to 17:00`, days with the same hours joined."""
    by_day: dict[int, list[str]] = {}
    for band in bands:
        by_day.setdefault(band.weekday, []).append(f"{band.starts_at:%H:%M}–{_closing(band)}")
    runs: list[tuple[int, int, str]] = []
    for weekday, spans in sorted(by_day.items()):
        hours = ", ".join(spans)
        if runs and runs[-1][1] == weekday - 1 and runs[-1][2] == hours:
            runs[-1] = (runs[-1][0], weekday, hours)
        else:
            runs.append((weekday, weekday, hours))
    if runs == [(0, 6, "00:00–24:00")]:
        return _("every hour of every day")
    return "; ".join(f"{_days(first, last)}, {hours}" for first, last, hours in runs)


def _closing(band: CoverageBand) -> str:
    return f"{band.ends_at:%H:%M}" if band.ends_at else "24:00"


def _days(first: int, last: int) -> str:
    names = [
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    ]
    if first == last:
        return names[first]
    return _("%(first)s to %(last)s") % {"first": names[first], "last": names[last]}


def _weights(version: PlanVersion) -> Iterator[str]:
    for weight in sorted(version.weights.all(), key=lambda row: (row.work_type.position, row.work_type.code)):
        if weight.factor != 1:
            yield _("%(type)s: each minute counts %(factor)s.") % {
                "type": weight.work_type,
                "factor": factor(weight.factor),
            }
        if weight.free_under_minutes:
            yield _("%(type)s: free below %(minutes)d minutes.") % {
                "type": weight.work_type,
                "minutes": weight.free_under_minutes,
            }


def _rounding(version: PlanVersion) -> str:
    how = {
        RoundingMode.UP.value: _("Time is rounded up to steps of %(step)d min, once for %(group)s"),
        RoundingMode.NEAREST.value: _("Time is rounded to the nearest %(step)d min, once for %(group)s"),
        RoundingMode.DOWN.value: _("Time is rounded down to steps of %(step)d min, once for %(group)s"),
    }[version.rounding_mode]
    text = how % {"step": version.rounding_step, "group": RoundingGroup(version.rounding_group).label}
    if version.minimum_minutes:
        text += _(", with a minimum of %(minutes)d min") % {"minutes": version.minimum_minutes}
    return f"{text}."


def _shortage(version: PlanVersion, choices: Choices) -> Iterator[str]:
    kind = version.plan.kind
    if choices.overage_price is not None:
        yield _("Beyond what is covered an hour costs %(price)s, whatever its area and level.") % {
            "price": price(choices.overage_price, version.currency)
        }
    if choices.overage == Overage.HOLD:
        yield _("Work that nothing covers waits until the client agrees to it.")
    elif choices.overage == Overage.OVERDRAFT:
        yield _("When they run out, the rest is noted down and the next pack settles it.")
    elif kind == PlanKind.HOUR_PACK:
        yield _("When the hours run out, the rest is billed at the price above.")
    if choices.overage_limit_minutes is not None and choices.overage != Overage.HOLD:
        yield _("At most %(time)s of it without asking; what goes beyond waits until the client agrees.") % {
            "time": duration(choices.overage_limit_minutes)
        }
    if version.grants.all():
        yield (
            _("The client sees the hours left.")
            if choices.hours_visible
            else _("The client does not see the hours left.")
        )


def _levels(version: PlanVersion) -> Iterator[str]:
    for row in sorted(version.level_weights.all(), key=lambda row: row.level):
        if row.factor != 1:
            yield _("%(level)s: each minute takes %(factor)s of what was granted.") % {
                "level": Competence.Level(row.level).label,
                "factor": factor(row.factor),
            }


def _term(version: PlanVersion) -> Iterator[str]:
    if version.term_months is None:
        return
    yield ngettext("It lasts %(months)d month.", "It lasts %(months)d months.", version.term_months) % {
        "months": version.term_months
    }
    if version.plan.kind != PlanKind.INCLUDED:
        yield ngettext(
            "Who wants it to end then says so %(days)d day before.",
            "Who wants it to end then says so %(days)d days before.",
            version.notice_days,
        ) % {"days": version.notice_days}


def _approval(version: PlanVersion, choices: Choices) -> Iterator[str]:
    if choices.approval == Approval.SUPERVISOR:
        yield _("Time counts once the supervisor has approved it.")
        return
    yield _("Time counts once the supervisor and the client have approved it.")
    if version.silence_is_consent:
        yield ngettext(
            "The client has %(days)d working day to answer; silence counts as approval.",
            "The client has %(days)d working days to answer; silence counts as approval.",
            version.approval_days,
        ) % {"days": version.approval_days}
    else:
        yield ngettext(
            "The client has %(days)d working day to answer; silence does not count as approval.",
            "The client has %(days)d working days to answer; silence does not count as approval.",
            version.approval_days,
        ) % {"days": version.approval_days}


def _payment(version: PlanVersion) -> str:
    return ngettext(
        "Invoices are due %(days)d day after they are issued.",
        "Invoices are due %(days)d days after they are issued.",
        version.payment_days,
    ) % {"days": version.payment_days}
