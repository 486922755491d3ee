"""The parts of screens: what they draw, what they say to who cannot see it, and what they refuse."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.contrib.messages.constants import ERROR, SUCCESS
from django.contrib.messages.storage.base import Message
from django.template import Context, Engine
from django.utils import timezone, translation

import ecuanime.web
from ecuanime.tickets.snippets import Piece
from ecuanime.web.components.deadlines import Clock
from ecuanime.web.components.geometry import percentage, share, slices
from ecuanime.web.components.icons import icon_names
from ecuanime.web.components.style_guide import ExampleForm, _examples
from ecuanime.web.components.ticket_rows import Chip, Row

WEB = Path(ecuanime.web.__file__).parent
ENGINE = Engine(
    app_dirs=True,
    builtins=["django.templatetags.i18n", "django.templatetags.static", "ecuanime.web.templatetags.ec"],
)


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


def drawn(source: str, **context: Any) -> str:
    return ENGINE.from_string(source).render(Context(context))


def test_an_icon_is_decoration_unless_it_is_named() -> None:
    assert 'aria-hidden="true"' in drawn('{% icon "inbox" %}')
    named = drawn('{% icon "mail" label="E-mail" %}')
    assert 'role="img" aria-label="E-mail"' in named
    assert "icons.svg#mail" in named


def test_an_icon_that_the_sprite_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="no icon called nothing-like-it"):
        drawn('{% icon "nothing-like-it" %}')


def test_the_sprite_is_well_formed_and_holds_each_icon_once() -> None:
    root = ET.parse(WEB / "static/ecuanime/icons.svg").getroot()
    names = [symbol.get("id") for symbol in root]
    assert len(names) == len(set(names)) == len(icon_names())


def test_slices_follow_one_another_and_stay_in_the_bar() -> None:
    placed = slices([("hold", 165), ("spend", 210), ("other", 0), ("other", 9000)], 1200)
    assert [(s.kind, s.x, s.width) for s in placed] == [
        ("hold", "0", "13.75"),
        ("spend", "13.75", "17.5"),
        ("other", "31.25", "68.75"),
    ]


def test_slices_of_nothing_draw_nothing() -> None:
    assert slices([("spend", 5)], 0) == []
    assert slices([]) == []


def test_an_unknown_segment_is_refused() -> None:
    with pytest.raises(ValueError, match="no such segment"):
        slices([("pending", 1)], 2)


def test_lengths_are_exact_and_short() -> None:
    assert percentage(Fraction(1, 8)) == "12.5"
    assert percentage(Fraction(1, 3)) == "33.33"
    assert percentage(1) == "100"
    assert share(3, 0) == 0
    assert share(5, 4) == 1
    assert share(-1, 4) == 0


def test_the_hours_bar_says_its_numbers_and_hatches_what_waits() -> None:
    html = drawn('{% hours_bar bar 1200 label="6 h 15 of 20 h" %}', bar=[("spend", 210), ("hold", 165)])
    assert 'role="img" aria-label="6 h 15 of 20 h"' in html
    assert html.count("url(#ec-hatch)") == 1


def test_a_clock_counts_only_inside_service_hours() -> None:
    due = timezone.now() + timedelta(hours=1)
    counting = drawn('{% clock "running" "1 h 00" due_at=due counting=True %}', due=due)
    standing = drawn('{% clock "paused" "waiting" due_at=due counting=True %}', due=due)
    assert "data-due" in counting
    assert "ec-ring" in counting
    assert "data-due" not in standing
    assert "ti-player-pause" in standing


def test_a_tag_without_a_balance_has_no_bar() -> None:
    assert "ec-mini" not in drawn("{% contract_tag 'hour_pack' left=row.left %}", row=SimpleNamespace())
    assert 'width="56.25%"' in drawn("{% contract_tag 'hour_pack' 'Pack' left=675 of=1200 %}")


def test_what_people_write_is_escaped() -> None:
    evil = "<img src=x onerror=alert(1)>"
    for source in (
        "{% tag evil %}",
        "{% who evil %}",
        "{% clock 'running' evil evil %}",
        "{% panel evil note=evil %}{% endpanel %}",
        "{% empty 'inbox' evil %}{% endempty %}",
        "{% problem evil %}{{ evil }}{% endproblem %}",
        "{% message evil now details=evil %}{{ evil }}{% endmessage %}",
        "{% event_line evil 'clock' %}",
        "{% why evil %}{% endwhy %}",
        "{% hours_bar bar label=evil %}",
    ):
        html = drawn(source, evil=evil, now=timezone.now(), bar=[])
        assert "<img" not in html, source
        assert "&lt;img" in html, source


def test_a_row_escapes_what_people_write_and_says_what_it_lacks() -> None:
    evil = "<img src=x onerror=alert(1)>"
    row = Row(
        number=7,
        url="/t/7/",
        subject=evil,
        channel="email",
        client_name="",
        contact_name=evil,
        assignee_name="",
        is_mine=False,
        clock=Clock("waiting", evil, evil),
        excerpt=evil,
        contract_kind="plan",
        contract_text=evil,
        chips=(Chip("tag", evil),),
    )
    html = drawn("{% ticket_row row selectable=True %}", row=row)
    assert "<img" not in html
    assert html.count("&lt;img") == 7
    assert "Unknown sender" in html
    assert 'aria-label="Not assigned"' in html
    assert 'aria-label="Select #7"' in html
    found = drawn("{% ticket_row row pieces=why %}", row=row, why=(Piece(evil, is_hit=True), Piece(evil)))
    assert "<img" not in found
    assert "<mark>&lt;img" in found


def test_a_fixed_part_is_drawn_in_each_language() -> None:
    part = '{% fixed "components/keys_dialog.html" %}'
    with translation.override("es"):
        spanish = drawn(part)
    assert "internal note" in drawn(part)
    assert "nota interna" in spanish


def test_a_note_never_looks_like_a_reply() -> None:
    note = drawn('{% message "Irene" at "note" %}x{% endmessage %}', at=timezone.now())
    reply = drawn('{% message "Irene" at "out" %}x{% endmessage %}', at=timezone.now())
    assert "Internal note, team only" in note
    assert "Internal note" not in reply
    assert 'aria-label="Internal note by Irene' in note
    assert 'aria-label="Our reply by Irene' in reply


def test_near_moments_are_relative_and_far_ones_are_not() -> None:
    near = drawn("{% when at %}", at=timezone.now() - timedelta(minutes=12))
    far = drawn("{% when at %}", at=datetime(2026, 1, 5, 10, 0, tzinfo=UTC))
    assert ">12\N{NO-BREAK SPACE}min\N{NO-BREAK SPACE}ago</time>" in near
    assert "5\N{NO-BREAK SPACE}Jan" in far
    assert 'datetime="2026-01-05T10:00:00+00:00"' in far


def test_empty_values_are_shown_as_nothing() -> None:
    for name in ("minutes_hours", "seconds_hours", "day", "moment", "time_of_day", "file_size", "percent"):
        assert drawn("{{ value|" + name + " }}", value=None) == ""
    assert drawn("{{ value|money:'EUR' }}{% when value %}", value=None) == ""


def test_a_wrong_field_is_tied_to_its_hint_and_error() -> None:
    form = ExampleForm({"name": "", "email": "no", "kind": "pack"})
    html = drawn("{% field form.name %}", form=form)
    assert 'aria-describedby="id_name_hint id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<label class="form-label" for="id_name">' in html
    assert 'id="id_name_error"' in html


def test_a_right_field_says_nothing_of_errors() -> None:
    form = ExampleForm({"name": "Nodo Alisio", "email": "a@b.example", "kind": "pack", "reply": "team"})
    assert "error" not in drawn("{% field form.email %}{% form_errors form %}", form=form)
    assert 'value="a@b.example"' in drawn("{% field form.email %}", form=form)


def test_choices_are_a_group_with_a_name() -> None:
    html = drawn("{% field form.reply %}", form=ExampleForm(initial={"reply": "person"}))
    assert "<fieldset" in html
    assert "<legend" in html
    assert re.search(r'value="person" checked', html)


def test_the_summary_leads_to_each_wrong_field() -> None:
    html = drawn("{% form_errors form %}", form=ExampleForm({"name": "", "email": "no", "kind": "pack"}))
    assert "There are 3 things to correct" in html
    for anchor in ("#id_name", "#id_email", "#id_reply_0"):
        assert f'href="{anchor}"' in html


def test_the_summary_speaks_of_the_whole_form_too() -> None:
    form = forms.Form({})
    form.add_error(None, "The day is closed.")
    html = drawn("{% form_errors form %}", form=form)
    assert "It could not be saved" in html
    assert "The day is closed." in html


def test_a_toast_offers_the_way_back() -> None:
    said = [
        Message(SUCCESS, "Sent to Elvira", extra_tags="undo:/tickets/1/deshacer"),
        Message(ERROR, "The day is closed"),
    ]
    html = drawn("{% toasts %}", messages=said, csrf_token="abc")
    assert 'action="/tickets/1/deshacer"' in html
    assert 'data-toast="stay"' in html
    assert 'role="status"' in html


def test_the_composer_keeps_two_forms_with_their_own_words() -> None:
    html = drawn(
        '{% include "components/composer.html" %}',
        draft_key="ticket-1",
        reply_url="/r",
        note_url="/n",
        recipient_name="Elvira",
        recipients="Elvira Sotillo",
        csrf_token="abc",
    )
    assert html.count("<form") == html.count("csrfmiddlewaretoken") == 2
    assert "Send to Elvira" in html
    assert "Keep the note" in html
    without = drawn('{% include "components/composer.html" %}', draft_key="t", note_url="/n", csrf_token="a")
    assert without.count("<form") == 1


def test_every_template_of_ours_obeys_the_content_policy() -> None:
    forbidden = re.compile(
        r"\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:|hx-on|\{#[^#]*\n[^#]*#\}"
    )
    for path in sorted((WEB / "templates").rglob("*.html")):
        found = forbidden.search(path.read_text(encoding="utf-8"))
        assert not found, f"{path.name}: {found and found.group()}"


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    for path in sorted((WEB / "templates").rglob("*.html")):
        for name in re.findall(r'\{% icon "([^"]+)"', path.read_text(encoding="utf-8")):
            assert name in icon_names(), f"{path.name}: {name}"


def test_the_style_guide_draws_every_part(rf: Any) -> None:
    context = _examples(rf.get("/_componentes/"))
    html = ENGINE.get_template("components/style_guide.html").render(
        Context({**context, "firm": {"name": "Nodo Alisio"}})
    )
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert "Hours ledger" in html
    repeated = {ident for ident in ids if ids.count(ident) > 1} - {
        "timer-slot"
    }  # the chip is shown twice here
    assert not repeated


def test_the_page_for_our_own_failures_needs_nothing() -> None:
    html = ENGINE.get_template("500.html").render(Context({}))
    assert "It failed on our side" in html
    (script,) = re.findall(r"<script[^>]*>", html)
    assert "kept" in script, "what was written is remembered; the page works without it"
