"""What a client reads and accepts: answer, rates, guarantee, conditions and confidentiality, as text and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ecuanime.billing.pdf.render import Attached
from ecuanime.billing.pdf.report import ReportDocument, ReportSection, render_report
from ecuanime.contracts.models import Contract
from ecuanime.contracts.offers import Clause, clauses_in, hash_of
from ecuanime.emergencies.agreements import agreement_of
from ecuanime.emergencies.conditions import Conditions, LevelPrice, Side, conditions_for, the_service
from ecuanime.emergencies.models import Assessment, Emergency, OwnAgreement
from ecuanime.foundation import formats
from ecuanime.foundation.files import path_of
from ecuanime.foundation.media_types import EXTENSIONS
from ecuanime.staff.queries import the_firm


def text_for(emergency: Emergency, assessment: Assessment, *, now: datetime, chosen: Contract | None) -> str:
    """The text in the reader's language; the same case, answer and choice always give the same text.

    Refused: as `conditions_for`.
    """
    found = conditions_for(emergency.client, emergency.area, now=now, chosen=chosen)
    clauses = [
        Clause(_("The case"), tuple(_case(emergency))),
        Clause(_("Our answer"), tuple(_answer(assessment))),
        Clause(_("What it costs"), tuple(_costs(found, emergency))),
        Clause(_("The guarantee"), tuple(_guarantee(found, assessment))),
        Clause(_("What is agreed"), tuple(_agreed())),
        Clause(_("Confidentiality"), tuple(_confidentiality(emergency))),
    ]
    return "\n\n".join(
        "\n".join([clause.heading, *(f"- {sentence}" for sentence in clause.sentences)]) for clause in clauses
    )


def _case(emergency: Emergency) -> Iterator[str]:
    yield _("%(firm)s answers %(client)s in emergency %(number)s, about %(area)s.") % {
        "firm": the_firm().name,
        "client": emergency.client.legal_name or emergency.client.name,
        "number": emergency.number,
        "area": emergency.area,
    }
    yield _("What has stopped working: %(facts)s") % {"facts": _one(emergency.facts)}
    yield _("It is normal again when: %(desired)s") % {"desired": _one(emergency.desired)}


def _answer(assessment: Assessment) -> Iterator[str]:
    yield _("We can help. Certainty: %(percent)s %%. Risk: %(risk)s") % {
        "percent": assessment.certainty,
        "risk": _one(assessment.risk),
    }
    yield _("The emergency may last %(time)s.") % {"time": _hours(assessment.lasts_minutes)}
    yield _("Until service is normal again we estimate %(time)s.") % {
        "time": _hours(assessment.normalise_minutes)
    }
    yield _("To fix the causes we estimate %(time)s more.") % {"time": _hours(assessment.mitigate_minutes)}
    yield _("These are estimates: they can change, each change is kept, and you are told of it.")


def _costs(found: Conditions, emergency: Emergency) -> Iterator[str]:
    if found.plan is not None:
        yield _("Your plan %(number)s is active for %(area)s, so its terms hold.") % {
            "number": found.plan.number,
            "area": emergency.area,
        }
    yield _("Until service is normal again: %(price)s") % {"price": _price(found.normalisation)}
    yield _("Fixing the causes: %(price)s") % {"price": _price(found.mitigation)}
    yield _("Time is charged by the minute as its contract rounds it, before tax, once you have approved it.")
    yield _("Saying whether we can help costs nothing.")


def _price(side: Side) -> str:
    locale = formats.locale_for(get_language(), side.version.currency)
    where = side.contract.number if side.contract else str(side.version)
    if side.price is None:
        return _("covered by %(where)s.") % {"where": where}
    price = formats.price(side.price, side.version.currency, locale)
    said = _("%(price)s an hour (%(where)s).") % {"price": price, "where": where}
    return " ".join([said, *(_level(each, side.version.currency, locale) for each in side.levels)])


def _level(each: LevelPrice, currency: str, locale: str) -> str:
    price = formats.price(each.price, currency, locale)
    return _("People at the level “%(level)s”: %(price)s.") % {"level": each.name, "price": price}


def _guarantee(found: Conditions, assessment: Assessment) -> Iterator[str]:
    if found.plan is not None:
        yield _("None is asked for, because of your plan %(number)s.") % {"number": found.plan.number}
        return
    if not assessment.guarantee_hours:
        yield _("None is asked for: our expert waives it.")
        return
    locale = formats.locale_for(get_language(), found.currency)
    yield ngettext(
        "%(hours)d hour at the Express rate, %(amount)s before tax, is paid before work begins.",
        "%(hours)d hours at the Express rate, %(amount)s before tax, are paid before work begins.",
        assessment.guarantee_hours,
    ) % {
        "hours": assessment.guarantee_hours,
        "amount": formats.money(found.guarantee(assessment.guarantee_hours), found.currency, locale),
    }
    yield _("It is not paid back.")
    if assessment.is_counted:
        yield _("It counts toward the fees: first until service is normal again, then to fix the causes.")
    else:
        yield _("It does not count toward the fees.")


def _agreed() -> Iterator[str]:
    yield _("At most three invoices: the guarantee, until service is normal again, and fixing the causes.")
    yield _(
        "Where you have no contract yet, one on demand comes into force, and one at the Express rate for this case."
    )
    yield _(
        "When service is normal again we say so with evidence; from that moment on the second price holds."
    )
    hours = the_service().silence_hours
    if hours:
        yield ngettext(
            "Without an objection within %(hours)d hour it counts as confirmed by you; you are told the moment.",
            "Without an objection within %(hours)d hours it counts as confirmed by you; you are told the moment.",
            hours,
        ) % {"hours": hours}
    yield _("The case is closed once your service dossier is up to date.")


def _confidentiality(emergency: Emergency) -> Iterator[str]:
    own = agreement_of(emergency)
    if own is not None:
        yield _("Your own agreement holds, as you have sent it: %(name)s, %(size)s.") % {
            "name": own.name,
            "size": formats.file_size(own.file.size, formats.locale_for(get_language())),
        }
        yield _("SHA-256 of the file: %(digest)s") % {"digest": own.file.sha256}
        return
    lines = [line.strip() for line in the_service().nda.splitlines() if line.strip()]
    if lines:
        yield from lines
    else:
        yield _("Both sides keep to themselves what they learn of each other in this case.")


def _hours(minutes: int | None) -> str:
    return formats.hours_of_minutes(minutes or 0, formats.locale_for(get_language()))


def _one(text: str) -> str:
    return " ".join(text.split())


def pdf_of(
    emergency: Emergency,
    text: str,
    *,
    name: str,
    address: str | None,
    ceiling: int | None,
    currency: str,
    now: datetime,
) -> bytes:
    """The text on paper, with who accepted it, when and from where, and its hash. Raises RenderError."""
    firm, language = the_firm(), get_language() or "es"
    locale = formats.locale_for(language, currency)
    sections = [
        ReportSection(clause.heading, ("",), tuple((sentence,) for sentence in clause.sentences))
        for clause in clauses_in(text)
    ]
    accepted = [
        (_("Accepted by"), name),
        (_("On"), f"{now.astimezone(firm.zone):%Y-%m-%d %H:%M:%S %Z}"),
        (_("From the address"), address or "–"),
        (
            _("To be spent without asking again"),
            _("no limit") if ceiling is None else formats.money(ceiling, currency, locale),
        ),
        (_("SHA-256 of the text"), hash_of(text)),
    ]
    sections.append(ReportSection(_("Acceptance"), ("", ""), tuple(accepted)))
    document = ReportDocument(
        language=language[:2],
        territory=locale[-2:],
        title=_("Emergency %(number)s: conditions accepted") % {"number": emergency.number},
        issuer=firm.name,
        customer=emergency.client.legal_name or emergency.client.name,
        about=emergency.number,
        nothing="",
        sections=tuple(sections),
        closing="",
        mark=_("DEMO, not valid") if firm.is_demo else "",
        page_label=_("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        made_at=now,
    )
    own = agreement_of(emergency)
    return render_report(document, attached=_attached(own) if own else None)


def _attached(own: OwnAgreement) -> Attached:
    """The client's own agreement, to be carried inside the paper."""
    name = f"{own.file.sha256[:12]}.{EXTENSIONS[own.media_type]}"
    return Attached(name, own.media_type, path_of(own.file.sha256).read_bytes(), own.name)
