"""Who is named as @name in a note."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ecuanime.accounts.models import User
from ecuanime.foundation.words import fold


@dataclass(frozen=True)
class Naming:
    """What is written after @ to name somebody, and nobody else."""

    person: User
    name: str


_AT = re.compile(r"(?<![\w.@])@(?=\w)")


def mentioned_in(text: str, people: Iterable[User]) -> list[User]:
    """The people named in `text`, in its order, each once.

    A name is the whole name, what stands before the @ of their address, or the first name where only one person has it.
    Case and accents do not matter; the longest name that fits is meant.
    """
    names = _names(list(people))
    found: dict[int, User] = {}
    for at in _AT.finditer(text):
        rest = fold(text[at.end() : at.end() + 130])
        fitting = [name for name in names if rest.startswith(name) and not rest[len(name) :][:1].isalnum()]
        if fitting:
            person = names[max(fitting, key=len)]
            found[person.pk] = person
    return list(found.values())


def mentions_of(people: Iterable[User]) -> list[Naming]:
    """How a note names each of these people: by their whole name, or what stands before the @ of their address."""
    listed = list(people)
    names = _names(listed)
    found = []
    for person in listed:
        for name in (" ".join(person.name.split()), person.email.partition("@")[0]):
            if names.get(fold(name)) == person:
                found.append(Naming(person, name))
                break
    return found


def _names(people: list[User]) -> dict[str, User]:
    first = Counter(fold(person.name).split(" ")[0] for person in people)
    names: dict[str, User] = {}
    for person in people:
        folded = " ".join(fold(person.name).split())
        word = folded.split(" ")[0]
        if first[word] == 1:
            names.setdefault(word, person)
    for person in people:
        names[fold(person.email.partition("@")[0])] = person
        names[" ".join(fold(person.name).split())] = person
    names.pop("", None)
    return names
