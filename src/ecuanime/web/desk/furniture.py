"""What the desk offers on every ticket: people, macros, queues and product areas, read anew once any has changed."""

from __future__ import annotations

from functools import cached_property, partial

from ecuanime.accounts.models import User
from ecuanime.accounts.queries import people_of_firm
from ecuanime.foundation.keeping import Kept
from ecuanime.staff.models import ProductArea
from ecuanime.staff.queries import product_areas
from ecuanime.tickets.access import works_at_desk
from ecuanime.tickets.mentions import mentions_of
from ecuanime.tickets.models import Macro, Queue
from ecuanime.tickets.queries import Versions, macros_for

PEOPLE = 500


class Furniture:
    """What a person has at hand, each read when it is first asked for."""

    def __init__(self, user: User) -> None:
        self._user = user

    @cached_property
    def people(self) -> tuple[User, ...]:
        """Who answers tickets."""
        return tuple(person for person in people_of_firm() if works_at_desk(person))

    @cached_property
    def mentions(self) -> tuple[tuple[str, str, str], ...]:
        """How a note names each of them: what is written, their name and their address."""
        return tuple((each.name, each.person.name, each.person.email) for each in mentions_of(self.people))

    @cached_property
    def macros(self) -> tuple[Macro, ...]:
        """Their own and everybody's."""
        return tuple(macros_for(self._user))

    @cached_property
    def queues(self) -> tuple[Queue, ...]:
        """Those in use."""
        return tuple(Queue.objects.filter(is_active=True))

    @cached_property
    def areas(self) -> tuple[ProductArea, ...]:
        """What the firm supports, in its order."""
        return tuple(product_areas())


_kept: Kept[Furniture] = Kept(PEOPLE)


def furniture_for(user: User, seen: Versions) -> Furniture:
    """What a person has at hand; while the version stands still nothing of it is read again."""
    return _kept.ask(partial(Furniture, user), user.pk, version=seen.of_around)
