"""Mail that stands on no ticket, and mail that is leaving, waiting, captured or returned."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ecuanime.accounts.models import Role
from ecuanime.channels import queries as channels
from ecuanime.channels.actions import refuse_quarantined, retry_quarantined
from ecuanime.channels.models import IncomingMail
from ecuanime.channels.words import reason_of
from ecuanime.delivery import queries as delivery
from ecuanime.delivery.actions import send_again
from ecuanime.delivery.addresses import forget_returned
from ecuanime.delivery.limits import SIGNS_IN
from ecuanime.delivery.models import OutgoingMail, ReturnedAddress
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.own_links import without_keys
from ecuanime.web.components.toasts import say_refused
from ecuanime.web.downloads import kept_download
from ecuanime.web.guards import for_staff

MAIL_READERS = (Role.SUPERVISOR, Role.CONSULTANT, Role.TECHNICIAN)
INCOMING = {
    "cuarentena": IncomingMail.State.QUARANTINED,
    "anotado": IncomingMail.State.NOTED,
    "copias": IncomingMail.State.DUPLICATE,
    "rechazado": IncomingMail.State.REFUSED,
}
OUTGOING = {
    "en-espera": delivery.waiting_mails,
    "sin-enviar": delivery.failed_mails,
    "devuelto": delivery.bounced_mails,
    "capturado": delivery.captured_mails,
}


@for_staff(*MAIL_READERS)
@require_GET
def incoming(request: HttpRequest, shelf: str) -> HttpResponse:
    """Mails that ended anywhere but on a ticket, with the reason of each."""
    if shelf not in INCOMING:
        raise Http404
    page = channels.arrivals(INCOMING[shelf], after=request.GET.get("despues", ""))
    rows = [{"mail": mail, "reason": reason_of(mail)} for mail in page.rows]
    context = {
        "rows": rows,
        "shelf": shelf,
        "shelves": _shelves(shelf),
        "next_url": _next(page.next),
        "left_behind": channels.left_behind() if shelf == "cuarentena" else (),
    }
    return render(request, "office/mail/incoming.html", context)


@for_staff(*MAIL_READERS)
@require_GET
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    """The mail exactly as it came, as a download: a browser must never interpret it."""
    arrival = _arrival(pk)
    return kept_download(arrival.raw_id, f"mail-{arrival.pk}.eml")


@for_staff(*MAIL_READERS)
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a mail in quarantine read again."""
    try:
        retry_quarantined(arrival=_arrival(pk), now=read_clock())
        messages.success(request, _("The mail is being read again. If it can be read, it becomes a ticket."))
    except Refused as refusal:
        say_refused(request, str(refusal))
    return redirect("mail_incoming", "cuarentena")


@for_staff(*MAIL_READERS)
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a mail out of quarantine without a ticket; its bytes stay."""
    try:
        refuse_quarantined(arrival=_arrival(pk), now=read_clock())
        messages.success(request, _("The mail is among the refused ones now. Its bytes are kept."))
    except Refused as refusal:
        say_refused(request, str(refusal))
    return redirect("mail_incoming", "cuarentena")


@for_staff(Role.SUPERVISOR)
@require_GET
def outgoing(request: HttpRequest, shelf: str) -> HttpResponse:
    """Mails that wait, failed, came back, or were captured instead of sent."""
    if shelf not in OUTGOING:
        raise Http404
    page = OUTGOING[shelf](after=request.GET.get("despues", ""))
    context = {
        "rows": page.rows,
        "shelf": shelf,
        "shelves": _shelves(shelf),
        "next_url": _next(page.next),
        "marked": delivery.marked_addresses() if shelf == "devuelto" else (),
    }
    return render(request, "office/mail/outgoing.html", context)


@for_staff(Role.SUPERVISOR)
@require_GET
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One outgoing mail, as its reader gets it; keys in its links, and the text of one that signs somebody in, are for
    administrators.
    """
    mail = get_object_or_404(OutgoingMail.objects.select_related("mailbox"), pk=pk)
    sees_keys = request.user.has_role(Role.ADMINISTRATOR)  # type: ignore[union-attr]
    context = {
        "mail": mail,
        "text": mail.text if sees_keys else without_keys(mail.text),
        "is_hidden": mail.purpose in SIGNS_IN and not sees_keys,
        "files": mail.attachments.select_related("file"),
    }
    return render(request, "office/mail/letter.html", context)


@for_staff(Role.SUPERVISOR)
@require_GET
def letter_file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """An attachment of an outgoing mail, as a download."""
    item = get_object_or_404(get_object_or_404(OutgoingMail, pk=pk).attachments, pk=file)
    return kept_download(item.file_id, item.name)


@for_staff(Role.SUPERVISOR)
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a failed mail again."""
    try:
        send_again(mail=get_object_or_404(OutgoingMail, pk=pk), now=read_clock())
        messages.success(request, _("The mail is on its way again."))
    except Refused as refusal:
        say_refused(request, str(refusal))
    return redirect("mail_outgoing", "sin-enviar")


@for_staff(Role.SUPERVISOR)
@require_POST
def works_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the mark off an address that mail came back from."""
    marked = get_object_or_404(ReturnedAddress, pk=pk)
    forget_returned(address=marked.address)
    messages.success(request, _("%(address)s gets mail as before.") % {"address": marked.address})
    return redirect("mail_outgoing", "devuelto")


def _arrival(pk: int) -> IncomingMail:
    return get_object_or_404(IncomingMail.objects.exclude(state=IncomingMail.State.FILED), pk=pk)


def _next(cursor: str) -> str:
    return f"?{urlencode({'despues': cursor})}" if cursor else ""


def _shelves(current: str) -> list[dict[str, Any]]:
    labels = {
        "cuarentena": _("Quarantine"),
        "anotado": _("Noted"),
        "copias": _("Copies"),
        "rechazado": _("Refused"),
        "en-espera": _("Waiting to leave"),
        "sin-enviar": _("Not sent"),
        "devuelto": _("Returned"),
        "capturado": _("Captured"),
    }
    return [
        {
            "label": label,
            "url": reverse("mail_incoming" if shelf in INCOMING else "mail_outgoing", args=[shelf]),
            "current": shelf == current,
        }
        for shelf, label in labels.items()
    ]
