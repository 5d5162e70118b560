"""Long work: a row, a worker, signs of life, and an end that is told to whoever waits."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.jobs import operations, running
from initiatives.jobs.models import JobRun
from initiatives.jobs.running import Work

As = Callable[[User], Client]
KIND = "tests.count"


def begin(initiative: Initiative, by: User, **parameters: object) -> JobRun:
    return operations.start(
        initiative=initiative, kind=KIND, title="Count", parameters=parameters, by=by, at=now()
    )


def nothing(work: Work) -> None:
    """Done before it began."""


def again(run: JobRun) -> JobRun:
    return JobRun.objects.get(pk=run.pk)


def test_a_run_is_done_once_and_tells_how_far_it_is(initiative: Initiative, rita: User) -> None:
    run = begin(initiative, rita, up_to=3)
    seen: list[tuple[str, int, int]] = []

    def count(work: Work) -> None:
        for number in range(work.run.parameters["up_to"]):
            work.progress(number, 3, "Counting")
            stored = again(run)
            seen.append((stored.state, stored.done, stored.total))
        work.finish(message="Counted.", result="/here/")

    assert running.work_off(KIND, count) == 1
    assert running.work_off(KIND, count) == 0
    assert seen == [("running", 0, 3), ("running", 1, 3), ("running", 2, 3)]
    ended = again(run)
    assert (ended.state, ended.done, ended.total) == ("done", 3, 3)
    assert (ended.message, ended.result, ended.attempts) == ("Counted.", "/here/", 1)
    assert ended.finished_at is not None


def test_runs_of_another_kind_are_left_alone(initiative: Initiative, rita: User) -> None:
    run = begin(initiative, rita)

    assert running.work_off("tests.other", nothing) == 0
    assert again(run).state == "waiting"


def test_work_that_cannot_be_done_says_why_and_the_next_goes_on(initiative: Initiative, rita: User) -> None:
    bad, broken, good = (begin(initiative, rita, what=what) for what in ("bad", "broken", "good"))

    def work_(work: Work) -> None:
        if work.run.parameters["what"] == "bad":
            raise operations.Failed("This file is empty.")
        if work.run.parameters["what"] == "broken":
            raise RuntimeError("a fault of ours, with a secret in it")

    assert running.work_off(KIND, work_) == 3
    assert (again(bad).state, again(bad).message) == ("failed", "This file is empty.")
    assert again(broken).state == "failed"
    assert "secret" not in again(broken).message
    assert again(good).state == "done"


def test_what_is_silent_counts_as_dead_and_is_taken_up_again(initiative: Initiative, rita: User) -> None:
    run = begin(initiative, rita)
    claimed = operations.claim(kind=KIND, at=now())
    assert claimed is not None

    assert operations.sweep(at=now() + timedelta(seconds=30)) == 0
    assert again(run).state == "running"
    assert operations.sweep(at=now() + timedelta(seconds=90)) == 1
    assert again(run).state == "waiting"

    second = operations.claim(kind=KIND, at=now())
    assert second is not None
    with pytest.raises(operations.Lost):
        operations.progress(run=claimed, done=1, at=now())
    with pytest.raises(operations.Lost):
        operations.finish(run=claimed, at=now())
    operations.finish(run=second, at=now())
    assert again(run).attempts == 2


def test_what_dies_again_and_again_is_given_up(initiative: Initiative, rita: User) -> None:
    run = begin(initiative, rita)
    for _attempt in range(operations.MOST_ATTEMPTS):
        assert operations.claim(kind=KIND, at=now()) is not None
        operations.sweep(at=now() + timedelta(minutes=2))

    assert again(run).state == "failed"
    assert operations.claim(kind=KIND, at=now()) is None


def test_a_database_that_is_away_is_no_fault_of_the_work(initiative: Initiative, rita: User) -> None:
    run = begin(initiative, rita)

    def away(work: Work) -> None:
        raise OperationalError("no connection")

    assert running.work_off(KIND, away) == 0
    assert again(run).state == "waiting"
    assert running.work_off(KIND, away) == 0
    assert running.work_off(KIND, away) == 1
    assert again(run).state == "failed"


def test_what_waits_is_stopped_at_once(initiative: Initiative, rita: User) -> None:
    run = begin(initiative, rita)
    operations.ask_to_cancel(run=run, by=rita, at=now())

    assert again(run).state == "cancelled"
    assert running.work_off(KIND, nothing) == 0


def test_what_is_under_way_stops_at_its_next_step(initiative: Initiative, rita: User) -> None:
    run = begin(initiative, rita)

    def stopped_meanwhile(work: Work) -> None:
        operations.ask_to_cancel(run=run, by=rita, at=now())
        work.progress(1, 2)
        raise AssertionError("it went on")

    assert running.work_off(KIND, stopped_meanwhile) == 1
    assert again(run).state == "cancelled"


def test_what_is_over_cannot_be_stopped_any_more(initiative: Initiative, rita: User) -> None:
    run = begin(initiative, rita)
    running.work_off(KIND, nothing)

    operations.ask_to_cancel(run=run, by=rita, at=now())

    assert (again(run).state, again(run).cancel_asked_at) == ("done", None)


def test_the_page_shows_how_far_it_is_and_leads_on_when_it_is_done(
    initiative: Initiative, rita: User, as_: As
) -> None:
    run = begin(initiative, rita)
    client, url = as_(rita), run.get_absolute_url()
    assert "Waiting for its turn" in client.get(url).content.decode()

    claimed = operations.claim(kind=KIND, at=now() - timedelta(seconds=60))
    assert claimed is not None
    operations.progress(run=claimed, done=1000, total=4000, message="Reading the file", at=now())
    page = client.get(url).content.decode()
    assert "Reading the file" in page
    assert "1,000 of 4,000" in " ".join(page.split())
    assert "about 3 minutes left" in page
    fragment = client.get(url, headers={"HX-Request": "true", "HX-Target": "job-progress"})
    assert "<html" not in fragment.content.decode()
    assert "every 2s" in fragment.content.decode()

    operations.finish(run=claimed, message="4,000 rows read.", result="/elsewhere/", at=now())
    led = client.get(url, headers={"HX-Request": "true", "HX-Target": "job-progress"})
    assert led.headers["HX-Redirect"] == "/elsewhere/"
    page = client.get(url).content.decode()
    assert "4,000 rows read." in page
    assert "every 2s" not in page


def test_only_who_has_started_it_and_staff_see_it(
    initiative: Initiative, rita: User, bo: User, data_manager: User, as_: As
) -> None:
    run = begin(initiative, rita)
    listed = reverse("initiatives:jobs:works", args=[initiative.slug])

    assert as_(bo).get(run.get_absolute_url()).status_code == 404
    assert "Count" not in as_(bo).get(listed).content.decode()
    for person in (rita, data_manager):
        assert as_(person).get(run.get_absolute_url()).status_code == 200
        assert "Count" in as_(person).get(listed).content.decode()
    stop = reverse("initiatives:jobs:stop-work", args=[initiative.slug, run.public_id])
    assert as_(bo).post(stop).status_code == 404
    assert as_(rita).post(stop).headers["Location"] == run.get_absolute_url()
    assert again(run).state == "cancelled"
