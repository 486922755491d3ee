"""Answers that a process keeps while what they stand on has not changed.

Whoever asks says at which version of the data they ask; the answer is given again to whoever asks at the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """At most `size` answers; when there are more, all are forgotten. They must not be changed."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._answers: dict[Hashable, tuple[Hashable, T]] = {}

    def ask(self, question: Callable[[], T], *key: Hashable, version: Hashable | None) -> T:
        """The answer kept under `key` at this version, else what `question` says now.

        Without a version nothing is kept: the data are about to change, or are seen by one transaction alone.
        """
        if version is None:
            return question()
        found = self._answers.get(key)
        if found is not None and found[0] == version:
            return found[1]
        answer = question()
        if len(self._answers) >= self._size:
            self._answers.clear()
        self._answers[key] = (version, answer)
        return answer
