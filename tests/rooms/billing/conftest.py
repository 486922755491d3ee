"""Fast accounts: nobody signs in here."""

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def cheap_passwords(settings: Settings) -> None:
    """Argon2 costs time on purpose; bills need none of it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
