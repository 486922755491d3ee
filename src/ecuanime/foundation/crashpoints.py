"""Named places where a test may kill the process, to prove that nothing is lost or done twice."""

from __future__ import annotations

import os
import signal

NAME = "ECUANIME_CRASH_AT"


def crashpoint(name: str) -> None:
    """Die here, as `kill -9` would, when the test named this point; otherwise cost nothing.

    Heard only when `ECUANIME_CRASH_TESTS=1` too, so that one stray variable cannot stop a firm's installation.
    """
    if os.environ.get(NAME) == name and os.environ.get("ECUANIME_CRASH_TESTS") == "1":
        os.kill(os.getpid(), signal.SIGKILL)
