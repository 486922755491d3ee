"""What a person types of a paper: a supplier's invoice or a customs document, and one that was typed wrongly."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecuanime.billing import actions
from ecuanime.billing.books.exchange import tax_currency_of
from ecuanime.billing.models import ReceivedInvoice, WaitingPaper
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.staff.queries import the_firm
from ecuanime.web.acting import attempt, done, status_of
from ecuanime.web.guards import StaffRequest
from ecuanime.web.office.books.paper_forms import CustomsForm, TypedForm
from ecuanime.web.office.books.received import kept_file, received_page_of, received_row
from ecuanime.web.office.books.received_forms import TakeBackForm
from ecuanime.web.office.invoices.common import billers


@billers
@require_http_methods(["GET", "POST"])
def typed(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """File a supplier's invoice that no program can read: from a paper that waits, or one that is sent along.

    What has to be corrected keeps the paper that came with it, so that it need not be sent again; what was typed of one
    that waits no more is kept too.
    """
    firm, paper = the_firm(), None if pk is None else WaitingPaper.objects.filter(pk=pk).first()
    is_gone = pk is not None and paper is None
    if is_gone and request.method == "GET":
        raise Http404
    form = TypedForm(
        request.POST or None,
        request.FILES or None,
        country=firm.country,
        currency=tax_currency_of(firm),
        paper=paper,
    )
    if is_gone and not request.FILES:
        form.add_error(
            None,
            _("Somebody filed or discarded this paper meanwhile. Send it again if it is still to be filed."),
        )
    kept: list[ReceivedInvoice] = []

    def act() -> None:
        kept.append(actions.file_typed_invoice(by=request.user, now=read_clock(), **form.values()))

    if done(request, form, act, _("The invoice is filed.")):
        return redirect("received_invoice", kept[0].pk)
    if paper is None:
        paper = _kept(request)
        if paper is not None:
            form.take(paper)
    context = {"form": form, "paper": paper}
    return render(request, "office/books/typed.html", context, status=status_of(form))


@billers
@require_safe
def paper_file(request: StaffRequest, pk: int) -> HttpResponse:
    """The paper that waits, as it came."""
    paper = _paper(pk)
    return kept_file(paper.file_id, f"paper-{paper.pk}")


@billers
@require_POST
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget a paper that nobody is to type."""
    paper = _paper(pk)
    attempt(
        request,
        lambda: actions.discard_paper(paper=paper, by=request.user, now=read_clock()),
        _("The paper is discarded."),
    )
    return redirect("received")


@billers
@require_http_methods(["GET", "POST"])
def customs(request: StaffRequest) -> HttpResponse:
    """File what customs charged on an import."""
    home = tax_currency_of(the_firm())
    form = CustomsForm(request.POST or None, request.FILES or None, currency=home)
    kept: list[ReceivedInvoice] = []

    def act() -> None:
        kept.append(actions.file_customs_document(by=request.user, now=read_clock(), **form.values()))

    if done(request, form, act, _("The customs document is filed.")):
        return redirect("received_invoice", kept[0].pk)
    return render(request, "office/books/customs.html", {"form": form, "home": home}, status=status_of(form))


@billers
@require_POST
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Take out of the book what was typed wrongly."""
    row, form = received_row(pk), TakeBackForm(request.POST, auto_id="withdrawn_%s")

    def act() -> None:
        actions.withdraw_received(received=row, by=request.user, now=read_clock(), **form.cleaned_data)

    if done(request, form, act, _("It is withdrawn. It can be filed again.")):
        return redirect("received")
    return received_page_of(request, row, withdraw_form=form)


def _paper(pk: int) -> WaitingPaper:
    return get_object_or_404(WaitingPaper, pk=pk)


def _kept(request: StaffRequest) -> WaitingPaper | None:
    """What was sent along, kept; None where nothing was, or no paper that could be, which its form says."""
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        return None
    sent.seek(0)
    try:
        return actions.keep_paper(
            content=sent.read(), name=sent.name or "", by=request.user, now=read_clock()
        )
    except Refused:
        return None
