"""What kind of file some bytes are, by how they begin and never by what a stranger calls them."""

from __future__ import annotations

_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
EXTENSIONS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


def media_type_of(content: bytes) -> str | None:
    """The media type of a paper, printed or scanned: a PDF, PNG or JPEG; None for anything else."""
    return next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), None)
