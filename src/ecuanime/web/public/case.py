"""A case by the link that was mailed to a person of its client: all that they do without an account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from allauth.core.ratelimit import consume
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecuanime.billing.access import contact_sees_invoices
from ecuanime.billing.actions.cards.pages import start_checkout
from ecuanime.billing.models import Invoice
from ecuanime.billing.queries.cards import CardOffer, card_offer
from ecuanime.clients.models import Contact
from ecuanime.emergencies import actions
from ecuanime.emergencies.access import emergencies_of_contact
from ecuanime.emergencies.billing import invoice_of
from ecuanime.emergencies.links import is_good, link_by_key, may_come_back, path_of_link
from ecuanime.emergencies.models import CaseLink, Emergency, Stage
from ecuanime.emergencies.queries import emergency_in
from ecuanime.emergencies.timeline import Reader, evidence_for
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.rules.express import Document
from ecuanime.tickets.actions import MessageGiven, add_inbound_message
from ecuanime.tickets.models import Channel, State
from ecuanime.tickets.queries import thread_for_client
from ecuanime.web.components.client_case import Seat, act_on, page_of_case
from ecuanime.web.components.emergencies import agreement_file, report_file
from ecuanime.web.components.emergency_room import stamp_of
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.components.uploads import files_of
from ecuanime.web.downloads import PDF, kept_download
from ecuanime.web.guards import public
from ecuanime.web.middleware import PAYS_AT_STRIPE
from ecuanime.web.public.sign_in import limited

View = Callable[..., HttpResponse]


def by_link(view: View) -> View:
    """Open a case by its link, in the client's zone and manner of address; a page says what became of an old one."""

    @public
    @never_cache
    @wraps(view)
    def opened(request: HttpRequest, key: str, **kwargs: Any) -> HttpResponse:
        link = link_by_key(key)
        if link is None:
            raise Http404
        spoken = link.contact.client.addressed_in(request.LANGUAGE_CODE)
        with translation.override(spoken), timezone.override(ZoneInfo(link.contact.client.time_zone)):
            found = emergency_in(emergencies_of_contact(link.contact), link.emergency.number)
            if found is None or not is_good(link, now=read_clock()):
                context = {"may_renew": found is not None and may_come_back(link), "here": path_of_link(link)}
                return render(request, "public/case_gone.html", context, status=410)
            return view(request, link, found, **kwargs)

    opened.guard = "public"  # type: ignore[attr-defined]  # read by the test that walks all addresses
    return opened


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, link: CaseLink, found: Emergency) -> HttpResponse:
    """The case as its client sees it; `do` says which of its forms was sent."""
    seat = _seat(link, found)
    if request.method != "POST":
        return _page(request, seat, found)
    if not consume(request, action="case_link", key=str(link.pk)):
        return limited(request)
    try:
        if request.POST.get("do") == "write":
            _write(request, seat, found)
        else:
            act_on(request, seat, found)
    except Refused as refusal:
        again = emergency_in(emergencies_of_contact(link.contact), found.number) or found
        return _page(request, seat, again, refusal=str(refusal))
    return redirect(seat.here)


@by_link
@require_safe
def pulse(request: HttpRequest, link: CaseLink, found: Emergency) -> HttpResponse:
    """Nothing while the room is as version `v` shows it; else its page, from which the browser takes what is new."""
    is_same = request.GET.get("v") == stamp_of(found, Reader(contact=link.contact), now=read_clock())
    return HttpResponse(status=204) if is_same else _page(request, _seat(link, found), found)


@by_link
@require_safe
def evidence(request: HttpRequest, link: CaseLink, found: Emergency, pk: int) -> HttpResponse:
    """A file of the room whose line the client may read."""
    file = evidence_for(found, Reader(contact=link.contact), pk)
    if file is None:
        raise Http404
    return kept_download(file.file_id, file.name, file.media_type)


@by_link
@require_safe
def paper(request: HttpRequest, link: CaseLink, found: Emergency) -> HttpResponse:
    """What was accepted, as it was."""
    accepted = getattr(found, "acceptance", None)
    if accepted is None:
        raise Http404
    return kept_download(accepted.pdf_id, f"{found.number}.pdf", PDF)


@by_link
@require_safe
def agreement(request: HttpRequest, link: CaseLink, found: Emergency) -> HttpResponse:
    """The client's own confidentiality agreement, as they sent it."""
    return agreement_file(found)


@by_link
@require_safe
def report(request: HttpRequest, link: CaseLink, found: Emergency) -> HttpResponse:
    """The technical report: the version that was sent last, or the one that `v` names."""
    return report_file(found, request.GET.get("v", ""))


@by_link
@require_safe
def invoice(request: HttpRequest, link: CaseLink, found: Emergency, document: int) -> HttpResponse:
    """One of the case's documents as a PDF, for whoever sees invoices."""
    bill = _issued(link.contact, found).get(document)
    if bill is None or bill.pdf_id is None:
        raise Http404
    return kept_download(bill.pdf_id, f"{bill.number}.pdf", PDF)


@by_link
@require_safe
def attachment(request: HttpRequest, link: CaseLink, found: Emergency, pk: int) -> HttpResponse:
    """A file of the thread, always as a download."""
    files = (file for entry in thread_for_client(found.ticket) for file in entry.files)
    file = next((file for file in files if file.pk == pk), None)
    if file is None:
        raise Http404
    return kept_download(file.file_id, file.name)


@by_link
@require_POST
def pay(request: HttpRequest, link: CaseLink, found: Emergency, document: int) -> HttpResponse:
    """Go to Stripe's page for a document of the case. Coming back proves nothing: only Stripe's event notes it paid."""
    bill = _issued(link.contact, found).get(document)
    if bill is None:
        raise Http404
    here = f"{settings.ECUANIME_URL}{path_of_link(link)}"
    try:
        url = start_checkout(
            invoice=bill,
            contact=link.contact,
            paid_url=f"{here}?tarjeta=hecho&factura={document}",
            back_url=f"{here}?tarjeta=sin-pagar",
            language=request.LANGUAGE_CODE,
            now=read_clock(),
        )
    except Refused as refusal:
        say_refused(request, str(refusal))
        return redirect(here)
    response = redirect(url)
    response.status_code = 303
    return response


@public
@require_POST
def renew(request: HttpRequest, key: str) -> HttpResponse:
    """Mail a new link to where the old one went. The page is the same whether a mail goes out or not."""
    link = link_by_key(key)
    if link is None:
        raise Http404
    if not consume(request, action="case_link", key=str(link.pk)):
        return limited(request)
    try:
        actions.renew(link=link, now=read_clock())
    except Refused as refusal:
        return render(request, "public/case_gone.html", {"refusal": str(refusal)}, status=410)
    return render(request, "public/case_gone.html", {"is_sent": True})


def _write(request: HttpRequest, seat: Seat, found: Emergency) -> None:
    contact = seat.contact
    message = MessageGiven(
        text=request.POST.get("body", ""),
        channel=Channel.WEB,
        from_name=contact.name,
        from_email=contact.email,
        contact=contact,
        files=files_of(request),
    )
    if not message.text.strip() and not message.files:
        raise Refused("empty", _("There is nothing to send yet. Write the text first."))
    add_inbound_message(ticket=found.ticket, message=message, now=read_clock())
    say(request, _("Sent. We will answer here and by e-mail."))


def _seat(link: CaseLink, found: Emergency) -> Seat:
    here = path_of_link(link)
    may_open = Document.GUARANTEE in _issued(link.contact, found)
    return Seat(
        contact=link.contact,
        here=here,
        paper_url=f"{here}acuerdo/",
        report_url=f"{here}informe/",
        agreement_url=f"{here}confidencialidad/",
        write_url="#mensajes",
        guarantee_url=f"{here}factura/1/" if may_open else "",
        pulse_url=f"{here}pulso/",
        files_url=f"{here}archivos/",
        attachments_url=f"{here}fichero/",
        by_link=True,
    )


def _issued(contact: Contact, found: Emergency) -> dict[int, Invoice]:
    """The issued documents of the case, by their place, for whoever sees invoices."""
    if not contact_sees_invoices(contact):
        return {}
    bills = {document.value: invoice_of(found, document) for document in Document}
    return {place: bill for place, bill in bills.items() if bill is not None and not bill.is_draft}


@dataclass(frozen=True)
class _Document:
    """An issued document of a case, and what of it may be paid by card; not while a payment `is_confirming`."""

    place: int
    invoice: Invoice
    offer: CardOffer | None
    is_confirming: bool

    @property
    def path(self) -> str:
        """The end of the addresses that lead to it."""
        return f"{self.place}/"


def _documents(request: HttpRequest, issued: dict[int, Invoice]) -> list[_Document]:
    came = request.GET.get("factura", "") if request.GET.get("tarjeta") == "hecho" else ""
    found = []
    for place, bill in issued.items():
        offer = card_offer(bill)
        is_confirming = offer is not None and (offer.is_pending or came == str(place))
        found.append(_Document(place, bill, offer, is_confirming))
    return found


def _page(request: HttpRequest, seat: Seat, found: Emergency, *, refusal: str = "") -> HttpResponse:
    documents = _documents(request, _issued(seat.contact, found))
    due = next((each for each in documents if each.place == Document.GUARANTEE), None)
    due = due if found.stage == Stage.GUARANTEE_DUE else None
    context = page_of_case(request, seat, found, refusal=refusal) | {
        "is_thread_closed": found.ticket.state == State.CLOSED,
        "body": request.POST.get("body", "") if refusal else "",
        "documents": documents,
        "due": due,
        "is_confirming": any(each.is_confirming for each in documents),
        "was_left": request.GET.get("tarjeta") == "sin-pagar",
    }
    response = render(request, "public/case.html", context, status=422 if refusal else 200)
    if any(each.offer for each in documents):
        response.headers["Content-Security-Policy"] = PAYS_AT_STRIPE
    return response
