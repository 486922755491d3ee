"""Scripts of `tests.crash`, each in a process of its own that begins with Django set up.

That takes seconds to set up, so one process does it and forks: `python -m tests.forks` reads a script in each line, as
JSON with its surroundings and the file for its words, and answers with the exit code. It has neither threads nor
connections that a child could share.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from typing import NoReturn

import django


def main() -> None:
    """Run what is asked for until nobody asks any more."""
    django.setup()
    for line in sys.stdin:
        sys.stdout.write(f"{_exit_code(**json.loads(line))}\n")
        sys.stdout.flush()


def _exit_code(*, script: str, surroundings: dict[str, str], words: str) -> int:
    child = os.fork()
    if child == 0:
        _run(script, surroundings, words)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _run(script: str, surroundings: dict[str, str], words: str) -> NoReturn:
    code = 1
    try:
        os.environ.clear()
        os.environ.update(surroundings)
        for place, number in ((os.devnull, 0), (words, 1), (words, 2)):
            os.dup2(os.open(place, os.O_RDWR | os.O_CREAT | os.O_APPEND), number)
        exec(script, {"__name__": "__main__"})
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
