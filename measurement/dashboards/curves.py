"""The page of one measure: its curve, and the figure of one period by category and by group."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.http import Http404

from initiatives.charter.models import Initiative, PartnerGroup
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.dashboards.selectors import Measure, measures_of, tell
from measurement.indicators.models import Category, Disaggregation, SeriesBreak
from measurement.rollups import selectors as rollups
from measurement.rollups.selectors import Figure, Known


@dataclass(frozen=True)
class Breakdown:
    """`beside`: the figures of all breakdowns, by the key of their category."""

    disaggregation: Disaggregation
    figures: list[Figure]
    beside: Mapping[int, Figure]


@dataclass(frozen=True)
class CurvePage:
    """`periods` are those of the curve from its first to its last figure, with and without figures.

    `figure` is the one that categories and groups are of: the period asked for, or else the newest that is
    complete enough. `left`: how many sums still have to be made.
    """

    measure: Measure
    calendars: list[ReportingCalendar]
    calendar: ReportingCalendar | None
    groups: list[PartnerGroup]
    group: PartnerGroup | None
    periods: list[ReportingPeriod]
    curve: list[Figure]
    figure: Figure | None
    breakdowns: list[Breakdown]
    by_group: list[Figure]
    breaks: list[SeriesBreak]
    left: int
    known: Known

    @property
    def curve_told(self) -> list[Figure]:
        """The curve up to the figure that the finding is about."""
        return self.curve[: self.curve.index(self.figure) + 1] if self.figure else []

    @property
    def coming(self) -> Figure | None:
        """A figure that is still coming in, after the newest one that is complete enough."""
        after = self.curve[len(self.curve_told) :]
        received = [figure for figure in after if figure.cell.received]
        return received[-1] if received and all(figure.is_partial for figure in after) else None

    @property
    def is_newest(self) -> bool:
        """Whether the finding is about the newest figure that is complete enough."""
        return self.figure is not None and self.figure is newest_complete(self.curve)


def measure_or_404(initiative: Initiative, code: str, *, at: datetime) -> tuple[Measure, int]:
    measures, left = measures_of(initiative, at=at, code=code)
    if not measures:
        raise Http404
    return next(iter(measures.values())), left


def curve_page(
    initiative: Initiative, code: str, asked: Mapping[str, str], *, sees_all: bool, at: datetime
) -> CurvePage:
    """Everything of one measure in seven queries."""
    measure, left = measure_or_404(initiative, code, at=at)
    tell([measure], sees_all=sees_all)
    periods = list(ReportingPeriod.objects.in_initiative(initiative).select_related("calendar"))
    groups = list(PartnerGroup.objects.filter(initiative=initiative))
    group = next((each for each in groups if each.code == asked.get("group")), None)
    known = rollups.known(initiative, at=at, periods=periods, versions=measure.versions, sees_all=sees_all)
    figures = rollups.curve(known, measure.indicator, group=group)
    calendars = {figure.period.calendar_id: figure.period.calendar for figure in figures}
    calendar = _calendar(figures, calendars.values(), asked.get("calendar"))
    curve = [figure for figure in figures if figure.period.calendar == calendar]
    figure = _figure(curve, asked.get("period"))
    return CurvePage(
        measure=measure,
        calendars=sorted(calendars.values(), key=lambda each: each.name),
        calendar=calendar,
        groups=groups,
        group=group,
        periods=_between(periods, curve),
        curve=curve,
        figure=figure,
        breakdowns=list(_breakdowns(known, measure, figure, group)),
        by_group=_by_group(known, measure, figure, groups, group),
        breaks=[
            SeriesBreak(on=day, note=note)
            for day, note in zip(measure.breaks, measure.notes_of_breaks, strict=True)
        ],
        left=left,
        known=known,
    )


def newest_complete(curve: list[Figure]) -> Figure | None:
    """The newest figure that is complete enough; where there is none, the newest that has anything in it."""
    complete = [figure for figure in curve if not figure.is_partial]
    received = [figure for figure in curve if figure.cell.received]
    return next(reversed(complete or received or curve), None)


def _calendar(
    figures: list[Figure], calendars: Iterable[ReportingCalendar], code: str | None
) -> ReportingCalendar | None:
    """The calendar asked for, or else that on which partners report."""
    asked = next((calendar for calendar in calendars if calendar.code == code), None)
    reported = newest_complete([figure for figure in figures if figure.reported])
    return asked or (reported.period.calendar if reported else None)


def _figure(curve: list[Figure], code: str | None) -> Figure | None:
    asked = next((figure for figure in curve if figure.period.code == code), None)
    return asked or newest_complete(curve)


def _between(periods: list[ReportingPeriod], curve: list[Figure]) -> list[ReportingPeriod]:
    if not curve:
        return []
    first, last = curve[0].period, curve[-1].period
    return [
        period
        for period in periods
        if period.calendar_id == first.calendar_id and first.ordinal <= period.ordinal <= last.ordinal
    ]


def _breakdowns(
    known: Known, measure: Measure, figure: Figure | None, group: PartnerGroup | None
) -> Iterable[Breakdown]:
    if figure is None:
        return
    figures = rollups.by_category(known, measure.indicator, figure.period, group=group)
    beside = {each.cell.category_id: each for each in figures if each.cell.category_id is not None}
    found = []
    for disaggregation, members in groupby(figures, key=_disaggregation):
        members_ = list(members)
        if disaggregation is not None and not _all_in_a_coarser_one(members_, beside):
            found.append(Breakdown(disaggregation, members_, beside))
    yield from sorted(found, key=lambda each: each.disaggregation.is_cross_table)


def _all_in_a_coarser_one(figures: list[Figure], beside: Mapping[int, Figure]) -> bool:
    """Whether each is merged into a category of another breakdown, beneath which it is shown."""
    for category in map(category_of, figures):
        above = beside.get(category.merged_into_id) if category.merged_into_id else None
        if above is None or category_of(above).disaggregation_id == category.disaggregation_id:
            return False
    return True


def category_of(figure: Figure) -> Category:
    """Of a figure in a breakdown."""
    if figure.cell.category is None:
        raise ValueError("a breakdown is made of categories")
    return figure.cell.category


def _disaggregation(figure: Figure) -> Disaggregation | None:
    category = figure.cell.category
    return category.disaggregation if category else None


def _by_group(
    known: Known,
    measure: Measure,
    figure: Figure | None,
    groups: list[PartnerGroup],
    group: PartnerGroup | None,
) -> list[Figure]:
    if figure is None or group is not None or not groups:
        return []
    return rollups.by_group(known, measure.indicator, figure.period)
