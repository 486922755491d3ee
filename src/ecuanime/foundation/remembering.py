"""Asking once what does not change while one piece of work is done, such as filing twenty mails.

Outside a `remembering` block nothing is kept: whoever asks gets what the database says now.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Inside the block every `remembered` question is asked once for each set of arguments."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def remembered(question: Callable[P, R]) -> Callable[P, R]:
    """Let the answers of `question` be kept while somebody is `remembering`. They must not be changed."""

    @wraps(question)
    def ask(*args: P.args, **kwargs: P.kwargs) -> R:
        answers = _answers.get()
        if answers is None:
            return question(*args, **kwargs)
        key = _key(ask, args, kwargs)
        if key not in answers:
            answers[key] = question(*args, **kwargs)
        answer: R = answers[key]
        return answer

    return ask


def foresee(answer: R, question: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> None:
    """Give the answer of a `remembered` question ahead, as found together with those of many others."""
    answers = _answers.get()
    if answers is not None:
        answers[_key(question, args, kwargs)] = answer


def _key(question: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Hashable:
    return (question, args, tuple(sorted(kwargs.items())))
