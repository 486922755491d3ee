"""A Spanish firm with an hour to bill, made once for a module, and a place of its own for files."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.factories.billing import Billing
from tests.factories.fiscal import make_spanish_billing
from tests.shared import made_once, own


def _billing() -> Billing:
    billing = make_spanish_billing()
    billing.approved(60)
    return billing


made_billing = made_once(_billing)


@pytest.fixture
def billing(made_billing: Billing) -> Billing:
    return own(made_billing)


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> None:
    settings.ECUANIME_FILES = str(tmp_path)
