import pytest
from django.db import connection, transaction

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.rollups.models import Cell
from measurement.submissions.models import DirtyKey
from tests.factories import measuring, processes


def served() -> int | None:
    found = Cell.objects.filter(indicator__code="served", group=None, period__code="2026-Q1").first()
    return None if found is None or found.amount is None else int(found.amount)


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'measurement_cell'::regclass"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_a_roll_up_leaves_right_figures_after_restart(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    data_manager: User,
    quarters: ReportingCalendar,
) -> None:
    environment = processes.own_environment()
    measuring.assign(measuring.indicator(initiative, "served"), [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    with processes.worker(environment):
        measuring.report(alder, "2026-Q1", served=120)
        processes.hint_from_outside("measurement.roll_up_changed", environment)
        processes.wait_until(lambda: served() == 120)

    with processes.worker(environment) as doomed:
        measuring.report(birch, "2026-Q1", served=80)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE measurement_cell IN SHARE MODE")  # holds the roll-up up half-way
            processes.hint_from_outside("measurement.roll_up_changed", environment)
            processes.wait_until(somebody_waits_for_a_lock)
            processes.kill(doomed)
    processes.wait_until(lambda: not somebody_waits_for_a_lock())
    assert served() == 120
    assert DirtyKey.objects.exists()

    with processes.worker(environment):
        processes.hint_from_outside("measurement.roll_up_changed", environment)
        processes.wait_until(lambda: served() == 200)
    assert not DirtyKey.objects.exists()
