"""Mail domains as text: how they are written, and which belong to everybody."""

from __future__ import annotations

import re
from importlib.resources import files


def _listed(name: str) -> frozenset[str]:
    return frozenset(files("ecuanime.clients").joinpath(name).read_text("ascii").split())


PUBLIC_MAIL = _listed("public_mail.txt")
# Under these, the name before them belongs to one organisation and they themselves to none.
SHARED_SUFFIXES = _listed("shared_suffixes.txt")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)\Z")


def normalised(domain: str) -> str | None:
    """`domain` in lower case and IDNA, also when a whole address or an @ before it was given; None if it is none."""
    name = domain.strip().rpartition("@")[2].rstrip(".").lower()
    try:
        name = name.encode("idna").decode()
    except UnicodeError:
        return None
    labels = name.split(".")
    if (
        len(labels) < 2
        or len(name) > 253
        or not all(_LABEL.match(label) for label in labels)
        or labels[-1].isdigit()
    ):
        return None
    return name


def domain_of(address: str) -> str | None:
    """The normalised domain of a mail address, or None when it has none."""
    return normalised(address) if "@" in address else None


def is_public_mail(domain: str) -> bool:
    """Whether strangers share this domain: a mail provider's, or a suffix that many register names under."""
    return domain in PUBLIC_MAIL or domain in SHARED_SUFFIXES
