"""Whatever is right comes out as it went in; whatever is not is refused, and never an error of ours."""

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measurement.datapackage.columns import Column, NotReadable
from measurement.datapackage.columns import write as written
from measurement.datapackage.exporting import export
from measurement.datapackage.resources import RESOURCES
from tests.measurement.datapackage.packages import bring_in, contents, figure, problems, small, write

_TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]),
    min_size=1,
    max_size=40,
)
_COUNTS = st.integers(0, 10**12)
_SCORES = st.decimals(-(10**6), 10**6, places=4)


@st.composite
def _tables(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    tables = small()
    tables["organizations"][0]["name"] = draw(_TEXT)
    tables["groups"][0]["name"] = draw(_TEXT)
    tables["indicator_versions"][0]["definition"] = draw(_TEXT)
    base = draw(_COUNTS)
    cases = draw(st.integers(1, 10**6))
    tables["observations"] = [
        figure("served", "birch", draw(_COUNTS), note=draw(_TEXT)),
        figure("rate", "birch", draw(st.integers(0, base)) if base else 0, base),
        figure(
            "score",
            "alder",
            draw(_SCORES) * cases,
            cases,
            status=draw(st.sampled_from(["reported", "estimated"])),
        ),
        *(
            figure("places", "alder", draw(st.decimals(0, 10**9, places=6)), entry=entry)
            for entry in range(1, draw(st.integers(1, 4)) + 1)
        ),
    ]
    return tables


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables=_tables())
def test_any_right_package_survives(tables: dict[str, list[dict[str, Any]]]) -> None:
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        package = write(Path(folder) / "package", tables)
        loaded = bring_in(package)
        export(initiative=loaded.initiative, to=Path(folder) / "again")

        assert contents(Path(folder) / "again") == contents(package)
        assert bring_in(package).new == {}
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from([resource.path for resource in RESOURCES if not resource.optional]),
    place=st.floats(0, 1, exclude_max=True),
    junk=st.one_of(
        st.binary(max_size=12),
        st.sampled_from([b"", b'"', b",", b"\n", b"\r", b"=1+1", b"99999999999999999999"]),
    ),
    length=st.integers(0, 30),
)
def test_a_spoiled_package_is_refused_or_loaded_but_never_breaks(
    name: str, place: float, junk: bytes, length: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        package = write(Path(folder) / "package", small())
        content = (package / name).read_bytes()
        start = int(len(content) * place)
        (package / name).write_bytes(content[:start] + junk + content[start + length :])

        found = problems(package)
        assert all(str(problem) for problem in found)
        transaction.set_rollback(True)


_NUMBER = Column("number", "number", required=False)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8))
def test_a_number_is_read_as_it_was_written(value: Decimal) -> None:
    text = written(value)
    assert "E" not in text.upper()
    assert _NUMBER.read(text) == value


@pytest.mark.parametrize(
    "text", ["1e5", "1,5", " 1", "1 ", "+1", "1.", ".5", "NaN", "Infinity", "0x10", "١", "1_000", "--1"]
)
def test_what_is_no_plain_number_is_not_read(text: str) -> None:
    with pytest.raises(NotReadable):
        _NUMBER.read(text)
