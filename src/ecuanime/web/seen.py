"""What a person had before them when they approved: entries with their versions, as forms post them."""

from __future__ import annotations

from django.http import QueryDict

MOST = 500


def seen_in(posted: QueryDict) -> dict[int, int]:
    """The version of each entry by its id, from the ticked `entry` fields, or only from the pressed `only` button.

    Each is written `id:version`; what is written otherwise is left out.
    """
    values = posted.getlist("only") or posted.getlist("entry")
    pairs = (value.split(":") for value in values[:MOST])
    return {int(pair[0]): int(pair[1]) for pair in pairs if len(pair) == 2 and all(map(_is_id, pair))}


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
