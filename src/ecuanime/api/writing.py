"""What all writes share: the door, the key, the description, and the texts and numbers that a body may hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema
from pydantic import ConfigDict

from ecuanime.api.lists import Problem
from ecuanime.api.once import View, once
from ecuanime.api.reader import Reader
from ecuanime.api.tokens import WriteToken

Minor = Annotated[int, Field(ge=-(10**15), le=10**15)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description=_("two letters, ISO 3166"))]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description=_("three letters, ISO 4217"))]
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,200}$"},
    "description": _("of your own for each write; again with the same body it gives the same answer"),
}


def line(most: int) -> Any:
    """A text of one line, of at most `most` characters."""
    return Field(max_length=most, pattern=r"^[^\x00-\x1f]*$")


def left_out(description: str | None = None) -> Any:
    """The default of what need not be sent; it is never read, since what was left out is no change."""
    return Field(default_factory=lambda: None, description=description)


class Given(Schema):
    """The body of a write. A name that it does not know is refused: it would be lost without a word."""

    model_config = ConfigDict(extra="forbid")

    def changes(self) -> dict[str, Any]:
        """What was sent, without what was left out."""
        return self.model_dump(exclude_unset=True)


def writes(
    router: Router,
    method: str,
    path: str,
    shape: Any,
    *,
    may: Callable[[Reader], bool],
    url_name: str,
    summary: str,
    status: int = 200,
) -> Callable[[View], View]:
    """Make a view an operation that writes: `may` says who gets in, and what it answers is kept for its key."""
    refusals = dict.fromkeys((400, 401, 403, 404, 409, 422, 429), Problem)

    def register(view: View) -> View:
        router.add_api_operation(
            path,
            [method],
            once(view, status),
            auth=WriteToken(may),
            response={status: shape} | refusals,
            url_name=url_name,
            summary=summary,
            openapi_extra={"parameters": [dict(_KEY)]},
        )
        return view

    return register
