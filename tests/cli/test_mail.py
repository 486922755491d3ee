"""The pipe: what a mail server is told for each thing that can go wrong."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from ecuanime.channels.models import IncomingMail
from ecuanime.cli import mail, main
from tests.factories import make_firm, make_mailbox
from tests.rooms.channels.mails import raw_mail

TRY_AGAIN = 75


@contextmanager
def at_hand() -> Iterator[None]:
    """The database of the tests, in place of the command's own."""
    yield


class Broken(io.RawIOBase):
    """An input that cannot be read."""

    def read(self, size: int = -1) -> Any:
        """Fail as a pipe does whose other end is gone."""
        raise OSError("the other end is gone")


@pytest.fixture(autouse=True)
def own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "database", at_hand)


def offered(monkeypatch: pytest.MonkeyPatch, stream: Any, *words: str) -> int:
    """The exit code for a mail on standard input."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=stream))
    return main(["mail", "receive", *words])


@pytest.mark.django_db
def test_a_mail_is_taken_and_offered_again_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    make_firm()
    make_mailbox()
    raw = raw_mail()
    for _ in range(2):
        assert offered(monkeypatch, io.BytesIO(raw), "--mailbox", "SOPORTE@nodoalisio.example") == 0
    assert IncomingMail.objects.get().raw.size == len(raw)


@pytest.mark.django_db
def test_an_unknown_mailbox_asks_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert offered(monkeypatch, io.BytesIO(raw_mail()), "--mailbox", "nadie@nodo.example") == TRY_AGAIN
    assert not IncomingMail.objects.exists()


def test_an_input_that_breaks_off_asks_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert offered(monkeypatch, Broken()) == TRY_AGAIN


def test_a_database_that_is_away_asks_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def away() -> Iterator[None]:
        raise ConnectionError("no database")
        yield

    monkeypatch.setattr(mail, "database", away)
    assert offered(monkeypatch, io.BytesIO(raw_mail())) == TRY_AGAIN


@pytest.mark.parametrize("words", [("--malbox", "x"), ("--mailbox",), ("extra",)])
def test_a_misspelt_call_asks_to_try_again(monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        offered(monkeypatch, io.BytesIO(raw_mail()), *words)
    assert ended.value.code == TRY_AGAIN


def test_that_nobody_hears_the_reason_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stderr", closed)
    assert offered(monkeypatch, Broken()) == TRY_AGAIN
