"""The service dossier: what must be known to serve a client, in sections."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.models import Client, DossierSection
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused

LONGEST_SECTION = 50_000


@transaction.atomic
def add_section(
    *, client: Client, title: str, text: str, is_shown: bool, by: User, now: datetime
) -> DossierSection:
    """Write another section. Refuses `no_title` and `empty`."""
    section = DossierSection(client=client, version=0)
    _write(section, title, text, is_shown=is_shown, by=by, now=now)
    audit.record("dossier_section_added", section, now=now, client=client.pk, title=section.title)
    return section


@transaction.atomic
def change_section(
    *,
    section: DossierSection,
    title: str,
    text: str,
    is_shown: bool,
    expected_version: int,
    by: User,
    now: datetime,
) -> DossierSection:
    """Write a section anew. Refuses `stale` when somebody else has changed it meanwhile, and as `add_section`."""
    kept = DossierSection.objects.select_for_update().get(pk=section.pk)
    if kept.version != expected_version:
        text = _(
            "%(name)s has changed this section meanwhile, so nothing was saved. Look at it and write yours again."
        )
        raise Refused("stale", text % {"name": kept.changed_by})
    _write(kept, title, text, is_shown=is_shown, by=by, now=now)
    audit.record("dossier_section_changed", kept, now=now, client=kept.client_id, shown=kept.is_shown)
    return kept


@transaction.atomic
def remove_section(*, section: DossierSection, now: datetime) -> None:
    """Take a section out; the audit trail keeps that it was there, not what it said."""
    audit.record("dossier_section_removed", section, now=now, client=section.client_id, title=section.title)
    section.delete()


def _write(
    section: DossierSection, title: str, text: str, *, is_shown: bool, by: User, now: datetime
) -> None:
    plain = " ".join(title.split())[:120]
    body = text.replace("\r\n", "\n").strip()[:LONGEST_SECTION]
    if not plain:
        raise Refused("no_title", _("Give the section a title, as in Servers or How to get in."))
    if not body:
        raise Refused("empty", _("The section says nothing yet. Write its text."))
    section.title, section.text, section.is_shown = plain, body, is_shown
    section.version, section.changed_at, section.changed_by = section.version + 1, now, by
    section.save()
