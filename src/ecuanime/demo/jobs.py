"""The job that fills the demo in, while a page waits for it."""

from __future__ import annotations

import logging

from ecuanime.demo.actions import fill_demo
from ecuanime.demo.progress import Stage, note_progress, reporter
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.jobs import job, queue_once

logger = logging.getLogger(__name__)


def ask() -> None:
    """Queue the job, unless it waits already."""
    queue_once(fill)
    note_progress(Stage.ASKED)


@job(name="demo.fill", queue="demo", queueing_lock="demo.fill", lock="demo.fill")
def fill() -> None:
    """Fill the demo in. Interrupted it leaves nothing, so the next try begins anew; done it refuses."""
    note_progress(Stage.RUNNING)
    try:
        with reporter() as told:
            fill_demo(now=read_clock(), told=told)
    except Refused as refusal:
        note_progress(Stage.FAILED, code=refusal.code)
    except Exception:
        note_progress(Stage.FAILED)
        logger.exception("the demo could not be filled in; nothing of it was kept")
        raise
    else:
        note_progress(Stage.DONE, 100)
