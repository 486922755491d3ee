"""Every main screen of a firm that has nothing yet says so in words and shows a way on: to the firm, to its client."""

from __future__ import annotations

from typing import Any

import pytest

from ecuanime.accounts.models import Role, User
from ecuanime.contracts.actions import provide_basics
from tests.browser.axe import Windows
from tests.browser.visitor import DESK, PHONE, Visitor, set_size
from tests.factories import NOW, make_client, make_contact

AT_WORK = (
    "/bandeja/para-mi/",
    "/bandeja/abiertos/",
    "/bandeja/por-identificar/",
    "/bandeja/abiertos/?q=is:solved",
    "/macros/",
    "/buscar/?q=nada",
    "/tickets/nuevo/",
    "/equipo/",
    "/avisos/",
    "/cronometro/",
    "/horas/mi-dia/",
    "/horas/jornada/",
    "/horas/",
    "/clientes/",
    "/contratos/",
    "/planes/",
    "/facturas/",
    "/facturas/?ver=borradores",
    "/facturas/emitir/",
    "/facturas/preparar/",
    "/facturas/antiguedad/",
    "/facturas/exportar/",
    "/facturas/libros/",
    "/simulador/",
    "/plazos/",
    "/plazos/cumplimiento/",
    "/correo/entrante/cuarentena/",
    "/correo/saliente/en-espera/",
    "/ajustes/areas/",
    "/ajustes/colas/",
    "/ajustes/mesa/",
    "/ajustes/listas/",
    "/ajustes/correo/",
    "/ajustes/correo/reglas/",
    "/ajustes/equipos/",
    "/ajustes/datos/",
    "/cuenta/tokens/",
    "/cuenta/proveedores/",
)
OF_THE_CLIENT = (
    "/clientes/{client}/",
    "/clientes/{client}/tickets/",
    "/clientes/{client}/libro/",
    "/clientes/{client}/memoria/",
    "/clientes/{client}/contratos/",
    "/clientes/{client}/ofertas/nueva/",
    "/clientes/{client}/cuenta/",
    "/clientes/{client}/cumplimiento/",
)
IN_THE_PORTAL = (
    "/portal/",
    "/portal/peticiones/",
    "/portal/cumplimiento/",
    "/portal/horas/",
    "/portal/horas/trabajos/",
    "/portal/horas/aprobar/",
    "/portal/horas/sustitutos/",
    "/portal/horas/extracto/",
    "/portal/contratos/",
    "/portal/facturas/",
    "/portal/facturas/cuenta/",
    "/portal/memoria/",
    "/portal/personas/",
)
BARE = """() => [...document.querySelectorAll("main :is(tbody, ul, ol, dl, select:not([multiple]))")]
  .filter((each) => !each.children.length).map((each) => each.outerHTML.slice(0, 160))"""
SAID = "() => [...document.querySelectorAll('main .ec-empty')].map((each) => each.innerText.trim())"
WAYS = "() => document.querySelectorAll('main :is(a[href], button[type=submit], summary)').length"


@pytest.fixture(scope="module")
def lead(bare_windows: Windows) -> User:
    """Whoever answers for a client that has just been taken on."""
    provide_basics(now=NOW)  # as the set-up does
    client = make_client(code="C-0001", name="Cliente nuevo")
    rights = {"is_project_lead": True, "sees_invoices": True, "sees_dossier": True, "manages_people": True}
    user = make_contact(client, signs_in=True, **rights).user
    assert user
    return user


@pytest.mark.parametrize(("whose", "language"), [("firm", "en"), ("client", "es"), ("portal", "es")])
def test_nothing_is_said_in_words(whose: str, language: str, bare_windows: Windows, lead: User) -> None:
    user = lead if whose == "portal" else User.objects.get(roles=[Role.ADMINISTRATOR])
    User.objects.filter(pk=user.pk).update(language=language)
    visitor = bare_windows.of(user)
    paths = {"firm": AT_WORK, "client": OF_THE_CLIENT, "portal": IN_THE_PORTAL}[whose]
    wrong = {path: found for path in paths if (found := _wrong(visitor, path, language))}
    visitor.check()
    assert not wrong, "\n".join(f"{path}: {found}" for path, found in wrong.items())


def _wrong(visitor: Visitor, path: str, language: str) -> list[Any]:
    """What a page lacks: its words, a way on, or room."""
    page = visitor.open(path.format(client="C-0001"))
    found = list(page.evaluate(BARE))
    found += [f"empty without words: {said!r}" for said in page.evaluate(SAID) if len(said) < 10]
    if not page.evaluate(WAYS):
        found.append("no way on")
    if page.evaluate("document.documentElement.lang") != language:
        found.append("another language")
    for size in (PHONE, DESK):
        set_size(page, size)
        if visitor.has_sideways_scroll():
            found.append(f"scrolls sideways at {size[0]}")
    return found
