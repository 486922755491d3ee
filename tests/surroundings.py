"""What the tests run in, set before Django reads its settings: an own data folder and an own database.

Each process of xdist has both to itself: files are stored by hash, so one that removes its file would take the other's.
Loaded as a plugin (`-p tests.surroundings`), because the settings are read before any conftest.
`ECUANIME_TEST_DATABASE_URL` names a PostgreSQL to use; `ECUANIME_TEST_DB` the database made on it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

if "ECUANIME_DATA_OF_TESTS" not in os.environ:
    os.environ["ECUANIME_DATA_OF_TESTS"] = tempfile.mkdtemp(prefix="ec-")
    atexit.register(shutil.rmtree, os.environ["ECUANIME_DATA_OF_TESTS"], ignore_errors=True)
os.environ["ECUANIME_DATA"] = os.path.join(
    os.environ["ECUANIME_DATA_OF_TESTS"], os.environ.get("PYTEST_XDIST_WORKER", "main")
)
os.environ["ECUANIME_ENV_FILE"] = os.devnull
os.environ.setdefault("ECUANIME_URL", "http://testserver")
os.environ.setdefault(
    "ECUANIME_SECRET_KEY", "a key for tests alone, long enough to satisfy the checks of Django"
)
if url := os.environ.get("ECUANIME_TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = url
