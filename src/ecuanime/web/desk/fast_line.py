"""A whole time entry typed as one line: `4817 9:15-10:40 remote DNS moved`, `4817 45m tel`, `4817 37 km travel`.

The parts may come in any order and in Spanish or English; the first word that is none of them begins the note. Plain
Python: no clock and no database, so what is typed always reads the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from ecuanime.web.components.durations import seconds_of, typed

_END = r"(?=\s|$)"
_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?h?"
_TICKET = re.compile(rf"#(\d{{1,9}}){_END}")
_BARE = re.compile(rf"(\d{{1,9}}){_END}")
_SPAN = re.compile(
    rf"(?:de\s+|from\s+)?{_CLOCK}\s*(?:[-–—]|\ba\b|\bto\b|\bhasta\b)\s*{_CLOCK}{_END}", re.IGNORECASE
)
_DURATION = re.compile(
    rf"(\d{{1,3}}:\d{{2}}|\d{{1,3}}(?:[.,]\d{{1,2}})?\s*h(?:oras?|ours?)?(?:\s*\d{{2}}|\s*\d{{1,2}}\s*m(?:in\w*)?)?"
    rf"|\d{{1,4}}\s*m(?:in(?:utos?|utes?)?)?){_END}",
    re.IGNORECASE,
)
_UNITS = re.compile(
    rf"(?:x\s*(\d{{1,6}})|(\d{{1,6}})\s*(?:kms?|uds?|unidad(?:es)?|units?|piezas?|pieces?|pcs)){_END}",
    re.IGNORECASE,
)
_DATE = re.compile(rf"(\d{{1,2}})/(\d{{1,2}}){_END}")
_WORD = re.compile(r"(\S+)(?:\s+(\S+))?")
_AGO = {"hoy": 0, "today": 0, "ayer": 1, "yesterday": 1, "anteayer": 2}
_WEEKDAYS = (
    ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)
_URGENT = frozenset({"urgente", "urgent"})
_GOODWILL = frozenset({"cortesia", "goodwill"})
# Words that begin many notes and are also the beginning of a kind of work («con» of consultoría).
_PLAIN_WORDS = frozenset({"con", "sin", "por", "para", "the", "for", "with"})
_SHORTEST = 3
_NOTE = ":"
"""Begins the note whatever follows."""


@dataclass(frozen=True)
class FastLine:
    """What a line says; what it does not say is None or empty. `work_type` is a code, `seconds` the time without clock.

    `doubtful` are the codes of several kinds of work that one abbreviation may mean.
    """

    number: int | None = None
    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    seconds: int | None = None
    units: int | None = None
    work_type: str = ""
    doubtful: tuple[str, ...] = ()
    is_urgent: bool = False
    is_goodwill: bool = False
    note: str = ""

    @property
    def says_how_long(self) -> bool:
        """Whether a time was read already: what follows is not read as another one."""
        return self.starts is not None or self.seconds is not None


Reading = tuple[FastLine, int]
"""What is known after one more part was read, and how many characters it took; 0 when it is no such part."""


def read_line(text: str, types: Mapping[str, Sequence[str]], today: date) -> FastLine:
    """Read a line. `types` gives the names of each kind of work by its code; days are those up to `today`."""
    readers = (_ticket, _span, _units, _date, _duration, _bare_number, _word(types))
    said, rest = FastLine(), text.strip()
    while rest and not rest.startswith(_NOTE):
        for reader in readers:
            after, taken = reader(said, rest, today)
            if taken:
                said, rest = after, rest[taken:].lstrip()
                break
        else:
            break
    return replace(said, note=" ".join(rest.lstrip(":·-–— ").split()))


def fold(text: str) -> str:
    """Letters and figures alone, small and without accents: what is compared."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in plain if letter.isalnum())


def _ticket(said: FastLine, rest: str, today: date) -> Reading:
    found = _TICKET.match(rest) if said.number is None else None
    return (replace(said, number=int(found[1])), found.end()) if found else (said, 0)


def _span(said: FastLine, rest: str, today: date) -> Reading:
    found = None if said.says_how_long else _SPAN.match(rest)
    if found is None:
        return said, 0
    starts, ends = _clock(found[1], found[2]), _clock(found[3], found[4])
    if starts is None or ends is None:
        return said, 0
    return replace(said, starts=starts, ends=ends), found.end()


def _clock(hour: str, minute: str | None) -> time | None:
    """A time of day; 24:00 is midnight."""
    hours, minutes = int(hour), int(minute or 0)
    if (hours, minutes) == (24, 0):
        return time(0)
    return time(hours, minutes) if hours < 24 and minutes < 60 else None


def _units(said: FastLine, rest: str, today: date) -> Reading:
    found = _UNITS.match(rest) if said.units is None else None
    return (replace(said, units=int(found[1] or found[2])), found.end()) if found else (said, 0)


def _date(said: FastLine, rest: str, today: date) -> Reading:
    """`9/11`: the last ninth of November up to today."""
    found = _DATE.match(rest) if said.day is None else None
    for year in (today.year, today.year - 1) if found else ():
        try:
            day = date(year, int(found[2]), int(found[1])) if found else today
        except ValueError:
            continue
        if found and day <= today:
            return replace(said, day=day), found.end()
    return said, 0


def _duration(said: FastLine, rest: str, today: date) -> Reading:
    found = None if said.says_how_long else _DURATION.match(rest)
    seconds = seconds_of(found[1]) if found else None
    return (replace(said, seconds=seconds), found.end()) if found and seconds is not None else (said, 0)


def _bare_number(said: FastLine, rest: str, today: date) -> Reading:
    """The first number is the ticket, the second the minutes."""
    found = _BARE.match(rest)
    if found is None:
        return said, 0
    if said.number is None:
        return replace(said, number=int(found[1])), found.end()
    if not said.says_how_long and said.units is None:
        return replace(said, seconds=int(found[1]) * 60), found.end()
    return said, 0


def _word(types: Mapping[str, Sequence[str]]) -> Callable[[FastLine, str, date], Reading]:
    """A reader of words: the day, a mark, or the kind of work (of one word or two, or its first letters)."""

    def read(said: FastLine, rest: str, today: date) -> Reading:
        found = _WORD.match(rest)
        if found is None:
            return said, 0
        one, taken = fold(found[1]), found.end(1)
        if said.day is None and (day := _day_named(one, today)) is not None:
            return replace(said, day=day), taken
        if one in _URGENT and not said.is_urgent:
            return replace(said, is_urgent=True), taken
        if one in _GOODWILL and not said.is_goodwill:
            return replace(said, is_goodwill=True), taken
        if said.work_type or said.doubtful:
            return said, 0
        if found[2] and (both := _named(one + fold(found[2]), types)):
            return replace(said, work_type=both), found.end()
        codes = _types_like(one, types)
        if len(codes) == 1:
            return replace(said, work_type=codes[0]), taken
        return (replace(said, doubtful=codes), taken) if codes else (said, 0)

    return read


def _day_named(word: str, today: date) -> date | None:
    """Today, yesterday, or the last such day of the week before today."""
    if word in _AGO:
        return today - timedelta(days=_AGO[word])
    for names in _WEEKDAYS:
        if word in names:
            return today - timedelta(days=(today.weekday() - names.index(word) - 1) % 7 + 1)
    return None


def _named(word: str, types: Mapping[str, Sequence[str]]) -> str:
    """The code of the kind of work that is called so, whole."""
    return next(
        (code for code, names in types.items() if word in {fold(name) for name in (code, *names)}), ""
    )


def _types_like(word: str, types: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The kinds of work that are called so or begin so."""
    if exact := _named(word, types):
        return (exact,)
    if len(word) < _SHORTEST or word in _PLAIN_WORDS:
        return ()
    return tuple(
        code for code, names in types.items() if any(fold(name).startswith(word) for name in (code, *names))
    )


def written(
    *,
    number: int,
    work_type: str,
    starts: time | None = None,
    ends: time | None = None,
    seconds: int = 0,
    units: int | None = None,
    is_urgent: bool = False,
    is_goodwill: bool = False,
    note: str = "",
) -> str:
    """The line that reads so: what copying an entry puts before its person. Seconds below the minute are cut."""
    parts = [str(number)]
    if starts is not None and ends is not None:
        parts.append(f"{starts:%H:%M}-{ends:%H:%M}")
    elif seconds or units is None:
        parts.append(typed(seconds))
    parts += [f"x{units}"] if units is not None else []
    parts.append(work_type)
    parts += ["urgent"] if is_urgent else []
    parts += ["goodwill"] if is_goodwill else []
    parts += [f"{_NOTE} {note}"] if note else []
    return " ".join(parts)
