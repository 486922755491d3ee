"""What the client gives before accepting: whom the invoices are for, and a confidentiality agreement of theirs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.clients.actions import ClientChanges, update_client
from ecuanime.clients.models import Client, Contact
from ecuanime.emergencies import notices
from ecuanime.emergencies.access import may_answer_for_client
from ecuanime.emergencies.actions.common import lock
from ecuanime.emergencies.agreements import agreement_of, first_bytes
from ecuanime.emergencies.identity import lacks_identity
from ecuanime.emergencies.models import Emergency, OwnAgreement, Stage
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.formats import file_size, locale_for
from ecuanime.foundation.media_types import media_type_of
from ecuanime.foundation.models import StoredFile
from ecuanime.staff.countries import usual_zone

LARGEST_AGREEMENT = 5 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Whom the invoices are for."""

    legal_name: str
    tax_id: str
    address: str
    postcode: str
    city: str
    region: str = ""
    country: str


@transaction.atomic
def give_identity(*, emergency: Emergency, contact: Contact, identity: Identity, now: datetime) -> Client:
    """A project lead says whom the invoices are for, where the firm does not know it yet; what is known is not changed.

    Refused: `not_allowed`, `not_now` (it is not theirs to decide now), `known`, `identity` (something is empty), and
    as `update_client`.
    """
    emergency = _deciding(emergency, contact)
    client = emergency.client
    if not lacks_identity(client):
        raise Refused("known", _("We know whom the invoices are for. Write to us if it has changed."))
    said = {name: " ".join(text.split()) for name, text in asdict(identity).items()}
    if not all(said[name] for name in ("legal_name", "tax_id", "address", "city", "country")):
        raise Refused(
            "identity", _("Give the legal name, the tax id and the address: the invoices name them.")
        )
    changes = ClientChanges(**said)  # type: ignore[typeddict-item]  # the fields of an identity are those of a client
    if client.country != said["country"]:
        changes["time_zone"] = usual_zone(said["country"])
    if not client.invoice_email and contact.email:
        changes["invoice_email"] = contact.email
    return update_client(client=client, now=now, **changes)


@transaction.atomic
def give_agreement(
    *, emergency: Emergency, contact: Contact, file: StoredFile, name: str, now: datetime
) -> OwnAgreement:
    """A project lead gives a confidentiality agreement of their own, a PDF or a picture; a newer one takes its place.

    It is kept with its hash, which stands in the text that they accept.
    Refused: `not_allowed`, `not_now` (before the answer, or after they have accepted), `agreement` (neither PDF nor
    picture, or too large).
    """
    emergency = _deciding(emergency, contact)
    kind = media_type_of(first_bytes(file))
    if kind is None:
        raise Refused("agreement", _("Send the agreement as a PDF, or as a PNG or JPEG picture."))
    if file.size > LARGEST_AGREEMENT:
        size = file_size(LARGEST_AGREEMENT, locale_for(contact.language))
        raise Refused(
            "agreement", _("The agreement may have %(size)s. Send a smaller file.") % {"size": size}
        )
    kept = agreement_of(emergency)
    if kept is not None and kept.file_id == file.pk:
        return kept
    _take_back(emergency, now)
    given = OwnAgreement.objects.create(
        emergency=emergency, file=file, name=name[:200], media_type=kind, given_by=contact, given_at=now
    )
    _has_changed(emergency)
    audit.record("emergency_agreement_given", emergency, now=now, name=given.name, sha256=file.sha256)
    notices.tell_answer(emergency, "agreement", now=now)
    return given


@transaction.atomic
def take_back_agreement(*, emergency: Emergency, contact: Contact, now: datetime) -> Emergency:
    """A project lead takes their own agreement back: the firm's holds. Without one it changes nothing.

    Refused: `not_allowed`, `not_now`.
    """
    emergency = _deciding(emergency, contact)
    if _take_back(emergency, now):
        _has_changed(emergency)
        audit.record("emergency_agreement_taken_back", emergency, now=now)
    return emergency


def _deciding(emergency: Emergency, contact: Contact) -> Emergency:
    """The locked case, which waits for the yes or no of this person's organisation."""
    emergency = lock(emergency)
    if not may_answer_for_client(contact, emergency):
        raise Refused("not_allowed", _("That is not for you to decide in this case."))
    if emergency.stage != Stage.VIABLE:
        text = _("%(number)s stands at “%(stage)s”: that cannot be done now.")
        raise Refused("not_now", text % {"number": emergency.number, "stage": Stage(emergency.stage).label})
    return emergency


def _take_back(emergency: Emergency, now: datetime) -> int:
    return emergency.agreements.filter(taken_back_at=None).update(taken_back_at=now)


def _has_changed(emergency: Emergency) -> None:
    emergency.version += 1
    emergency.save(update_fields=["version"])
