"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.database import database_server


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """The database server, started for the first test that needs it."""
    with database_server():
        yield
