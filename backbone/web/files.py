"""Files that people give us and that we make for them: private, under random names, given out as attachments.

Decisions. Nothing here has an address of its own: a view that has asked who may see it answers with `attachment`. The
name that a file had at somebody's desk is kept beside its row, never used as a path. A browser saves what it
gets and never shows it as a page of ours, whatever stands in it. Where the files lie is a matter of settings
(STORAGES["private"]): a folder, or any storage that Django can be given.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from io import BytesIO
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import Any, Final, cast

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.http import FileResponse, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

MEGABYTE: Final = 1024 * 1024
LARGEST: Final = 20 * MEGABYTE

_LONGEST_NAME: Final = 120
_IN_MEMORY: Final = 2 * MEGABYTE
_NOT_IN_NAMES: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
_TYPES: Final = {
    ".csv": "text/csv; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


class TooLarge(ValueError):
    """The text says so to people, and how large it may be."""


class Gone(LookupError):
    """The file is not there any more."""


def private_files() -> Storage:
    return storages["private"]


def keep(content: "File[Any] | bytes | Iterable[bytes]", *, folder: str, at_most: int = LARGEST) -> str:
    """Store it under a random name in the folder and return its key. Raises TooLarge, counted while it is read."""
    if isinstance(content, File):
        pieces: Iterable[bytes] = content.chunks()
    else:
        pieces = [content] if isinstance(content, bytes) else content
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as whole:
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > at_most:
                raise TooLarge(
                    _("The file is too large: it may have at most %(size)s.")
                    % {"size": filesizeformat(at_most)}
                )
            whole.write(piece)
        whole.seek(0)
        return private_files().save(f"{folder}/{secrets.token_hex(20)}", File(whole))


def keep_as(content: bytes, *, key: str) -> None:
    """Store what was made under a key that says all that is in it. Twice is the same as once."""
    if not is_there(key):
        private_files().save(key, File(BytesIO(content)))


def is_there(key: str) -> bool:
    return private_files().exists(key)


def read(key: str) -> "File[Any]":
    """The file, open for reading. Raises Gone."""
    try:
        return private_files().open(key, "rb")
    except FileNotFoundError as missing:
        raise Gone(key) from missing


def remove(key: str) -> None:
    """Twice is the same as once."""
    private_files().delete(key)


def clean_name(name: str, *, otherwise: str = "file") -> str:
    """A file's name as it may stand in a page and in a header: no path, no control characters, not too long."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(char for char in _NOT_IN_NAMES.sub(" ", plain) if char.isprintable())
    plain = " ".join(plain.split()).strip(" .")
    if len(plain) > _LONGEST_NAME:
        suffix = PurePosixPath(plain).suffix[:10]
        plain = plain[: _LONGEST_NAME - len(suffix)] + suffix
    return plain or otherwise


def attachment(content: "File[Any] | bytes", *, name: str) -> HttpResponse:
    """An answer that is saved under this name and never shown. The caller has asked who may have it."""
    name = clean_name(name)
    content_type = _TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")
    response = FileResponse(
        BytesIO(content) if isinstance(content, bytes) else content,
        as_attachment=True,
        filename=name,
        content_type=content_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return cast(HttpResponse, response)  # what views say that they give; it is given out piece by piece
