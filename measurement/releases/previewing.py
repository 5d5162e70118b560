"""What staff see of a release before it is published: of each measure how much is left, and its table."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from measurement.releases.models import Release
from measurement.releases.selectors import CellRead, MeasureRead, PeriodRead

# In the words of the ladder (see disclosure.Step and cube.Reason, which only workers import).
_STEPS: Final = {
    "no_cross_table": gettext_lazy("Groups are not broken down: that could not be made safe."),
    "no_smallest_level": gettext_lazy("Groups are left out: they could not be made safe."),
    "merged": gettext_lazy("Groups are left out and small categories put together."),
    "totals_only": gettext_lazy("Only totals are shown: nothing finer could be made safe."),
    "nothing": gettext_lazy("Nothing is shown: not even the totals could be made safe."),
}
_REASONS: Final = {
    "small": gettext_lazy("too few people"),
    "few": gettext_lazy("too few partners"),
    "extreme": gettext_lazy("all or nobody"),
    "before": gettext_lazy("hidden in an earlier release"),
    "barred": gettext_lazy("not allowed by an agreement"),
    "gives_away": gettext_lazy("would give another figure away"),
}


@dataclass(frozen=True)
class Line:
    """One measure. `lost`: words on what protecting it took away."""

    code: str
    name: str
    shown: int
    hidden: int
    lost: str
    step: str


def lines(release: Release) -> list[Line]:
    return [_line(about, release.outcome[about["code"]]) for about in release.measures]


def _line(about: dict[str, Any], outcome: dict[str, Any]) -> Line:
    reasons = ", ".join(f"{_REASONS[reason]}: {count}" for reason, count in sorted(outcome["hidden"].items()))
    return Line(
        about["code"],
        about["name"],
        outcome["shown"],
        outcome["kept"] - outcome["shown"],
        reasons,
        str(_STEPS.get(outcome["step"], "")),
    )


def in_words(shown: int, hidden: int) -> str:
    whole = ngettext("%(count)d figure", "%(count)d figures", shown) % {"count": shown}
    return whole if not hidden else _("%(shown)s, %(hidden)d not shown") % {"shown": whole, "hidden": hidden}


@dataclass(frozen=True)
class Row:
    """One place and category over time; None where nothing was asked for."""

    place: str
    category: str
    breakdown: str
    cells: tuple[CellRead | None, ...]


@dataclass(frozen=True)
class Table:
    periods: tuple[PeriodRead, ...]
    rows: tuple[Row, ...]


def table(measure: MeasureRead) -> Table:
    """A line for each place and category, totals first; a column for each period."""
    periods = tuple(dict.fromkeys(cell.period for cell in measure.cells))
    found: dict[tuple[Any, ...], list[CellRead]] = {}
    for cell in measure.cells:
        found.setdefault((cell.place, cell.place_key or 0, cell.breakdown, cell.category_keys), []).append(
            cell
        )
    return Table(periods, tuple(_row(found[key], periods) for key in sorted(found)))


def _row(cells: Iterable[CellRead], periods: Iterable[PeriodRead]) -> Row:
    by_period = {cell.period: cell for cell in cells}
    first = next(iter(by_period.values()))
    return Row(first.place, first.category, first.breakdown, tuple(by_period.get(each) for each in periods))
