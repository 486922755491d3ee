"""Filling the demo in, and removing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from ecuanime.accounts.queries import has_administrator
from ecuanime.contracts.actions import take_due_step
from ecuanime.contracts.queries import due_contracts
from ecuanime.delivery.outbox import send_due_mails
from ecuanime.demo.bills import Bills
from ecuanime.demo.bulk import multiply
from ecuanime.demo.dealing import Dealing
from ecuanime.demo.desk import Desk
from ecuanime.demo.diary import DAY, ZONE, local
from ecuanime.demo.emergency import Emergencies
from ecuanime.demo.founding import FOUNDED, found
from ecuanime.demo.hours import Hours
from ecuanime.demo.money import file_money
from ecuanime.demo.offering import Offering
from ecuanime.demo.post import Post
from ecuanime.demo.promising import promise
from ecuanime.demo.script import Playwright
from ecuanime.demo.world import World
from ecuanime.entitlements.models import Lot
from ecuanime.entitlements.queries import due_lots
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.jobs import held_back
from ecuanime.notices.actions import mark_all_read
from ecuanime.staff.actions import finish_setup
from ecuanime.staff.models import Firm
from ecuanime.staff.queries import current_firm
from ecuanime.tickets.actions import close_silent_tickets, tell_due_deadlines
from ecuanime.tickets.models import State, Ticket
from ecuanime.worklog.actions import expire_lot, start_timer

COUNTED_HOURS = (9, 11, 13, 15, 17, 19)
"""When the story looks at the clocks of promised times on each day."""

_LOCK = 0x6563_6465  # "ecde": any number that nothing else in this database uses


@dataclass(frozen=True)
class Size:
    """How much the demo holds: tickets and time of the last `days`, packs of more than a year."""

    tickets: int = 400
    customers: int = 40
    days: int = 92
    pdfs: bool = True


FULL = Size()


def fill_demo(
    *,
    now: datetime,
    size: Size = FULL,
    scale: int = 1,
    told: Callable[[int], None] = lambda percent: None,
) -> None:
    """Write the demo firm as if it had worked for months until `now`; the same instant gives the same firm.

    `scale` above 1 copies tickets, clients and time for measuring, see `demo.bulk`.

    All in one transaction: whoever is interrupted leaves nothing behind and can begin again, and no regular job meets
    half a firm. Everything goes through the rooms' actions with `now` in the past; what their jobs would do is done
    here at the hour of the story, so no job is queued. `told` hears how many of a hundred parts are done.
    Refused: `firm_exists`, `demo_running`.
    """
    with transaction.atomic(), held_back():
        _claim()
        with translation.override("es"):
            if scale == 1:
                _write(now, size, told)
            else:
                _write(now, size, lambda percent: told(percent // 2))
                multiply(scale, lambda percent: told(50 + percent // 2))
            finish_setup(now=now)
    told(100)


def _write(now: datetime, size: Size, told: Callable[[int], None]) -> None:
    """Tell the story from the firm's beginning to `now`."""
    rng = Random(f"Nodo Alisio {now.astimezone(ZONE).date()}")  # noqa: S311  # a story, not a secret
    world = found(now, rng, customers=size.customers)
    told(4)
    _plan(world, size)
    world.agenda.run(_teller(now - DAY * size.days, now, told))
    _end(world)


def ask_for_demo() -> None:
    """Have the worker fill the demo in; asked twice it is done once. Refused: `firm_exists`."""
    _refuse_firm()
    # Imported here because the job, a door to this room, stands above its actions.
    from ecuanime.demo.jobs import ask

    ask()


def _claim() -> None:
    """Refuse when there is a firm, or when somebody else is filling one in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        (mine,) = cursor.fetchone() or (False,)
    if not mine:
        raise Refused(
            "demo_running",
            _("The demo is being filled in already. Wait until it is done; nothing was begun twice."),
        )
    _refuse_firm()


def _refuse_firm() -> None:
    if current_firm() is not None or has_administrator():
        raise Refused(
            "firm_exists",
            _(
                "There is a firm here already, so no demo was filled in. Try it on an installation of its own."
            ),
        )


def _plan(world: World, size: Size) -> None:
    """Put everything on the agenda that is known beforehand."""
    begin = world.now - DAY * size.days
    first = begin.astimezone(ZONE).date()
    bills = Bills(world, pdfs=size.pdfs)
    dealing = Dealing(world, bills)
    pro_formas = dealing.begin()
    Firm.objects.update(is_demo=True)
    for charge in pro_formas:
        dealing.issue(charge, charge.created_at)
    promise(world, begin)
    desk = Desk(world)
    for case in Playwright(world.rng, world.customers, world.diary, world.now, size.days).cases(size.tickets):
        desk.plan(case)
    Hours(world).plan(first)
    bills.plan(first)
    Post(world).plan()
    Offering(world).plan()
    Emergencies(world).plan()
    _plan_regular_work(world, dealing, first)


def _plan_regular_work(world: World, dealing: Dealing, window: date) -> None:
    """What the product does by itself each night, and what Mario looks at on Mondays."""
    day = (world.now - FOUNDED).astimezone(ZONE).date()
    while day <= world.today:
        world.agenda.add(local(day, 0, 5), _take_steps)
        world.agenda.add(local(day, 0, 10), _expire)
        if day >= window:
            world.agenda.add(local(day, 8, 30), partial(_go_through_notices, world))
            world.agenda.add(local(day, 20, 30), _tidy)
            for hour in COUNTED_HOURS:
                world.agenda.add(local(day, hour, 1), _count)
            if day.weekday() == 0:
                world.agenda.add(local(day, 3), _weigh)
                world.agenda.add(local(day, 9, 45), dealing.restock, world.staff["mario"])
        elif day.weekday() == 6:
            world.agenda.add(local(day, 20, 30), _tidy)
        day += DAY


def _weigh(_at: datetime) -> None:
    """Let the database see how much there is: while nothing is committed, it takes each table for an empty one."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _take_steps(at: datetime) -> None:
    for contract in due_contracts(at):
        while take_due_step(contract=contract, now=at):
            pass


def _expire(at: datetime) -> None:
    if not Lot.objects.filter(next_due_at__lte=at).exists():
        return
    for lot in due_lots(at):
        expire_lot(lot=lot, now=at)


def _count(at: datetime) -> None:
    """Warn of promised times that run out, as the regular job does each minute."""
    tell_due_deadlines(now=at)


def _go_through_notices(world: World, at: datetime) -> None:
    """In the morning everybody goes through what they were told since the day before."""
    for person in world.staff.values():
        mark_all_read(user=person, now=at)


def _tidy(at: datetime) -> None:
    """Close what has been silent, and let the outbox capture what was written."""
    close_silent_tickets(now=at)
    while send_due_mails(at):
        pass


def _end(world: World) -> None:
    """What the present looks like: a timer that somebody forgot yesterday, money to look at, an outbox that is done."""
    forgotten = world.staff["samuel"]
    ticket = (
        Ticket.objects.filter(assignee=forgotten, client__isnull=False)
        .exclude(state=State.CLOSED)
        .order_by("-last_message_at", "-pk")
        .first()
    )
    if ticket is not None:
        evening = local((world.now - timedelta(days=1)).astimezone(ZONE).date(), 17, 25)
        start_timer(
            user=forgotten,
            ticket=ticket,
            now=min(evening, world.now),
            work_type=world.work_types["remote"],
            note="revisión pendiente",
        )
    file_money(world)
    _count(world.now)
    _tidy(world.now)


def _teller(begin: datetime, now: datetime, told: Callable[[int], None]) -> Callable[[datetime], None]:
    """Says how far the story is; most of its work lies in the window."""

    def tell(at: datetime) -> None:
        if at > begin:
            told(5 + int(94 * (at - begin) / (now - begin)))

    return tell
