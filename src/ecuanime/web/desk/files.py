"""Files of messages: attachments as downloads, pictures inside a mail, and remote ones through a guarded proxy.

Contacts use the same addresses as the team: whoever may read the message may have its files.
"""

from __future__ import annotations

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ecuanime.channels.models import IncomingMail
from ecuanime.foundation.files import read
from ecuanime.foundation.outgoing import NotFetched, fetch
from ecuanime.tickets.access import visible_messages
from ecuanime.tickets.models import Attachment, Message
from ecuanime.tickets.queries import attachment_for
from ecuanime.web.desk.image_addresses import unsigned
from ecuanime.web.desk.images import image_type
from ecuanime.web.downloads import inert, kept_download
from ecuanime.web.guards import for_signed_in, person_of

LARGEST_IMAGE = 10 * 1024 * 1024

logger = logging.getLogger(__name__)


@for_signed_in
@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """An attachment, always as a download and never as anything a browser would open by itself."""
    found = attachment_for(person_of(request), pk)
    if found is None:
        raise Http404
    return kept_download(found.file.sha256, found.name)


@for_signed_in
@require_safe
def inline_image(request: HttpRequest, incoming: int, cid: str) -> HttpResponse:
    """A picture that a mail carries inside, if it is one."""
    mail = IncomingMail.objects.select_related("message__ticket").filter(pk=incoming).first()
    if mail is None or mail.message is None or not _may_read(request, mail.message):
        raise Http404
    found = Attachment.objects.select_related("file").filter(message=mail.message, content_id=cid).first()
    if found is None or found.file.size > LARGEST_IMAGE:
        raise Http404
    try:
        content = read(found.file.sha256)
    except FileNotFoundError as error:
        logger.error("the bytes of attachment %s are gone", found.pk)
        raise Http404 from error
    return _picture(content)


@for_signed_in
@require_safe
def remote_image(request: HttpRequest) -> HttpResponse:
    """A picture that a mail only names, fetched for the reader who asked: its server sees us, not them.

    Only addresses that we signed for a message are fetched, and only for those who may read that message.
    """
    named = unsigned(request.GET.get("u", ""))
    message = Message.objects.select_related("ticket").filter(pk=named[0]).first() if named else None
    if named is None or message is None or not _may_read(request, message):
        raise Http404
    try:
        return _picture(fetch(named[1]))
    except NotFetched as reason:
        logger.info("a remote image of message %s was not fetched: %s", message.pk, reason)
        raise Http404 from reason


def _picture(content: bytes) -> HttpResponse:
    kind = image_type(content)
    if kind is None:
        raise Http404
    response = HttpResponse(content, content_type=kind)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return inert(response)


def _may_read(request: HttpRequest, message: Message) -> bool:
    return visible_messages(person_of(request), message.ticket).filter(pk=message.pk).exists()
