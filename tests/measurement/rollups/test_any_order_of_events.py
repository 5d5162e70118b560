"""Whatever happens in whatever order: cells that were kept up to date equal cells made anew, and both equal
the records added up one by one in Python."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.db import transaction
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backbone.accounts.models import User
from initiatives.charter.models import Initiative, PartnerGroup
from initiatives.directory import grouping
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.calendars.periods import Frequency
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Indicator
from measurement.rollups import runs
from measurement.rollups.models import Cell
from measurement.rollups.record import Record, combine, record_of
from measurement.stated import operations as stating
from measurement.stated.models import PopulationFigure
from measurement.submissions import workflow
from measurement.submissions.models import CurrentFigure, Submission
from measurement.submissions.status import FigureStatus
from measurement.submissions.workflow import Typed
from tests.factories import measuring

QUARTERS = ("2026-Q1", "2026-Q2")
CODES = {
    "served": Kind.FLOW,
    "passed": Kind.RATIO,
    "pupils": Kind.STOCK,
    "falls": Kind.RATE,
    "quality": Kind.ORDINAL,
    "score": Kind.MEAN,
    "wait": Kind.MEDIAN,
    "told": Kind.TEXT,
    "hours": Kind.FLOW,
}
FIELDS: dict[str, dict[str, object]] = {
    "quality": {"levels": "Low\nMiddle\nHigh", "from_level": 2},
    "hours": {"hand_in_units": "minutes = 1/60"},
}
events = st.lists(
    st.tuples(
        st.sampled_from(["report", "report", "correct", "withdraw", "regroup", "state", "roll up"]),
        st.integers(0, 1),
        st.integers(0, 1),
        st.integers(0, 50),
    ),
    max_size=8,
)
Step = tuple[str, int, int, int]


def play(steps: Sequence[Step], partners: Sequence[Organization], group: PartnerGroup, by: User) -> None:
    at = now()
    for place, (what, partner, quarter, number) in enumerate(steps):
        _one(what, partners[partner], QUARTERS[quarter], number, group, by, at + timedelta(minutes=place))


def _one(what, organization, quarter, number, group, by, at) -> None:  # type: ignore[no-untyped-def]
    answers = {
        "served": "<5" if number % 7 == 3 else number,
        "falls": (number, 90),
        "passed": (min(number, 20), 20),
        "pupils": None if number % 5 == 0 else number,
        "quality": Typed(detail=f"{number}\n{number % 4}\n1"),
        "score": Typed(amount="7.5", base=str(number + 1), detail="" if number % 3 == 0 else f"{number}.25"),
        "wait": number,
        "hours": Typed(amount=str(number), detail="minutes" if number % 2 else ""),
        "told": Typed(detail=f"Words of {number}."),
    }
    submission = Submission.objects.filter(
        expected_report__organization=organization, expected_report__period__code=quarter
    ).first()
    if what == "report" and (submission is None or submission.is_editable):
        measuring.report(organization, quarter, at=at, **answers)
    elif what == "correct" and submission and submission.status == Submission.Status.APPROVED:
        measuring.correct(submission, at=at, **answers)
    elif what == "withdraw" and submission and submission.status == Submission.Status.APPROVED:
        workflow.withdraw(submission=submission, reason="Taken out.", by=by, at=at)
    elif what == "regroup":
        _regroup(organization, number, group, by, at)
    elif what == "state":
        figure = PopulationFigure(
            initiative=group.initiative,
            indicator=Indicator.objects.get(code="people"),
            period=ReportingPeriod.objects.get(code=quarter),
            amount=Decimal(number),
            as_of=at.date(),
            source="Census",
        )
        stating.state_population(figure=figure, by=by, at=at)
    elif what == "roll up":
        runs.roll_up_changed(at=at)


def _regroup(organization, number, group, by, at) -> None:  # type: ignore[no-untyped-def]
    """In or out, all along or from a day on; who has left comes back no earlier."""
    days = (None, date(2026, 1, 1), date(2026, 4, 1))
    known = group.members.standing().filter(organization=organization)
    member, left = known.filter(left_on=None).first(), known.exclude(left_on=None).last()
    if member is None:
        joined_on = left.left_on if left else days[number % 3]
        grouping.put_into_group(group=group, organization=organization, joined_on=joined_on, by=by, at=at)
    elif number % 2 or (member.joined_on and member.joined_on >= date(2026, 3, 31)):
        grouping.take_out_of_group(member=member, by=by, at=at)
    else:
        grouping.leave_group(member=member, on=date(2026, 3, 31), by=by, at=at)


def everything() -> list[dict[str, object]]:
    rows = Cell.objects.order_by("indicator_id", "period_id", "group_id", "category_id")
    return [{k: v for k, v in row.items() if k not in ("id", "run_id")} for row in rows.values()]


def by_hand(code: str, quarter: str) -> Record:
    figures = CurrentFigure.objects.filter(indicator__code=code, period__code=quarter)
    return combine(
        record_of(
            FigureStatus(figure.status),
            amount=figure.amount,
            base=figure.base,
            squares=figure.squares,
            levels=figure.levels,
            low=figure.low,
            high=figure.high,
            on_time=figure.received_at is not None and figure.received_at < figure.due_at,
            recorded_at=figure.recorded_at,
        )
        for figure in figures
    )


def assert_all_agree(initiative: Initiative) -> None:
    runs.roll_up_changed(at=now())
    kept = everything()
    for code, quarter in product(CODES, QUARTERS):
        cell = Cell.objects.get(indicator__code=code, period__code=quarter, group=None)
        hand = by_hand(code, quarter)
        assert {name: getattr(cell, name) for name in vars(hand)} == vars(hand)
    runs.rebuild(initiative=initiative, at=now())
    assert everything() == kept


@pytest.fixture
def group(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> PartnerGroup:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    for code, kind in CODES.items():
        measuring.assign(
            measuring.indicator(initiative, code, kind, **FIELDS.get(code, {})), [alder, birch], quarters
        )
    measuring.indicator(initiative, "people", Kind.POPULATION)
    for quarter in QUARTERS:
        measuring.open_(initiative, quarter)
    return PartnerGroup.objects.create(initiative=initiative, code="north", name="North")


def try_orders(
    examples: int, initiative: Initiative, partners: list[Organization], group: PartnerGroup, by: User
) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(events)
    def any_order(steps: list[Step]) -> None:
        with transaction.atomic():
            play(steps, partners, group, by)
            assert_all_agree(initiative)
            transaction.set_rollback(True)

    any_order()


def test_kept_cells_equal_rebuilt_cells(
    initiative: Initiative, alder: Organization, birch: Organization, group: PartnerGroup, data_manager: User
) -> None:
    try_orders(15, initiative, [alder, birch], group, data_manager)


@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_kept_cells_equal_rebuilt_cells_many_times(
    initiative: Initiative, alder: Organization, birch: Organization, group: PartnerGroup, data_manager: User
) -> None:
    try_orders(300, initiative, [alder, birch], group, data_manager)
