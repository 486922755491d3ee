"""The database that the tests run on: the one named by the environment, or an embedded one of their own.

Every pytest process has an embedded server of its own. It does not wait for the disk, and its data folder goes with
the session.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ecuanime.foundation import environment
from ecuanime.foundation.embedded import Hold


@contextmanager
def database_server() -> Iterator[None]:
    """A server that answers at the address the settings hold."""
    if environment.own_database_url():
        yield
        return
    with Hold(environment.data_folder(), durable=False):
        yield
