"""Files are private: random names, a largest size, given out to be saved and never to be shown."""

import pytest
from django.core.files.base import ContentFile

from backbone.web import files


def test_what_is_kept_comes_back_and_its_name_says_nothing() -> None:
    key = files.keep(ContentFile(b"some text", name="salaries of Rita.xlsx"), folder="imports")

    assert key.startswith("imports/")
    assert "salaries" not in key
    with files.read(key) as kept:
        assert kept.read() == b"some text"
    assert key != files.keep(b"some text", folder="imports")


def test_a_file_that_is_too_large_is_refused_with_what_is_allowed() -> None:
    endless = (b"x" * 1024 for _number in range(10_000))

    with pytest.raises(files.TooLarge, match=r"at most 2\.0"):
        files.keep(endless, folder="imports", at_most=2 * files.MEGABYTE)
    assert sum(1 for _left in endless) > 7_000, "it was read to its end"


def test_a_removed_file_is_gone_and_removing_it_again_does_no_harm() -> None:
    key = files.keep(b"text", folder="imports")
    files.remove(key)
    files.remove(key)

    with pytest.raises(files.Gone):
        files.read(key)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("report.xlsx", "report.xlsx"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\Rita\report.xlsx", "report.xlsx"),
        ("a\r\nSet-Cookie: x.csv", "a Set-Cookie x.csv"),
        ('a"b<c>.csv', "a b c .csv"),
        ("Año 2026 – ½.csv", "Año 2026 – ½.csv"),
        ("\u202egpj.exe", "gpj.exe"),
        ("...", "file"),
        ("", "file"),
        ("x" * 300 + ".xlsx", "x" * 115 + ".xlsx"),
    ],
)
def test_names_of_files_are_made_harmless(name: str, clean: str) -> None:
    assert files.clean_name(name) == clean


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "figures.csv", "ä\r\n.xlsx"])
def test_what_is_given_out_is_saved_and_never_shown(name: str) -> None:
    answer = files.attachment(b"<script>alert(1)</script>", name=name)

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "html" not in answer.headers["Content-Type"]
    assert "svg" not in answer.headers["Content-Type"]
    assert b"".join(answer) == b"<script>alert(1)</script>"
