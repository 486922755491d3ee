"""Saying how the firm serves emergencies, and who is alerted in which order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.contracts.models import PlanVersion
from ecuanime.emergencies.access import may_set_express
from ecuanime.emergencies.models import ExpressService, OnAlert
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.staff.models import Competence, ProductArea
from ecuanime.tickets.access import works_at_desk


@transaction.atomic
def set_service(*, service: ExpressService, by: User, now: datetime) -> ExpressService:
    """Keep how emergencies are served.

    Refused: `not_allowed`, `no_rates` (offered without both plans), `currencies` (the two plans differ in theirs).
    """
    if not may_set_express(by):
        raise Refused("not_allowed", _("Only administrators do that."))
    express, on_demand = service.express_plan, service.on_demand_plan
    if service.is_offered and (express is None or on_demand is None):
        raise Refused(
            "no_rates", _("Choose the plans that hold both rates before clients can declare emergencies.")
        )
    if express is not None and on_demand is not None:
        versions = PlanVersion.objects.filter(plan__in=(express, on_demand), published_at__isnull=False)
        if versions.values("currency").distinct().count() > 1:
            text = _("The two plans are charged in different currencies. Choose two in the same one.")
            raise Refused("currencies", text)
    service.pk = 1
    service.save()
    audit.record(
        "express_service_set",
        service,
        now=now,
        offered=service.is_offered,
        strangers=service.takes_strangers,
    )
    return service


@transaction.atomic
def set_alert_list(*, area: ProductArea, people: Sequence[User], by: User, now: datetime) -> list[OnAlert]:
    """Say who is alerted in a product area, in this order.

    Refused: `not_allowed`, `not_competent` (somebody does not know the area, or does not work at the desk).
    """
    if not may_set_express(by):
        raise Refused("not_allowed", _("Only administrators do that."))
    ordered = list(dict.fromkeys(people))
    competent = set(Competence.objects.filter(area=area).values_list("user_id", flat=True))
    for person in ordered:
        if person.pk not in competent or not works_at_desk(person):
            text = _(
                "%(name)s does not know %(area)s, so they cannot be alerted for it. Note their competence first."
            )
            raise Refused("not_competent", text % {"name": person, "area": area})
    OnAlert.objects.filter(area=area).delete()
    rows = [OnAlert(area=area, user=user, position=place) for place, user in enumerate(ordered, start=1)]
    OnAlert.objects.bulk_create(rows)
    audit.record("alert_list_set", area, now=now, people=[user.pk for user in ordered])
    return rows
