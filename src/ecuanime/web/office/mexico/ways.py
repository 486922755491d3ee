"""What is done instead where a CFDI can neither be replaced nor cancelled: a credit note, and what is right anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ecuanime.billing.actions.credits.annulling import why_not_taken_back
from ecuanime.billing.models import Invoice
from ecuanime.billing.queries.anew import correction_of, freed_by
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.invoices.common import billers, issued_of

_EXISTED = frozenset(("credited", "paid", "advance"))


@dataclass(frozen=True)
class Way:
    """A link to what helps."""

    words: str
    url: str


@billers
@require_safe
def amounts(request: StaffRequest, key: str) -> HttpResponse:
    """Step by step: credit what is wrong, have that stamped, and bill what is right."""
    issued = issued_of(key)
    if issued.texts.get("pack") != "MX" or issued.corrects_id is not None or issued.is_pro_forma:
        raise Http404
    context = {"invoice": issued, "key": key, "correction": correction_of(issued)}
    return render(request, "office/mexico/cfdi_amounts.html", context)


def hindrance_of(issued: Invoice) -> dict[str, Any]:
    """Why a document cannot be cancelled at the SAT, and the ways on; nothing when it may be."""
    refusal = why_not_taken_back(issued)
    if refusal is None:
        return {}
    freed = freed_by(issued) if refusal.code == "time_freed" else []
    return {"why_not": str(refusal), "freed": freed, "ways": _ways(refusal.code, issued)}


def _ways(code: str, issued: Invoice) -> list[Way]:
    if code == "time_freed":
        return [Way(_("Invoice what is approved"), reverse("invoice_prepare"))]
    if code == "pack_back":
        return [Way(_("The client's contracts"), reverse("client", args=[issued.client.code]))]
    if code in _EXISTED:
        return [Way(_("Credit it and bill it anew"), reverse("invoice_amounts", args=[issued.key]))]
    return []
