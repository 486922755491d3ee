"""Mail under seal: what is signed is read, what is encrypted is kept whole and said to be so (S/MIME and PGP).

No signature is checked and no key is held here: a seal proves nothing about who wrote the mail.
"""

from __future__ import annotations

import re

from ecuanime.channels.email.reading.cms import signed_content
from ecuanime.channels.email.reading.limits import check
from ecuanime.channels.email.reading.mime import Leaf, Mail, split_mail

SIGNATURE = "signature"
ENCRYPTED = "encrypted"
PACKED = "packed"
"""Codes for files that only carry the mail, or part of it: see `Attachment.ambiguous`."""

MAX_DEPTH = 3
MOST_BLOCKS = 50
_SIGNATURES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_PGP_CONTROL = "application/pgp-encrypted"
_PGP_CONTROL_BYTES = 200
_BEGIN = re.compile(r"(?m)^-----BEGIN PGP (MESSAGE|SIGNED MESSAGE)-----[ \t]*$")
_ENDS = {"MESSAGE": "\n-----END PGP MESSAGE-----", "SIGNED MESSAGE": "\n-----END PGP SIGNATURE-----"}


def signed_mail(mail: Mail, leaf: Leaf, content: bytes) -> Mail | None:
    """The mail inside a mail that is nothing but a signed envelope; None for anything else, and beyond a limit.

    A signed file among others is no mail: it stays the file it is.
    """
    if not _is_envelope(mail, leaf):
        return None
    inner = signed_content(content)
    return split_mail(inner) if inner is not None and check(inner) is None else None


def mark_of(mail: Mail, number: int, *, is_open: bool) -> str | None:
    """What the leaf with this number, from 1 on, is when it only carries the mail, as a code.

    `is_open` says that it was read by `signed_mail`.
    """
    leaf = mail.leaves[number - 1]
    if is_open or leaf.media_type in _SIGNATURES:
        return SIGNATURE
    if _is_envelope(mail, leaf):
        return {"signed-data": PACKED, "certs-only": None}.get(_kind(leaf), ENCRYPTED)
    before = mail.leaves[number - 2].media_type if number > 1 else ""
    return ENCRYPTED if before == _PGP_CONTROL else None


def is_control(leaf: Leaf, content: bytes) -> bool:
    """Whether a part only says that the next one is encrypted by PGP (RFC 3156): nobody misses it."""
    return (
        leaf.media_type == _PGP_CONTROL
        and len(content) < _PGP_CONTROL_BYTES
        and content.strip().lower().startswith(b"version:")
    )


def without_armour(text: str) -> tuple[str, list[tuple[str, str]]]:
    """`text` without PGP's armour, and each armoured block with its code: signed words stay, encrypted ones go.

    A block without its end is left as it is, with all that follows, and so is what comes after the fiftieth block.
    """
    kept: list[str] = []
    blocks: list[tuple[str, str]] = []
    at = 0
    while len(blocks) < MOST_BLOCKS and (found := _BEGIN.search(text, at)):
        last = text.find(_ENDS[found[1]], found.end())
        if last < 0:
            break
        stop = last + len(_ENDS[found[1]])
        block = text[found.start() : stop]
        kept.append(text[at : found.start()])
        if found[1] == "MESSAGE":
            blocks.append((ENCRYPTED, block))
        else:
            kept.append(_signed_words(block))
            blocks.append((SIGNATURE, block))
        at = stop
    return "".join([*kept, text[at:]]), blocks


def _signed_words(block: str) -> str:
    """The words of a signed block: after its headers, with dashes at the start of a line as they were written."""
    words = block.partition("\n-----BEGIN PGP SIGNATURE-----")[0].partition("\n\n")[2]
    return re.sub(r"(?m)^- ", "", words)


def _is_envelope(mail: Mail, leaf: Leaf) -> bool:
    """Whether the whole mail is this one envelope; a gateway may have taken its type away and left its name."""
    named = leaf.parameters.get("name", "").strip().lower() == "smime.p7m"
    is_smime = leaf.media_type in _SMIME or (leaf.media_type == "application/octet-stream" and named)
    return is_smime and mail.leaves == [leaf]


def _kind(leaf: Leaf) -> str:
    return leaf.parameters.get("smime-type", "").strip().lower()
