"""Where the files of a package lie: in a folder or in a zip archive, which is not trusted."""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, Protocol

from django.utils.translation import gettext as _

from measurement.datapackage.descriptor import FILE

MOST_BYTES: Final = 500_000_000
MOST_INFLATED: Final = 100
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip archive can tell
_SMALL: Final = 1_000_000  # below it a high ratio does no harm


class Refused(Exception):
    """The folder or archive is not one that we read or write; the text says why."""


class Container(Protocol):
    def open(self, path: str) -> BinaryIO: ...


def _safe(path: str) -> PurePosixPath:
    """A path that stays inside of what it is relative to."""
    pure = PurePosixPath(path)
    outside = pure.is_absolute() or ".." in pure.parts or not pure.parts
    if outside or "\\" in path or ":" in path or "\x00" in path:
        raise Refused(_("“%(path)s” points out of the package.") % {"path": path})
    return pure


class Folder:
    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def open(self, path: str) -> BinaryIO:
        wanted = self.root / _safe(path)
        if not wanted.resolve().is_relative_to(self.root):
            raise Refused(_("“%(path)s” points out of the package.") % {"path": path})
        try:
            if wanted.stat().st_size > MOST_BYTES:
                raise Refused(_("“%(path)s” is too large.") % {"path": path})
            return wanted.open("rb")
        except (OSError, ValueError) as trouble:
            raise Refused(_("“%(path)s” cannot be read.") % {"path": path}) from trouble


class Archive:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        entries = archive.infolist()
        _refuse_bombs(entries)
        for entry in entries:
            _refuse_tricks(entry)
        names = [entry.filename for entry in entries]
        if len(names) != len(set(names)):
            raise Refused(_("The archive holds a file twice."))
        self.top = _top(names)

    def open(self, path: str) -> BinaryIO:
        try:
            return self.archive.open(self.top + str(_safe(path)))  # type: ignore[return-value]
        except (KeyError, *DAMAGED) as trouble:
            raise Refused(_("“%(path)s” cannot be read.") % {"path": path}) from trouble


# What the standard library says about an archive that is not whole, or not one that it can read.
DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


def _top(names: list[str]) -> str:
    """The folder inside of the archive that the package is in, where somebody has zipped the folder."""
    found = [name for name in names if PurePosixPath(name).name == FILE and name.count("/") <= 1]
    if len(found) != 1:
        raise Refused(_("There is no %(file)s in the archive, or more than one.") % {"file": FILE})
    return found[0].removesuffix(FILE)


def _refuse_bombs(entries: list[zipfile.ZipInfo]) -> None:
    size, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if size > MOST_BYTES or any(_inflates(e.file_size, e.compress_size) for e in entries):
        raise Refused(_("The archive unpacks to more than we accept."))
    if _inflates(size, packed):
        raise Refused(_("The archive unpacks to more than we accept."))


def _inflates(size: int, packed: int) -> bool:
    return size > _SMALL and size > MOST_INFLATED * packed


def _refuse_tricks(entry: zipfile.ZipInfo) -> None:
    _safe(entry.filename)
    if entry.flag_bits & 0x1:
        raise Refused(_("The archive is encrypted: give it without a password."))
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused(_("“%(path)s” is a link, which a package cannot hold.") % {"path": entry.filename})


@contextmanager
def reading(place: Path) -> Iterator[Container]:
    """The files of a folder or archive. Raises Refused."""
    if place.is_dir():
        yield Folder(place)
        return
    try:
        archive = zipfile.ZipFile(place)
    except DAMAGED as trouble:
        raise Refused(_("“%(path)s” is neither a folder nor a zip archive.") % {"path": place}) from trouble
    with archive:
        yield Archive(archive)


class Writer(Protocol):
    @contextmanager
    def file(self, path: str) -> Iterator[BinaryIO]: ...


class _FolderWriter:
    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def file(self, path: str) -> Iterator[BinaryIO]:
        with (self.root / path).open("wb") as stream:
            yield stream


class _ArchiveWriter:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive

    @contextmanager
    def file(self, path: str) -> Iterator[BinaryIO]:
        entry = zipfile.ZipInfo(path, _EARLIEST)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        with self.archive.open(entry, "w", force_zip64=True) as stream:
            yield stream  # type: ignore[misc]


@contextmanager
def writing(place: Path) -> Iterator[Writer]:
    """A zip archive where the name ends so, else a folder: a new one, an empty one, or one with a package."""
    if place.suffix.lower() == ".zip":
        fresh = place.with_name(place.name + ".new")
        try:
            with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
                yield _ArchiveWriter(archive)
            fresh.replace(place)
        finally:
            fresh.unlink(missing_ok=True)
        return
    if place.exists() and not place.is_dir():
        raise Refused(_("“%(path)s” is a file.") % {"path": place})
    if place.is_dir() and any(place.iterdir()) and not (place / FILE).is_file():
        raise Refused(_("“%(path)s” holds something else than a package.") % {"path": place})
    place.mkdir(parents=True, exist_ok=True)
    yield _FolderWriter(place)
