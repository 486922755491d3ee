"""The rules for incoming mail: listed in their order, written, changed and taken away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecuanime.accounts.models import Role
from ecuanime.channels.mail_rules import MOST_RULES, remove_rule, write_rule
from ecuanime.channels.models import MailRule
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.web.components.toasts import say
from ecuanime.web.guards import for_staff
from ecuanime.web.office.settings.frame import show
from ecuanime.web.office.settings.mail_rules_forms import RuleForm
from ecuanime.web.refusals import tell

administrators = for_staff(Role.ADMINISTRATOR)


@administrators
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """All rules, and a new one."""
    return _page(request, None)


@administrators
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """One rule, to be changed."""
    return _page(request, get_object_or_404(MailRule, pk=pk))


@administrators
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rule away."""
    remove_rule(rule=get_object_or_404(MailRule, pk=pk), now=read_clock())
    say(request, _("The rule was removed."))
    return redirect("settings_mail_rules")


def _page(request: HttpRequest, kept: MailRule | None) -> HttpResponse:
    form = RuleForm(request.POST or None, initial=RuleForm.initial_of(kept))
    if request.method == "POST" and form.is_valid():
        try:
            written = write_rule(rule=kept, settings=form.settings(), now=read_clock())
        except Refused as refusal:
            tell(form, refusal)
        else:
            say(request, _("The rule “%(name)s” is kept.") % {"name": written.name})
            return redirect("settings_mail_rules")
    listed = MailRule.objects.select_related("mailbox", "client", "area", "queue").prefetch_related("tags")[
        :MOST_RULES
    ]
    context = {"form": form, "rules": listed, "edited": kept}
    return show(
        request,
        "mail",
        context,
        is_setup=False,
        status=422 if form.errors else 200,
        template="office/settings/mail_rules.html",
    )
