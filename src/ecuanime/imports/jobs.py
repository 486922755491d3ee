"""The jobs of moving in: read a file, write a confirmed one."""

from __future__ import annotations

import logging
from collections.abc import Callable

from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.jobs import job
from ecuanime.imports import actions
from ecuanime.imports.models import Import

logger = logging.getLogger(__name__)


@job(name="imports.read", queue="imports")
def read(*, import_id: int) -> None:
    """Read a file and foresee what it would do."""
    _work(import_id, actions.read_file)


@job(name="imports.bring", queue="imports")
def bring(*, import_id: int) -> None:
    """Write every row of a confirmed file, or none."""
    _work(import_id, actions.bring_file)


def _work(import_id: int, act: Callable[..., Import]) -> None:
    """Act on a file unless it was dropped meanwhile; a fault of ours ends it, so that nobody waits for ever."""
    file = Import.objects.filter(pk=import_id).first()
    if file is None:
        return
    try:
        act(file=file, now=read_clock())
    except Exception:
        logger.exception("the import %s failed; nothing of it was kept", import_id)
        actions.give_up(file=file)
