"""What happens on the demo's tickets: threads told in `stories/*.txt`, with gaps that each ticket fills in its own way.

A story is a line `=== subject`, a line `area | work | minutes | priority | tags`, and turns: `>` the client writes,
`<` the firm answers, `!` an internal note, `+` a file of the turn before.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from ecuanime.accounts.models import Language
from ecuanime.tickets.models import Priority

PRIORITIES = {
    "urgente": Priority.URGENT,
    "alta": Priority.HIGH,
    "normal": Priority.NORMAL,
    "baja": Priority.LOW,
}
CLIENT, FIRM, NOTE, FILE = ">", "<", "!", "+"


@dataclass(frozen=True)
class Turn:
    """One message of a thread, by the sign of who writes it, with the name of its file if it has one."""

    kind: str
    text: str
    file: str = ""


@dataclass(frozen=True)
class Story:
    """A thread from request to end; `work` is the code of a work type, `least` to `most` minutes are spent on it."""

    subject: str
    area: int
    work: str
    least: int
    most: int
    priority: int
    tags: tuple[str, ...]
    turns: tuple[Turn, ...]


@cache
def stories(language: str) -> tuple[Story, ...]:
    """All stories told in a language."""
    folder = files("ecuanime.demo").joinpath("stories")
    told = sorted(place.name for place in folder.iterdir() if place.name.endswith(".txt"))
    wanted = [name for name in told if (name == "english.txt") == (language == Language.EN)]
    return tuple(
        _story(part)
        for name in wanted
        for part in folder.joinpath(name).read_text("utf-8").split("=== ")
        if part.strip()
    )


_GAPS = {
    "puesto": (
        "el puesto de recepción",
        "el ordenador de administración",
        "el equipo del mostrador",
        "el puesto 3",
        "el portátil de gerencia",
        "el ordenador del almacén",
        "el equipo de la entrada",
        "el puesto de contabilidad",
    ),
    "quien": (
        "Noelia Franco",
        "Sergio Palma",
        "Ainhoa Rey",
        "Luis Cobos",
        "Raquel Montoro",
        "David Espejo",
        "Mónica Baena",
        "Óscar Linares",
        "Patricia Gil",
        "Alberto Prieto",
    ),
    "impresora": (
        "la impresora de la planta baja",
        "la multifunción del pasillo",
        "la impresora de facturas",
        "la láser de administración",
        "la impresora de recepción",
    ),
    "carpeta": ("Presupuestos", "Contabilidad", "Pedidos", "Documentos comunes", "Clientes", "Proyectos"),
    "programa": ("el programa de gestión", "la contabilidad", "el programa de facturación"),
}
_GAPS_EN = {
    "puesto": ("the front desk computer", "the accounts computer", "the meeting room laptop", "desk 3"),
    "quien": ("Aoife Byrne", "Tom Harding", "Sinead Walsh", "Mark Ellis"),
    "impresora": ("on the first floor", "in accounts", "by the front desk"),
    "carpeta": ("Projects", "Accounts", "Surveys", "Contracts"),
}


def filled(rng: Random, language: str, domain: str) -> dict[str, str]:
    """What fills the gaps of one ticket."""
    gaps = _GAPS_EN if language == Language.EN else _GAPS
    chosen = {name: rng.choice(options) for name, options in sorted(gaps.items())}
    return chosen | {"n": str(rng.randint(3, 14)), "dominio": domain}


def _story(part: str) -> Story:
    subject, facts, *lines = part.strip().splitlines()
    area, work, minutes, priority, tags = (each.strip() for each in facts.split("|"))
    least, _, most = minutes.partition("-")
    turns: list[Turn] = []
    for line in lines:
        kind, text = line[0], line[1:].strip()
        if kind == FILE:
            turns[-1] = Turn(turns[-1].kind, turns[-1].text, text)
        else:
            turns.append(Turn(kind, text))
    return Story(
        subject=subject.strip(),
        area=int(area),
        work=work,
        least=int(least),
        most=int(most),
        priority=PRIORITIES[priority],
        tags=tuple(tag.strip() for tag in tags.split(",")),
        turns=tuple(turns),
    )
