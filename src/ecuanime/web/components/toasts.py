"""What an action says after it is done, with a way back where there is one."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

_UNDO = "undo:"


@dataclass(frozen=True, slots=True)
class Toast:
    """A message as the corner of the page shows it."""

    text: str
    is_error: bool = False
    undo_url: str = ""


def say(request: HttpRequest, text: str, *, undo_url: str = "") -> None:
    """Show `text` on the next page. `undo_url` adds a button that posts there (reversible actions only)."""
    messages.success(request, text, extra_tags=_UNDO + undo_url if undo_url else "")


def say_refused(request: HttpRequest, text: str) -> None:
    """Show why something was not done; it stays until it is closed."""
    messages.error(request, text)


def toast_of(said: Message) -> Toast:
    """The message of an action, with the mark `say` put on it."""
    return Toast(
        text=str(said.message),
        is_error=said.level_tag in ("error", "warning"),
        undo_url=(said.extra_tags or "").removeprefix(_UNDO),
    )
