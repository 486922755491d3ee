"""The day of the daily cut as its page shows it: by client, with what each entry comes to and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.contracts.models import PACKS, Approval, Contract, Unit
from ecuanime.entitlements.queries import Balance
from ecuanime.entitlements.words import quantity_words
from ecuanime.foundation import formats
from ecuanime.staff.models import Firm
from ecuanime.web.components.hours import Mark, approvers, problems_of, state_of, times_of, warnings_of
from ecuanime.web.components.traces import Teller
from ecuanime.worklog.access import may_review_time
from ecuanime.worklog.figures import Totals
from ecuanime.worklog.models import EntryState
from ecuanime.worklog.pending import NOTHING
from ecuanime.worklog.queries import ClientCut, CutDay, CutPage, EntryLine, totals_of_lines
from ecuanime.worklog.words import Told

_DONE = (EntryState.APPROVED, EntryState.REJECTED)


@dataclass(frozen=True)
class Row:
    """An entry of the table. `may_tick` says that the supervisor may approve it here; `seen` is what that posts."""

    line: EntryLine
    times: str
    state: Mark
    reason: str
    steps: Sequence[Told]
    problems: Sequence[str]
    warnings: Sequence[str]
    may_tick: bool
    seen: str


@dataclass(frozen=True)
class Badge:
    """A contract's badge; `left` is None where there are no hours."""

    contract: Contract
    text: str
    left: int | None
    of: int


@dataclass(frozen=True)
class Part:
    """One client's part of the day. `after` is what all its packs would have left with everything pending approved."""

    cut: ClientCut
    rows: Sequence[Row]
    totals: Totals
    badges: Sequence[Badge]
    approvers: str
    asks_client: bool
    after: int | None
    has_problems: bool
    to_review: int
    may_approve: bool
    may_send: bool


@dataclass(frozen=True)
class Phase:
    """A step of the strip, as `components/phases.html` shows it."""

    when: str
    title: str
    note: str
    state: str


def parts_of(page: CutPage, user: User) -> list[Part]:
    """The clients of the day as `user` may see them: whoever only bills sees what is approved."""
    reviews = may_review_time(user)
    shown = [(cut, [line for line in cut.lines if reviews or _is_approved(line)]) for cut in page.clients]
    shown = [(cut, lines) for cut, lines in shown if lines]
    teller = Teller.of(line for _cut, lines in shown for line in lines)
    return [_part(page, cut, lines, teller, reviews) for cut, lines in shown]


def _is_approved(line: EntryLine) -> bool:
    return line.entry.state == EntryState.APPROVED


def _part(page: CutPage, cut: ClientCut, lines: Sequence[EntryLine], teller: Teller, reviews: bool) -> Part:
    balances, pending = page.balances, page.pending
    rows = [row_of(line, teller, reviews) for line in lines]
    contracts = list({c.pk: c for line in lines if (c := line.entry.contract)}.values())
    with_lots = [
        contract
        for contract in contracts
        if balances[contract.pk].has_lots and balances[contract.pk].unit == Unit.MINUTES
    ]
    return Part(
        cut=cut,
        rows=rows,
        totals=totals_of_lines(lines),
        badges=[_badge(contract, balances[contract.pk]) for contract in contracts],
        approvers=approvers(cut.leads, cut.client.currency),
        asks_client=any(contract.approval_policy == Approval.BOTH for contract in contracts),
        after=sum(balances[c.pk].less(pending.get(c.pk, NOTHING).by_lot) for c in with_lots)
        if with_lots
        else None,
        has_problems=any(row.problems for row in rows),
        to_review=sum(row.may_tick for row in rows),
        may_approve=any(row.may_tick and not row.problems for row in rows),
        may_send=reviews and cut.waits_for_notice,
    )


def row_of(line: EntryLine, teller: Teller, reviews: bool) -> Row:
    """One entry as a row."""
    entry, figures = line.entry, line.figures
    zone = entry.contract.time_zone if entry.contract else "UTC"
    return Row(
        line=line,
        times=times_of(entry),
        state=state_of(entry),
        reason=teller.reason(figures.trace, zone) if figures else "",
        steps=teller.steps(figures.trace, zone) if figures else (),
        problems=problems_of(line),
        warnings=warnings_of(line),
        may_tick=reviews and entry.state == EntryState.CLOSED,
        seen=f"{entry.pk}:{entry.version}",
    )


def _badge(contract: Contract, balance: Balance) -> Badge:
    if not balance.has_lots:
        return Badge(contract, "", None, 1)
    facts = {
        "kind": _("Pack") if contract.version.plan.kind in PACKS else _("Plan"),
        "left": quantity_words(balance.left, balance.unit),
    }
    text = _("%(kind)s · %(left)s") % facts
    return Badge(contract, text, balance.left, balance.granted or 1)


def to_send(parts: Iterable[Part]) -> list[Part]:
    """The clients that the day's cut can be sent to: all of theirs is reviewed and some of it is not sent yet."""
    return [part for part in parts if part.may_send and not part.to_review]


def to_approve(parts: Iterable[Part], user: User) -> list[tuple[EntryLine, str]]:
    """What a supervisor can approve at once, of all clients: nothing to be put right, and not their own time."""
    rows = (row for part in parts for row in part.rows)
    return [
        (row.line, row.seen)
        for row in rows
        if row.may_tick and not row.problems and row.line.entry.user_id != user.pk
    ]


def has_open(page: CutPage) -> bool:
    """Whether entries of the day are still open."""
    return any(part.count(EntryState.OPEN) for part in page.clients)


def phases_of(page: CutPage, firm: Firm) -> list[Phase]:
    """The way of the day: closed, our review, the client's approval, then the drawdown or the invoice."""
    states = [line.entry.state for part in page.clients for line in part.lines]
    told = [
        line.entry.told_at
        for part in page.clients
        for line in part.lines
        if line.entry.state == EntryState.REVIEWED
    ]
    is_closed = EntryState.OPEN not in states and (bool(states) or page.closed_at is not None)
    reviewed = is_closed and not {EntryState.CLOSED, EntryState.DISPUTED} & set(states)
    answered = reviewed and not told
    steps = [is_closed, reviewed, answered, answered and bool(states)]
    notes = [_closed_note(page), _review_note(page), _client_note(page), _("Only what all have approved")]
    whens = [
        _moment(page.closed_at) if page.closed_at else _("At %(time)s") % {"time": f"{firm.cut_at:%H:%M}"},
        _("Our supervisors"),
        _("When it is sent"),
        _("Then"),
    ]
    titles = [_("Day closed"), _("Our review"), _("The client's approval"), _("Drawn from packs or invoiced")]
    current = steps.index(False) if False in steps else len(steps)
    return [
        Phase(when, title, note, "done" if place < current else "now" if place == current else "todo")
        for place, (when, title, note) in enumerate(zip(whens, titles, notes, strict=True))
    ]


def _closed_note(page: CutPage) -> str:
    count = sum(len(part.lines) for part in page.clients)
    hours = formats.hours_of_seconds(page.totals.elapsed_seconds, formats.locale_for(get_language()))
    text = ngettext("%(count)s entry, %(hours)s worked", "%(count)s entries, %(hours)s worked", count)
    return text % {"count": count, "hours": hours}


def _review_note(page: CutPage) -> str:
    waiting = sum(part.to_review for part in page.clients)
    if not waiting:
        return _("Nothing waits for us")
    fix = sum(bool(line.problems) for part in page.clients for line in part.lines)
    text = ngettext("%(count)s to review", "%(count)s to review", waiting) % {"count": waiting}
    return text + (", " + ngettext("%(fix)s to fix", "%(fix)s to fix", fix) % {"fix": fix} if fix else "")


def _client_note(page: CutPage) -> str:
    locale = formats.locale_for(get_language())
    due = sorted({part.cut.due_on for part in page.clients if part.cut and part.cut.due_on})
    waiting = sum(part.count(EntryState.REVIEWED) for part in page.clients)
    if due and waiting:
        return _("Until %(day)s") % {"day": formats.day(due[-1], locale, today=timezone.localdate())}
    return _("Where the contract asks for it")


def _moment(at: datetime) -> str:
    locale = formats.locale_for(get_language())
    return formats.moment(timezone.localtime(at), locale, today=timezone.localdate())


def day_mark(day: CutDay) -> Mark:
    """How a day in the list stands, by what is most urgent in it."""
    counts = day.counts
    if counts.get(EntryState.DISPUTED):
        number = counts[EntryState.DISPUTED]
        text = ngettext("%(count)s question", "%(count)s questions", number) % {"count": number}
        return Mark(text, "message-question", "warn")
    if counts.get(EntryState.CLOSED):
        return Mark(_("%(count)s to review") % {"count": counts[EntryState.CLOSED]}, "clock-check")
    if counts.get(EntryState.OPEN):
        return Mark(_("%(count)s open") % {"count": counts[EntryState.OPEN]}, "clock-play", "dash")
    approved = sum(counts.get(state, 0) for state in _DONE)
    if approved < day.total:
        facts = {"done": approved, "total": day.total}
        return Mark(_("%(done)s of %(total)s approved") % facts, "clock")
    return Mark(_("Approved"), "check", "ok")


def day_to_show(days: Sequence[CutDay], today: date) -> date:
    """Where «Hours» leads: the latest day with something to review, else the latest with entries, else today."""
    waiting = [day.day for day in days if day.counts.get(EntryState.CLOSED)]
    return next(iter(waiting or [day.day for day in days]), today)
