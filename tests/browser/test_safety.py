"""Mail from a stranger, opened in a real browser: nothing runs, nothing is asked of another host, nothing is tracked.

The list of attacks is the one that the cleaner is tested with; here the browser has the last word. If
`ECUANIME_TEST_MAILS` names a folder of mails, each of them that has HTML is opened too.
"""

from __future__ import annotations

import os
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from ecuanime.accounts.models import Role, User
from ecuanime.channels.email.importing import import_mails
from ecuanime.channels.email.reading import MailReader
from ecuanime.channels.email.reading.clean import clean_html
from ecuanime.channels.models import IncomingMail
from ecuanime.clients.models import Contact
from ecuanime.notices.actions import Words, tell
from ecuanime.notices.models import Kind
from ecuanime.tickets.actions import declare_outage, group_under
from ecuanime.tickets.models import Message, Ticket
from tests.browser.arriving import receive
from tests.browser.house import House
from tests.browser.visitor import Visitor, visiting
from tests.factories.tickets import make_ticket
from tests.rooms.channels.test_reading_clean import PAYLOADS

CALL = "<img src=x onerror=alert(1)><script>alert(2)</script>"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(3)"><script>alert(4)</script></svg>'
BEACONS = (
    '<img src="https://tracker.example/open.gif?who=42" width="1" height="1">'
    '<div style="background:url(https://tracker.example/css.png)">x</div>'
    '<link rel="stylesheet" href="https://tracker.example/a.css"><style>@import "https://tracker.example/b"</style>'
    '<video poster="https://tracker.example/p.png" src="https://tracker.example/v"></video>'
    '<svg><image href="https://tracker.example/i.svg"/><feImage href="https://tracker.example/f.svg"/></svg>'
)


CORPUS = os.environ.get("ECUANIME_TEST_MAILS", "")


@pytest.fixture(scope="module")
def attacked(house: House) -> Ticket:
    """The ticket of a client's project lead who writes everything that a browser could fall for."""
    lead = Contact.objects.filter(is_project_lead=True, user__isnull=False, sees_invoices=True).earliest("pk")
    mail = EmailMessage()
    mail["From"] = f'"{CALL}" <{lead.email}>'
    mail["To"] = "soporte@nodoalisio.example"
    mail["Subject"] = f"Factura {CALL}"
    mail["Message-ID"] = "<ataque@example>"
    mail.set_content(f"{CALL}\njavascript:alert(5)\nhttps://ok.example/{CALL}\n")
    mail.add_alternative(f"<p>Hola</p>{''.join(PAYLOADS)}{CALL}{SVG}{BEACONS}<p>Final</p>", subtype="html")
    page = f"<html><body>{CALL}</body></html>"
    mail.add_attachment(page, subtype="html", filename=f"{CALL}.html")
    mail.add_attachment(SVG.encode(), maintype="image", subtype="svg+xml", filename="dibujo.svg")
    receive(house, mail.as_bytes())
    arrived = IncomingMail.objects.select_related("ticket").latest("pk")
    assert arrived.ticket, arrived.reason
    return arrived.ticket


def test_its_ticket_runs_nothing_and_asks_nobody(house: House, chromium: Any, attacked: Ticket) -> None:
    with visiting(house, chromium, user=User.objects.get(roles=[Role.TECHNICIAN])) as visitor:
        page = visitor.open(f"/tickets/{attacked.number}/")
        assert page.locator(".ec-mail").first.inner_text().startswith("Hola")
        assert (
            page.locator(".ec-mail :is(script, style, svg, iframe, object, link, video, form)").count() == 0
        )
        assert page.locator(".ec-mail :is([style], [onerror], [onload], [onclick])").count() == 0
        assert page.locator("[data-blocked]").count() == 1
        for path in (
            "/bandeja/abiertos/",
            "/bandeja/por-identificar/",
            f"/tickets/{attacked.number}/vistazo/",
        ):
            visitor.open(path)
        visitor.open("/buscar/?q=Factura")
        tabbing_does_no_harm(visitor)


def test_its_sender_is_harmless_in_the_offices_lists_and_in_the_portal(
    house: House, chromium: Any, attacked: Ticket
) -> None:
    assert attacked.client
    with visiting(house, chromium, user=User.objects.get(roles=[Role.ADMINISTRATOR])) as visitor:
        for path in (f"/clientes/{attacked.client.code}/", f"/clientes/{attacked.client.code}/tickets/"):
            visitor.open(path)
    lead = Contact.objects.get(email=IncomingMail.objects.latest("pk").sender)
    assert lead.user
    with visiting(house, chromium, user=lead.user) as visitor:
        visitor.open("/portal/")
        visitor.open(f"/portal/peticiones/{attacked.number}/")
        assert "Hola" in visitor.page.inner_text("main")


def test_every_mail_of_the_list_is_harmless_at_the_desk_and_in_the_portal(
    house: House, chromium: Any, attacked: Ticket
) -> None:
    """Each payload is a mail of its own, so that none hides in what another one opened."""
    kept = [_kept(attacked, clean_html(payload).html) for payload in PAYLOADS]
    if CORPUS:
        kept += _of_the_corpus(house, attacked)
    try:
        for user, path in _readers(attacked):
            with visiting(house, chromium, user=user) as visitor:
                visitor.expected.append("status of 404")  # pictures that are none are not there
                page = visitor.open(path)
                assert page.locator(".ec-mail").count() >= len(kept)
                assert (
                    page.locator(".ec-mail :is(script, style, svg, iframe, object, video, form)").count() == 0
                )
                page.locator("main details").evaluate_all("all => all.forEach((one) => { one.open = true })")
                page.wait_for_load_state("networkidle")
    finally:
        Message.objects.filter(pk__in=[message.pk for message in kept]).delete()


def test_control_a_mail_that_was_not_cleaned_is_seen_in_both(
    house: House, chromium: Any, attacked: Ticket
) -> None:
    raw = _kept(attacked, f"{CALL}{BEACONS}")
    try:
        for user, path in _readers(attacked):
            with visiting(house, chromium, user=user) as visitor:
                visitor.open(path)
                visitor.page.wait_for_load_state("networkidle")
                assert visitor.trouble, path
                visitor.trouble.clear()
    finally:
        raw.delete()


def _readers(ticket: Ticket) -> list[tuple[User, str]]:
    """Who opens it, and where: somebody at the desk, and the client."""
    lead = Contact.objects.get(email=ticket.requester_email)
    assert lead.user
    desk = User.objects.get(roles=[Role.TECHNICIAN])
    return [(desk, f"/tickets/{ticket.number}/"), (lead.user, f"/portal/peticiones/{ticket.number}/")]


def _kept(ticket: Ticket, html: str) -> Message:
    """One more message of the thread with this HTML, as intake would have left it."""
    first = ticket.messages.earliest("pk")
    return Message.objects.create(
        ticket=ticket,
        kind=first.kind,
        channel=first.channel,
        from_email=first.from_email,
        text="x",
        html=html or "<p>x</p>",
        written_at=first.written_at,
        created_at=first.created_at,
    )


def _of_the_corpus(house: House, ticket: Ticket) -> list[Message]:
    """Every mail of the folder that has HTML, read and cleaned by intake, as a message of the ticket's thread."""
    raws = [path.read_bytes() for path in sorted(Path(CORPUS).rglob("*")) if path.is_file()]
    with MailReader() as using:
        arrivals = import_mails(raws, mailbox=None, now=house.clock.now(), using=using)
    ids = {arrival.message_id for arrival in arrivals if arrival.message_id}
    found = Message.objects.filter(pk__in=ids).exclude(html="")
    assert found
    return [_kept(ticket, message.html + message.quoted_html) for message in found]


def test_screens_that_repeat_words_of_strangers_are_harmless(
    house: House, chromium: Any, attacked: Ticket
) -> None:
    """What search shows, the bell, the line of an outage, and the public form with what was written into it."""
    (desk, _ticket), (client, _request) = _readers(attacked)
    now = house.clock.now()
    words = Words(f"Aviso {CALL}", CALL)
    tell(
        people=[desk],
        kind=Kind.MENTION,
        event_id="ataque",
        words=lambda: words,
        url="/",
        subject_key="x",
        now=now,
    )
    cause = make_ticket(client=None, subject="Nodo 3", now=now)
    outage = declare_outage(ticket=cause, line_es=f"Caído {CALL}", line_en=f"Down {CALL}", by=desk, now=now)
    group_under(outage=outage, tickets=[attacked], by=desk, now=now)
    with visiting(house, chromium, user=desk) as visitor:
        for path in ("/avisos/", "/buscar/?q=Factura"):
            assert "alert(1)" in visitor.open(path).inner_text("main")
    with visiting(house, chromium, user=client) as visitor:
        for path in ("/portal/", "/portal/peticiones/"):
            assert "Caído <img" in visitor.open(path).inner_text("main")
    with visiting(house, chromium) as visitor:
        visitor.expected.append("status of 422")  # the form comes back, with what is wrong
        page = visitor.open("/pedir/")
        for box in page.locator("main form input[type=text], main form textarea").all():
            if box.is_visible():
                box.fill(CALL)
        page.locator("main form").evaluate("(form) => { form.noValidate = true }")
        page.locator("main form [type=submit]").click()
        page.wait_for_load_state("load")


def test_its_files_are_downloads_whatever_they_hold(house: House, chromium: Any, attacked: Ticket) -> None:
    with visiting(house, chromium, user=User.objects.get(roles=[Role.TECHNICIAN])) as visitor:
        page = visitor.open(f"/tickets/{attacked.number}/")
        addresses = page.locator(".ec-files a").evaluate_all("links => links.map((link) => link.href)")
        assert len(addresses) == 2
        for address in addresses:
            answer = visitor.context.request.get(address)
            assert answer.headers["content-disposition"].startswith("attachment")
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "sandbox" in answer.headers["content-security-policy"]


def test_images_that_are_asked_for_come_through_us(house: House, chromium: Any, attacked: Ticket) -> None:
    with visiting(house, chromium, user=User.objects.get(roles=[Role.TECHNICIAN])) as visitor:
        visitor.expected.append("status of 404")  # there is no such host, so there is no picture either
        page = visitor.open(f"/tickets/{attacked.number}/")
        sources = page.locator("img[data-remote-src]").evaluate_all(
            "all => all.map((one) => one.dataset.remoteSrc)"
        )
        assert sources
        assert all(source.startswith("/correo/imagen/?") for source in sources)
        page.click("[data-show-images]")
        page.wait_for_load_state("networkidle")
        assert page.locator("img[data-remote-src]").count() == 0


@pytest.mark.parametrize(
    ("harm", "noticed"),
    [
        ("fetch('https://elsewhere.example/').catch(() => 0)", "elsewhere.example"),
        (
            "document.body.append(Object.assign(new Image(), {src: 'https://elsewhere.example/1.gif'}))",
            "elsewhere",
        ),
        (
            "document.body.insertAdjacentHTML('beforeend', '<b onclick=\"alert(1)\" style=\"color:red\">x</b>')",
            "style",
        ),
        ("setTimeout(() => alert('hola'), 0)", "dialog: hola"),
        ("setTimeout(() => { throw new Error('broken') }, 0)", "broken"),
    ],
)
def test_harm_would_be_noticed(house: House, chromium: Any, harm: str, noticed: str) -> None:
    """What these tests rely on: the window sees requests to others, what the policy refuses, dialogs and errors."""
    with visiting(house, chromium) as visitor:
        visitor.open("/cuenta/login/")
        visitor.page.evaluate(f"() => {{ {harm} }}")
        visitor.page.wait_for_timeout(300)
        assert any(noticed in each for each in visitor.trouble), visitor.trouble
        visitor.trouble.clear()


def test_a_request_to_another_host_is_noticed_and_gets_nowhere(house: House, chromium: Any) -> None:
    with visiting(house, chromium) as visitor:
        page = visitor.open("/cuenta/login/")
        with page.expect_event("requestfailed") as gone:
            page.evaluate("location.href = 'http://elsewhere.example/'")
        assert gone.value.failure == "net::ERR_NAME_NOT_RESOLVED"
        assert "request to another host: http://elsewhere.example/" in visitor.trouble
        visitor.trouble.clear()


def tabbing_does_no_harm(visitor: Visitor) -> None:
    """Focus, hover and click on what mail brought, which some attacks wait for."""
    page = visitor.page
    for link in page.locator("main a").all()[:10]:
        link.focus()
        link.hover()
