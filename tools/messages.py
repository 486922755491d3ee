"""The translation catalogues: `update` gathers new texts, `check` fails on what is missing, `missing` prints it, and
`usted` what says tú to clients with no formal form beside it.

English is in the source; Spanish is complete, or the check fails. Needs no gettext programs: texts are read from
Python by Babel and from templates by Django's own lexer, and the compiled catalogue is committed beside its source.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, TokenType
from django.utils.text import smart_split
from django.utils.translation import trim_whitespace

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "ecuanime"
CATALOGUE = SOURCE / "locale" / "es" / "LC_MESSAGES" / "django.po"
# For clients who are addressed formally: only the texts in which Spanish says tú. The rest comes from the one above.
FORMAL = SOURCE / "locale" / "es_Usted" / "LC_MESSAGES" / "django.po"
# Where clients read, signed in or by letter, and the words by which Spanish says tú there.
CLIENTS_READ = re.compile(
    r"web/portal/|templates/portal/|base_portal|account/(base_own|password_(change|set)|reauth)|components/phrases"
    r"|components/(case_of_client|client_case)|public/case|emergencies/actions/(links|papers|strangers|silence)"
    r"|/[45]\d\d|letters\.py|actions/portal\.py|worklog/limits\.py|public/own_account\.py"
)
FAMILIAR = re.compile(
    r"\b(tu|tus|tú|te|ti|contigo|tuy[oa]s?|puedes|tienes|quieres|eres|estás|has|ves|sigues|vuelves|compras|pides|pidas|escribes"
    r"|escribas|escribiste|hiciste|enviaste|reconoces|aceptas|aceptaste|necesitas|contarías|dictas|escribe|escríbe\w+"
    r"|elige|pulsa|mira|míralo|pide|pídelo|pídenos|dinos|pregunta|pregúnta\w+|espera un|espera cinco|vuelve, |vuelve y"
    r"|prueba otra|entra otra|responde a|confirma|selecciona|cópialo|desactívalos|cuenta a)\b",
    re.IGNORECASE,
)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# What Django and allauth say on our screens. They ship Spanish of their own; ours says tú, as everywhere else.
BORROWED: tuple[str | tuple[str, str], ...] = (
    "This field is required.",
    "Enter a whole number.",
    "Enter a number.",
    "Enter a valid date.",
    "Enter a valid time.",
    "Enter a valid date/time.",
    "Enter a valid value.",
    "Enter a valid URL.",
    "Enter a valid email address.",
    "Enter a valid domain name.",
    "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
    "Enter a list of values.",
    "No file was submitted.",
    "The submitted file is empty.",
    "Null characters are not allowed.",
    "“%(pk)s” is not a valid value.",
    "Select a valid choice. %(value)s is not one of the available choices.",
    "Select a valid choice. That choice is not one of the available choices.",
    "Ensure this value is less than or equal to %(limit_value)s.",
    "Ensure this value is greater than or equal to %(limit_value)s.",
    (
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
    ),
    (
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    ),
    (
        "Ensure this filename has at most %(max)d character (it has %(length)d).",
        "Ensure this filename has at most %(max)d characters (it has %(length)d).",
    ),
    (
        "Ensure that there are no more than %(max)s digit in total.",
        "Ensure that there are no more than %(max)s digits in total.",
    ),
    (
        "Ensure that there are no more than %(max)s decimal place.",
        "Ensure that there are no more than %(max)s decimal places.",
    ),
    (
        "Ensure that there are no more than %(max)s digit before the decimal point.",
        "Ensure that there are no more than %(max)s digits before the decimal point.",
    ),
    (
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    "This password is too common.",
    (
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
    ),
    "Your password can’t be a commonly used password.",
    "Your password can’t be too similar to your other personal information.",
    "The password is too similar to the %(verbose_name)s.",
    "Current Password",
    "New Password",
    "New Password (again)",
    "Password (again)",
    "Forgot your password?",
    "You must type the same password each time.",
    "Please type your current password.",
    "Incorrect password.",
    "Incorrect code.",
    "The email address and/or password you specified are not correct.",
    "This account is currently inactive.",
    "Too many failed login attempts. Try again later.",
    "The password reset token was invalid.",
    "Authenticator code",
)
INLINE = re.compile(r"""\b_\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\)""")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]")

Found = tuple[str | tuple[str, str], str | None]  # the text, or one and many; its context


def gather() -> Catalog:
    """Every text of the source that a person may see, with where it stands."""
    catalogue = Catalog(
        locale="es",
        domain="django",
        header_comment="# What Ecuánime says in Spanish. Gathered and compiled by tools/messages.py.",
        project="ecuanime",
        version="1",
        last_translator="Ecuánime",
        language_team="es",
        msgid_bugs_address="-",
        revision_date=datetime(2026, 11, 9, tzinfo=UTC),
        fuzzy=False,
    )
    for text in BORROWED:
        catalogue.add(text, locations=[("Django and allauth", 0)])
    for path in sorted(SOURCE.rglob("*")):
        if "migrations" in path.parts or path.suffix not in {".py", ".html", ".txt"}:
            continue
        found = from_python(path) if path.suffix == ".py" else from_template(path)
        for message, context in found:
            catalogue.add(message, locations=[(str(path.relative_to(SOURCE)), 0)], context=context)
    return catalogue


def from_python(path: Path) -> Iterator[Found]:
    """The marked texts of a Python file."""
    with path.open("rb") as stream:
        for _line, message, _comments, context in extract("python", stream, keywords=KEYWORDS):
            yield message if isinstance(message, str) else (message[0], message[1]), context


def from_template(path: Path) -> Iterator[Found]:
    """The marked texts of a template: translate, blocktranslate and `_("…")` in tags."""
    block: list[str] | None = None
    plural: list[str] | None = None
    options: list[str] = []
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        words = list(smart_split(token.contents)) if token.token_type == TokenType.BLOCK else []
        if block is not None:
            current = block if plural is None else plural
            if words and words[0] in {"endblocktranslate", "endblocktrans"}:
                yield _block_message(block, plural, options), _context(options)
                block = plural = None
            elif words and words[0] == "plural":
                plural = []
            elif token.token_type == TokenType.VAR:
                current.append(f"%({token.contents.split('|')[0]})s")
            elif token.token_type == TokenType.TEXT:
                current.append(token.contents.replace("%", "%%"))
            continue
        if words and words[0] in {"blocktranslate", "blocktrans"}:
            block, options = [], words
        elif words and words[0] in {"translate", "trans"} and words[1][0] in "\"'":
            yield _unquote(words[1]).replace("%", "%%"), _context(words)
        if token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            for quoted in INLINE.findall(token.contents):
                yield _unquote(quoted).replace("%", "%%"), None


def _block_message(block: list[str], plural: list[str] | None, options: list[str]) -> str | tuple[str, str]:
    clean = trim_whitespace if "trimmed" in options else str
    singular = clean("".join(block))
    return singular if plural is None else (singular, clean("".join(plural)))


def _context(words: list[str]) -> str | None:
    return _unquote(words[words.index("context") + 1]) if "context" in words else None


def _unquote(text: str) -> str:
    return text[1:-1].replace('\\"', '"').replace("\\'", "'")


def known(path: Path = CATALOGUE) -> Catalog:
    """The Spanish catalogue as it is committed; with `FORMAL` the one that says usted."""
    if not path.exists():
        return Catalog(locale="es", domain="django")
    with path.open("rb") as stream:
        return read_po(stream, locale="es", domain="django")


def problems() -> Iterator[str]:
    """What keeps Spanish from being complete and true; nothing when it is."""
    source, spanish = gather(), known()
    for message in source:
        if message.id and spanish.get(message.id, message.context) is None:
            yield f"not in the catalogue: {_shown(message)}"
    for message in spanish:
        if not message.id:
            continue
        if source.get(message.id, message.context) is None:
            yield f"no longer in the source: {_shown(message)}"
        else:
            yield from flaws(message)
    for message in known(FORMAL):
        if message.id:
            yield from flaws(message)
    for path in (CATALOGUE, FORMAL):
        if not path.exists() or _compiled(known(path)) != path.with_suffix(".mo").read_bytes():
            yield f"{path.with_suffix('.mo').relative_to(SOURCE)} is older than its source: run make messages"


def familiar() -> Iterator[str]:
    """What clients read that says tú and has no usted beside it."""
    formal = known(FORMAL)
    for message in known():
        read = any(CLIENTS_READ.search(place) for place, _line in message.locations)
        if message.id and read and formal.get(message.id, message.context) is None:
            forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
            if any(FAMILIAR.search(form) for form in forms):
                yield f"says tú to clients, and has no usted: {_shown(message)} {forms[0]!r}"


def flaws(message: Message) -> Iterator[str]:
    """What is wrong with one translation: missing, or not about the same things as its source."""
    originals = [message.id] if isinstance(message.id, str) else list(message.id)
    translations = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if message.fuzzy or not (translations and all(translations)):
        yield f"not translated: {_shown(message)}"
        return
    allowed = {name for original in originals for name in _placeholders(original)}
    for translation in translations:
        if not _placeholders(translation) <= allowed:
            yield f"names a placeholder the source does not have: {_shown(message)}"
    if len(originals) == 1 and _placeholders(translations[0]) != allowed:
        yield f"drops a placeholder: {_shown(message)}"


def _placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text)}


def _shown(message: Message) -> str:
    where = message.locations[0][0] if message.locations else ""
    return f"{message.id!r} {where}"


def _compiled(catalogue: Catalog) -> bytes:
    stream = io.BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def update() -> None:
    """Bring the catalogue up to the source, keep what is translated, drop what is gone, and compile it."""
    source, spanish = gather(), known()
    if spanish:  # the moment of a run says nothing, and would change the file each time
        source.creation_date = spanish.creation_date
    for message in source:
        old = spanish.get(message.id, message.context) if message.id else None
        if old is not None and not old.fuzzy and isinstance(old.string, str) == isinstance(message.id, str):
            message.string = old.string
    formal = known(FORMAL)
    for message in list(formal):
        if message.id and source.get(message.id, message.context) is None:
            formal.delete(message.id, message.context)
    for path, catalogue in ((CATALOGUE, source), (FORMAL, formal)):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            write_po(stream, catalogue, width=110, sort_output=True, omit_header=False, include_lineno=False)
        path.with_suffix(".mo").write_bytes(_compiled(known(path)))


def main(verb: str) -> int:
    """Run one verb; 1 when the check found something."""
    if verb == "update":
        update()
        return 0
    found = list(familiar() if verb == "usted" else problems())
    print("\n".join(found[:40] if verb == "check" else found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
