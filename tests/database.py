"""The database that the tests run on: the one named by the environment, or an embedded one of their own.

Every pytest process has an embedded server of its own. It does not wait for the disk, and its data folder goes with
the session. Bringing an empty database up to date takes as long as hundreds of tests, so it is done once for each state
of the migrations: the result is a template that each process copies. For embedded servers the whole cluster with it is
kept in `build/`; on a server of somebody's own the template is a database beside those of the tests.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from inspect import getfile
from pathlib import Path

import psycopg
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql
from psycopg.conninfo import make_conninfo

from ecuanime.foundation import embedded, environment
from ecuanime.foundation.embedded import Hold

CLUSTERS = Path(__file__).parents[1] / "build" / "test-database"
TEMPLATE = "ecuanime_template"
LOCK = 7_315_021_965


@contextmanager
def database_server() -> Iterator[None]:
    """A server that answers at the address the settings hold, and knows the template."""
    test_settings = connections["default"].settings_dict["TEST"]
    if url := environment.own_database_url():
        test_settings["TEMPLATE"] = _template_on(url)
        yield
        return
    data = environment.data_folder()
    environment.make_private_folder(data)
    _copy(_cluster(), data / "postgres")
    test_settings["TEMPLATE"] = TEMPLATE
    with Hold(data, durable=False):
        yield


@cache
def _digest() -> str:
    """What the migrations are: another one needs another template."""
    digest = hashlib.sha256(str(embedded.VERSION).encode())
    for key, migration in sorted(MigrationLoader(None).disk_migrations.items()):
        digest.update(repr(key).encode() + Path(getfile(type(migration))).read_bytes())
    return digest.hexdigest()[:16]


def _template_on(url: str) -> str:
    """The name of the template on a server; whoever comes first makes it, and the others wait."""
    name, draft = (f"{TEMPLATE}_{_digest()}{ending}" for ending in ("", "_new"))
    with psycopg.connect(make_conninfo(url, dbname="postgres"), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(draft)))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
            _migrate(_with_name(url, draft))
            server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
            )
    return name


def _cluster() -> Path:
    """The folder of a cluster at rest that holds the template; whoever comes first makes it, and the others wait."""
    CLUSTERS.mkdir(parents=True, exist_ok=True)
    ready = CLUSTERS / _digest()
    with (CLUSTERS / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            for old in CLUSTERS.glob("*/"):
                shutil.rmtree(old)
            _make_cluster(ready)
    return ready


def _make_cluster(ready: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="ec-"))
    try:
        with Hold(folder / "data", durable=False) as url:
            with psycopg.connect(url, autocommit=True) as server:
                server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
            _migrate(_with_name(url, TEMPLATE))
        draft = ready.with_suffix(".new")
        _copy(folder / "data" / "postgres", draft)
        draft.rename(ready)
    finally:
        shutil.rmtree(folder)


def _migrate(url: str) -> None:
    with tempfile.TemporaryDirectory(prefix="ec-") as data:
        command = [sys.executable, "-W", "ignore", "-m", "django", "migrate", "--verbosity", "0"]
        known = {
            "DATABASE_URL": url,
            "ECUANIME_DATA": data,
            "DJANGO_SETTINGS_MODULE": "ecuanime.config.settings",
        }
        path = os.pathsep.join(filter(None, [str(CLUSTERS.parents[1] / "src"), os.environ.get("PYTHONPATH")]))
        subprocess.run(command, env={**os.environ, **known, "PYTHONPATH": path}, check=True)


def _with_name(url: str, name: str) -> str:
    """The address of another database on the same server."""
    head, question, options = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}{question}{options}"


def _copy(source: Path, target: Path) -> None:
    """A cluster keeps its owner and its modes, or PostgreSQL does not start on it."""
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)
