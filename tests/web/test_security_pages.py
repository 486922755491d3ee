"""Every page of the product as a browser gets it: policy, headers, no inline script or style, no secret."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from ecuanime.web.middleware import CONTENT_SECURITY_POLICY
from tests.factories.world import MAIL_PASSWORD, NOTE, ODD_NAME
from tests.web.access_matrix import ROWS
from tests.web.pages import Page
from tests.web.walking import Walker, address_of

pytestmark = pytest.mark.django_db
SHOWN = [name for name, row in ROWS.items() if row.get]
POSTED = [name for name, row in ROWS.items() if row.post and not name.startswith("api")]
INERT = ("default-src 'none'; sandbox", "default-src 'none'; sandbox; frame-ancestors 'none'")


def reader_of(name: str, method: str = "get") -> str:
    """Who sees most of those who may: the first in this order."""
    allowed = getattr(ROWS[name], method)
    order = ("administrator", "supervisor", "technician", "billing", "lead", "contact", "anonymous")
    return next(who for who in order if who in allowed)


def shown(walker: Walker, name: str) -> Any:
    """The answer of an address to somebody who may have it."""
    return walker.look(reader_of(name), address_of(name, ROWS[name], walker.world))


@pytest.mark.parametrize("name", SHOWN)
def test_every_answer_keeps_the_policy(walker: Walker, name: str) -> None:
    answer = shown(walker, name)
    policy = answer["Content-Security-Policy"]
    assert policy == CONTENT_SECURITY_POLICY or policy.startswith(INERT)
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert "no-store" in answer["Cache-Control"] or answer["Cache-Control"].startswith("private")
    if answer["Content-Type"].startswith("text/html"):
        assert Page(answer.text_seen).faults == []
    assert "\r" not in str(answer.headers.get("Content-Disposition", ""))


@pytest.mark.parametrize("name", SHOWN)
def test_no_answer_holds_a_secret(walker: Walker, name: str) -> None:
    text, world = shown(walker, name).text_seen, walker.world
    secrets = [MAIL_PASSWORD, world.mailbox.smtp_password_sealed, world.link]
    secrets += [secret for _token, secret in world.tokens.values()]
    secrets += [token.token_hash for token, _secret in world.tokens.values()]
    secrets += [user.password for user in world.people.values() if user.has_usable_password()]
    if name != "sign_in_with_link":  # its address is the link
        assert [secret for secret in secrets if secret in text] == []


@pytest.mark.parametrize("name", [name for name in SHOWN if name.startswith(("portal", "api"))])
def test_nothing_that_a_client_gets_holds_the_teams_words(walker: Walker, name: str) -> None:
    for who in ROWS[name].get & {"lead", "contact", "other_lead", "anonymous"}:
        assert NOTE not in walker.look(who, address_of(name, ROWS[name], walker.world)).text_seen


@pytest.mark.parametrize("name", POSTED)
def test_a_post_without_the_pages_token_is_refused(walker: Walker, name: str) -> None:
    address = address_of(name, ROWS[name], walker.world)
    answer, written = walker.ask(reader_of(name, "post"), "post", address, checks_csrf=True)
    assert (answer.status_code, written) == (403, {})


def test_files_with_odd_names_are_downloads_with_harmless_headers(walker: Walker) -> None:
    for name in ("attachment", "mail_letter_file", "mail_raw"):
        answer = shown(walker, name)
        disposition = answer["Content-Disposition"]
        assert disposition.startswith("attachment")
        assert not {"\r", "\n"} & set(disposition)
        assert "X-Evil" not in answer.headers
        assert answer["Content-Type"] == "application/octet-stream"
        assert "sandbox" in answer["Content-Security-Policy"]
    assert ODD_NAME not in str(shown(walker, "attachment").headers)


def test_an_export_holds_no_cell_that_a_spreadsheet_would_run(walker: Walker) -> None:
    export = address_of("invoice_export", ROWS["invoice_export"], walker.world)
    answer, _written = walker.ask("billing", "get", f"{export}?desde=2026-01-01&hasta=2026-12-31")
    rows = list(
        csv.reader(io.StringIO(answer.text_seen.lstrip("\ufeff")), delimiter=_delimiter(answer.text_seen))
    )
    cells = [cell for row in rows for cell in row]
    assert len(rows) > 1
    assert any("HYPERLINK" in cell for cell in cells)
    assert [cell for cell in cells if cell[:1] in "=+@\t\r" and cell] == []
    assert [cell for cell in cells if cell.startswith("-") and not cell[1:2].isdigit()] == []


def _delimiter(text: str) -> str:
    return ";" if text.count(";") > text.count(",") else ","


def test_the_reading_of_pages_sees_what_is_forbidden() -> None:
    """The control: each of these is a fault."""
    for markup in (
        "<style>a{}</style>",
        "<script>1</script>",
        '<p style="x">',
        '<a onclick="x">',
        '<a href=" JavaScript:x">',
        '<script src="https://cdn.example/x.js"></script>',
        '<form method="post"></form>',
        '<b id="a"></b><b id="a"></b>',
    ):
        assert len(Page(markup).faults) == 1, markup
    assert Page('<form method="post"><input name="csrfmiddlewaretoken"></form><p id="b">').faults == []
