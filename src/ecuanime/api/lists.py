"""What all lists share: pages by key, a bounded length, and filters of which only the known ones are taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime, WithJsonSchema

from ecuanime.api.errors import UnknownParameter
from ecuanime.foundation.paging import LONGEST_CURSOR, page_of

M = TypeVar("M", bound=Model)
T = TypeVar("T")

Code = Annotated[str, Field(max_length=40, pattern=r"^[^\x00-\x1f]+$")]
Key = Annotated[int, Field(ge=1, le=2**63 - 1)]


def _in_utc(at: datetime) -> datetime:
    """The same instant in UTC: the database takes offsets below 16 hours alone."""
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("beyond the years that there are") from error


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


def one_of(kind: type[Enum]) -> WithJsonSchema:
    """Describes a word of `kind` where it stands: several nouns have a `State`, and shapes go by bare names."""
    return WithJsonSchema({"type": "string", "enum": [each.value for each in kind]})


class Page(Schema, Generic[T]):
    """Some rows, and where the list goes on."""

    items: list[T]
    next: str | None = Field(description=_("the cursor of the next page; null on the last one"))


class Filters(Schema):
    """What every list takes."""

    limit: int = Field(50, ge=1, le=100, description=_("how many rows at most"))
    cursor: str = Field("", max_length=LONGEST_CURSOR, description=_("what the page before gave as next"))


class Problem(Schema):
    """Why a request was refused."""

    code: str = Field(description=_("stable, for programs"))
    message: str = Field(description=_("for people, in the language of the token's owner"))


class Person(Schema):
    """Somebody of the firm."""

    id: int
    name: str


def person(user: Any) -> Person | None:
    """Somebody of the firm, or nobody."""
    return None if user is None else Person(id=user.pk, name=str(user))


def answers(shape: Any, *, is_one: bool = False) -> dict[int, Any]:
    """What an operation may answer, for the description: `shape`, or why not."""
    refusals = [401, 403, 422, 429] + ([404] if is_one else [])
    return {200: shape} | dict.fromkeys(sorted(refusals), Problem)


def page(
    request: HttpRequest,
    filters: Filters,
    rows: QuerySet[M],
    *,
    order: Sequence[str],
    shown: Callable[[list[M]], list[T]],
) -> Page[T]:
    """The page of `rows` that was asked for, each made by `shown` into what the program gets.

    Raises `UnknownParameter` for a parameter that `filters` has not, and `UnreadableCursor`.
    """
    known = set(type(filters).model_fields)
    if unknown := sorted(set(request.GET) - known):
        raise UnknownParameter(unknown[0])
    found = page_of(rows, order=order, after=filters.cursor, size=filters.limit, strict=True)
    return Page[Any](items=shown(found.rows), next=found.next or None)
