"""Whatever a person reads is marked for translation, and Spanish says all of it."""

from __future__ import annotations

import ast
import html
import importlib.util
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import allauth
import django
from babel.messages.mofile import read_mo
from django.template.base import Lexer, TokenType
from django.utils import translation

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "ecuanime"
TEMPLATES = sorted(path for path in SOURCE.rglob("templates/**/*") if path.suffix in {".html", ".txt"})
FOR_MAKERS = {"style_guide.html"}  # the sheet of components, served in development alone
OF_THE_LAW = {"declaration.html"}  # in Spanish for every reader: its words are those of RD 1007/2023
NAMES = {
    "Ecuánime",
    "PDF",
    "CSV",
    "XLSX",
    "XML",
    "UUID",
    "SHA",
    "RFC",
    "MXN",
    "JSON",
    "GET",
    "API",
    "Español",
    "English",
    "Ctrl",
    "KB",
    "UTC",
    "Tab",
    "Esc",
}
SPOKEN = re.compile(r"""\b(?:alt|aria-label|placeholder|title|data-l)\s*=\s*("[^"]*"|'[^']*')""")
WORD = re.compile(r"[^\W\d_]{3,}")


def tool() -> ModuleType:
    """tools/messages.py, which stands outside the package."""
    spec = importlib.util.spec_from_file_location("messages_tool", ROOT / "tools" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_spanish_says_everything() -> None:
    """Each text of the source is in the catalogue, translated, with its placeholders, and compiled."""
    assert list(tool().problems()) == []


def test_what_others_say_is_said_in_our_words() -> None:
    """Each text borrowed from Django and allauth is still theirs, and reads in Spanish as ours does."""
    theirs = set()
    for package in (django, allauth):
        for path in Path(package.__path__[0]).glob("**/locale/es/LC_MESSAGES/django.mo"):
            with path.open("rb") as stream:
                theirs |= {forms_of(message.id)[0] for message in read_mo(stream)}
    ours = {forms_of(message.id)[0]: forms_of(message.string)[-1] for message in tool().known()}
    with translation.override("es"):
        for text in tool().BORROWED:
            one, many = forms_of(text)[0], forms_of(text)[-1]
            said = translation.gettext(one) if one == many else translation.ngettext(one, many, 2)
            assert one in theirs
            assert said == ours[one]


def forms_of(text: str | Sequence[str]) -> Sequence[str]:
    """A text, or its singular and plural, as a sequence."""
    return (text,) if isinstance(text, str) else text


def test_the_tool_finds_texts_of_every_form(tmp_path: Path) -> None:
    """Tags of our own, plurals, contexts, filters and percent signs: what Django will look up is what is gathered."""
    page = tmp_path / "page.html"
    page.write_text(
        '{% translate "100 % sure" %}{% translate "Open" context "button" %}'
        '{% panel _("A panel") note=_("its note") %}{% endpanel %}{{ value|default:_("nothing") }}'
        "{% blocktranslate trimmed count n=rows|length with who=_('nobody') %}\n  {{ n }} row of {{ who }}\n"
        "{% plural %}\n  {{ n }} rows of {{ who }}\n{% endblocktranslate %}",
        encoding="utf-8",
    )
    module = tmp_path / "words.py"
    module.write_text(
        '_("Said " "in two parts")\nngettext("%(n)s day", "%(n)s days", n)\npgettext_lazy("view", "Solved")\n',
        encoding="utf-8",
    )
    messages = tool()
    assert set(messages.from_template(page)) == {
        ("100 %% sure", None),
        ("Open", "button"),
        ("A panel", None),
        ("its note", None),
        ("nothing", None),
        ("nobody", None),
        (("%(n)s row of %(who)s", "%(n)s rows of %(who)s"), None),
    }
    assert set(messages.from_python(module)) == {
        ("Said in two parts", None),
        (("%(n)s day", "%(n)s days"), None),
        ("Solved", "view"),
    }


def test_no_template_says_a_word_of_its_own() -> None:
    """Words between tags, and in the attributes that are read out, all come from the catalogue."""
    found = {
        str(template.relative_to(SOURCE)): unmarked(template.read_text(encoding="utf-8")) - NAMES
        for template in TEMPLATES
        if template.name not in FOR_MAKERS | OF_THE_LAW
    }
    assert {name: words for name, words in found.items() if words} == {}


def test_a_bare_word_is_noticed() -> None:
    """The check above sees text and attributes, and nothing else."""
    page = (
        '<p class="hidden words">{% translate "Fine" %} {{ value }}<b>Bare</b></p>{# a remark #}'
        '<img alt="Attribute"><a title="{% translate "Marked" %}">…</a><code>next</code><script>let it = 1</script>'
        "{% blocktranslate %}Inside {{ x }}{% endblocktranslate %}"
    )
    assert unmarked(page) == {"Bare", "Attribute"}


def unmarked(page: str) -> set[str]:
    """The words of a template that a person would read and no translation could change."""
    text = "".join(_own_text(page))
    text = re.sub(r"<!--.*?-->|<!doctype[^>]*>", " ", text, flags=re.DOTALL | re.IGNORECASE)
    text = re.sub(r"<(script|style|code|kbd|pre)\b.*?</\1>", " ", text, flags=re.DOTALL)
    spoken = " ".join(SPOKEN.findall(text))
    between = re.sub(r"""<(?:"[^"]*"|'[^']*'|[^>"'])*>""", " ", text)
    return set(WORD.findall(html.unescape(f"{between} {spoken}")))


def _own_text(page: str) -> Iterator[str]:
    """What stands outside tags, variables, comments and blocks of translation; a space for each of those."""
    closing = ""
    for token in Lexer(page).tokenize():
        words = token.contents.split() if token.token_type == TokenType.BLOCK else []
        word = words[0] if words else ""
        if closing:
            closing = "" if word == closing else closing
        elif word in {"blocktranslate", "comment"} or (word == "block" and words[1].endswith("_class")):
            closing = f"end{word}"
        elif token.token_type == TokenType.TEXT:
            yield token.contents
        else:
            yield "0"


def test_no_module_hides_a_text_from_the_tool() -> None:
    """The functions of translation keep their names, or `_`, and are never given a text with values in it."""
    keywords = set(tool().KEYWORDS)
    hidden = [
        f"{module.relative_to(SOURCE)}:{line}"
        for module in sorted(SOURCE.rglob("*.py"))
        for line in _hidden(ast.parse(module.read_text(encoding="utf-8")), keywords)
    ]
    assert hidden == []


def _hidden(tree: ast.AST, keywords: set[str]) -> Iterator[int]:
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module="django.utils.translation", names=names):
                is_hidden = any(name.name in keywords and name.asname not in {None, "_"} for name in names)
            case ast.Call(func=ast.Name(id=function), args=arguments) if function in keywords:
                is_hidden = any(isinstance(argument, ast.JoinedStr) for argument in arguments)
            case _:
                continue
        if is_hidden:
            yield node.lineno
