"""What the tests of a module begin with, made once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, TypeVar

import pytest
from django.db import connection
from django.utils import translation

from tests.web.walking import undone

T = TypeVar("T")


def made_once(make: Callable[[], T]) -> Any:
    """A fixture of a module: what `make` gives, in a transaction that is taken back after the module.

    A test takes `own(…)` of it, so that neither rows nor objects of one show in another. What waits in the database for
    a commit is done at once, or every test would do it again. Not for modules with tests that really commit: these
    would wait for the transaction.
    """

    @pytest.fixture(scope="module")
    def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[T]:
        with django_db_blocker.unblock(), undone():
            with translation.override("en"):  # as in the tests
                begun = make()
            connection.check_constraints()
            yield begun

    return made


own = deepcopy
