"""A small package for tests, and ways to spoil it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.timezone import now

from initiatives.charter.models import Initiative
from measurement.datapackage.composing import compose
from measurement.datapackage.loading import Loaded, load
from measurement.datapackage.problems import Problem, Unfit
from measurement.rollups.models import Cell

Tables = dict[str, list[dict[str, Any]]]

JOINED = date(2025, 1, 1)
RECEIVED = datetime(2025, 4, 10, 9, 30, tzinfo=UTC)
RECORDED = datetime(2025, 4, 12, 9, 30, 0, 250_000, tzinfo=UTC)

_VERSION = {
    "number": 1,
    "effective_from": JOINED,
    "definition": "What it means.",
    "over_time": "sum",
    "base_over_time": "sum",
    "carry_periods": 0,
    "decimals": 0,
    "per": Decimal(1),
    "multiplier": Decimal(1),
    "whole_numbers": True,
    "allows_negative": False,
    "is_proportion": False,
    "counts_people": True,
    "polarity": "higher",
}
_FIGURE = {
    "calendar": "quarters",
    "period": "2025-Q1",
    "entry": 1,
    "version": 1,
    "status": "reported",
    "derived": False,
    "received_at": RECEIVED,
    "recorded_at": RECORDED,
}


def figure(
    indicator: str, organization: str, amount: object = None, base: object = None, **rest: Any
) -> dict[str, Any]:
    numbers = {"amount": amount, "base": base}
    given = {name: Decimal(str(value)) for name, value in numbers.items() if value is not None}
    return {**_FIGURE, "indicator": indicator, "organization": organization, **given, **rest}


def expected(indicator: str, organization: str, **rest: Any) -> dict[str, Any]:
    nothing = {"entry": 0, "status": "missing", "received_at": None, "recorded_at": None}
    return {**_FIGURE, **nothing, "indicator": indicator, "organization": organization, **rest}


def small() -> Tables:
    """Two partners in a group, three quarters of which the first is reported, kinds of every sort."""
    partners = ("alder", "birch")
    kinds = {"served": "flow", "places": "stock", "rate": "ratio", "score": "mean", "plan": "milestone"}
    kinds |= {"steps": "ordinal", "wait": "median", "words": "text"}
    own = {"x-census": "population", "y-seen": "unique_people", "z-double": "derived"}
    assignments = [
        {"indicator": code, "organization": partner, "calendar": "quarters", "starts_on": JOINED}
        for code in kinds
        for partner in partners
    ]
    report = {"calendar": "quarters", "period": "2025-Q1", "due_at": datetime(2025, 5, 1, 4, tzinfo=UTC)}
    approved = {"status": "approved", "saved_at": RECEIVED, "submitted_at": RECEIVED, "decided_at": RECORDED}
    return {
        "initiative": [
            {
                "slug": "small",
                "name": "Small, but “whole”",
                "summary": "=SUM(A1)\nsecond line, with a comma",
                "source_note": "made up",
                "time_zone": "America/Detroit",
                "currency": "USD",
                "final_at_completeness": Decimal("0.8"),
            }
        ],
        "organizations": [
            {"code": "alder", "name": "Alder School", "sector": "school"},
            {
                "code": "birch",
                "name": "-Birch, Ltd",
                "sector": "charity",
                "website": "https://birch.example.org/",
            },
            {"code": "fund", "name": "@Fund", "sector": "foundation"},
        ],
        "participations": [
            *({"organization": it, "code": it, "side": "partner", "joined_on": JOINED} for it in partners),
            {"organization": "fund", "code": "fund", "side": "funder", "joined_on": JOINED},
        ],
        "groups": [{"code": "north", "name": "North", "kind": "place"}],
        "group_members": [{"group": "north", "organization": "alder"}],
        "outcomes": [{"code": "learning", "name": "Everybody learns", "position": 0}],
        "outcome_indicators": [{"outcome": "learning", "indicator": "served", "position": 0}],
        "calendars": [
            {
                "code": "quarters",
                "name": "Quarters",
                "frequency": "quarterly",
                "first_month": 1,
                "months": 12,
                "due_after_days": 30,
            }
        ],
        "periods": [
            _period("2025-Q1", "Q1 2025", date(2025, 1, 1), date(2025, 3, 31), "closed"),
            _period("2025-Q2", "Q2 2025", date(2025, 4, 1), date(2025, 6, 30), "open"),
            _period("2025-Q3", "Q3 2025", date(2025, 7, 1), date(2025, 9, 30), "planned"),
        ],
        "indicators": [
            {"code": code, "level": "performance", "tier": "core", "position": place}
            for place, code in enumerate(kinds | own)
        ],
        "indicator_versions": [
            {**_VERSION, "indicator": "served", "name": "Served", "kind": "flow"},
            {
                **_VERSION,
                "indicator": "places",
                "name": "Places",
                "kind": "stock",
                "over_time": "last",
                "whole_numbers": False,
            },
            {**_VERSION, "indicator": "rate", "name": "Rate", "kind": "ratio", "is_proportion": True},
            {**_VERSION, "indicator": "score", "name": "Score", "kind": "mean", "allows_negative": True},
            {**_VERSION, "indicator": "plan", "name": "Plan", "kind": "milestone", "over_time": "last"},
            {
                **_VERSION,
                "indicator": "steps",
                "name": "Steps",
                "kind": "ordinal",
                "levels": "Low\nMiddle\nHigh",
                "from_level": 2,
            },
            {
                **_VERSION,
                "indicator": "x-census",
                "name": "Census",
                "kind": "population",
                "over_time": "last",
            },
            {**_VERSION, "indicator": "y-seen", "name": "Seen", "kind": "unique_people"},
            {
                **_VERSION,
                "indicator": "z-double",
                "name": "Double",
                "kind": "derived",
                "over_time": "none",
                "expression": "2 * served",
            },
            {**_VERSION, "indicator": "wait", "name": "Wait", "kind": "median", "over_time": "none"},
            {**_VERSION, "indicator": "words", "name": "Words", "kind": "text", "over_time": "none"},
        ],
        "exchange_rates": [
            {"currency": "EUR", "into": "USD", "on": JOINED, "rate": Decimal("1.08"), "source": "A bank"}
        ],
        "population_figures": [
            {
                "indicator": "x-census",
                "calendar": "quarters",
                "period": "2025-Q1",
                "recorded_at": RECORDED,
                "version": 1,
                "amount": Decimal(1000),
                "as_of": JOINED,
                "source": "A register, 2025",
            }
        ],
        "overlaps": [
            {
                "indicator": "y-seen",
                "calendar": "quarters",
                "period": "2025-Q1",
                "group": "north",
                "recorded_at": RECORDED,
                "people": Decimal(3),
                "source": "Both lists were compared",
            }
        ],
        "disaggregations": [{"code": "sex", "name": "Sex", "adds_up": "partition"}],
        "categories": [
            {"disaggregation": "sex", "code": "female", "name": "Female", "position": 0, "is_unknown": False},
            {"disaggregation": "sex", "code": "male", "name": "Male", "position": 1, "is_unknown": False},
            {
                "disaggregation": "sex",
                "code": "unknown",
                "name": "Unknown",
                "position": 2,
                "is_unknown": True,
            },
        ],
        "assignments": assignments,
        "assignment_breakdowns": [{**assignments[0], "disaggregation": "sex"}],
        "targets": [
            {
                "indicator": "served",
                "baseline_on": JOINED,
                "baseline": Decimal(10),
                "due_on": date(2026, 1, 1),
                "value": Decimal("40.5"),
                "note": "+1 is not a formula",
            }
        ],
        "equity_gaps": [
            {
                "indicator": "rate",
                "disaggregation": "sex",
                "category": "female",
                "reference": "male",
                "measured_as": "difference",
                "baseline_on": JOINED,
                "baseline": Decimal("-7.5"),
                "due_on": date(2026, 1, 1),
                "value": Decimal(0),
            }
        ],
        "benchmarks": [
            {
                "indicator": "served",
                "name": "The state",
                "source": "Census",
                "licence": "CC0",
            }
        ],
        "benchmark_values": [
            {
                "indicator": "served",
                "benchmark": "The state",
                "on": date(2024, 12, 31),
                "value": Decimal("7.5"),
            }
        ],
        "reports": [{"organization": it, **report, **approved} for it in partners],
        "drafts": [
            {**_cell("served", "alder"), "amount": "=1+1", "note": "typed as it was"},
        ],
        "observations": [
            figure("served", "alder", 120),
            figure("served", "alder", 60, disaggregation="sex", category="female"),
            figure("served", "alder", 50, disaggregation="sex", category="male"),
            figure("served", "alder", 10, disaggregation="sex", category="unknown", derived=True),
            figure("served", "birch", 70, note="@home, “too”"),
            figure(
                "served", "birch", 80, entry=2, recorded_at=datetime(2025, 4, 20, tzinfo=UTC), reason="a typo"
            ),
            figure("places", "alder", "100.25"),
            expected("places", "birch"),
            figure("rate", "alder", 45, 50),
            figure("rate", "birch", status="withheld", low=Decimal(1), high=Decimal(4)),
            figure("score", "alder", "-7.5", 3),
            figure("score", "birch", status="not_collected"),
            figure("plan", "alder", 1, 1),
            figure("plan", "birch", 0, 1, status="provisional"),
            figure("steps", "alder", 4, 6, levels="2;4;0"),
            figure("wait", "alder", 12, 40),
            figure("wait", "birch", 31),
            figure("words", "birch", text="More buses,\nand later ones."),
        ],
    }


def _cell(indicator: str, organization: str) -> dict[str, Any]:
    return {name: _FIGURE[name] for name in ("calendar", "period")} | {
        "indicator": indicator,
        "organization": organization,
    }


def _period(code: str, label: str, start: date, end: date, state: str) -> dict[str, Any]:
    opened = datetime(2025, 3, 1, tzinfo=UTC) if state != "planned" else None
    closed = datetime(2025, 6, 1, tzinfo=UTC) if state == "closed" else None
    days = {"start": start, "end": end, "due_on": date(2025, 12, 31)}
    return {
        "calendar": "quarters",
        "code": code,
        "label": label,
        "state": state,
        "opened_at": opened,
        "closed_at": closed,
        **days,
    }


def write(folder: Path, tables: Tables) -> Path:
    compose(tables, to=folder)
    return folder


def bring_in(place: Path, **options: Any) -> Loaded:
    return load(place=place, by=None, at=now(), **options)


def problems(place: Path) -> list[Problem]:
    """What is wrong with the package. It must not have left anything behind."""
    before = Initiative.objects.count()
    try:
        bring_in(place)
    except Unfit as unfit:
        assert Initiative.objects.count() == before
        return unfit.problems
    return []


def spoil(folder: Path, name: str, change: Callable[[str], str]) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text, "the test changes nothing"
    path.write_text(changed, encoding="utf-8", newline="")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def sums(initiative: Initiative) -> set[tuple[object, ...]]:
    """The cells of an initiative, told by codes."""
    fields = (
        "indicator__code",
        "period__code",
        "group__code",
        "category__code",
        "amount",
        "base",
        "figures",
        "expected",
        "received",
        "missing",
        "withheld",
        "recorded_at",
    )
    return set(Cell.objects.filter(initiative=initiative).values_list(*fields))
