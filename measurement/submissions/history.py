"""What one partner has given for its measures over the years: what a new value is held against."""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef

from measurement.indicators.models import IndicatorVersion, SeriesBreak
from measurement.submissions.earlier import Before, read_rows
from measurement.submissions.models import CurrentFigure, ExpectedReport
from measurement.submissions.status import WITH_VALUE

LONGEST = 24  # periods


def history_of(
    expected_report: ExpectedReport,
    versions: Mapping[int, IndicatorVersion],
    *,
    only_totals: bool = False,
) -> dict[tuple[int, int | None], list[Before]]:
    """Oldest first, on the same calendar, since the last break of each series; of the indicators of `versions`."""
    period = expected_report.period
    indicators = {version.indicator_id for version in versions.values()}
    figures = CurrentFigure.objects.filter(
        organization_id=expected_report.organization_id,
        indicator_id__in=indicators,
        period__calendar_id=period.calendar_id,
        period__ordinal__lt=period.ordinal,
        period__ordinal__gte=period.ordinal - LONGEST,
        status__in=WITH_VALUE,
        observation__isnull=False,
    ).order_by("period__ordinal")
    if only_totals:
        figures = figures.filter(category=None)
    broken = SeriesBreak.objects.filter(
        indicator=OuterRef("indicator_id"), on__gt=OuterRef("period__start"), on__lte=period.start
    )
    found: dict[tuple[int, int | None], list[Before]] = {}
    for cell, before in read_rows(figures.exclude(Exists(broken)), period, versions):
        found.setdefault(cell, []).append(before)
    return found
