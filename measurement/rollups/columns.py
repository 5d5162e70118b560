"""What a record of sums is made of, in SQL: column by column, from figures, and from the records of shorter periods."""

from typing import Final

from measurement.rollups.volumes import OF_FIGURES
from measurement.submissions.status import EXPECTED, RECEIVED

_expected = ", ".join(f"'{status}'" for status in EXPECTED)
_received = ", ".join(f"'{status}'" for status in RECEIVED)


def _count(status: str) -> str:
    return f"count(*) FILTER (WHERE f.status = '{status}')"


def _beyond(end: str) -> str:
    """What is withheld on top of the known amount; of a highest level it is what the highest can be beyond it."""
    return f"""CASE WHEN max(s.over_time) <> 'max' THEN sum(l.withheld_{end}) WHEN max(l.withheld_{end}) IS NOT NULL
        THEN max(coalesce(l.amount, 0) + coalesce(l.withheld_{end}, 0)) - coalesce(max(l.amount), 0) END"""


def _all_squares(row: str) -> str:
    """Where one average comes without its spread, that of all together is not known."""
    return f"CASE WHEN bool_and({row}.squares IS NOT NULL OR {row}.base IS NULL) THEN sum({row}.squares) END"


# Each column of a record: how it is made from figures `f`, and how from leaves `l` with `s` the span they fill.
COLUMNS: Final[dict[str, tuple[str, str]]] = {
    "version_id": ("max(f.version_id)", "max(s.version_id)"),
    "amount": (
        "sum(f.amount)",
        "CASE WHEN max(s.over_time) = 'max' THEN max(l.amount) ELSE sum(l.amount) END",
    ),
    "base": (
        "sum(f.base)",
        "sum(l.base) FILTER (WHERE s.base_over_time = 'sum' OR s.part_end = s.last_end)",
    ),
    "squares": (_all_squares("f"), _all_squares("l")),
    "based": (
        "sum(f.amount) FILTER (WHERE f.base IS NOT NULL)",
        "sum(l.based) FILTER (WHERE s.base_over_time = 'sum' OR s.part_end = s.last_end)",
    ),
    "volume": (OF_FIGURES, "sum(l.volume)"),
    "volume_in": (OF_FIGURES, "sum(l.volume_in)"),
    "levels": ("measurement_sum_levels(f.levels)", "measurement_sum_levels(l.levels)"),
    "withheld_low": ("sum(f.low)", _beyond("low")),
    "withheld_high": ("sum(f.high)", _beyond("high")),
    "lowest": ("min(f.amount)", "min(l.lowest)"),
    "highest": ("max(f.amount)", "max(l.highest)"),
    "figures": ("count(f.amount)", "sum(l.figures)"),
    "contributors": (
        "count(*) FILTER (WHERE f.amount IS NOT NULL OR f.low IS NOT NULL)",
        "max(l.contributors)",
    ),
    "expected": (f"count(*) FILTER (WHERE f.status IN ({_expected}))", "sum(l.expected)"),
    "received": (f"count(*) FILTER (WHERE f.status IN ({_received}))", "sum(l.received)"),
    "on_time": (
        f"count(*) FILTER (WHERE f.status IN ({_received}) AND f.received_at < f.due_at)",
        "sum(l.on_time)",
    ),
    "missing": (_count("missing"), "sum(l.missing)"),
    "zeros": ("count(*) FILTER (WHERE f.amount = 0)", "sum(l.zeros)"),
    "without_cases": ("count(*) FILTER (WHERE f.base = 0)", "sum(l.without_cases)"),
    "not_applicable": (_count("not_applicable"), "sum(l.not_applicable)"),
    "not_collected": (_count("not_collected"), "sum(l.not_collected)"),
    "withheld": (_count("withheld"), "sum(l.withheld)"),
    "estimated": (_count("estimated"), "sum(l.estimated)"),
    "provisional": (_count("provisional"), "sum(l.provisional)"),
    "included_elsewhere": (_count("included_elsewhere"), "sum(l.included_elsewhere)"),
    "carried": ("count(*) FILTER (WHERE f.carried)", "sum(l.carried)"),
    "versions": (
        "CASE WHEN min(f.version_id) = max(f.version_id) THEN 1 ELSE 2 END",
        "greatest(max(l.versions), max(s.versions))",
    ),
    "recorded_at": ("max(f.recorded_at)", "max(l.recorded_at)"),
}
NAMES: Final = ", ".join(COLUMNS)
KEY: Final = "initiative_id, indicator_id, period_id, group_id, category_id"
FROM_FIGURES: Final = ", ".join(made for made, _combined in COLUMNS.values())
FROM_LEAVES: Final = ", ".join(combined for _made, combined in COLUMNS.values())
