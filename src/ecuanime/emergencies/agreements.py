"""A confidentiality agreement of the client's own, and how its file begins."""

from __future__ import annotations

from ecuanime.emergencies.models import Emergency, OwnAgreement
from ecuanime.foundation.files import path_of
from ecuanime.foundation.models import StoredFile


def agreement_of(emergency: Emergency) -> OwnAgreement | None:
    """The client's own agreement that holds in a case; None where the firm's does."""
    return emergency.agreements.select_related("file", "given_by").filter(taken_back_at=None).first()


def first_bytes(file: StoredFile) -> bytes:
    """What tells the kind of a kept file."""
    with path_of(file.sha256).open("rb") as stream:
        return stream.read(16)
