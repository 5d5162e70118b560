"""Archives come from strangers."""

import stat
import zipfile
from pathlib import Path

import pytest

from measurement.datapackage import containers
from tests.measurement.datapackage.packages import problems

pytestmark = pytest.mark.django_db


def _zipped(package: Path, to: Path, **more: bytes) -> Path:
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(package.iterdir()):
            archive.write(path, path.name)
        for name, content in more.items():
            archive.writestr(name, content)
    return to


def _sentence(place: Path) -> str:
    (problem,) = problems(place)
    return problem.sentence


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "package.zip"


def test_a_package_in_an_archive_is_fine(package: Path, target: Path) -> None:
    assert problems(_zipped(package, target)) == []


def test_a_bomb_is_refused(package: Path, target: Path) -> None:
    _zipped(package, target, bomb=b"0" * 20_000_000)

    assert "unpacks to more" in _sentence(target)


def test_many_small_bombs_are_refused(package: Path, target: Path) -> None:
    _zipped(package, target, **{f"b{place}": b"0" * 900_000 for place in range(40)})

    assert "unpacks to more" in _sentence(target)


def test_a_huge_archive_is_refused(package: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MOST_BYTES", 10_000)

    assert "unpacks to more" in _sentence(_zipped(package, target))


@pytest.mark.parametrize("name", ["../evil.csv", "/etc/passwd", "a/../../evil", "a\\..\\evil", "C:evil"])
def test_a_path_out_of_the_archive_is_refused(package: Path, target: Path, name: str) -> None:
    _zipped(package, target, **{name: b"evil"})

    assert "points out of the package" in _sentence(target)


def test_a_link_in_an_archive_is_refused(package: Path, target: Path) -> None:
    _zipped(package, target)
    link = zipfile.ZipInfo("link.csv")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr(link, "/etc/passwd")

    assert "is a link" in _sentence(target)


def test_an_encrypted_archive_is_refused(package: Path, target: Path) -> None:
    content = bytearray(_zipped(package, target).read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(signature)
        while place >= 0:
            content[place + flags] |= 1
            place = content.find(signature, place + 4)
    target.write_bytes(content)

    assert "encrypted" in _sentence(target)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_refused(package: Path, target: Path) -> None:
    _zipped(package, target)
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("groups.csv", "code,name,kind\n")

    assert "twice" in _sentence(target)


def test_a_damaged_archive_is_refused(package: Path, target: Path) -> None:
    content = bytearray(_zipped(package, target).read_bytes())
    with zipfile.ZipFile(target) as archive:
        start = archive.getinfo("observations.csv").header_offset + 60
    content[start : start + 200] = bytes(200)
    target.write_bytes(content)

    assert any("damaged" in it.sentence or "cannot be read" in it.sentence for it in problems(target))


def test_an_archive_that_ends_too_early_is_refused(package: Path, target: Path) -> None:
    content = _zipped(package, target).read_bytes()
    target.write_bytes(content[: len(content) // 2])

    assert "neither a folder nor a zip archive" in _sentence(target)


def test_an_archive_without_a_package_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing here")

    assert "no datapackage.json" in _sentence(tmp_path / "empty.zip")


@pytest.mark.parametrize("name", ["nowhere", "nowhere.zip"])
def test_what_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    assert "neither a folder nor a zip archive" in _sentence(tmp_path / name)
