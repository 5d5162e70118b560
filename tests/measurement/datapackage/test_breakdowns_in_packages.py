"""Breakdowns of every shape go out and come in again, and what cannot be is refused."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.datapackage.exporting import export
from measurement.indicators.models import Category
from measurement.rollups import runs
from measurement.submissions import merging
from tests.factories import measuring
from tests.measurement.datapackage.packages import bring_in, contents, problems, small, sums, write


@pytest.mark.usefixtures("data_manager")
def test_breakdowns_of_every_shape_come_out_as_they_went_in(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, tmp_path: Path
) -> None:
    sex = measuring.breakdown(initiative, "sex", ["F", "M"])
    side = measuring.breakdown(initiative, "side", ["North", "South"])
    need = measuring.breakdown(
        initiative, "need", ["Food", "Rent"], unknown="Not said", adds_up="overlapping"
    )
    table = measuring.cross_table(sex, side, "sex-side")
    measuring.assign(measuring.indicator(initiative, "served"), [alder], quarters, by_=[table, need])
    measuring.open_(initiative, "2026-Q1")
    measuring.report(
        alder,
        "2026-Q1",
        served=10,
        served__f=6,
        served__m=4,
        served__north=5,
        served__south=5,
        served__f_north=3,
        served__f_south=3,
        served__m_north=2,
        served__m_south=2,
        served__food=7,
        served__rent=6,
        served__not_said=1,
    )
    old = list(side.categories.all())
    merging.merge_categories(categories=old, name="Centre", starts_on=date(2026, 7, 1), by=None, at=now())
    runs.roll_up_changed(at=now())

    export(initiative=initiative, to=tmp_path / "out")
    loaded = bring_in(tmp_path / "out", rename="again").initiative
    export(initiative=loaded, to=tmp_path / "again")

    assert sums(loaded) == sums(initiative)
    before, after = contents(tmp_path / "out"), contents(tmp_path / "again")
    assert {"cross_tables.csv", "cross_cells.csv", "category_merges.csv"} <= set(before)
    differing = {name for name in before if before[name] != after[name]}
    assert differing <= {"initiative.csv", "datapackage.json"}
    centre = Category.objects.get(
        disaggregation__initiative=loaded, disaggregation__code="side", code="centre"
    )
    assert set(centre.merged.values_list("code", flat=True)) == {"north", "south"}


def _crossed(row: str) -> dict[str, list[dict[str, Any]]]:
    return {
        "disaggregations": [{"code": "x", "name": "X", "adds_up": "partition"}],
        "cross_tables": [{"disaggregation": "x", "rows": "sex", "columns": "sex"}],
        "categories": [{"disaggregation": "x", "code": "a", "name": "A", "position": 0, "is_unknown": False}],
        "cross_cells": [{"disaggregation": "x", "category": "a", "row": row, "column": "male"}],
    }


def _merge(category: str, into: str, **more: object) -> dict[str, list[dict[str, Any]]]:
    row = {"disaggregation": "sex", "category": category, "into_category": into, "into_disaggregation": "sex"}
    return {"category_merges": [{**row, **more}]}


@pytest.mark.parametrize(
    ("added", "sentence"),
    [
        (_crossed("female"), "two different breakdowns"),
        (_crossed("nobody"), "no category of “sex”"),
        ({**_crossed("female"), "cross_cells": []}, "a row of its own"),
        (_merge("female", "female"), "merged into itself"),
        (_merge("female", "male", into_disaggregation=None), "Name both"),
        (_merge("female", "nobody"), "not in categories.csv"),
        (
            _merge("female", "male", starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1)),
            "cannot end before it begins",
        ),
    ],
)
def test_breakdowns_that_cannot_be_are_refused(
    db: None, tmp_path: Path, added: dict[str, list[dict[str, Any]]], sentence: str
) -> None:
    tables = small()
    for name, rows in added.items():
        tables[name] = [*tables.get(name, []), *rows]

    assert any(sentence in problem.sentence for problem in problems(write(tmp_path / "spoilt", tables)))


def test_only_where_everybody_is_in_one_category_is_one_merged(db: None, tmp_path: Path) -> None:
    tables = small()
    tables["disaggregations"][0]["adds_up"] = "overlapping"
    tables |= _merge("female", "male")

    found = problems(write(tmp_path / "spoilt", tables))

    assert any("exactly one category" in problem.sentence for problem in found)
