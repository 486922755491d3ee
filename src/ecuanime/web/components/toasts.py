"""What an action says after it is done, with a way back where there is one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

UNDO = "undo:"


def say(request: HttpRequest, text: str, *, undo_url: str = "") -> None:
    """Show `text` on the next page; `undo_url` adds a button that posts there (reversible actions only)."""
    messages.success(request, text, extra_tags=UNDO + undo_url if undo_url else "")


def say_refused(request: HttpRequest, text: str) -> None:
    """Show why something was not done; it stays until it is closed."""
    messages.error(request, text)
