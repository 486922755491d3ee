"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation

from tests.database import database_server


def pytest_configure() -> None:
    """Passwords of tests are hashed in no time; that the real hasher is strong is a matter of the settings."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """The database server, started for the first test that needs it."""
    with database_server():
        yield


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Texts are compared in the language of the source, unless a test asks for another."""
    with translation.override("en"):
        yield
