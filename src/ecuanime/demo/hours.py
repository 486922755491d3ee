"""The demo's daily cuts: days closed, reviewed, sent to clients, and what these answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial

from ecuanime.clients.models import Contact
from ecuanime.demo.diary import DAY, ZONE, local
from ecuanime.demo.world import World
from ecuanime.foundation.errors import Refused
from ecuanime.worklog import actions
from ecuanime.worklog.models import Cut, EntryState, RatedSegment, TimeEntry

GOODWILL = ("Era una duda nuestra, no del cliente", "Repetición de un trabajo que no quedó bien a la primera")
SHORTER = (
    "Parte del tiempo fue buscar el manual",
    "Se atendió a la vez otra cosa",
    "Acordado con el cliente",
)
WRONG = ("Apuntado en el ticket equivocado", "Ya estaba apuntado por teléfono")
DISPUTES = (
    "Ese día estábamos cerrados, ¿seguro que es nuestro?",
    "Nos dijisteis que esto entraba en la revisión anual.",
    "Nos parece mucho tiempo para lo que se hizo.",
)
ANSWERS = (
    "Se trabajó a distancia; en el ticket está cada paso con su hora.",
    "La revisión cubre el equipo; esto fue una recuperación que nos pedisteis aparte.",
)
NEVER_ANSWERS = 0.07


class Hours:
    """Closes each day of the window and lets supervisor and clients do their part."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._reviewer, self._second = world.staff["lucia"], world.staff["adela"]
        self._doubted_lately = False

    def plan(self, first: date) -> None:
        """Every day from `first` to today: what the product does by itself, and the mornings of the supervisor."""
        day = first
        while day <= self._world.today:
            self._world.agenda.add(local(day, 20), partial(self._close, day=day))
            self._world.agenda.add(local(day, 0, 15), self._end_terms)
            if self._world.diary.is_workday(day):
                self._world.agenda.add(local(day, 8, 40), self._review, self._reviewer)
            day += DAY

    def _close(self, at: datetime, day: date) -> None:
        actions.close_day(day=day, now=at)

    def _end_terms(self, at: datetime) -> None:
        for cut in Cut.objects.filter(next_due_at__lte=at).select_related("client").order_by("pk"):
            actions.approve_or_escalate(cut=cut, now=at)

    def _review(self, at: datetime) -> None:
        """Look at everything that was closed; of the very last cut some is left for whoever opens the demo."""
        closed = TimeEntry.objects.filter(state=EntryState.CLOSED, contract__isnull=False)
        entries = list(closed.select_related("contract__version", "ticket", "user").order_by("pk"))
        if self._is_latest(at):
            entries = entries[: len(entries) // 2]
        kept = [fresh for entry in entries if (fresh := self._looked_at(entry, at)) is not None]
        own = {entry.pk: entry.version for entry in kept if entry.user_id == self._reviewer.pk}
        others = {entry.pk: entry.version for entry in kept if entry.pk not in own}
        for seen, by in ((others, self._reviewer), (own, self._second)):
            if seen:
                actions.review_entries(seen=seen, by=by, now=at + timedelta(minutes=4))
        self._send(at + timedelta(minutes=10))

    def _is_latest(self, at: datetime) -> bool:
        return self._world.diary.next_workday(at.astimezone(ZONE).date()) > self._world.today

    def _looked_at(self, entry: TimeEntry, at: datetime) -> TimeEntry | None:
        """The entry as it will be approved, or None when it is rejected."""
        rng = self._world.rng
        chance = rng.random()
        by = self._second if entry.user_id == self._reviewer.pk else self._reviewer
        if chance < 0.012:
            actions.reject_entry(entry=entry, by=by, reason=rng.choice(WRONG), now=at)
            return None
        if chance < 0.045:
            return actions.adjust_entry(
                entry=entry, by=by, reason=rng.choice(GOODWILL), now=at, billable_seconds=0
            )
        if chance < 0.085 and entry.elapsed_seconds > 1200:
            less = entry.elapsed_seconds * 2 // 3 // 60 * 60
            return actions.adjust_entry(
                entry=entry, by=by, reason=rng.choice(SHORTER), now=at, billable_seconds=less
            )
        return entry

    def _send(self, at: datetime) -> None:
        """Ask each client for what waits for them; they answer when they do."""
        waiting = TimeEntry.objects.filter(state=EntryState.REVIEWED, told_at=None, cut__isnull=False)
        pairs = waiting.order_by("client", "cut__day").values_list("client", "cut__day").distinct()
        for client_id, day in pairs:
            client = next(one for one in self._world.clients if one.pk == client_id)
            cut = actions.send_cut(client=client, day=day, by=self._reviewer, now=at)
            self._answer_later(cut, at)

    def _answer_later(self, cut: Cut, at: datetime) -> None:
        rng, leads = self._world.rng, self._world.lead_of(cut.client_id)
        if rng.random() < NEVER_ANSWERS:
            return
        day = self._world.diary.next_workday(at.astimezone(ZONE).date(), rng.choice((1, 1, 1, 2, 3)))
        answer = local(day, rng.randint(10, 17), rng.randint(0, 59))
        self._world.agenda.add(answer, partial(self._answer, cut=cut, leads=leads), leads[0].user)

    def _answer(self, at: datetime, cut: Cut, leads: Sequence[Contact]) -> None:
        """A lead approves what waits, or does not recognise one entry of it."""
        rng = self._world.rng
        waiting = list(
            TimeEntry.objects.filter(cut=cut, state=EntryState.REVIEWED, told_at__isnull=False).order_by("pk")
        )
        if waiting and (rng.random() < 0.05 or self._is_doubtful_lately(at)):
            doubted = waiting.pop(rng.randrange(len(waiting)))
            actions.dispute_entry(contact=leads[0], entry=doubted, comment=rng.choice(DISPUTES), now=at)
            later = 5 if at > self._world.now - timedelta(days=5) else 2
            settled = local(self._world.diary.next_workday(at.astimezone(ZONE).date(), later), 12)
            step = partial(self._settle, entry=doubted, lead=leads[-1])
            self._world.agenda.add(settled, step, self._reviewer)
        if waiting:
            _approve(leads, {entry.pk: entry.version for entry in waiting}, at)
            self._consent(waiting, leads[-1], at + timedelta(minutes=3))

    def _is_doubtful_lately(self, at: datetime) -> bool:
        """One entry of the last days is always in dispute, for whoever opens the demo."""
        recent = at > self._world.now - timedelta(days=5) and not self._doubted_lately
        self._doubted_lately = self._doubted_lately or recent
        return recent

    def _settle(self, at: datetime, entry: TimeEntry, lead: Contact) -> None:
        """Explain what was disputed, and the client is content; or see that they are right."""
        rng = self._world.rng
        if rng.random() < 0.35:
            actions.reject_entry(entry=entry, by=self._reviewer, reason=rng.choice(WRONG), now=at)
            return
        actions.answer_dispute(entry=entry, by=self._reviewer, explanation=rng.choice(ANSWERS), now=at)
        fresh = TimeEntry.objects.get(pk=entry.pk)
        step = partial(self._accept, seen={fresh.pk: fresh.version}, lead=lead)
        self._world.agenda.add(at + timedelta(hours=3), step, lead.user)

    def _accept(self, at: datetime, seen: dict[int, int], lead: Contact) -> None:
        actions.approve_entries(contact=lead, seen=seen, now=at)

    def _consent(self, entries: Sequence[TimeEntry], lead: Contact, at: datetime) -> None:
        """Overage that waits for a word gets it, except what is recent."""
        if at > self._world.now - timedelta(days=12):
            return
        held = RatedSegment.objects.filter(
            rating__entry__in=entries, rating__superseded_at=None, held_reason="consent"
        )
        by_id = defaultdict(list)
        for entry in entries:
            by_id[entry.pk].append(entry)
        for entry_id in held.order_by("rating__entry").values_list("rating__entry", flat=True).distinct():
            actions.consent_to_overage(contact=lead, entry=by_id[entry_id][0], now=at)


def _approve(leads: Sequence[Contact], seen: dict[int, int], at: datetime) -> None:
    """The first lead approves; what goes beyond their limit is for the next one."""
    for lead in leads:
        try:
            actions.approve_entries(contact=lead, seen=seen, now=at)
        except Refused as refusal:
            if refusal.code != "above_limit":
                raise
        else:
            return
