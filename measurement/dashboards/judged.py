"""What the page of a measure says about its curve: the finding, what it rests on, and what may come."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from backbone.web.dates import long_date
from measurement.charts.series import Limits
from measurement.dashboards import apart, cards, comparing, evidence, signs, verdicts
from measurement.dashboards.comparing import Compared
from measurement.dashboards.curves import CurvePage
from measurement.dashboards.outlook import Expected, Outlook, kept_of, outlook, track_record
from measurement.dashboards.verdicts import Told
from measurement.forecasting.lines import cut
from measurement.rollups import partners
from measurement.rollups.selectors import Figure


@dataclass(frozen=True)
class Judged:
    """`lines`: what the finding rests on. `coming`: about the figure still coming in. `compares`: whether anything
    is compared like for like."""

    finding: str
    lines: list[str]
    coming: list[str]
    compares: bool
    limits: Limits | None
    outlook: Outlook | None
    expected: list[Expected] = field(default_factory=list)


def judged(page: CurvePage, *, sees_all: bool) -> Judged:
    """Two queries more than the page itself, at most. `sees_all`: the reader may read every partner's figures."""
    told = verdicts.told(page.curve_told, page.measure)
    finding = verdicts.said(page.curve_told, told)
    latest, coming = page.figure, page.coming
    if latest is not None and apart.is_apart(latest):
        return _apart(page, latest, finding, sees_all=sees_all)
    if latest is None:
        return Judged(finding, [], [], compares=False, limits=None, outlook=None)
    kept = kept_of(page)
    expected = track_record(page, kept)
    compared, later = _compared(page, told)
    leads = not latest.is_partial and _may_lead(compared, sees_all=sees_all)
    lines = list(_compared_lines(compared, sees_all=sees_all))
    if compared and leads:
        lines[0] = comparing.values(compared)
        lines.insert(1, _("All partners together: %(finding)s.") % {"finding": finding})
    return Judged(
        comparing.short(compared) if compared and leads else finding,
        [
            *lines,
            *_target_lines(page, latest),
            *evidence.trend_lines(latest, told),
            *_expected_lines(latest, expected),
        ],
        list(_coming_lines(coming, later, sees_all=sees_all)) if coming else [],
        compares=any(each and each.like_for_like for each in (compared, later)),
        limits=_limits(told),
        outlook=outlook(page, told, kept) if page.is_newest else None,
        expected=expected,
    )


def _target_lines(page: CurvePage, latest: Figure) -> Iterable[str]:
    """Of a target that is made of partners' own: how much it is, since it stands nowhere else."""
    target = None if page.measure.targets or page.group else page.measure.target_of(latest)
    if target is None:
        return
    yield _("All partners’ targets together: %(value)s by %(day)s.") % {
        "value": signs.with_unit(target.value, latest.version),
        "day": long_date(target.due_on),
    }


def _apart(page: CurvePage, latest: Figure, finding: str, *, sees_all: bool) -> Judged:
    """Of values that are not added up: how they lie, for those who may read them."""
    values = partners.values(latest, group=page.group) if sees_all else []
    lines = [line for line in [apart.spread_line(latest, values)] if line]
    return Judged(finding, lines, [], compares=False, limits=None, outlook=None)


def _expected_lines(latest: Figure, expected: list[Expected]) -> Iterable[str]:
    """What was to be expected of the latest figure, and whether it is better than that."""
    words = next((each for each in expected if each.period == latest.period.label), None)
    if words:
        yield _("It was expected at %(expected)s (%(interval)s): %(verdict)s.") % vars(words)


def _may_lead(compared: Compared | None, *, sees_all: bool) -> bool:
    """Whether the change of the same partners is told first: other partners are in than before."""
    return bool(compared and compared.like_for_like and (sees_all or compared.may_be_told))


def _compared(page: CurvePage, told: Told) -> tuple[Compared | None, Compared | None]:
    """The figure against the one that it is told from, and the one still coming in against the figure."""
    latest, coming = page.figure, page.coming
    figures = [figure for figure in (told.earlier, latest, coming) if figure is not None]
    if latest is None or len(figures) < 2:
        return None, None
    parts = partners.parts(figures, group=page.group)
    before = comparing.compare(told.earlier, latest, parts) if told.earlier else None
    is_same = bool(coming and verdicts.is_comparable(latest, coming, page.measure))
    return before, comparing.compare(latest, coming, parts) if coming and is_same else None


def _compared_lines(compared: Compared | None, *, sees_all: bool) -> Iterable[str]:
    if compared is None:
        return
    if compared.like_for_like:
        may = sees_all or compared.may_be_told
        yield comparing.long(compared) if may else comparing.not_told(compared)
    if compared.mix:
        yield comparing.mix_line(compared)


def _coming_lines(coming: Figure, later: Compared | None, *, sees_all: bool) -> Iterable[str]:
    yield _("%(period)s is coming in: %(coverage)s.") % {
        "period": coming.period.label,
        "coverage": cards.in_of_expected(coming),
    }
    yield from _compared_lines(later, sees_all=sees_all)


def _limits(told: Told) -> Limits | None:
    """For the chart: over the figures that were judged by them, and within what is possible."""
    found = told.judgement.limits if told.judgement else None
    if found is None:
        return None
    low, high = (cut(each, told.points) for each in (found.low, found.high))
    return Limits(low, found.centre, high, since=told.points[0].period.start)
