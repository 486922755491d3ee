"""Every page speaks one language: no text of ours stands on it as it reads in the other."""

from __future__ import annotations

import gettext
import html
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import ecuanime
from tests.web.access_matrix import ROWS
from tests.web.walking import Walker, address_of

pytestmark = pytest.mark.django_db
LOCALE = Path(ecuanime.__file__).parent / "locale"
SHOWN = re.compile(
    r">([^<>]+)<|(?:aria-label|title|placeholder|alt)=\"([^\"]+)\"|data-[a-z-]+=\"([^\" ]+ [^\"]+)\""
)
FEWEST_LETTERS = 4
OWN_NAMES = {"English", "Español"}
OF_THE_WORLD = {"Avisos", "Bajo demanda", "Banco", "Cliente", "Nombre", "Serie", "Servidor"}
"""What people have written in the world that is walked."""


@cache
def foreign(language: str) -> frozenset[str]:
    """Texts that read otherwise in this language: as the source has them in Spanish, as Spanish has them in English."""
    catalogue = gettext.translation("django", LOCALE, ["es"])._catalog  # type: ignore[attr-defined]
    pairs = [
        (key.rpartition("\x04")[2], text) for key, text in catalogue.items() if isinstance(key, str) and key
    ]
    english, spanish = {key for key, _text in pairs}, {text for _key, text in pairs}
    return frozenset(english - spanish if language == "es" else spanish - english)


def shown(page: str) -> Iterator[str]:
    """The texts of a page, and of the attributes that are read out or shown."""
    for found in SHOWN.findall(page):
        text = " ".join(html.unescape("".join(found)).split())
        if len(text) >= FEWEST_LETTERS:
            yield text


@pytest.mark.parametrize("who", ["administrator", "lead"])
@pytest.mark.parametrize("language", ["es", "en"])
def test_no_page_mixes_languages(walker: Walker, who: str, language: str) -> None:
    person = walker.world.people[who]
    usual, person.language = person.language, language
    person.save(update_fields=["language"])
    found = {}
    for name, row in ROWS.items():
        if who not in row.get or name.startswith("api"):
            continue
        answer, _written = walker.ask(who, "get", address_of(name, row, walker.world))
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            mixed = foreign(language).intersection(shown(answer.text_seen))
            found.update(dict.fromkeys(mixed - OWN_NAMES - OF_THE_WORLD, name))
    person.language = usual
    person.save(update_fields=["language"])
    assert found == {}
