"""Issuing: the number, the frozen texts and the end of all changes, in one transaction."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from functools import partial
from typing import NoReturn

from django.db import transaction
from django.db.models import Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.books.closing import refuse_closed
from ecuanime.billing.actions.common import locked_invoice, require_biller
from ecuanime.billing.books.closed import ladder, reminder_day
from ecuanime.billing.books.exchange import bear_rate, rate_of_document
from ecuanime.billing.books.handing import issues_elsewhere
from ecuanime.billing.documents.home_taxes import state_taxes
from ecuanime.billing.documents.numbering import code_for, purpose_of, take_number
from ecuanime.billing.documents.parties import as_seen_by_law, customer_of, issuer_of
from ecuanime.billing.einvoice.written import faults_for
from ecuanime.billing.events import InvoiceIssued
from ecuanime.billing.models import Charge, Invoice, InvoiceLine, LineSegment, Numbering, Series
from ecuanime.billing.packs import CountryPack, Status, pack_for
from ecuanime.billing.packs.generic import UNKNOWN_TAX
from ecuanime.clients.models import Contact
from ecuanime.entitlements.actions import make_usable
from ecuanime.foundation import formats
from ecuanime.foundation.audit import record
from ecuanime.foundation.crashpoints import crashpoint
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish
from ecuanime.staff.models import Firm
from ecuanime.staff.queries import the_firm, today_at_firm

USUAL_PAYMENT_DAYS = 30


@transaction.atomic
def issue_invoice(
    *,
    invoice: Invoice,
    by: User,
    now: datetime,
    dated: date | None = None,
    numbering: Numbering | None = None,
) -> Invoice:
    """Give a draft the next number of its series and freeze it; packs on it can be used from now on.

    Invoices and advance invoices are numbered F-2026-0188, credit notes R-…, pro-formas P-…; without gaps, and the
    dates never go backwards. Right after the commit a job draws the PDF and queues the mail to the client; if that
    fails the number stands and it is tried again. Repeated, it gives the issued document back. It bears the day of
    today, or an earlier one (`dated`) that is not before the last document of its series: the firm's usual one for
    its kind, or another of the same purpose (`numbering`).
    Refused: `not_allowed`, `export_only` (the firm's country has no legal pack yet: its drafts are pro-formas),
    `issued_elsewhere` (the firm issues in another program), `empty`, `not_positive`, `advance_above`, `corrected` (its
    time has changed since it was written), `missing_data` (of issuer or customer, named), `no_e_invoice` (what the
    client reads cannot be written, and why), `no_tax_rate`, `no_rate` (its taxes must be stated in the firm's currency
    too, and the exchange rate is not known), `not_own_currency` (they must be in another one than the firm's),
    `clock_back`, `future`, `date_back`, `closed_period`, `wrong_series`, and what the country's pack refuses to write.
    """
    require_biller(by)
    return issue_locked(locked_invoice(invoice), now, dated, numbering)


def issue_locked(
    draft: Invoice, now: datetime, dated: date | None = None, numbering: Numbering | None = None
) -> Invoice:
    """Issue a draft whose row the caller has locked; the caller has looked who asks."""
    if not draft.is_draft:
        return draft
    firm = the_firm()
    pack = pack_for(firm.country, is_demo=firm.is_demo)
    _refuse_unfit(draft, pack)
    _refuse_corrected(draft)
    code = _series_code(draft, pack, numbering)
    day = _day_of(code, dated, now)
    draft.issuer, draft.customer = issuer_of(firm), customer_of(draft.client)
    if not draft.is_pro_forma:
        _refuse_illegal(draft, pack)
    _write_rate(draft, pack, firm, day)
    if not draft.is_pro_forma:
        _refuse_unwritable(draft)
    draft.customer["attention"] = _attention(draft)
    # Lots before the series: who credits a pack takes its locks in this order too.
    for charge in Charge.objects.filter(lines__invoice=draft, cancelled_at__isnull=True).order_by(
        "contract_id"
    ):
        if charge.lot is not None and draft.corrects_id is None:
            make_usable(lot=charge.lot, now=now)
    take_number(draft, code, day)
    _freeze(draft, firm, pack, now)
    crashpoint("billing.lines_frozen")
    pack.on_issue(draft, now)
    record("invoice_issued", draft, now=now, number=draft.number, total=draft.total, currency=draft.currency)
    publish(InvoiceIssued(invoice_id=draft.pk, client_id=draft.client_id))
    # Imported here because the job, a door to the room, stands above the actions.
    from ecuanime.billing.jobs import send_issued

    send_issued.defer(invoice_id=draft.pk)
    transaction.on_commit(partial(crashpoint, "billing.committed"))
    return draft


def _series_code(draft: Invoice, pack: CountryPack, numbering: Numbering | None) -> str:
    """The series chosen, else the firm's usual one. Refused: `wrong_series`."""
    if numbering is None:
        return code_for(draft.kind, pack.series_code(draft.kind))
    if numbering.purpose != purpose_of(draft.kind):
        raise Refused("wrong_series", _("That series numbers another kind of document."))
    return numbering.code


def _day_of(code: str, dated: date | None, now: datetime) -> date:
    """The day that the document is to bear. Refused: `future`, `date_back`, `closed_period`."""
    today = today_at_firm(now)
    day = dated or today
    if day > today:
        raise Refused("future", _("A document is dated today or earlier."))
    if dated is not None:
        latest = Series.objects.filter(code=code).aggregate(day=Max("last_issued_on"))["day"]
        if latest is not None and dated < latest:
            raise Refused(
                "date_back",
                _("The last document of series %(code)s is dated %(day)s. Choose that day or a later one.")
                % {"code": code, "day": latest.isoformat()},
            )
    refuse_closed(day)
    return day


def _refuse_unfit(draft: Invoice, pack: CountryPack) -> None:
    """What keeps any document from leaving, and invoices from a country without a legal pack."""
    if not draft.is_pro_forma and draft.corrects_id is None and issues_elsewhere():
        raise Refused(
            "issued_elsewhere",
            _(
                "Your firm issues its invoices in another program. Discard this draft: a new one is a pro-forma."
            ),
        )
    if not draft.is_pro_forma and pack.status == Status.EXPORT_ONLY:
        raise Refused("export_only", pack.why_not)
    if not draft.lines.exists():
        raise Refused("empty", _("This draft has no lines, so there is nothing to charge. Discard it."))
    if draft.corrects_id is None and draft.taxes.filter(base__lt=0).exists() and _deducts(draft):
        raise Refused(
            "advance_above",
            _("It deducts more of an advance than it charges. Take the deduction out and anew."),
        )
    if draft.corrects_id is None and (draft.total < 0 or (draft.total == 0 and not _deducts(draft))):
        raise Refused(
            "not_positive",
            _("This draft does not come to more than zero. Give money back with a credit note instead."),
        )


def _refuse_corrected(draft: Invoice) -> None:
    """Time is charged as it stands now: what was corrected meanwhile is written anew first, so that people see it."""
    if draft.corrects_id is not None:
        return
    parts = LineSegment.objects.filter(line__invoice=draft).select_related("line", "segment")
    due_units: dict[InvoiceLine, Fraction] = {}
    for part in parts.select_for_update(of=("segment",), no_key=True).order_by("segment_id"):
        if part.line.units is not None:
            due_units[part.line] = due_units.get(part.line, Fraction(0)) + (part.segment.due_units or 0)
        elif part.minutes != part.segment.due_minutes:
            _say_corrected()
    if any(Fraction(line.units or 0) != due for line, due in due_units.items()):
        _say_corrected()


def _say_corrected() -> NoReturn:
    raise Refused(
        "corrected",
        _("Time on this draft was corrected since it was written. Make its lines anew, then issue it."),
    )


def _deducts(draft: Invoice) -> bool:
    """Whether an advance is taken off it: then there may be nothing left to pay."""
    return draft.lines.filter(kind=InvoiceLine.Kind.DEDUCTED).exists()


def _refuse_illegal(draft: Invoice, pack: CountryPack) -> None:
    """What the law of the firm's country asks of an invoice."""
    missing = pack.missing(as_seen_by_law(draft.issuer), as_seen_by_law(draft.customer))
    if missing:
        raise Refused(
            "missing_data",
            _("An invoice must name %(data)s. Fill it in and issue again.") % {"data": ", ".join(missing)},
        )
    if draft.lines.filter(tax_code=UNKNOWN_TAX).exists():
        raise Refused(
            "no_tax_rate",
            _(
                "The tax rate of your country is not known here. Set it, choose it for this draft, and issue again."
            ),
        )


def _refuse_unwritable(draft: Invoice) -> None:
    """What the client's electronic invoice cannot carry is said before the number is taken."""
    faults = faults_for(draft)
    if faults:
        raise Refused("no_e_invoice", " ".join(faults))


def _write_rate(draft: Invoice, pack: CountryPack, firm: Firm, day: date) -> None:
    """Note the rate that it is booked at, and state its taxes at home where the law wants that.

    Refused: `no_rate`, `not_own_currency`.
    """
    accrued_on = pack.accrued_on(draft, day)
    bear_rate(draft, rate_of_document(draft, accrued_on))
    wanted = pack.states_taxes_in(draft)
    can_be_stated = wanted == firm.currency and (draft.exchange_rate is not None or draft.is_replacement)
    if not wanted or not (can_be_stated or pack.must_state_taxes):
        return
    if wanted != firm.currency:
        raise Refused(
            "not_own_currency",
            _(
                "The taxes of this document must be stated in %(currency)s, which is not your firm's currency. "
                "Set that in the settings of the firm."
            )
            % {"currency": wanted},
        )
    if not can_be_stated:
        raise Refused("no_rate", _no_rate(draft, firm, accrued_on))
    state_taxes(draft, firm.currency)


def _no_rate(draft: Invoice, firm: Firm, accrued_on: date) -> str:
    facts = {
        "currency": draft.currency,
        "home": firm.currency,
        "day": formats.long_date(accrued_on, formats.locale_for(get_language())),
    }
    if draft.corrects is not None:
        return _(
            "Its taxes must be stated in %(home)s at the rate of %(number)s, which bears none. Note on that "
            "document's page at which rate it is booked."
        ) % (facts | {"number": draft.corrects.number})
    return (
        _(
            "Its taxes must be stated in %(home)s too, and the exchange rate of the %(currency)s for %(day)s is not "
            "noted. Note it among the exchange rates, or give this draft its rate."
        )
        % facts
    )


def _freeze(draft: Invoice, firm: Firm, pack: CountryPack, now: datetime) -> None:
    """Write what never changes from here on."""
    issued_on = draft.issued_on or today_at_firm(now)
    draft.state = Invoice.State.ISSUED
    draft.issued_at = draft.dated_at = now
    draft.due_on = _due_on(draft, pack, issued_on)
    draft.remind_on = reminder_day(draft, ladder())
    draft.is_demo = firm.is_demo
    tax_currency = {"tax_currency": draft.tax_currency} if draft.home_total is not None else {}
    draft.texts = {"pack": pack.country, "status": pack.status.value, "corrects": _corrected(draft)}
    draft.texts |= tax_currency
    if not draft.is_pro_forma:
        draft.texts |= pack.frozen(now)
    draft.save()


def _due_on(draft: Invoice, pack: CountryPack, issued_on: date) -> date | None:
    """As the contracts on it say, the longest term of several; a correction or a restatement falls due never."""
    if draft.corrects_id is not None or draft.is_replacement:
        return None
    terms = draft.lines.filter(contract__isnull=False).values_list(
        "contract__version__payment_days", flat=True
    )
    return pack.due_on(issued_on, max(terms, default=USUAL_PAYMENT_DAYS))


def _corrected(draft: Invoice) -> dict[str, str]:
    """What a correction says about the document it corrects."""
    original = draft.corrects
    if original is None:
        return {}
    original = original.replaced_by or original
    if original.issued_on is None:
        return {}
    return {
        "number": original.number or "",
        "issued_on": original.issued_on.isoformat(),
        "reason": draft.reason,
    }


def _attention(draft: Invoice) -> str:
    """Whom it is addressed to: the first contact who sees invoices, else nobody by name."""
    readers = Contact.objects.filter(client=draft.client_id, is_active=True, sees_invoices=True)
    return readers.order_by("id").values_list("name", flat=True).first() or ""
