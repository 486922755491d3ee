"""What a child process needs so that it never outlives the one that started it."""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `number` to the child once its parent is gone, even by `kill -9`.

    Linux only; elsewhere the child has to look at its parent itself.
    """
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def ask() -> None:
        if libc is not None:
            libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
            if os.getppid() != parent:  # gone between fork and prctl
                os._exit(1)

    return ask


def end_with_parent(*, grace_seconds: float = 20) -> None:
    """Makes this process stop as by SIGTERM once its parent is gone, and for certain after `grace_seconds`.

    Works on every system and for children that somebody else's code starts; it looks every second.
    """
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(grace_seconds)
        os._exit(1)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()
