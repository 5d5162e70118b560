"""The nightly check: what people read is made again beside it, compared, reported and mended."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit.models import Event
from backbone.notifications.models import Notification
from initiatives.charter.models import Initiative, PartnerGroup
from initiatives.directory import grouping
from initiatives.partners.models import Organization
from measurement import tasks
from measurement.calendars.models import ReportingCalendar
from measurement.calendars.periods import Frequency
from measurement.indicators.kinds import Kind, OverTime
from measurement.rollups import runs, shadow
from measurement.rollups.models import Cell, Leaf, RollUpRun
from measurement.submissions.models import DirtyKey
from tests.factories import measuring

pytestmark = pytest.mark.django_db(transaction=True)

QUARTERS = ("2025-Q1", "2025-Q2", "2025-Q3")


@pytest.fixture
def added_up(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    data_manager: User,
    quarters: ReportingCalendar,
) -> Initiative:
    """Every rule over time, three quarters in a year, a group, a missing report; all added up."""
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    group = PartnerGroup.objects.create(initiative=initiative, code="north", name="North")
    grouping.put_into_group(group=group, organization=alder, by=None, at=now())
    sexes = measuring.breakdown(initiative, "sex", ["Girls", "Boys"], unknown="Unknown")
    served = measuring.indicator(initiative, "served")
    measuring.assign(served, [alder, birch], quarters, by_=[sexes])
    for code, kind, rules in (
        ("passed", Kind.RATIO, {}),
        ("level", Kind.STOCK, {"over_time": OverTime.LAST, "carry_periods": 1}),
        ("mean-level", Kind.STOCK, {"over_time": OverTime.AVERAGE}),
    ):
        measuring.assign(measuring.indicator(initiative, code, kind, **rules), [alder, birch], quarters)
    for quarter in QUARTERS:
        measuring.open_(initiative, quarter)
        report(alder, quarter, 10)
    report(birch, QUARTERS[0], 20)
    report(birch, QUARTERS[2], 30)
    runs.roll_up_changed(at=now())
    return initiative


def report(by: Organization, quarter: str, number: int) -> None:
    answers: dict[str, Any] = {
        "served": number,
        "passed": (number, 50),
        "level": number,
        "mean-level": number,
        "served/girls": number - 5,
        "served/boys": 5,
    }
    measuring.report(by, quarter, **answers)


def everything() -> list[list[object]]:
    return [list(table.objects.order_by("pk").values_list()) for table in (Leaf, Cell, RollUpRun)]


def test_nothing_is_found_and_nothing_touched_where_sums_are_right(added_up: Initiative) -> None:
    before = everything()
    assert shadow.check(initiative=added_up, at=now()) == []
    assert everything() == before
    assert not DirtyKey.objects.exists()
    assert not Event.objects.filter(verb="sums.differed").exists()


def test_a_wrong_sum_is_found_reported_and_mended(added_up: Initiative, data_manager: User) -> None:
    right = everything()
    year = Cell.objects.get(indicator__code="served", period__code="2025", group=None, category=None)
    Cell.objects.filter(pk=year.pk).update(amount=1_000)
    Notification.objects.all().delete()

    found = shadow.check(initiative=added_up, at=now())

    assert found == [(year.indicator_id, year.period_id)]
    event = Event.objects.get(verb="sums.differed")
    assert event.details == {"sums": 1, "indicators": ["served"], "indicators_in_all": 1}
    assert [note.person for note in Notification.objects.all()] == [data_manager]
    assert "served" in Notification.objects.get().body
    runs.roll_up_changed(at=now())
    assert (
        Cell.objects.get(indicator__code="served", period__code="2025", group=None, category=None).amount
        == 80
    )
    assert len(everything()[1]) == len(right[1])
    assert shadow.check(initiative=added_up, at=now()) == []


@pytest.mark.parametrize(
    "what", ["a lost sum", "one too many", "a lost part", "a wrong group", "a wrong count"]
)
def test_everything_that_can_be_wrong_is_found_and_mended(added_up: Initiative, what: str) -> None:
    quarter = {"period__code": "2025-Q3", "indicator__code": "level"}
    if what == "a lost sum":
        Cell.objects.filter(**quarter, group=None).delete()
    elif what == "one too many":
        group = PartnerGroup.objects.create(initiative=added_up, code="south", name="South")
        row = Cell.objects.get(**quarter, group=None)
        row.pk, row.group = None, group
        row.save(force_insert=True)
    elif what == "a lost part":
        Leaf.objects.filter(**quarter, group=None).delete()
    elif what == "a wrong group":
        Cell.objects.exclude(group=None).filter(**quarter).update(amount=None)
    else:
        Cell.objects.filter(**quarter, group=None).update(carried=9)

    assert {found.period_id for found in shadow.check(initiative=added_up, at=now())} == set(
        Cell.objects.filter(period__code="2025-Q3").values_list("period_id", flat=True)
    )

    runs.roll_up_changed(at=now())
    assert shadow.check(initiative=added_up, at=now()) == []


def test_the_newest_periods_are_checked_of_every_measure_and_older_ones_of_a_sample(
    added_up: Initiative,
) -> None:
    Cell.objects.filter(period__code="2025-Q3").update(missing=99)
    Cell.objects.filter(period__code="2025-Q1", indicator__code="served").update(missing=99)
    measures = Cell.objects.values("indicator").distinct().count()
    newest = shadow.check(initiative=added_up, at=now(), sample=0)
    assert len({found.indicator_id for found in newest}) == measures == 4


def test_figures_that_wait_to_be_added_up_are_no_false_alarm(
    added_up: Initiative, birch: Organization, alder: Organization
) -> None:
    report(birch, "2025-Q2", 40)
    assert shadow.check(initiative=added_up, at=now()) == []
    runs.roll_up_changed(at=now())
    grouping.put_into_group(group=PartnerGroup.objects.get(), organization=birch, by=None, at=now())
    assert shadow.check(initiative=added_up, at=now()) == []
    runs.roll_up_changed(at=now())
    assert shadow.check(initiative=added_up, at=now()) == []


def test_the_database_refuses_to_let_the_check_write_anything_else(
    added_up: Initiative, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recompute(scope: object, *, run_id: int) -> int:
        return Initiative.objects.update(name="Touched")

    monkeypatch.setattr(shadow, "recompute", recompute)
    with pytest.raises(DatabaseError, match="read-only"):
        shadow.check(initiative=added_up, at=now())
    assert not Initiative.objects.filter(name="Touched").exists()


def test_an_initiative_without_figures_has_nothing_to_check(initiative: Initiative) -> None:
    assert shadow.check(initiative=initiative, at=now()) == []


def test_the_task_of_the_night_asks_for_a_check_of_each_initiative(
    added_up: Initiative, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(tasks.check_rollups_of, "delay", asked.append)
    tasks.check_rollups()
    assert asked == [added_up.pk]
    Cell.objects.update(missing=99)
    tasks.check_rollups_of(added_up.pk)
    assert DirtyKey.objects.filter(marked_at__gte=now() - timedelta(minutes=1)).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname = 'measurement_cell'")
        assert cursor.fetchone() == (1,)
