"""Mail that comes to the demo through the intake: strangers, a circular too large to read, a returned reply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial

from ecuanime.channels.actions import read_arrival
from ecuanime.channels.email.arrivals import store_arrival
from ecuanime.channels.models import IncomingMail
from ecuanime.delivery.models import OutgoingMail
from ecuanime.demo.cast import MAILBOX
from ecuanime.demo.papers import media_type, paper
from ecuanime.demo.world import World
from ecuanime.tickets.actions import note_undelivered
from ecuanime.tickets.models import State, Ticket

STRANGERS = (
    (
        400,
        "Rosa Valle <rosa@mercadodelsur.example>",
        "¿Lleváis también comunidades de vecinos?",
        "Buenos días:\n\nNos ha dado vuestro contacto la gestoría Valdeolmo. Somos una administración de fincas con "
        "cuatro personas y buscamos quien nos lleve los ordenadores y las copias.\n\n¿Podríamos hablar esta semana?\n\n"
        "Rosa Valle\n600 000 311",
        "",
    ),
    (
        190,
        "Elvira Sotillo <elvirasotillo@correopersonal.example>",
        "Os escribo desde mi correo de casa",
        "Hola:\n\nEstoy de baja unos días y no tengo el correo del trabajo aquí. ¿Podéis mirar por qué no me entra el "
        "acceso remoto? Sale un mensaje de certificado.\n\nGracias, Elvira",
        "pantalla.png",
    ),
    (
        95,
        "Recepción <recepcion@grupolasmarismas.example>",
        "Urgente: no funciona el datáfono",
        "Buenas tardes, desde el cambio de router no funciona el datáfono del bar. ¿Pueden venir hoy?\n\nHotel Las "
        "Marismas",
        "",
    ),
    (
        52,
        "Ofertas Ofimática Directa <ofertas@ofimaticadirecta.example>",
        "Tóner compatible al 40 %, solo esta semana",
        "Estimado cliente:\n\nAproveche nuestros precios en tóner compatible para todas las marcas. Portes gratis "
        "desde 60 €.\n\nSi no desea recibir más correos, responda BAJA.",
        "catalogo.csv",
    ),
    (
        17,
        "Ignacio Ferrer <iferrer@ferreryasociados.example>",
        "Consulta sobre firma digital",
        "Buenos días:\n\nSomos un despacho de tres abogados. Uno de los certificados no se deja importar en el "
        "navegador nuevo. ¿Hacen este tipo de trabajos sueltos y cuánto cobran?\n\nUn saludo,\nIgnacio Ferrer",
        "error.txt",
    ),
)
"""Minutes before now, who writes, what about, what, and a file."""


class Post:
    """Puts raw mails on the agenda."""

    def __init__(self, world: World) -> None:
        self._world = world

    def plan(self) -> None:
        """The mails of the last days, in the order of time."""
        agenda, now = self._world.agenda, self._world.now
        agenda.add(now - timedelta(days=2, hours=3), self._circular)
        agenda.add(now - timedelta(days=1, hours=2), self._out_of_office)
        agenda.add(now - timedelta(minutes=130), self._return_a_reply)
        for minutes, sender, subject, text, file in STRANGERS:
            at = now - timedelta(minutes=minutes)
            raw = _mail(sender, subject, text, at, file=file)
            agenda.add(at, partial(self._deliver, raw=raw))

    def _deliver(self, at: datetime, raw: bytes) -> None:
        """Hand a mail to the intake, as a mail server's pipe does, and have it read."""
        arrival = store_arrival(raw=raw, origin=IncomingMail.Origin.PIPE, mailbox=self._world.mailbox, now=at)
        read_arrival(arrival_id=arrival.pk, now=at)

    def _circular(self, at: datetime) -> None:
        """A circular with thousands of visible addresses: beyond what is read safely, so it waits in quarantine."""
        to = [f"destinatario{number:04}@circular.example" for number in range(2_100)]
        text = "Les recordamos que el plazo de inscripción a la jornada termina el viernes."
        self._deliver(
            at,
            _mail(
                "Cámara <avisos@circular.example>", "Jornada de digitalización", text, at, to=[*to, MAILBOX]
            ),
        )

    def _out_of_office(self, at: datetime) -> None:
        """An absence notice opens no ticket and is answered by nobody."""
        customer, contact = self._world.customers[0], self._world.contacts[0, 0]
        sender = f"{contact.name} <{contact.email}>"
        text = "Estaré fuera de la oficina hasta el lunes. Para lo urgente, escriban a administración."
        mail = _mail(sender, f"Respuesta automática: {customer.name}", text, at, automatic=True)
        self._deliver(at, mail)

    def _return_a_reply(self, at: datetime) -> None:
        """One of yesterday's replies comes back: the mailbox of whoever asked is full."""
        open_tickets = Ticket.objects.filter(
            messages__outgoing__purpose="reply", state__in=[State.WAITING_CLIENT, State.OPEN, State.SOLVED]
        )
        ticket = open_tickets.order_by("-last_message_at", "-pk").first()
        if ticket is None:
            return
        mail = OutgoingMail.objects.filter(message__ticket=ticket).order_by("-created_at").first()
        if mail is None:
            return
        # Captured mail never leaves, so nothing of it can come back: this one stands for one that did leave.
        OutgoingMail.objects.filter(pk=mail.pk).update(
            state=OutgoingMail.State.SENT,
            sent_at=mail.created_at,
            next_due_at=None,
            accepted_recipients=mail.to,
        )
        self._deliver(at, _returned(mail, at))
        note_undelivered(mail_id=mail.pk, addresses=mail.to, now=at)


def _mail(
    sender: str,
    subject: str,
    text: str,
    at: datetime,
    *,
    to: Sequence[str] = (MAILBOX,),
    file: str = "",
    automatic: bool = False,
) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, ", ".join(to), subject
    mail["Date"] = format_datetime(at)
    domain = sender.rpartition("@")[2].rstrip(">")
    mail["Message-ID"] = f"<{at:%Y%m%d%H%M%S}.{len(text)}@{domain}>"
    if automatic:
        mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(text)
    paragraphs = "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in text.split("\n\n"))
    mail.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
    if file:
        kind, _, subtype = media_type(file).partition("/")
        mail.add_attachment(paper(file), maintype=kind, subtype=subtype, filename=file)
    return mail.as_bytes()


def _returned(mail: OutgoingMail, at: datetime) -> bytes:
    """A delivery report in the standard form (RFC 3464)."""
    address = mail.to[0]
    boundary, domain = "informe", address.rpartition("@")[2]
    head = (
        f"From: Mail Delivery System <mailer-daemon@{domain}>\r\nTo: {MAILBOX}\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nDate: {format_datetime(at)}\r\n"
        f"Message-ID: <{at:%Y%m%d%H%M%S}.dsn@{domain}>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"\r\n\r\n'
    )
    parts = (
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n<{address}>: mailbox full\r\n",
        f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.{domain}\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.2.2\r\n"
        "Diagnostic-Code: smtp; 552 5.2.2 Mailbox full\r\n",
        f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {mail.message_id}\r\nTo: {address}\r\n",
    )
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--\r\n"
    return (head + body).encode()
