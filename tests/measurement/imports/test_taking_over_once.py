"""All of a file or nothing of it, once: whoever presses twice, whichever worker dies."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.jobs import operations as jobs
from initiatives.jobs.running import Work, work_off
from initiatives.partners.models import Organization
from measurement.imports import applying, operations
from measurement.submissions import workflow
from measurement.submissions.models import Observation, Submission
from tests.factories import measuring, people
from tests.measurement.imports.conftest import Give

As = Callable[[User], Client]
HEADINGS = "organization code,measure code,period code,figure\n"
LINES = HEADINGS + "alder-school,served,2026-Q1,12\nbirch-charity,served,2026-Q1,8\n"


@pytest.mark.usefixtures("asked")
def test_a_worker_that_was_taken_for_dead_leaves_nothing_behind(data_manager: User, give: Give) -> None:
    file = give(LINES, by=data_manager, for_partners=True, reason="From the register.")
    operations.confirm(file=file, by=data_manager, at=now())
    first = jobs.claim(kind=applying.KIND, at=now())
    assert first is not None
    jobs.sweep(at=now() + timedelta(minutes=2))

    with pytest.raises(jobs.Lost):
        applying.apply(Work(first))
    assert not Observation.objects.exists()

    assert work_off(applying.KIND, applying.apply) == 1
    assert Observation.objects.count() == 2
    file.refresh_from_db()
    assert file.state == "applied"


@pytest.mark.usefixtures("asked")
def test_two_workers_with_the_same_run_record_it_once(data_manager: User, give: Give) -> None:
    file = give(LINES, by=data_manager, for_partners=True, reason="From the register.")
    operations.confirm(file=file, by=data_manager, at=now())
    first = jobs.claim(kind=applying.KIND, at=now())
    assert first is not None

    applying.apply(Work(first))
    first.state = "running"
    with pytest.raises(jobs.Lost):
        applying.apply(Work(first))

    assert Observation.objects.count() == 2


@pytest.mark.usefixtures("asked")
def test_what_is_stopped_before_its_end_leaves_nothing_behind(data_manager: User, give: Give) -> None:
    file = give(LINES, by=data_manager, for_partners=True, reason="From the register.")
    confirmed = operations.confirm(file=file, by=data_manager, at=now())
    assert confirmed.run is not None
    jobs.ask_to_cancel(run=confirmed.run, by=data_manager, at=now())

    work_off(applying.KIND, applying.apply)

    assert not Observation.objects.exists()
    file.refresh_from_db()
    assert (file.state, file.can_be_confirmed) == ("checked", True)


@pytest.mark.parametrize("lines", [3, 300])
def test_the_pages_ask_the_database_no_more_often_for_a_long_file(
    lines: int, report: Submission, rita: User, give: Give, as_: As, django_assert_max_num_queries: Any
) -> None:
    file = give("measure code,figure\n" + "served,1\n" * lines, submission=report)
    client = as_(rita)

    with django_assert_max_num_queries(12 + 4):
        assert client.get(file.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("partners", [3, 30])
def test_a_check_asks_the_database_no_more_often_for_many_partners(
    partners: int,
    initiative: Initiative,
    quarters: Any,
    data_manager: User,
    give: Give,
    django_assert_max_num_queries: Any,
) -> None:
    many = [people.organization(f"Partner {number}", initiative) for number in range(partners)]
    measuring.assign(measuring.indicator(initiative, "served"), many, quarters)
    measuring.open_(initiative, "2026-Q1")
    lines = "".join(f"partner-{number},served,2026-Q1,{number}\n" for number in range(partners))

    with django_assert_max_num_queries(50):
        file = give(
            HEADINGS + lines,
            by=data_manager,
            for_partners=True,
            reason="From the register.",
        )

    assert file.new == partners


def test_the_table_of_a_report_asks_no_more_often_than_its_page(
    report: Submission, alder: Organization, rita: User, as_: As, django_assert_max_num_queries: Any
) -> None:
    workflow.start(expected_report=measuring.expected(alder, "2026-Q1"), at=now())

    client = as_(rita)

    with django_assert_max_num_queries(12 + 4):
        client.get(f"{report.get_absolute_url()}figures.xlsx")
