"""Product areas, and how well people know them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.db.models.deletion import ProtectedError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import Competence, ProductArea


@transaction.atomic
def add_product_area(*, name: str, now: datetime) -> ProductArea:
    """Add something the firm supports, at the end of the list. Refuses `no_name` and `area_known`."""
    code = _code(name)
    if ProductArea.objects.filter(code=code).exists():
        raise Refused("area_known", _("There is already an area with this name, so none was added."))
    last = ProductArea.objects.aggregate(last=Max("position"))["last"] or 0
    area = ProductArea.objects.create(code=code, name=name.strip()[:80], position=last + 1)
    audit.record("area_added", area, now=now, name=area.name)
    return area


@transaction.atomic
def rename_product_area(*, area: ProductArea, name: str, now: datetime) -> ProductArea:
    """Call it otherwise; what refers to it follows. Refuses `no_name`."""
    _code(name)
    kept = ProductArea.objects.select_for_update().get(pk=area.pk)
    before, kept.name = kept.name, name.strip()[:80]
    kept.save(update_fields=["name"])
    audit.record("area_renamed", kept, now=now, before=before, after=kept.name)
    return kept


@transaction.atomic
def remove_product_area(*, area: ProductArea, now: datetime) -> None:
    """Remove an area nothing uses. Refuses `area_in_use` when plans, contracts or tickets name it."""
    kept = ProductArea.objects.select_for_update().get(pk=area.pk)
    uses = [
        field.name
        for field in ProductArea._meta.related_objects
        if field.related_model is not Competence and _is_used(kept, field.get_accessor_name())
    ]
    refusal = Refused(
        "area_in_use",
        _("Plans, contracts or tickets name this area, so it stays. It can be renamed instead."),
    )
    if uses:
        raise refusal
    audit.record("area_removed", kept, now=now, name=kept.name)
    try:
        kept.delete()
    except ProtectedError as error:
        raise refusal from error


@transaction.atomic
def set_competences(*, user: User, levels: Mapping[int, str], now: datetime) -> None:
    """Say how well a person knows each area, by the area's id; an area left out is one they do not know.

    Refuses `not_of_firm`, `unknown_level` and `unknown_area`.
    """
    person = User.objects.select_for_update().get(pk=user.pk)
    if not person.roles:
        raise Refused("not_of_firm", _("Only people of the firm have competences."))
    if set(levels.values()) - set(Competence.Level.values):
        raise Refused(
            "unknown_level", _("One of these levels does not exist. Reload the page and choose again.")
        )
    if ProductArea.objects.filter(pk__in=levels).count() != len(levels):
        raise Refused(
            "unknown_area", _("One of these areas no longer exists. Reload the page and choose again.")
        )
    Competence.objects.filter(user=person).exclude(area__in=levels).delete()
    for area, level in levels.items():
        Competence.objects.update_or_create(user=person, area_id=area, defaults={"level": level})
    audit.record(
        "competences_set", person, now=now, levels={str(area): level for area, level in levels.items()}
    )


def _code(name: str) -> str:
    code = slugify(name)[:40]
    if not code:
        raise Refused("no_name", _("Give the area a name, as in Linux or Aspel SAE."))
    return code


def _is_used(area: ProductArea, accessor: str | None) -> bool:
    return accessor is not None and bool(getattr(area, accessor).exists())
