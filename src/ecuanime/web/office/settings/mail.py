"""Mailboxes: written down, then tried out step by step, so that a person reads what is wrong and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ecuanime.accounts.models import Role
from ecuanime.channels.email.imap import check_imap
from ecuanime.channels.mailboxes import set_up_mailbox, start_fetching, stop_fetching
from ecuanime.channels.models import ImapSource
from ecuanime.delivery.checks import CheckLine, check_smtp
from ecuanime.delivery.models import Mailbox
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.secrets import Unsealable, unseal
from ecuanime.staff.queries import the_firm
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import for_staff
from ecuanime.web.office.settings.frame import after, show
from ecuanime.web.office.settings.mail_forms import MailboxForm
from ecuanime.web.refusals import tell

administrators = for_staff(Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Tried:
    """How a server did: every step of the check, and whether all went well; no steps when none is written down."""

    lines: list[CheckLine]

    @property
    def asked(self) -> bool:
        """Whether there was a server to try."""
        return bool(self.lines)

    @property
    def works(self) -> bool:
        """Whether every step went well."""
        return self.asked and all(line.ok for line in self.lines)

    @property
    def wrong(self) -> CheckLine | None:
        """The step that failed."""
        return next((line for line in self.lines if not line.ok), None)


@administrators
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def mail(request: HttpRequest, is_setup: bool = False) -> HttpResponse:
    """The default mailbox; in the settings also the list of the others."""
    default = Mailbox.objects.filter(is_active=True).order_by("-is_default", "pk").first()
    return _mailbox(request, default, is_setup=is_setup)


@administrators
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def new_mailbox(request: HttpRequest) -> HttpResponse:
    """One more mailbox."""
    return _mailbox(request, None, is_setup=False)


@administrators
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def mailbox(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the mailboxes."""
    return _mailbox(request, get_object_or_404(Mailbox, pk=pk), is_setup=False)


def _mailbox(request: HttpRequest, kept: Mailbox | None, *, is_setup: bool) -> HttpResponse:
    form = MailboxForm(request.POST or None, initial=MailboxForm.initial_of(kept, the_firm().language))
    receives, sends = Tried([]), Tried([])
    if request.method == "POST" and form.is_valid():
        try:
            kept = set_up_mailbox(mailbox=kept, settings=form.settings(), now=read_clock())
        except Refused as refusal:
            tell(form, refusal)
        else:
            receives, sends = _try_out(kept)
            if all(server.works or not server.asked for server in (receives, sends)):
                say(request, _("%(address)s works.") % {"address": kept.address})
                return redirect(after("mail", is_setup=is_setup))
    context = {
        "form": form,
        "mailbox": kept,
        "receives": receives,
        "sends": sends,
        "mailboxes": Mailbox.objects.select_related("imap").order_by("-is_default", "address")[:100],
    }
    wrong = bool(form.errors) or receives.wrong is not None or sends.wrong is not None
    return show(
        request, "mail", context, is_setup=is_setup, status=422 if request.method == "POST" and wrong else 200
    )


def _try_out(kept: Mailbox) -> tuple[Tried, Tried]:
    """Try both servers as they are written down; fetching goes on only with one that works."""
    source = ImapSource.objects.filter(mailbox=kept).exclude(host="").first()
    receives, sends = Tried([]), Tried([])
    if source is not None:
        receives = Tried(_checked_imap(source))
        (start_fetching if receives.works else stop_fetching)(mailbox=kept, now=read_clock())
    if kept.smtp_host:
        sends = Tried(_checked_smtp(kept))
    return receives, sends


def _checked_imap(source: ImapSource) -> list[CheckLine]:
    try:
        password = unseal(source.password_sealed)
    except Unsealable:
        return [_unsealable()]
    return check_imap(
        host=source.host,
        port=source.port,
        security=source.security,
        username=source.username,
        password=password,
        folder=source.folder,
    )


def _checked_smtp(kept: Mailbox) -> list[CheckLine]:
    try:
        password = unseal(kept.smtp_password_sealed)
    except Unsealable:
        return [_unsealable()]
    return check_smtp(
        host=kept.smtp_host,
        port=kept.smtp_port,
        security=kept.smtp_security,
        username=kept.smtp_username,
        password=password,
        sender=kept.address,
    )


def _unsealable() -> CheckLine:
    text = _(
        "The password kept here can no longer be read, since the key of this installation changed. Write it again."
    )
    return CheckLine("password.unsealable", False, text)
