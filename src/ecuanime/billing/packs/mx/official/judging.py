"""Holding sealed CFDIs against the SAT's schema and its sheet of the original string, in a process of their own.

Compiled, the schema holds every key of the SAT's catalogues: a process that ends gives that memory back.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ecuanime.billing.packs.mx.official.installed import schemas

SECONDS = 60
MOST_SAID = 500
_CHILD = str(Path(__file__).with_name("child.py"))
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")


class JudgeFailed(Exception):
    """The process died, took too long or answered something else: nothing is known of the documents."""


def faults_of_each(documents: Sequence[str]) -> list[list[tuple[str, str]]]:
    """What is wrong with each, as pairs of code and words, in the same order. Raises `JudgeFailed`.

    Codes: `XSD`, the schema says no; `SELLO`, the seal does not sign what the SAT's sheet makes of the document.
    """
    command = [sys.executable, "-P", "-s", _CHILD, str(schemas())]
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(
            command,
            input=json.dumps(list(documents)).encode(),
            capture_output=True,
            timeout=SECONDS,
            env=environment,
            check=True,
        )
        found = json.loads(done.stdout)
        faults = [[(str(code), str(words)) for code, words in each] for each in found]
    except (OSError, subprocess.SubprocessError, ValueError, TypeError) as error:
        said = getattr(error, "stderr", None) or b""
        raise JudgeFailed(f"{error} {said[-MOST_SAID:].decode(errors='replace')}") from error
    if len(faults) != len(documents):
        raise JudgeFailed("it judged another number of documents")
    return faults
