"""Handing a message to a target through the guarded process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from ecuanime.foundation.secrets import Unsealable, unseal
from ecuanime.notices.models import Target
from ecuanime.notices.notifiers.notifier import NotSent

SECONDS = 30
_CHILD = "ecuanime.notices.notifiers.apprise.child"
_SOURCE = str(Path(__file__).resolve().parents[4])
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


def push(target: Target, title: str, text: str, *, now: datetime) -> None:
    """Send it to one target and note on it how that went. Raises `NotSent`, whose words hold no address."""
    why = _why_not(target, title, text)
    Target.objects.filter(pk=target.pk).update(failed_at=now if why else None, error=why)
    if why:
        raise NotSent(why)


def _why_not(target: Target, title: str, text: str) -> str:
    """Why it was not taken; empty when it was."""
    try:
        answer = _handed_over(json.dumps({"url": unseal(target.url_sealed), "title": title, "text": text}))
    except Unsealable:
        return _("its address can no longer be opened with this installation's key")
    except subprocess.TimeoutExpired:
        return _("the service did not answer in time")
    return {
        "sent": "",
        "refused": _("the address leads into an internal network, which is not allowed"),
        "unusable": _("the address is not complete"),
    }.get(answer, _("the service did not take it"))


def _handed_over(given: str) -> str:
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {"PYTHONPATH": _SOURCE, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", _CHILD],
        input=given,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=environment,
        check=False,
    )
    return done.stdout.strip().rpartition("\n")[2]
