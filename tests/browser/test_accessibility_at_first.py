"""The pages of a firm that has nothing yet pass axe-core as the full ones do: empty lists, first steps."""

from __future__ import annotations

import pytest

from ecuanime.accounts.models import User
from tests.browser.axe import Windows, look, needs_axe

pytestmark = needs_axe

EMPTY = (
    "/bandeja/",
    "/clientes/",
    "/contratos/",
    "/planes/",
    "/horas/",
    "/horas/mi-dia/",
    "/correo/entrante/cuarentena/",
    "/correo/saliente/capturado/",
    "/inicio/paso/empresa/",
    "/inicio/paso/horario/",
    "/inicio/paso/correo/",
    "/inicio/paso/planes/",
    "/inicio/paso/personas/",
    "/inicio/paso/listo/",
)


@pytest.mark.parametrize("path", EMPTY)
def test_a_firm_that_has_nothing_yet(path: str, bare_windows: Windows) -> None:
    look(bare_windows.of(User.objects.get()), path)
