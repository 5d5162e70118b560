"""From the codes in a line to the figure that is expected: which partner, measure, period and category."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.charter.models import Initiative, Participation
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingPeriod
from measurement.imports.cells import Line, Refused
from measurement.imports.headings import Column
from measurement.indicators.models import Category, IndicatorVersion
from measurement.submissions.models import CurrentFigure, ExpectedReport
from measurement.submissions.status import FigureStatus

_TOTAL: Final = frozenset({"total", "all", "all grades", "everybody", "–", "-"})

# The same for what belongs to somebody else as for what does not exist.
_NO_PARTNER: Final = gettext_lazy("“%(word)s” is no partner that is known here.")
_NO_MEASURE: Final = gettext_lazy("“%(word)s” is no measure that is known here.")
_NO_PERIOD: Final = gettext_lazy("“%(word)s” is no period that is known here.")

Named = dict[str, list[int]]
Row = tuple[int, int, int]  # indicator, organization, period


@dataclass(frozen=True)
class Scope:
    """What a file may speak of. `organizations`: only these; None for staff, who speak of all partners."""

    initiative: Initiative
    organizations: tuple[Organization, ...] | None = None
    report: ExpectedReport | None = None

    @property
    def only(self) -> Organization | None:
        """The organization that a file without such a column speaks of."""
        return self.organizations[0] if self.organizations and len(self.organizations) == 1 else None


@dataclass
class Catalog:
    """What there is, by the words that people use for it. Keys are in small letters."""

    scope: Scope
    organizations: Named
    indicators: Named
    periods: Named
    period_of: dict[int, ReportingPeriod]
    versions: dict[int, IndicatorVersion]
    categories: dict[int, Category]
    names: dict[int, str]
    figures: dict[Row, list[CurrentFigure]] = field(default_factory=dict)

    def find(self, line: Line) -> CurrentFigure:
        """The figure that the line is about. Raises Refused."""
        organization = self._organization(line)
        indicator = _one(
            self.indicators, line, Column.MEASURE, _("“%(word)s” is no measure that is known here.")
        )
        rows = [
            row
            for period in self._periods(line)
            if (row := (indicator, organization, period)) in self.figures
        ]
        if not rows:
            raise Refused(self._not_asked(line), Column.MEASURE)
        if len(rows) > 1:
            sentence = _("Several calendars have the period “%(word)s”. Add a column “calendar code”.")
            raise Refused(sentence % {"word": line.word(Column.PERIOD)[:60]}, Column.PERIOD)
        return self._category(line, self.figures[rows[0]])

    def _organization(self, line: Line) -> int:
        if self.scope.only is not None and not line.word(Column.ORGANIZATION):
            return self.scope.only.pk
        return _one(self.organizations, line, Column.ORGANIZATION, _NO_PARTNER)

    def _periods(self, line: Line) -> list[int]:
        report = self.scope.report
        word = line.word(Column.PERIOD)
        if report is not None and not word:
            return [report.period_id]
        found = _all(self.periods, line, Column.PERIOD, _NO_PERIOD)
        if report is not None and report.period_id not in found:
            sentence = _("This line is about %(theirs)s, and this report about %(ours)s.")
            raise Refused(sentence % {"theirs": word[:60], "ours": report.period}, Column.PERIOD)
        calendar = line.word(Column.CALENDAR).casefold()
        return [pk for pk in found if not calendar or self.period_of[pk].calendar.code.casefold() == calendar]

    def _not_asked(self, line: Line) -> str:
        periods = [self.period_of[pk] for pk in self._periods(line)]
        if periods and all(period.state == ReportingPeriod.State.PLANNED for period in periods):
            return _("%(period)s has not been opened yet.") % {"period": periods[0]}
        return _("This measure is not asked of this partner for this period.")

    def _category(self, line: Line, figures: list[CurrentFigure]) -> CurrentFigure:
        breakdown = line.word(Column.BREAKDOWN).casefold()
        word = line.word(Column.CATEGORY).casefold()
        if not word or (word in _TOTAL and not any(word in _words(figure.category) for figure in figures)):
            return next(figure for figure in figures if figure.category_id is None)
        found = [
            figure
            for figure in figures
            if figure.category_id is not None
            and word in _words(figure.category)
            and (not breakdown or breakdown in _words_of_breakdown(figure.category))
        ]
        if len(found) == 1:
            return found[0]
        if found:
            sentence = _(
                "Several breakdowns have a “%(word)s”. Write the code of the breakdown before it: age/0-4."
            )
        else:
            sentence = _("“%(word)s” is no category that this measure is asked for by here.")
        raise Refused(sentence % {"word": line.word(Column.CATEGORY)[:60]}, Column.CATEGORY)


def _words(category: Category | None) -> tuple[str, ...]:
    if category is None:
        return ()
    code, name = category.code.casefold(), category.name.casefold()
    return code, name, f"{category.disaggregation.code}/{category.code}".casefold()


def _words_of_breakdown(category: Category | None) -> tuple[str, ...]:
    if category is None:
        return ()
    return category.disaggregation.code.casefold(), category.disaggregation.name.casefold()


def _one(known: Named, line: Line, column: Column, sentence: Any) -> int:
    found = _all(known, line, column, sentence)
    if len(found) > 1:
        clash = _("“%(word)s” is the name of several. Write the code instead.")
        raise Refused(clash % {"word": line.word(column)[:60]}, column)
    return found[0]


def _all(known: Named, line: Line, column: Column, sentence: Any) -> list[int]:
    word = line.word(column)
    if not word:
        raise Refused(_("There is nothing in this field, which says what the line is about."), column)
    line.must_be_plain(column)
    found = known.get(word.casefold())
    if not found:
        raise Refused(sentence % {"word": word[:60]}, column)
    return found


# --- from the database ------------------------------------------------------------------------------------


def catalog_for(scope: Scope, lines: Iterable[Line]) -> Catalog:
    """In a number of queries that does not grow with the file."""
    periods = ReportingPeriod.objects.in_initiative(scope.initiative).select_related("calendar")
    versions = IndicatorVersion.objects.filter(initiative=scope.initiative).select_related("indicator")
    categories = Category.objects.filter(initiative=scope.initiative).select_related(
        "disaggregation", "row", "column"
    )
    catalog = Catalog(
        scope=scope,
        organizations={},
        indicators=_named((v.indicator_id, v.indicator.code, v.name) for v in versions),
        periods=_named((p.pk, p.code, p.label, p.start.isoformat(), p.end.isoformat()) for p in periods),
        period_of={period.pk: period for period in periods},
        versions={version.pk: version for version in versions},
        categories={category.pk: category for category in categories},
        names={},
    )
    _add_organizations(catalog)
    _add_figures(catalog, list(lines))
    return catalog


def _named(rows: Iterable[tuple[Any, ...]]) -> Named:
    """Codes before names: a word that is somebody's code is nobody else's name."""
    codes: dict[str, set[int]] = defaultdict(set)
    names: dict[str, set[int]] = defaultdict(set)
    for pk, code, *others in rows:
        codes[code.casefold()].add(pk)
        for other in others:
            names[" ".join(other.split()).casefold()].add(pk)
    return {word: sorted(found) for word, found in {**names, **codes}.items()}


def _add_organizations(catalog: Catalog) -> None:
    partners = Participation.objects.in_initiative(catalog.scope.initiative).partners()
    if catalog.scope.organizations is not None:
        partners = partners.filter(organization__in=catalog.scope.organizations)
    rows = list(partners.values_list("organization_id", "code", "organization__name"))
    catalog.organizations = _named(rows)
    catalog.names = {pk: name for pk, _code, name in rows}


def _add_figures(catalog: Catalog, lines: list[Line]) -> None:
    wanted = CurrentFigure.objects.filter(
        initiative=catalog.scope.initiative,
        indicator_id__in=_mentioned(catalog.indicators, lines, Column.MEASURE),
        period_id__in=_mentioned(catalog.periods, lines, Column.PERIOD)
        | ({catalog.scope.report.period_id} if catalog.scope.report else set()),
        organization_id__in=_mentioned(catalog.organizations, lines, Column.ORGANIZATION)
        | ({catalog.scope.only.pk} if catalog.scope.only else set()),
    ).exclude(status=FigureStatus.NOT_EXPECTED)
    found: dict[Row, list[CurrentFigure]] = defaultdict(list)
    for figure in _known(catalog, wanted.select_related("observation").order_by("pk")):
        found[figure.indicator_id, figure.organization_id, figure.period_id].append(figure)
    catalog.figures = {
        row: figures for row, figures in found.items() if any(f.category_id is None for f in figures)
    }


def _known(catalog: Catalog, figures: "QuerySet[CurrentFigure]") -> Iterable[CurrentFigure]:
    """With what is around them already in hand: no query a figure."""
    for figure in figures.iterator(chunk_size=5000):
        figure.version = catalog.versions[figure.version_id]
        figure.period = catalog.period_of[figure.period_id]
        figure.category = catalog.categories[figure.category_id] if figure.category_id else None
        yield figure


def _mentioned(known: Mapping[str, list[int]], lines: list[Line], column: Column) -> set[int]:
    words = {line.word(column).casefold() for line in lines}
    return {pk for word in words for pk in known.get(word, ())}
