"""A confidentiality agreement of the client's own, and what kind of file it is."""

from __future__ import annotations

from ecuanime.emergencies.models import Emergency, OwnAgreement
from ecuanime.foundation.files import path_of
from ecuanime.foundation.models import StoredFile

_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
EXTENSIONS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


def agreement_of(emergency: Emergency) -> OwnAgreement | None:
    """The client's own agreement that holds in a case; None where the firm's does."""
    return emergency.agreements.select_related("file", "given_by").filter(taken_back_at=None).first()


def media_type_of(content: bytes) -> str | None:
    """What a file is by its first bytes, whatever it is called: a PDF, PNG or JPEG; None for anything else."""
    return next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), None)


def first_bytes(file: StoredFile) -> bytes:
    """What tells the kind of a kept file."""
    with path_of(file.sha256).open("rb") as stream:
        return stream.read(16)
