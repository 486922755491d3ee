"""Where Stripe says what came of card payments. It proves itself by its signature: there is no session and no token."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ecuanime.billing.actions.cards.events import receive_card_event
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused

logger = logging.getLogger(__name__)

MOST_BYTES = 256 * 1024
_STATUSES = {"not_set_up": 404}


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Keep an event. 200 for what is kept, known or not ours to work; Stripe sends again whatever else is answered."""
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        receive_card_event(body=body, signature=request.headers.get("Stripe-Signature", ""), now=read_clock())
    except Refused as refusal:
        logger.warning("an event of card payments was not taken: %s", refusal.code)
        return HttpResponse(status=_STATUSES.get(refusal.code, 400))
    return HttpResponse()
