"""How somebody wants to be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.secrets import seal
from ecuanime.notices.models import Kind, Preference, Quiet, Target
from ecuanime.notices.notifiers.apprise.addresses import service_of
from ecuanime.notices.notifiers.apprise.sending import push
from ecuanime.notices.notifiers.registry import NOTIFIERS, NotSent

MOST_TARGETS = 10


@transaction.atomic
def set_wishes(
    *,
    user: User,
    wanted: Mapping[tuple[str, str], bool],
    quiet_begins: time | None,
    quiet_ends: time | None,
    now: datetime,
) -> None:
    """Say which kind is wanted by which notifier, and the quiet hours (both empty for none).

    Refuses `not_of_firm`, `unknown_wish` and `half_quiet`.
    """
    person = User.objects.select_for_update().get(pk=user.pk)
    if not person.roles:
        raise Refused("not_of_firm", _("Only people of the firm get notices."))
    if any(kind not in Kind.values or notifier not in NOTIFIERS for kind, notifier in wanted):
        raise Refused("unknown_wish", _("One of these notices does not exist. Reload the page."))
    if (quiet_begins is None) != (quiet_ends is None):
        raise Refused("half_quiet", _("Quiet hours need both times, or neither."))
    for (kind, notifier), wish in wanted.items():
        Preference.objects.update_or_create(
            user=person, kind=kind, notifier=notifier, defaults={"wanted": wish}
        )
    Quiet.objects.filter(user=person).delete()
    if quiet_begins is not None and quiet_ends is not None:
        Quiet.objects.create(user=person, begins=quiet_begins, ends=quiet_ends)
    audit.record("notice_wishes_set", person, now=now)


@transaction.atomic
def add_target(*, user: User, name: str, url: str, now: datetime) -> Target:
    """Keep where somebody is reached by push; the address is sealed and never shown again.

    Refuses `no_name`, `not_of_firm`, `bad_target` (no address of a service that is offered) and `too_many_targets`.
    """
    person = User.objects.select_for_update().get(pk=user.pk)
    if not person.roles:
        raise Refused("not_of_firm", _("Only people of the firm get notices."))
    plain = " ".join(name.split())[:60]
    if not plain:
        raise Refused("no_name", _("Give it a name, as in My phone."))
    service = service_of(url)
    if service is None:
        raise Refused("bad_target", _("This is not an address of a service that can be used here."))
    if person.notice_targets.count() >= MOST_TARGETS:
        raise Refused("too_many_targets", _("There are enough targets. Remove one first."))
    target = Target.objects.create(
        user=person, name=plain, service=service, url_sealed=seal(url.strip()), created_at=now
    )
    audit.record("notice_target_added", person, now=now, target=target.pk, service=service)
    return target


@transaction.atomic
def remove_target(*, target: Target, now: datetime) -> None:
    """Forget a target and its address."""
    audit.record("notice_target_removed", target.user, now=now, target=target.pk, service=target.service)
    target.delete()


def try_target(*, target: Target, now: datetime) -> None:
    """Send a line to a target, so that its person sees that it arrives. Refuses `not_sent`."""
    try:
        push(target, _("Ecuánime reaches you here"), _("This is a try that you asked for."), now=now)
    except NotSent as failure:
        text = _("It was not taken: %(why)s") % {"why": failure}
        raise Refused("not_sent", text) from failure
