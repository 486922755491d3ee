"""How an action says no."""

from __future__ import annotations


class Refused(Exception):
    """An action's refusal, said to the person who asked.

    `code` is stable and meant for programs and tests; `message` is already translated or lazily translatable
    and says what happened, what it means and what to do. An action that raises it has changed nothing.
    """

    def __init__(self, code: str, message: object) -> None:
        super().__init__(code)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return str(self.message)
