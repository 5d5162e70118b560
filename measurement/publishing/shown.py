"""What the pages of a release show, worked out from its cells alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backbone.web.dates import long_date, month_year
from measurement.publishing import drawing
from measurement.publishing.judging import Headline, Judged, Way, headline, judge, main_curve
from measurement.publishing.ways import Way as Path
from measurement.releases.selectors import CellRead, MeasureRead, Reading, State, hidden_phrase


@dataclass(frozen=True)
class Card:
    """What `_components/figure.html` shows of one measure."""

    id: str
    name: str
    url: str
    value: Decimal | None
    nothing: str
    decimals: int
    unit: str
    sentence: str
    status: str
    sparkline: SafeString | str
    coverage: str
    age: str
    version: str
    notes: list[str]
    explain_url: str = ""
    later: None = None


@dataclass(frozen=True)
class Line:
    """A row of a table."""

    cell: CellRead
    coverage: str
    notes: list[str]


@dataclass(frozen=True)
class Told:
    measure: MeasureRead
    curve: list[CellRead]
    judged: Judged


@dataclass(frozen=True)
class Group:
    """An outcome and its measures; without a name those that belong to none."""

    name: str
    cards: list[Card] = field(default_factory=list)


@dataclass(frozen=True)
class Unknown:
    """What is not known yet of a measure, and why."""

    name: str
    url: str
    why: str


@dataclass(frozen=True)
class Overview:
    headline: Headline
    groups: list[Group]
    unknown: list[Unknown]
    hidden: int


def told(reading: Reading) -> list[Told]:
    found = []
    for measure in reading.measures:
        curve = main_curve(measure.curve())
        found.append(Told(measure, curve, judge(measure, curve)))
    return found


def overview(reading: Reading, way: Path) -> Overview:
    all_told = told(reading)
    return Overview(
        headline(each.judged.way for each in all_told),
        list(_groups(all_told, way)),
        list(_unknown(all_told, way)),
        sum(cell.state == State.HIDDEN for measure in reading.measures for cell in measure.cells),
    )


def _groups(all_told: Sequence[Told], way: Path) -> Iterable[Group]:
    """A measure of several outcomes stands with the first of them."""
    names: dict[str, str] = {}
    members: dict[str, list[Told]] = {}
    for each in all_told:
        outcome = each.measure.outcomes[0] if each.measure.outcomes else None
        key = outcome.key if outcome else ""
        names[key] = outcome.name if outcome else ""
        members.setdefault(key, []).append(each)
    for key in sorted(members, key=lambda key: not key):
        yield Group(names[key], [card(each, way) for each in members[key]])


def card(each: Told, way: Path) -> Card:
    measure, cell = each.measure, each.judged.cell
    return Card(
        id=f"figure-{measure.code}",
        name=measure.name,
        url=way.url("measure", measure.code),
        value=cell.value if cell else None,
        nothing=nothing(cell),
        decimals=measure.decimals,
        unit=measure.unit,
        sentence=each.judged.sentence,
        status=each.judged.status,
        sparkline=drawing.sparkline(measure, each.curve),
        coverage=coverage(cell) if cell else "",
        age=newest(cell) if cell else "",
        version=_("definition %(number)s") % {"number": measure.version},
        notes=notes(cell) if cell else [],
    )


def nothing(cell: CellRead | None) -> str:
    """What stands where no number does."""
    if cell is None or cell.value is not None:
        return ""
    if cell.state == State.HIDDEN:
        return cell.text
    return cell.number if cell.high is not None else _("Too few cases")


def line(cell: CellRead) -> Line:
    return Line(cell, coverage(cell), notes(cell))


def coverage(cell: CellRead) -> str:
    """`9 of 11 partners, to March 2026`."""
    month = month_year(cell.period.end)
    if not cell.expected:
        return _("to %(month)s") % {"month": month}
    return ngettext(
        "%(received)s of %(expected)s partner, to %(month)s",
        "%(received)s of %(expected)s partners, to %(month)s",
        cell.expected,
    ) % {"received": cell.received, "expected": cell.expected, "month": month}


def newest(cell: CellRead) -> str:
    return _("newest figure of %(day)s") % {"day": long_date(cell.latest_on)} if cell.latest_on else ""


def notes(cell: CellRead) -> list[str]:
    words = {
        "estimated": _("with estimates"),
        "provisional": _("provisional"),
        "carried": _("carried forward"),
        "mixed": _("different definitions"),
        "small": _("small group"),
    }
    return [words[each] for each in sorted(cell.marks)]


def _unknown(all_told: Sequence[Told], way: Path) -> Iterable[Unknown]:
    for each in all_told:
        for why in why_unknown(each):
            yield Unknown(each.measure.name, way.url("measure", each.measure.code), why)


def why_unknown(each: Told) -> Iterable[str]:
    cell = each.judged.cell
    if cell is None:
        yield _("No figure yet.")
        return
    if cell.state == State.HIDDEN:
        yield _("The figure of %(period)s is %(phrase)s.") % {
            "period": cell.period.label,
            "phrase": hidden_phrase(),
        }
    elif cell.received < cell.expected:
        yield ngettext(
            "%(period)s: %(missing)s partner of %(expected)s is not in yet.",
            "%(period)s: %(missing)s partners of %(expected)s are not in yet.",
            cell.expected - cell.received,
        ) % {
            "period": cell.period.label,
            "missing": cell.expected - cell.received,
            "expected": cell.expected,
        }
    if each.judged.way is Way.UNKNOWN and not each.measure.targets:
        yield _("Too early to say where it is going, and no target is set.")
