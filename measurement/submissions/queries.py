"""Kind questions about figures that look unusual: asking, answering, and what stands now.

Decisions. A question is about one value of one cell. While somebody types, questions about values that are gone go
too; an answered one stays on record, and comes back with its answer when the value does. Nothing here holds a
report up. The rules are in measurement.judgement.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import Coalesce, JSONObject

from backbone.accounts.models import User
from backbone.audit import trail
from measurement.indicators.kinds import Kind
from measurement.indicators.models import IndicatorVersion
from measurement.judgement import doubts
from measurement.judgement.doubts import Doubt, Doubted
from measurement.judgement.ratios import Ratio
from measurement.submissions.components import Components
from measurement.submissions.earlier import Before
from measurement.submissions.entry_models import Query
from measurement.submissions.grid import Cell, Grid, GridCell, GridRow, grid_of
from measurement.submissions.history import history_of
from measurement.submissions.models import CurrentFigure, Submission
from measurement.submissions.observations import Given
from measurement.submissions.reading import read
from measurement.submissions.status import MEANINGS, FigureStatus
from measurement.submissions.wording import SHARES, read_value

_LEAST_FOR_ALL = 3  # figures that are all as they were: of one or two nothing follows
_Asked = tuple[Cell, str, str]  # cell, doubt, and the value in question


@transaction.atomic
def ask(*, submission: Submission, at: datetime, indicators: Collection[int] | None = None) -> None:
    """Ask about what looks unusual in the whole report, or in some measures of it. Twice is the same as once."""
    grid = grid_of(submission.expected_report, submission, only=indicators)
    given = read(grid).given
    wanted = {
        (cell.key, one.doubt.value, about(given[cell.key])): one
        for cell, one in _doubted(submission, grid, given, whole=indicators is None)
    }
    rows = Query.objects.filter(submission=submission)
    if indicators is not None:
        rows = rows.filter(indicator_id__in=indicators).exclude(doubt=Doubt.ALL_THE_SAME)
    known = {_asked(row): row for row in rows}
    gone = [row.pk for asked, row in known.items() if asked not in wanted and not row.is_answered]
    Query.objects.filter(pk__in=gone).delete()
    Query.objects.bulk_create(
        (_query(submission, asked, one, at) for asked, one in wanted.items() if asked not in known),
        ignore_conflicts=True,
    )


def _asked(row: Query) -> _Asked:
    return (row.indicator_id, row.category_id), row.doubt, row.about


def _query(submission: Submission, asked: _Asked, one: Doubted, at: datetime) -> Query:
    (indicator_id, category_id), doubt, value = asked
    return Query(
        initiative_id=submission.initiative_id,
        submission=submission,
        indicator_id=indicator_id,
        category_id=category_id,
        doubt=doubt,
        about=value,
        facts={name: str(number) for name, number in one.facts.items()},
        asked_at=at,
    )


def about(given: Given) -> str:
    """The value in question, whatever way it was written: "1010", "45/50"."""
    numbers = [number for number in (given.components.amount, given.components.base) if number is not None]
    return "/".join(f"{number.normalize():f}" for number in numbers)[:200]


def _doubted(
    submission: Submission, grid: Grid, given: Mapping[Cell, Given], *, whole: bool
) -> Iterator[tuple[GridCell, Doubted]]:
    history = history_of(submission.expected_report, {row.version.pk: row.version for row in grid.rows})
    for row in grid.rows:
        for cell in row.cells:
            if _is_given(given.get(cell.key)):
                before = [past for past in history.get(cell.key, []) if comparable(cell.version, past)]
                yield from ((cell, one) for one in _about_value(cell, given[cell.key], before))
        yield from _about_parts(row, given)
    if whole and _all_the_same(grid, given):
        yield grid.rows[0].total, Doubted(Doubt.ALL_THE_SAME)


def _is_given(given: Given | None) -> bool:
    """A number that somebody has typed: not worked out, not withheld."""
    if given is None or given.derived or not MEANINGS[given.status].has_value:
        return False
    return given.components.amount is not None


def comparable(mine: IndicatorVersion, past: Before) -> bool:
    """Whether an earlier figure says the same by its number."""
    theirs = past.version
    return (mine.kind, mine.multiplier, mine.unit) == (theirs.kind, theirs.multiplier, theirs.unit)


def _about_value(cell: GridCell, given: Given, before: list[Before]) -> Iterator[Doubted]:
    value = read_value(cell.version, given.components)
    if value is None:
        return
    past = [_read(each) for each in before]
    version = cell.version
    found = doubts.doubted(
        value,
        [number for number in past if number is not None],
        is_percentage=cell.kind is Kind.MEAN and version.unit == "%",
        low=_as_typed(version, version.plausible_low),
        high=_as_typed(version, version.plausible_high),
    )
    yield from found
    if version.is_proportion and not found:
        shares = [_ratio(each.components) for each in before]
        odd = doubts.share_doubted(_ratio(given.components), shares)
        if odd:
            yield odd


def _as_typed(version: IndicatorVersion, end: Decimal | None) -> Decimal | None:
    """A declared limit in the multiples in which the number was typed."""
    return end if end is None or version.kind in SHARES else end / version.multiplier


def _read(past: Before) -> Decimal | None:
    return read_value(past.version, past.components)


def _ratio(components: Components) -> Ratio:
    return Ratio(components.amount or Decimal(0), components.base or Decimal(0))


def _about_parts(row: GridRow, given: Mapping[Cell, Given]) -> Iterator[tuple[GridCell, Doubted]]:
    """Categories beside their total, where it is no error that they do not fit."""
    total = given.get(row.total.key)
    if not _is_given(total) or total is None or row.version.rules.has_base:
        return
    for disaggregation, cells in row.breakdowns.items():
        known = [cell for cell in cells if _is_given(given.get(cell.key))]
        if not known or known[0].adds_up:
            continue
        parts = [given[cell.key].components.amount or Decimal(0) for cell in known]
        found = doubts.parts_doubted(
            total.components.amount or Decimal(0),
            parts,
            exclusive=disaggregation.adds_up == disaggregation.AddsUp.PARTIAL,
        )
        yield from ((cell, one) for cell, one in zip([*known, row.total], found, strict=True) if one)


def _all_the_same(grid: Grid, given: Mapping[Cell, Given]) -> bool:
    """As last time in everything, and nobody has said so."""
    cells = [cell for cell in grid.cells if _is_given(given.get(cell.key))]
    if len(cells) < _LEAST_FOR_ALL or all(cell.says_no_change for cell in cells):
        return False
    return all(
        cell.previous and (cell.draft.amount, cell.draft.base) == cell.previous_written for cell in cells
    )


@transaction.atomic
def answer(*, query: Query, answer: str, words: str, by: User, at: datetime) -> None:
    """Keep what somebody says to a question. The same once more changes nothing."""
    locked = Query.objects.select_for_update(no_key=True).get(pk=query.pk)
    if (locked.answer, locked.words) == (answer, words):
        return
    locked.answer, locked.words = answer, words
    locked.answered_by, locked.answered_at = (by, at) if answer else (None, None)
    locked.save(update_fields=["answer", "words", "answered_by", "answered_at"])
    details = {"about": locked.about, "doubt": locked.doubt, "answer": answer, "words": words}
    trail.record("query.answered", about=query.submission, by=by, at=at, details=details)


def standing(
    submission: Submission, grid: Grid, given: Mapping[Cell, Given] | None = None
) -> dict[Cell, list[Query]]:
    """The questions about values that stand in the report now, by cell, in the order in which they were asked.

    `given` is what the report says, where somebody has read it already.
    """
    rows = list(Query.objects.filter(submission=submission).select_related("answered_by"))
    if not rows:
        return {}
    if given is None:
        asked = {row.indicator_id for row in rows}
        given = read(Grid([row for row in grid.rows if row.version.indicator_id in asked])).given
    return _by_cell(rows, given)


def _by_cell(rows: Iterable[Query], given: Mapping[Cell, Given]) -> dict[Cell, list[Query]]:
    found: dict[Cell, list[Query]] = {}
    for row in rows:
        cell = (row.indicator_id, row.category_id)
        if cell in given and about(given[cell]) == row.about:
            found.setdefault(cell, []).append(row)
    return found


def with_answers(figures: QuerySet[CurrentFigure]) -> QuerySet[CurrentFigure]:
    """Each figure with what was answered about it, for `answers_about`; no query more."""
    rows = (
        Query.objects.exclude(answer="")
        .filter(submission__expected_report=OuterRef("expected_report"), indicator=OuterRef("indicator"))
        .annotate(of=Coalesce("category_id", 0))
        .filter(of=Coalesce(OuterRef("category_id"), 0))
        .values(said=JSONObject(about="about", answer="answer", words="words"))
    )
    return figures.annotate(answered=ArraySubquery(rows))


def answers_about(figure: CurrentFigure) -> list[str]:
    """What the partner said when asked about the value that counts now: the first line of its story."""
    now = about(Given(FigureStatus(figure.status), figure.components))
    answered = cast(Any, figure).answered if hasattr(figure, "answered") else []
    return [
        ": ".join(filter(None, (str(Query.Answer(each["answer"]).label), each["words"])))
        for each in answered
        if each["about"] == now
    ]
