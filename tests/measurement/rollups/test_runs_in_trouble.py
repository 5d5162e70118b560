"""One key that cannot be added up holds up nobody, is tried again, parked, shown, and tried again by hand."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from unittest.mock import patch

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.calendars.periods import Frequency
from measurement.indicators.models import Indicator
from measurement.rollups import locks, runs, sums
from measurement.rollups.models import Cell
from measurement.rollups.scope import Scope
from measurement.submissions.models import CurrentFigure, DirtyKey, Key
from tests.factories import measuring

QUARTER, NEXT_QUARTER, YEAR = "2026-Q1", "2026-Q2", "2026"
NO_NUMBER_HOLDS_TWO_OF_THESE = "9e131071"


def amount(code: str, period: str = QUARTER) -> int | None:
    found = Cell.objects.filter(indicator__code=code, period__code=period, group=None).first()
    return None if found is None or found.amount is None else int(found.amount)


def set_figures(code: str, period: str, to: str) -> None:
    """Past every rule, as a fault or a hand in the database would."""
    figures = CurrentFigure.objects.filter(indicator__code=code, period__code=period)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE measurement_currentfigure SET amount = %s::numeric WHERE id = ANY(%s)",
            [to, list(figures.values_list("pk", flat=True))],
        )


def mark(code: str, period: str, *, at: datetime) -> None:
    figure = CurrentFigure.objects.filter(indicator__code=code, period__code=period).earliest("pk")
    key = Key(figure.indicator_id, figure.period_id, figure.organization_id)
    DirtyKey.objects.mark(figure.initiative_id, [key], at=at)


@pytest.fixture
def served(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    data_manager: User,
    quarters: ReportingCalendar,
) -> Indicator:
    """Two measures over two quarters of a year, all added up."""
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    made = measuring.indicator(initiative, "served")
    for each in (made, measuring.indicator(initiative, "trained")):
        measuring.assign(each, [alder, birch], quarters)
    for quarter in (QUARTER, NEXT_QUARTER):
        measuring.open_(initiative, quarter)
        measuring.report(alder, quarter, served=1, trained=10)
        measuring.report(birch, quarter, served=2, trained=20)
    runs.roll_up_changed(at=now())
    return made


@pytest.fixture
def poisoned(served: Indicator) -> datetime:
    """The first quarter of `served` cannot be added up any more. Returns when its key was marked."""
    set_figures("served", QUARTER, NO_NUMBER_HOLDS_TWO_OF_THESE)
    at = now()
    mark("served", QUARTER, at=at)
    return at


def test_a_key_that_fails_holds_up_no_other_measure_and_no_other_period(poisoned: datetime) -> None:
    set_figures("served", NEXT_QUARTER, "50")
    mark("served", NEXT_QUARTER, at=poisoned)
    set_figures("trained", QUARTER, "7")
    mark("trained", QUARTER, at=poisoned)

    runs.roll_up_changed(at=poisoned)

    assert amount("trained") == 14
    assert amount("served", NEXT_QUARTER) == 100
    assert amount("served", YEAR) == 103
    assert amount("served") == 3  # as it was
    left = DirtyKey.objects.get()
    assert (left.attempts, left.parked_at) == (1, None)
    assert "overflow" in left.trouble


def test_it_is_tried_at_growing_distances_and_then_parked(poisoned: datetime) -> None:
    def attempts_at(after: timedelta) -> tuple[int, datetime | None]:
        runs.roll_up_changed(at=poisoned + after)
        left = DirtyKey.objects.get()
        return left.attempts, left.parked_at

    assert attempts_at(timedelta()) == (1, None)
    assert attempts_at(timedelta(seconds=59)) == (1, None)
    assert attempts_at(timedelta(minutes=1)) == (2, None)
    assert attempts_at(timedelta(minutes=9)) == (2, None)
    parked = poisoned + timedelta(minutes=10)
    assert attempts_at(timedelta(minutes=10)) == (3, parked)
    assert attempts_at(timedelta(days=1)) == (3, parked)


@pytest.fixture
def parked(poisoned: datetime) -> datetime:
    for after in runs.TRIES_AFTER:
        runs.roll_up_changed(at=poisoned + after)
    assert DirtyKey.objects.get().parked_at
    return poisoned + runs.TRIES_AFTER[-1]


def test_what_is_parked_is_tried_again_when_somebody_says_so(
    parked: datetime, served: Indicator, initiative: Initiative, data_manager: User
) -> None:
    set_figures("served", QUARTER, "4")
    later = parked + timedelta(hours=1)
    runs.roll_up_changed(at=later)
    assert amount("served") == 3

    assert runs.retry_parked(initiative=initiative, indicator=served, by=data_manager, at=later) == 1

    event = Event.objects.get(verb="sums.retried")
    assert (event.by, event.about_id, event.details) == (data_manager, str(served.public_id), {"keys": 1})
    runs.roll_up_changed(at=later)
    assert amount("served") == 8
    assert not DirtyKey.objects.exists()


def test_trying_again_is_about_one_measure_or_one_initiative_and_says_nothing_where_nothing_is_stuck(
    parked: datetime, initiative: Initiative, data_manager: User
) -> None:
    trained = Indicator.objects.get(code="trained")
    assert runs.retry_parked(initiative=initiative, indicator=trained, by=data_manager, at=parked) == 0
    assert not Event.objects.filter(verb="sums.retried").exists()
    assert runs.retry_parked(initiative=initiative, by=data_manager, at=parked) == 1


def test_the_command_tries_again_too(parked: datetime, initiative: Initiative) -> None:
    told = StringIO()
    call_command("retry_parked", initiative.slug, stdout=told)
    assert "1 " in told.getvalue()
    assert not DirtyKey.objects.exclude(parked_at=None).exists()
    with pytest.raises(CommandError, match="no initiative"):
        call_command("retry_parked", "elsewhere")


def test_a_figure_that_is_corrected_frees_what_was_parked(parked: datetime) -> None:
    set_figures("served", QUARTER, "6")
    mark("served", QUARTER, at=parked)

    runs.roll_up_changed(at=parked)

    assert amount("served") == 12
    assert not DirtyKey.objects.exists()


def failing(trouble: Exception, times: int = 1_000) -> Callable[..., int]:
    """The sums of `served` fail so many times; others are made."""
    left, real = [times], sums.recompute
    served = Indicator.objects.get(code="served").pk

    def recompute(scope: Scope, *, run_id: int) -> int:
        if served in scope.indicators and left[0]:
            left[0] -= 1
            raise trouble
        return real(scope, run_id=run_id)

    return recompute


def test_what_failed_for_a_reason_outside_of_the_figures_is_never_parked(served: Indicator) -> None:
    at = now()
    set_figures("served", QUARTER, "50")
    mark("served", QUARTER, at=at)
    set_figures("trained", QUARTER, "7")
    mark("trained", QUARTER, at=at)
    with patch.object(runs, "recompute", failing(OperationalError("deadlock detected"))):
        for _ in range(5):
            runs.roll_up_changed(at=at)
    assert amount("trained") == 14
    left = DirtyKey.objects.get()
    assert (left.attempts, left.parked_at, left.trouble) == (0, None, "")

    runs.roll_up_changed(at=at)

    assert amount("served") == 100


def test_a_fault_in_our_own_code_holds_up_nobody_either(served: Indicator) -> None:
    at = now()
    for code in ("served", "trained"):
        set_figures(code, QUARTER, "7")
        mark(code, QUARTER, at=at)
    with patch.object(runs, "recompute", failing(ValueError("no such rule"))):
        runs.roll_up_changed(at=at)
    assert amount("trained") == 14
    assert DirtyKey.objects.get().trouble == "no such rule"


def test_a_worker_that_has_run_for_too_long_stops_and_blames_no_key(served: Indicator) -> None:
    mark("served", QUARTER, at=now())
    with (
        patch.object(runs, "recompute", failing(SoftTimeLimitExceeded())),
        pytest.raises(SoftTimeLimitExceeded),
    ):
        runs.roll_up_changed(at=now())
    assert DirtyKey.objects.get().attempts == 0


def test_sums_of_what_is_no_longer_measured_are_forgotten_in_a_rebuild(
    served: Indicator, initiative: Initiative
) -> None:
    CurrentFigure.objects.filter(indicator=served).delete()
    runs.rebuild(initiative=initiative, at=now())
    assert amount("served") is None
    assert amount("trained") == 30


@pytest.mark.django_db
def test_no_indicator_is_too_large_a_number_for_its_lock() -> None:
    with connection.cursor() as cursor:
        locks.wait_for([2**31, 2**63 - 1, 1])
        cursor.execute(
            f"SELECT count(DISTINCT {locks.number_of('n')}), min(pg_typeof({locks.number_of('n')})::text)"
            f" FROM unnest(ARRAY[1, 2, {2**31}, {2**31 + 1}, {2**32 + 1}, {2**63 - 1}]::bigint[]) n"
        )
        assert cursor.fetchone() == (6, "bigint")
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (3,)
