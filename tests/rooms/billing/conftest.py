"""Fast accounts, since nobody signs in here, and refusals in the language of the source."""

from collections.abc import Iterator

import pytest
from django.utils import translation
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def cheap_passwords(settings: Settings) -> None:
    """Argon2 costs time on purpose; bills need none of it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Whoever asks reads English; documents keep their client's language."""
    with translation.override("en"):
        yield
