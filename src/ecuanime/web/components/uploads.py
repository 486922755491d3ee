"""Files that somebody at the desk attaches: bounded, named safely, stored by hash."""

from __future__ import annotations

import mimetypes
import re
import unicodedata
from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ecuanime.foundation import files
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.formats import file_size, locale_for
from ecuanime.tickets.actions import FileGiven

MOST_FILES = 10
MOST_BYTES = 20 * 1024 * 1024
"""Of all files of a message together: most mail servers take no more."""

_TYPES = mimetypes.MimeTypes()
_FORBIDDEN = re.compile(r'[<>:"|?*\\/]')


def files_of(request: HttpRequest, field: str = "files") -> list[FileGiven]:
    """The files of a posted form, stored. Refuses `too_many_files` and `files_too_large`; then nothing is stored."""
    offered: Sequence[UploadedFile[bytes]] = [each for each in request.FILES.getlist(field) if each.name]
    if len(offered) > MOST_FILES:
        text = _("At most %(number)s files go with a message. Take some out.") % {"number": MOST_FILES}
        raise Refused("too_many_files", text)
    if sum(each.size or 0 for each in offered) > MOST_BYTES:
        size = file_size(MOST_BYTES, locale_for(request.LANGUAGE_CODE))
        text = _("The files of a message may have %(size)s together. Choose smaller ones, or send a link.")
        raise Refused("files_too_large", text % {"size": size})
    return [_given(each, place) for place, each in enumerate(offered, start=1)]


def _given(upload: UploadedFile[bytes], place: int) -> FileGiven:
    name = _plain(upload.name or "") or f"file-{place}"
    kind = _TYPES.guess_type(name)[0] or "application/octet-stream"
    return FileGiven(file=files.store(upload.read()), name=name, media_type=kind)


def _plain(name: str) -> str:
    """The last part of a name without what cannot be seen and what some systems refuse, at most 150 characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name[:1000]))[-1]
    visible = "".join(char for char in last if unicodedata.category(char)[0] != "C")
    tidy = _FORBIDDEN.sub("_", " ".join(visible.split())).strip(" .")
    stem, dot, extension = tidy.rpartition(".")
    return tidy if len(tidy) <= 150 else f"{stem[:120]}{dot}{extension[-20:]}"
