"""The demo's tickets happen: opened, taken, answered, noted, solved, and the time of it recorded."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from ecuanime.demo.papers import media_type, paper
from ecuanime.demo.script import Case, Line, Work, greeting
from ecuanime.demo.stories import CLIENT, FIRM
from ecuanime.demo.world import World
from ecuanime.foundation import files
from ecuanime.tickets import actions
from ecuanime.tickets.actions import FileGiven, MessageGiven
from ecuanime.tickets.models import Channel, Priority, State, Ticket
from ecuanime.worklog.actions import record_time

ACKNOWLEDGED = timedelta(days=14)
"""Only the tickets of the last weeks are acknowledged by mail: enough to see, and half as much to write."""


class Desk:
    """Puts cases on the agenda."""

    def __init__(self, world: World) -> None:
        self._world = world

    def plan(self, case: Case) -> None:
        """Everything that will happen on one ticket."""
        world, agenda = self._world, self._world.agenda
        run = _Running(world, case)
        agenda.add(case.opened_at, run.open)
        person = world.staff[case.assignee]
        if case.taken_at:
            agenda.add(case.taken_at, run.take, person)
        for line in case.lines[1:]:
            step = {CLIENT: run.hear, FIRM: run.answer}.get(line.kind, run.note)
            agenda.add(line.at, partial(step, line=line), None if line.kind == CLIENT else person)
        for work in case.work:
            agenda.add(work.ended_at + timedelta(seconds=5), partial(run.record, work=work), person)
        if case.waits_for_third_at:
            agenda.add(case.waits_for_third_at, run.wait_for_third, person)
        if case.solved_at:
            agenda.add(case.solved_at, run.solve, person)


class _Running:
    """One ticket on its way. Its steps come in the order of time, so each finds what it needs."""

    def __init__(self, world: World, case: Case) -> None:
        self._world, self._case = world, case
        self._client = world.clients[case.customer]
        self._contact = world.contacts[case.customer, case.person]
        self._customer = world.customers[case.customer]
        self._by = world.staff[case.assignee]
        self._ticket = Ticket()

    def open(self, at: datetime) -> None:
        """The request comes in, by mail or from the portal."""
        case, rng = self._case, self._world.rng
        from_portal = self._contact.user is not None and rng.random() < 0.25
        channel = Channel.PORTAL if from_portal else Channel.EMAIL
        self._ticket = actions.open_ticket(
            subject=case.subject,
            channel=channel,
            now=at,
            message=self._said(case.lines[0], channel),
            contact=self._contact,
            mailbox=None if from_portal else self._world.mailbox,
            area=self._world.areas[case.story.area],
            priority=Priority.NORMAL,
            acknowledge=at > self._world.now - ACKNOWLEDGED,
        )

    def take(self, at: datetime) -> None:
        """Somebody takes it, says how urgent it is and what it is about."""
        actions.assign(ticket=self._ticket, assignee=self._by, by=self._by, now=at)
        story = self._case.story
        if story.priority != Priority.NORMAL:
            actions.set_priority(ticket=self._ticket, priority=story.priority, by=self._by, now=at)
        actions.set_tags(ticket=self._ticket, names=story.tags, by=self._by, now=at)

    def hear(self, at: datetime, line: Line) -> None:
        """The client writes again."""
        ticket = self._current()
        if ticket.state != State.CLOSED:
            actions.add_inbound_message(ticket=ticket, message=self._said(line, Channel.EMAIL), now=at)

    def answer(self, at: datetime, line: Line) -> None:
        """The firm answers; the mail waits in the outbox."""
        text = f"{greeting(self._customer, self._contact.name, at)}\n\n{line.text}"
        actions.reply(
            ticket=self._ticket, author=self._by, text=text, now=at, files=_files(line), then=line.then
        )

    def note(self, at: datetime, line: Line) -> None:
        """Something for the team alone."""
        actions.add_note(ticket=self._ticket, author=self._by, text=line.text, now=at, files=_files(line))

    def record(self, at: datetime, work: Work) -> None:
        """The time that it took."""
        record_time(
            user=self._by,
            ticket=self._current(),
            work_type=self._world.work_types[work.work_type],
            started_at=work.started_at,
            ended_at=work.ended_at,
            note=work.note,
            is_urgent=False,
            now=at,
        )

    def wait_for_third(self, at: datetime) -> None:
        """It depends on somebody else now."""
        actions.change_state(ticket=self._ticket, state=State.WAITING_THIRD, by=self._by, now=at)

    def solve(self, at: datetime) -> None:
        """Done, unless the ticket has closed by itself meanwhile."""
        ticket = self._current()
        if ticket.state not in (State.SOLVED, State.CLOSED):
            actions.change_state(ticket=ticket, state=State.SOLVED, by=self._by, now=at)

    def _current(self) -> Ticket:
        return Ticket.objects.select_related("client", "contract", "area").get(pk=self._ticket.pk)

    def _said(self, line: Line, channel: Channel) -> MessageGiven:
        """What the client says, opened and closed as people do."""
        english = self._customer.language == "en"
        opening = (
            ("Hello,", "Hi there,") if english else ("Buenos días:", "Hola:", "Buenas:", "Hola a todos:")
        )
        closing = (
            ("Thanks,", "Kind regards,") if english else ("Gracias.", "Un saludo,", "Quedo a la espera.", "")
        )
        rng, first = self._world.rng, self._contact.name.split()[0]
        text = f"{rng.choice(opening)}\n\n{line.text}\n\n{rng.choice(closing)}\n{first}".replace(
            "\n\n\n", "\n\n"
        )
        return MessageGiven(
            text=text,
            channel=channel,
            from_name=self._contact.name,
            from_email=self._contact.email,
            contact=self._contact,
            to=[self._world.mailbox.address],
            files=_files(line),
            message_id=f"<{self._case.opened_at:%Y%m%d%H%M}.{rng.getrandbits(48):012x}@{self._customer.domain}>",
            written_at=line.at - timedelta(seconds=rng.randint(2, 50)),
        )


def _files(line: Line) -> list[FileGiven]:
    if not line.file:
        return []
    return [FileGiven(files.store(paper(line.file)), line.file, media_type(line.file))]
