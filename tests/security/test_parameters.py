"""What a stranger writes into the address of a screen is looked for or refused; it becomes part of no query."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.http import HttpRequest, HttpResponse

from ecuanime.accounts.models import User
from tests.web.access_matrix import ROWS
from tests.web.test_security_pages import reader_of
from tests.web.walking import Walker, address_of, patterns

pytestmark = pytest.mark.django_db
SOURCE = Path(__file__).parents[2] / "src" / "ecuanime" / "web"
READ = re.compile(r"""request\.GET(?:\.get|\.getlist)?[(\[]"([a-z_]+)\"""")
PARAMETERS = (
    "antes", "at", "buscar", "cadena", "clave", "cliente", "code", "contrato", "d", "desde", "despues",
    "en", "factura", "formato", "imagenes", "iss", "libro", "linea", "lista", "m", "macro", "mes", "next",
    "orden", "order", "persona", "q", "quantity", "query", "state", "t", "tarjeta", "tema", "u", "v", "ver",
    "vista",
)  # fmt: skip
NASTY = ("'\";--%_\\ OR 1=1 client__user__password", "\x00", "9" * 400, "2026-99")


@cache
def asked_screens() -> tuple[str, ...]:
    """Screens that are read and look at parameters, by themselves or through a function beside them."""
    callbacks = {name: inspect.unwrap(pattern.callback) for name, pattern in patterns().items()}
    return tuple(
        name
        for name, row in ROWS.items()
        if row.get and not name.startswith("api") and _asks(callbacks[name.partition("#")[0]])
    )


def _asks(view: Callable[..., object]) -> bool:
    module = inspect.getmodule(view)
    if module is None or not inspect.isfunction(view) or not module.__name__.startswith("ecuanime"):
        return False
    beside = [each for _name, each in inspect.getmembers(module, inspect.isfunction)]
    beside = [each for each in beside if each.__module__ == module.__name__]
    asking = [each.__name__ for each in beside if "request.GET" in inspect.getsource(inspect.unwrap(each))]
    own = inspect.getsource(view)
    return "request.GET" in own or any(f"{name}(" in own for name in asking)


def test_every_parameter_is_asked_about() -> None:
    read = {name for path in SOURCE.rglob("*.py") for name in READ.findall(path.read_text(encoding="utf-8"))}
    assert read == set(PARAMETERS)
    assert len(asked_screens()) > 20


@pytest.mark.parametrize("value", NASTY)
def test_no_value_of_any_parameter_breaks_a_screen(walker: Walker, value: str) -> None:
    assert [found for name in asked_screens() if (found := fault(walker, name, value))] == []


def test_control_a_screen_that_breaks_is_seen(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    def looks(request: HttpRequest) -> HttpResponse:
        User.objects.filter(pk=request.GET["q"]).first()
        return HttpResponse()

    assert fault(walker, "robots", "x") is None
    monkeypatch.setattr(patterns()["robots"], "callback", looks)
    assert fault(walker, "robots", "x") == ("robots", 500, {})


def fault(walker: Walker, name: str, value: str) -> tuple[str, int, dict[str, int]] | None:
    """How a screen breaks, or what it writes, with this value in every parameter."""
    query = urlencode(dict.fromkeys(PARAMETERS, value))
    address = f"{address_of(name, ROWS[name], walker.world)}?{query}"
    answer, written = walker.ask(reader_of(name), "get", address)
    is_right = answer.status_code < 500 and not set(written) - set(ROWS[name].marks)
    return None if is_right else (name, answer.status_code, written)
