"""Any history of an initiative, step by step: cells kept up to date equal cells made anew, and both can be replayed.

A day goes by with every step, so that what comes after the due day is late.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.charter.models import Initiative, Participation, PartnerGroup
from initiatives.directory import operations as directory
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.calendars.periods import Frequency
from measurement.indicators import operations as indicators
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Indicator
from measurement.rollups import as_of, runs
from measurement.rollups.models import Cell
from measurement.submissions import opening, queries, workflow
from measurement.submissions.models import NotAllowed, Submission
from tests.factories import measuring, people
from tests.measurement.rollups.test_any_order_of_events import _regroup, by_hand, everything

KINDS = {"served": Kind.FLOW, "passed": Kind.RATIO, "pupils": Kind.STOCK}
SUMMED_BY_HAND = ("served", "passed")  # what is carried forward is not in the figures of the period
QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3")
FIRST_DAY = datetime(2026, 4, 20, 12, tzinfo=UTC)  # ten days before the first quarter is due
REMEMBERED = 3
# No history is kept of who is no longer expected: a past moment is read with the expectations of today. So where
# somebody has left or come back since, neither these columns can be what they were, nor a level that is carried
# forward only where it is missing.
_OF_EXPECTATIONS = {"expected", "missing", "volume", "volume_in"}
_CARRIED = "pupils"

Places = st.tuples(st.integers(0, 2), st.integers(0, 2))
Sums = list[dict[str, object]]


class History(RuleBasedStateMachine):
    """What people do to an initiative, in any order. What cannot be done just then is not."""

    initiative: Initiative
    partners: list[Organization]
    group: PartnerGroup
    by: User

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.at = FIRST_DAY
        self.seen: list[tuple[datetime, Sums]] = []
        self.expected_anew = FIRST_DAY
        self.is_third_open = False
        for quarter in QUARTERS[:2]:
            measuring.open_(self.initiative, quarter, at=self.at)

    def teardown(self) -> None:
        try:
            self.agree()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def agree(self) -> None:
        """Kept, made anew, worked out by hand, and replayed: all the same."""
        runs.roll_up_changed(at=self.at)
        kept = everything()
        opened = ReportingPeriod.objects.exclude(state="planned").values_list("code", flat=True)
        for code, quarter in product(SUMMED_BY_HAND, opened):
            hand = by_hand(code, quarter)
            cell = Cell.objects.filter(indicator__code=code, period__code=quarter, group=None).first()
            if cell is not None:
                assert {name: getattr(cell, name) for name in vars(hand)} == vars(hand)
        runs.rebuild(initiative=self.initiative, at=self.at)
        assert everything() == kept
        for moment, then in self.seen[-REMEMBERED:]:
            as_now = moment > self.expected_anew
            codes = [code for code in KINDS if as_now or code != _CARRIED]
            assert comparable(replayed(self.initiative, codes, moment), codes, as_now=as_now) == comparable(
                then, codes, as_now=as_now
            )

    def tomorrow(self) -> datetime:
        self.at += timedelta(days=1)
        return self.at

    def submission(self, place: tuple[int, int]) -> Submission | None:
        partner, quarter = self.partners[place[0]], QUARTERS[place[1]]
        found = Submission.objects.filter(
            expected_report__organization=partner, expected_report__period__code=quarter
        )
        return found.select_related("expected_report__period", "expected_report__organization").first()

    @rule(place=Places, number=st.integers(0, 50))
    def submit(self, place: tuple[int, int], number: int) -> None:
        partner, quarter = self.partners[place[0]], QUARTERS[place[1]]
        now = self.submission(place)
        if expected(partner, quarter) and (now is None or now.is_editable):
            measuring.hand_in(partner, quarter, at=self.tomorrow(), **answers(number))

    @rule(place=Places)
    def approve(self, place: tuple[int, int]) -> None:
        now = self.submission(place)
        if now and now.status == Submission.Status.SUBMITTED:
            workflow.approve(submission=now, by=self.by, at=self.tomorrow())

    @rule(place=Places, number=st.integers(0, 50))
    def correct(self, place: tuple[int, int], number: int) -> None:
        now = self.submission(place)
        if now and now.status == Submission.Status.APPROVED and is_there(self.partners[place[0]]):
            measuring.correct(now, at=self.tomorrow(), **answers(number))

    @rule(place=Places)
    def withdraw(self, place: tuple[int, int]) -> None:
        now = self.submission(place)
        if now and now.status == Submission.Status.APPROVED:
            workflow.withdraw(submission=now, reason="Taken out.", by=self.by, at=self.tomorrow())

    @rule(partner=st.integers(0, 2), number=st.integers(0, 50))
    def regroup(self, partner: int, number: int) -> None:
        with suppress(directory.Refused):
            _regroup(self.partners[partner], number, self.group, self.by, self.tomorrow())

    @rule(partner=st.integers(0, 2), day=st.sampled_from([date(2026, 2, 1), date(2026, 5, 1)]))
    def leave_or_come_back(self, partner: int, day: date) -> None:
        part = Participation.objects.get(organization=self.partners[partner])
        if part.left_on:
            directory.stay(participation=part, by=self.by, at=self.tomorrow())
        else:
            directory.leave(participation=part, on=day, by=self.by, at=self.tomorrow())
        self.expected_anew = self.at

    @precondition(lambda self: not self.is_third_open)
    @rule(code=st.sampled_from(sorted(KINDS)))
    def define(self, code: str) -> None:
        """The new meaning counts from the third quarter; what was read under the old one stays."""
        indicator = Indicator.objects.get(code=code)
        version = indicator.versions.latest("number")
        version.effective_from, version.definition = date(2026, 7, 1), "Counted in another way."
        runs.roll_up_changed(at=self.at)
        before = everything()
        with suppress(indicators.NotAllowed):
            indicators.redefine(
                indicator=indicator,
                version=version,
                break_note="Another way.",
                by=self.by,
                at=self.tomorrow(),
            )
        runs.roll_up_changed(at=self.at)
        assert everything() == before

    @precondition(lambda self: not self.is_third_open)
    @rule()
    def open_the_third_quarter(self) -> None:
        period = ReportingPeriod.objects.get(code=QUARTERS[2])
        with suppress(NotAllowed):
            opening.open_period(period=period, by=None, at=self.tomorrow())
            self.is_third_open = True

    @rule()
    def roll_up_and_remember(self) -> None:
        runs.roll_up_changed(at=self.tomorrow())
        self.seen.append((self.at, everything()))


def is_there(partner: Organization) -> bool:
    """Nobody types for a partner that has left."""
    return Participation.objects.filter(organization=partner, left_on=None).exists()


def expected(partner: Organization, quarter: str) -> bool:
    return (
        is_there(partner)
        and partner.expected_reports.filter(
            period__code=quarter, period__state="open", figures__indicator__code="served"
        ).exists()
    )


def answers(number: int) -> dict[str, measuring.Answer]:
    return {
        "served": "<5" if number % 7 == 3 else number,
        "passed": (min(number, 20), 20),
        "pupils": None if number % 5 == 0 else number,
    }


def comparable(rows: Sums, codes: Iterable[str], *, as_now: bool) -> Sums:
    """The sums of some measures, without what depends on expectations unless these are still `as_now`."""
    wanted = set(Indicator.objects.filter(code__in=codes).values_list("pk", flat=True))
    kept = [row for row in rows if row["indicator_id"] in wanted]
    if as_now:
        return kept
    known = [{name: row[name] for name in row if name not in _OF_EXPECTATIONS} for row in kept]
    return [row for row in known if row["received"]]


def replayed(initiative: Initiative, codes: Iterable[str], moment: datetime) -> Sums:
    rows: Sums = []
    for code in codes:
        with as_of.as_it_was(initiative, code, moment):
            rows += everything()
    return sorted(rows, key=_place)


def _place(row: dict[str, object]) -> tuple[int, ...]:
    names = ("indicator_id", "period_id", "group_id", "category_id")
    last = 1 << 40  # the database puts what is empty last
    return tuple(last if row[name] is None else int(str(row[name])) for name in names)


@pytest.fixture
def histories(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[int, int], None]:
    # What people are told and asked moves no figure, and takes a third of the time.
    monkeypatch.setattr(workflow, "_tell", lambda *_args, **_fields: None)
    monkeypatch.setattr(queries, "ask", lambda *_args, **_fields: None)
    cedar = people.organization("Cedar Clinic", initiative)
    people.member("Cy Cedar", cedar, Role.REPORTER)
    partners = [alder, birch, cedar]
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    for code, kind in KINDS.items():
        fields = {"carry_periods": 1} if kind is Kind.STOCK else {}
        measuring.assign(measuring.indicator(initiative, code, kind, **fields), partners, quarters)
    north = PartnerGroup.objects.create(initiative=initiative, code="north", name="North")
    told = {"initiative": initiative, "partners": partners, "group": north, "by": data_manager}

    def run(examples: int, steps: int) -> None:
        run_state_machine_as_test(
            type("HistoryHere", (History,), told),
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )

    return run


def test_whatever_happened_kept_cells_are_those_made_anew(histories: Callable[[int, int], None]) -> None:
    histories(8, 12)


@pytest.mark.proof
@pytest.mark.timeout(7200)
def test_whatever_happened_kept_cells_are_those_made_anew_many_times(
    histories: Callable[[int, int], None],
) -> None:
    histories(300, 50)
