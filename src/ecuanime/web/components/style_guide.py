"""The style guide: every part in its states on one page, for who builds screens; served only while developing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ecuanime.web.components.deadlines import Clock
from ecuanime.web.components.navigation import NavItem
from ecuanime.web.components.ticket_rows import Row

TOKENS = "paper surface sunk line line-2 ink ink-2 ink-3 accent accent-soft ok warn bad note"


class ExampleForm(forms.Form):
    """One field of each shape, some of them wrong."""

    name = forms.CharField(label="Name of the firm", help_text="As it stands on invoices.")
    email = forms.EmailField(label="E-mail address")
    kind = forms.ChoiceField(label="Kind", choices=[("pack", "Hour pack"), ("demand", "On demand")])
    reply = forms.ChoiceField(
        label="Who answers",
        choices=[("team", "The team"), ("person", "One person")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    visible = forms.BooleanField(label="The client may see it", required=False)


def page(request: HttpRequest) -> HttpResponse:
    """All parts with example data; `?tema=dark` forces a theme."""
    return render(request, "components/style_guide.html", _examples(request))


def _examples(request: HttpRequest) -> dict[str, Any]:
    now = timezone.now()
    wrong = ExampleForm({"name": "", "email": "not an address", "kind": "pack"})
    theme = request.GET.get("tema", "auto")
    return {
        "theme": theme if theme in ("light", "dark") else "auto",
        "tokens": [f"--ec-{name}" for name in TOKENS.split()],
        "user": SimpleNamespace(
            name="Irene Maldonado", email="irene@nodoalisio.example", is_authenticated=True, single_keys=True
        ),
        "nav_items": _sections(),
        "timer": SimpleNamespace(
            started_at=now - timedelta(seconds=1334),
            ticket=SimpleNamespace(number=4817, client=SimpleNamespace(name="Bodegas Tierra Parda")),
        ),
        "timer_url": "#",
        "timer_stop_url": "#",
        "segments": [("hold", 144), ("spend", 336), ("other", 408)],
        "total": 1200,
        "gives": Decimal("0.45"),
        "takes": Decimal("-0.7"),
        "facts": [
            {"label": "Hours left", "value": "11 h 45", "note": "1 h 00 pending"},
            {"label": "Overdue", "value": "421,08 €", "note": "1 invoice, 26 days", "tone": "bad"},
            {"label": "Open tickets", "value": "3"},
        ],
        "steps": [
            {"text": "Measured by the timer", "value": "0 h 50"},
            {"text": "Fraction of 15 min", "value": "1 h 00", "note": "CT-0088, clause 4"},
            {"text": "Out of hours", "value": "× 1,25"},
            {"text": "Drawn", "value": "1 h 15", "is_sum": True},
        ],
        "setup_steps": [
            {"label": "Your firm", "state": "done", "note": "Nodo Alisio, S. L."},
            {"label": "Mail", "state": "now"},
            {"label": "First client", "state": "todo"},
        ],
        "phases": [
            {"when": "Monday, 20:00", "title": "Day closed", "note": "8 entries", "state": "done"},
            {"when": "Now", "title": "Our review", "note": "1 to correct", "state": "now"},
            {"when": "When sent", "title": "Client's approval", "state": "todo"},
        ],
        "events": [
            {"when": "31 oct", "icon": "file-check", "text": "Issued by Marcos"},
            {"when": "2 nov", "icon": "eye", "text": "Opened", "note": "two whys looked at"},
        ],
        "movements": _movements(now.date()),
        "rows": _rows(now),
        "wrong_form": wrong,
        "now": now,
        "yesterday": now - timedelta(hours=30),
        "minutes_ago": now - timedelta(minutes=12),
    }


def _sections() -> tuple[NavItem, ...]:
    return (
        NavItem("#bandeja", "inbox", "Inbox", "b", count="9"),
        NavItem("#clientes", "building-store", "Clients", "c"),
        NavItem("#horas", "clock-check", "Hours", "h", count="1", hot=True),
        NavItem("#facturas", "file-invoice", "Invoices", "f"),
        NavItem("#ajustes", "settings", "Settings", "a", current=True),
    )


def _movements(today: date) -> list[dict[str, Any]]:
    return [
        {"on": today, "text": "#4817 Invoices bounce", "lot": "BN-0187", "hundredths": -6000,
         "balance_hundredths": 64500, "unit": "minutes", "is_planned": True},
        {"on": today - timedelta(days=7), "text": "Hour pack of 10 h", "url": "#", "lot": "BN-0218",
         "hundredths": 60000, "balance_hundredths": 70500, "unit": "minutes"},
        {"on": today - timedelta(days=14), "text": "#4702 Label printer offline", "lot": "BN-0187",
         "hundredths": -4500, "balance_hundredths": 10500, "unit": "minutes"},
    ]  # fmt: skip


def _rows(now: datetime) -> list[Row]:
    late = Clock("late", "12 min ago", "1st resp.")
    due_at = now + timedelta(minutes=38, seconds=30)
    soon = Clock("soon", "38 min", "resolve", due_at=due_at, counting=True)
    running = Clock("running", "2 h 56", "resolve", left=176, of=240)
    quotes = _row(4788, "Nobody gets into the quotes folder", "Talleres Umbría", "Fermín Lago", late)
    sensor = _row(4809, "The X-ray sensor does not appear", "Clínica Dental Berrueco", "Jorge Mena", soon)
    bounces = _row(
        4817, "The program does not send the invoices by mail", "Bodegas Tierra Parda", "", running
    )
    hello = _row(4822, "Hello", "", "someone@unknown.example", Clock("paused", "since yesterday"))
    changed = "Since we changed the password it opens nowhere."
    return [
        quotes._replace(unread=2, contract_kind="on_demand", excerpt=changed),
        sensor._replace(
            unread=1,
            is_current=True,
            channel="phone",
            excerpt="We changed the USB port.",
            contract_kind="scheduled",
            contract_text="Scheduled · 6 h 15",
            contract_left=375,
            contract_of=1200,
        ),
        bounces._replace(
            is_timed=True,
            contract_kind="hour_pack",
            contract_text="Pack · 11 h 45",
            contract_left=705,
            contract_of=1260,
        ),
        hello._replace(is_mine=False, assignee_name=""),
    ]


def _row(number: int, subject: str, client: str, contact: str, clock: Clock) -> Row:
    return Row(
        number=number,
        url="#",
        subject=subject,
        channel="email",
        client_name=client,
        contact_name=contact,
        assignee_name="Irene Maldonado",
        is_mine=True,
        clock=clock,
    )
