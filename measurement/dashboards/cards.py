"""A figure as a card: the number, one sentence, the curve, and in small type what it rests on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from backbone.web.dates import age_of_moment, month_year
from backbone.web.numbers import format_number
from initiatives.charter.models import Initiative, PartnerGroup
from measurement.charts.sparkline import sparkline_svg
from measurement.dashboards import apart, verdicts
from measurement.dashboards.ranges import range_words
from measurement.dashboards.selectors import Measure, Reading
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Category
from measurement.judgement.small_numbers import GroupSize
from measurement.rollups.kinds import Standing
from measurement.rollups.selectors import Figure
from measurement.submissions.components import spread_of
from measurement.submissions.wording import is_unusual


@dataclass(frozen=True)
class Later:
    """What is coming in after the figure on the card."""

    sentence: str
    url: str


@dataclass(frozen=True)
class Card:
    """What `_components/figure.html` shows."""

    id: str
    name: str
    url: str
    value: Decimal | None
    nothing: str
    decimals: int
    unit: str
    explain_url: str
    sentence: str
    status: str | None
    sparkline: SafeString | str
    coverage: str
    age: str
    version: str
    notes: list[str]
    later: Later | None


def card_of(
    reading: Reading,
    *,
    initiative: Initiative,
    group: PartnerGroup | None,
    latest: bool,
    at: datetime,
    within: str = "",
) -> Card:
    """`latest`: no period was asked for, so the newest figure that is complete enough is shown.

    `within` tells cards of one measure apart that stand on one page.
    """
    curve, later = headline(reading.figures) if latest else (reading.figures, None)
    figure = curve[-1] if curve else None
    measure = reading.measure
    version = figure.version if figure else measure.version
    return Card(
        id=f"figure-{within}{measure.indicator.code}",
        name=version.name,
        url=indicator_url(initiative, measure, group),
        value=figure.shown if figure else None,
        nothing=_nothing(figure),
        decimals=version.decimals,
        unit=version.unit,
        explain_url=how_url(initiative, measure, figure, group=group) if figure else "",
        sentence=verdicts.sentence(curve, measure) if curve else "",
        status=status_of(figure, measure) if figure else None,
        sparkline=_sparkline(curve, measure, within),
        coverage=coverage(figure) if figure else "",
        age=age(figure, at=at) if figure else "",
        version=_("definition %(number)s") % {"number": version.number},
        notes=list(notes(figure)) if figure else [],
        later=_later(later, initiative, measure, group) if later else None,
    )


def headline(figures: Sequence[Figure]) -> tuple[list[Figure], Figure | None]:
    """The curve up to the newest figure that is complete enough, and a newer one that is still coming in."""
    received = [figure for figure in figures if figure.cell.received]
    complete = [figure for figure in received if not figure.is_partial]
    if not complete:
        return list(figures[: figures.index(received[-1]) + 1] if received else figures), None
    shown = list(figures[: figures.index(complete[-1]) + 1])
    return shown, received[-1] if received[-1] is not complete[-1] else None


def _nothing(figure: Figure | None) -> str:
    if figure and apart.is_apart(figure):
        return apart.words(figure)
    if figure and figure.range:
        return range_words(figure)
    if figure and figure.too_few_partners:
        return _("Too few partners")
    return _("Too few cases") if figure and figure.size is GroupSize.TOO_SMALL else ""


def _later(figure: Figure, initiative: Initiative, measure: Measure, group: PartnerGroup | None) -> Later:
    said = {"coverage": in_of_expected(figure), "period": figure.period.label}
    if figure.shown is None:
        words = _("%(period)s is coming in: %(coverage)s") % said
    else:
        words = _("%(period)s is coming in: %(coverage)s, %(value)s so far") % {
            **said,
            "value": shown(figure),
        }
    return Later(words, how_url(initiative, measure, figure, group=group))


def _sparkline(curve: Sequence[Figure], measure: Measure, within: str) -> SafeString | str:
    points = _equally_apart(curve)
    if sum(point is not None for point in points) < 2:
        return ""
    label = _("%(name)s from %(first)s to %(last)s") % {
        "name": measure.version.name,
        "first": curve[0].period.label,
        "last": curve[-1].period.label,
    }
    return sparkline_svg(points, label=label, element_id=f"curve-{within}{measure.indicator.code}")


def _equally_apart(curve: Sequence[Figure]) -> list[Decimal | None]:
    """A value for every period, None where it is not known or partial, and where nothing was asked at all."""
    points: list[Decimal | None] = []
    before = None
    for figure in curve:
        skipped = figure.period.ordinal - before - 1 if before is not None else 0
        points += [*[None] * skipped, None if figure.is_partial else figure.shown]
        before = figure.period.ordinal
    return points


def indicator_url(initiative: Initiative, measure: Measure, group: PartnerGroup | None) -> str:
    url = reverse("measurement:dashboards:indicator", args=[initiative.slug, measure.indicator.code])
    return f"{url}?{urlencode({'group': group.code})}" if group else url


def how_url(
    initiative: Initiative,
    measure: Measure,
    figure: Figure,
    *,
    group: PartnerGroup | None = None,
    category: Category | None = None,
) -> str:
    url = reverse(
        "measurement:dashboards:how",
        args=[initiative.slug, measure.indicator.code, figure.period.calendar.code, figure.period.code],
    )
    about = {}
    if group:
        about["group"] = group.code
    if category:
        about["category"] = category_key(category)
    return f"{url}?{urlencode(about)}" if about else url


def category_key(category: Category) -> str:
    """The name of a category among all breakdowns, for addresses."""
    return f"{category.disaggregation.code}/{category.code}"


def status_of(figure: Figure, measure: Measure) -> str | None:
    return verdicts.status(figure, measure.target_of(figure))


def shown(figure: Figure) -> str:
    """The value in words: with its unit, or why there is none."""
    value, version = figure.shown, figure.version
    if apart.is_apart(figure):
        return apart.words(figure) or _("no figure")
    if value is None and figure.range:
        return range_words(figure)
    if figure.too_few_partners:
        return _("too few partners")
    if value is None:
        return _("too few cases") if figure.size is GroupSize.TOO_SMALL else _("no figure")
    number = format_number(value, version.decimals, language=get_language() or "en")
    return f"{number}\u00a0{version.unit}" if version.unit else number


def in_of_expected(figure: Figure) -> str:
    """9 of 11 partners; where the period is made of shorter ones, 36 of 44 of their figures."""
    if figure.operands:
        return _computed_from(figure)
    if not figure.version.rules.from_partners:
        return _("from one source")
    counted = figure.completeness
    words = {"received": counted.received, "expected": counted.expected}
    if figure.reported:
        counting = ngettext(
            "%(received)s of %(expected)s partner", "%(received)s of %(expected)s partners", counted.expected
        )
    else:
        counting = ngettext(
            "%(received)s of %(expected)s figure", "%(received)s of %(expected)s figures", counted.expected
        )
    return ", ".join(filter(None, (counting % words, volume_in(figure))))


def _computed_from(figure: Figure) -> str:
    count = len(figure.operands)
    return ngettext("from %(count)s measure", "from %(count)s measures", count) % {"count": count}


def volume_in(figure: Figure) -> str:
    """30 % of the last known volume; nothing where all of it is in, or it is not known."""
    if figure.volume is None or figure.volume >= 1:
        return ""
    share = format_number(figure.volume * 100, 0, language=get_language() or "en")
    return _("%(share)s\u00a0%% of the last known volume") % {"share": share}


def coverage(figure: Figure) -> str:
    return _("%(coverage)s, to %(month)s") % {
        "coverage": in_of_expected(figure),
        "month": month_year(figure.period.end),
    }


def age(figure: Figure, *, at: datetime) -> str:
    if figure.cell.recorded_at is None:
        return ""
    return _("newest figure %(age)s") % {"age": age_of_moment(figure.cell.recorded_at, now=at)}


def notes(figure: Figure) -> Iterable[str]:
    """What else one should know about a figure, each in a few words."""
    cell = figure.cell
    if figure.standing is Standing.PROVISIONAL:
        yield _("not final yet")
    if figure.size is GroupSize.SMALL:
        yield _("small group")
    if is_unusual(figure.version, figure.shown):
        yield _("outside what is plausible")
    if spread := spread_of(cell.amount, cell.base, cell.squares) if figure.kind is Kind.MEAN else None:
        shown_spread = format_number(spread, figure.version.decimals + 1, language=get_language() or "en")
        yield _("standard deviation %(spread)s") % {"spread": shown_spread}
    counted = (
        (cell.withheld, _("%(count)s too small to give")),
        (cell.included_elsewhere, _("%(count)s counted in somebody else’s figures")),
        (cell.estimated, _("%(count)s estimated")),
        (cell.provisional, _("%(count)s provisional")),
        (cell.carried, _("%(count)s carried forward")),
    )
    yield from (words % {"count": count} for count, words in counted if count)
    if cell.without_cases:
        yield _without_cases(figure)
    if figure.has_mixed_definitions:
        yield _("several definitions")


def _without_cases(figure: Figure) -> str:
    count = figure.cell.without_cases
    words = (
        ngettext("%(count)s partner had no cases", "%(count)s partners had no cases", count)
        if figure.reported
        else ngettext("%(count)s figure of no cases", "%(count)s figures of no cases", count)
    )
    return words % {"count": count}
