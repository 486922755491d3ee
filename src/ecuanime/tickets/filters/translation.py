"""From a query to the tickets it asks for, among those a person may see: one bounded statement of the ORM."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import datetime
from functools import reduce
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.models import Client, Contact
from ecuanime.foundation.words import folded
from ecuanime.staff.models import ProductArea
from ecuanime.tickets.access import visible_documents, visible_tickets
from ecuanime.tickets.filters import keys
from ecuanime.tickets.filters.asking import Asker, days, plain, whole, word
from ecuanime.tickets.filters.language import Query, Term, Unreadable, Value
from ecuanime.tickets.filters.moments import span_of
from ecuanime.tickets.filters.own_fields import own_field
from ecuanime.tickets.filters.words import prefixes_of, words_of
from ecuanime.tickets.models import OPEN_STATES, Group, Queue, State, Ticket
from ecuanime.tickets.search_terms import TermsQuery, number_in, terms_of

COMPARED = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
NO_TAG = 0
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def matching(user: User, query: Query, *, now: datetime) -> QuerySet[Ticket]:
    """The tickets that `user` may see and that fit every term, unordered. Raises `Unreadable`."""
    return matching_for(Asker(user, now), query)


def matching_for(asker: Asker, query: Query) -> QuerySet[Ticket]:
    """The same for somebody who asks several things, so that what queries name is looked up once."""
    rows = visible_tickets(asker.user)
    if query.asks_for("subject"):
        rows = rows.alias(words=SearchVector(folded("subject"), config="simple"))
    for term in query.terms:
        condition = _condition(term, asker)
        rows = rows.filter(~condition if term.is_negated else condition)
    return rows


def speaks_of_snoozed(query: Query) -> bool:
    """Whether any condition names what was put off, be it to have it, to have it too, or to leave it out."""
    return any(
        keys.known_key(term.key) == "is" and keys.FLAGS.get(value.low.lower()) == "snoozed"
        for term in query.terms
        for value in term.values
    )


def hangs_on_time(query: Query) -> bool:
    """Whether it may mean other tickets in a moment although nothing has changed."""
    return any(
        keys.known_key(term.key.partition(".")[0]) in keys.OF_TIME
        or any(keys.FLAGS.get(value.low.lower()) == "late" for value in term.values)
        for term in query.terms
    )


def groups_of(query: Query) -> frozenset[Group]:
    """The headings of the inbox under which tickets may stand that fit the states it names."""
    found = frozenset(Group)
    for term in query.terms:
        if keys.known_key(term.key) == "state" and not term.is_negated:
            found &= frozenset(
                group
                for value in term.values
                for group in _groups_of_state(keys.STATES.get(plain(value).lower()))
            )
    return found


def _groups_of_state(state: State | None) -> tuple[Group, ...]:
    if state in (State.NEW, State.OPEN):
        return (Group.URGENT, Group.WAITS_FOR_US, Group.IN_HAND)
    waits = {State.WAITING_THIRD: Group.WAITING_THIRD, State.WAITING_CLIENT: Group.WAITING_CLIENT}
    return (waits.get(state, Group.DONE),) if state else tuple(Group)


def _condition(term: Term, asker: Asker) -> Q:
    key = keys.known_key(term.key.partition(".")[0])
    reader = READERS.get(key)
    allowed = keys.OF_EVERYBODY + (keys.OF_THE_TEAM if asker.user.is_of_firm else ())
    if reader is None or (key and key not in allowed):
        text = _("There is no “%(key)s:” here. Use one of: %(keys)s.")
        raise Unreadable(text % {"key": term.key, "keys": ", ".join(allowed)}, term.at, len(term.key) + 1)
    return reduce(operator.or_, (reader(value, asker, term) for value in term.values))


def _words(value: Value, asker: Asker, term: Term) -> Q:
    """Tickets with the word, or the phrase, anywhere in their thread; a number finds its ticket too."""
    plain(value)
    terms = terms_of(f'"{value.low}"' if term.is_phrase else value.low)
    if not terms:
        raise Unreadable(_("There is no word in this."), value.at, value.length)
    found = Q(pk__in=visible_documents(asker.user).filter(words=TermsQuery(terms)).values("ticket"))
    number = None if term.is_phrase else number_in(value.low)
    return found if number is None else found | Q(number=number)


def _subject(value: Value, asker: Asker, term: Term) -> Q:
    wanted = prefixes_of(plain(value))
    if not wanted:
        raise Unreadable(_("There is no word in this."), value.at, value.length)
    return Q(words=SearchQuery(wanted, config="simple", search_type="raw"))


def _one_of(table: dict[str, Any], field: str) -> Callable[[Value, Asker, Term], Q]:
    def read(value: Value, asker: Asker, term: Term) -> Q:
        return Q(**{field: word(value, plain(value), table)})

    return read


def _priority(value: Value, asker: Asker, term: Term) -> Q:
    low = word(value, value.low, keys.PRIORITIES)
    if value.op == "..":
        ends = sorted([low, word(value, value.high, keys.PRIORITIES)])
        return Q(priority__range=ends)
    return Q(**{f"priority__{COMPARED.get(value.op, 'exact')}": low})


def _flag(value: Value, asker: Asker, term: Term) -> Q:
    flag = word(value, plain(value), keys.FLAGS if asker.user.is_of_firm else keys.FLAGS_OF_EVERYBODY)
    return {
        "open": Q(state__in=OPEN_STATES),
        "done": Q(state__in=[State.SOLVED, State.CLOSED]),
        "unread": Q(unread_count__gt=0),
        "waiting": Q(waits_since__isnull=False),
        "unassigned": Q(assignee__isnull=True),
        "unknown": Q(client__isnull=True),
        "late": Q(due_at__lt=asker.now),
        "snoozed": Q(snoozed_until__isnull=False),
    }[flag]


def _assignee(value: Value, asker: Asker, term: Term) -> Q:
    name = plain(value).lower()
    if name in keys.ME:
        return Q(assignee=asker.user.pk)
    if name in keys.NOBODY:
        return Q(assignee__isnull=True)
    people = User.objects.alias(plain=folded("name")).exclude(roles=[])
    return Q(assignee__in=people.filter(Q(email=name) | Q(plain__contains=words_of(name))).values("pk"))


def _client(value: Value, asker: Asker, term: Term) -> Q:
    name = plain(value)
    if name.lower() in keys.NOBODY:
        return Q(client__isnull=True)
    named = Client.objects.alias(plain=folded("name"))
    return Q(client__in=named.filter(Q(code__iexact=name) | Q(plain__contains=words_of(name))).values("pk"))


def _contact(value: Value, asker: Asker, term: Term) -> Q:
    name = plain(value)
    named = Contact.objects.alias(plain=folded("name"))
    known = named.filter(Q(email__iexact=name) | Q(plain__contains=words_of(name)))
    return Q(contact__in=known.values("pk")) | Q(requester_email__iexact=name)


def _contract(value: Value, asker: Asker, term: Term) -> Q:
    number = plain(value)
    return Q(contract__isnull=True) if number.lower() in keys.NOBODY else Q(contract__number__iexact=number)


def _area(value: Value, asker: Asker, term: Term) -> Q:
    name = plain(value)
    if name.lower() in keys.NOBODY:
        return Q(area__isnull=True)
    named = ProductArea.objects.alias(plain=folded("name"))
    return Q(area__in=named.filter(Q(code__iexact=name) | Q(plain=words_of(name))).values("pk"))


def _queue(value: Value, asker: Asker, term: Term) -> Q:
    name = plain(value)
    if name.lower() in keys.NOBODY:
        return Q(queue__isnull=True)
    named = Queue.objects.alias(plain=folded("name"))
    return Q(queue__in=named.filter(plain=words_of(name)).values("pk"))


def _tag(value: Value, asker: Asker, term: Term) -> Q:
    hung = Ticket.tags.through.objects.filter(ticket_id=OuterRef("pk"))
    name = plain(value)
    if name.lower() in keys.NOBODY:
        return ~Q(Exists(hung))
    return Q(Exists(hung.filter(tag_id=asker.tags.get(name.casefold(), NO_TAG))))


def _number(value: Value, asker: Asker, term: Term) -> Q:
    low = whole(value, value.low)
    if value.op == "..":
        return Q(number__range=(low, whole(value, value.high)))
    return Q(**{f"number__{COMPARED.get(value.op, 'exact')}": low})


def _past(field: str) -> Callable[[Value, Asker, Term], Q]:
    """A moment that has been: a day, or with a span how long ago it is (`<2d`: less than two days)."""

    def read(value: Value, asker: Asker, term: Term) -> Q:
        span = span_of(value.low)
        if span is not None and value.op in COMPARED:
            return Q(**{f"{field}__{COMPARED[TURNED[value.op]]}": asker.now - span})
        return _between(field, value, asker)

    return read


def _due(value: Value, asker: Asker, term: Term) -> Q:
    """A promise by its day, or with a span how soon it is up (`<2d`: within two days, or past)."""
    span = span_of(value.low)
    if span is not None and value.op in COMPARED:
        return Q(**{f"due_at__{COMPARED[value.op]}": asker.now + span})
    if value.low.lower() in keys.NOBODY:
        return Q(due_at__isnull=True)
    return _between("due_at", value, asker)


def _between(field: str, value: Value, asker: Asker) -> Q:
    first, following = days(value, value.low, asker)
    if value.op == "..":
        following = days(value, value.high, asker)[1]
    if value.op in ("", ".."):
        return Q(**{f"{field}__gte": first, f"{field}__lt": following})
    # Whole days: "until" takes the day itself in, "after" begins where it ends.
    edge = following if value.op in ("<=", ">") else first
    return Q(**{f"{field}__{'lt' if value.op in ('<', '<=') else 'gte'}": edge})


READERS: dict[str, Callable[[Value, Asker, Term], Q]] = {
    "": _words,
    "subject": _subject,
    "is": _flag,
    "state": _one_of(keys.STATES, "state"),
    "priority": _priority,
    "channel": _one_of(keys.CHANNELS, "channel"),
    "assignee": _assignee,
    "client": _client,
    "contact": _contact,
    "contract": _contract,
    "area": _area,
    "queue": _queue,
    "tag": _tag,
    "number": _number,
    "created": _past("created_at"),
    "updated": _past("last_message_at"),
    "waiting": _past("waits_since"),
    "solved": _past("solved_at"),
    "due": _due,
    keys.FIELD: own_field,
}
