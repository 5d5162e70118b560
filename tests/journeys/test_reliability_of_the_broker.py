"""The broker carries hints only: without it everything comes a little later, and nothing needs a hand."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
import redis
from django.utils.timezone import now

from backbone import celery
from backbone.local import valkey
from backbone.notifications.models import Notification
from initiatives.charter.models import Change, PartnerGroup
from initiatives.directory import grouping
from initiatives.partners.models import Organization
from measurement.rollups import runs
from measurement.rollups.models import Cell
from measurement.submissions import workflow
from measurement.submissions.models import CurrentFigure, DirtyKey, Key
from tests.factories import processes
from tests.factories.waiting import Waiting, waiting

pytestmark = pytest.mark.django_db(transaction=True)

HASTY = "tests.hasty_settings"
KEYS = 500


class Broker:
    """One of a test's own, which can vanish and come back empty at the same address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running = ExitStack()
        self.start()

    def start(self) -> None:
        serving = valkey.serve(self._folder, log=self._folder / "valkey.log")
        self.path, self._child = self._running.enter_context(serving)
        self.url = valkey.broker_url(self.path)

    def send(self, what: signal.Signals) -> None:
        self._child.process.send_signal(what)

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        self._child.process.wait(timeout=10)
        self._running.close()

    def flush(self) -> None:
        with redis.Redis(unix_socket_path=self.path) as client:
            client.flushall()

    def close(self) -> None:
        self._running.close()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path)
    yield made
    made.close()


@pytest.fixture
def made() -> Waiting:
    """Twenty measures over twenty-five months, one partner: five hundred keys, all added up."""
    ready = waiting(partners=1, months=25, measures=20, groups=1)
    runs.roll_up_changed(at=now())
    return ready


def mark_everything() -> None:
    """As after a change of every figure, with sums that are visibly wrong until they are made again."""
    Cell.objects.update(expected=99)
    figures = CurrentFigure.objects.values_list(
        "initiative_id", "indicator_id", "period_id", "organization_id"
    )
    for initiative in {row[0] for row in figures}:
        DirtyKey.objects.mark(initiative, (Key(*row[1:]) for row in figures), at=now())
    assert DirtyKey.objects.count() == KEYS


def seconds_until_all_is_done(*, within: float) -> float:
    began = monotonic()
    processes.wait_until(lambda: not DirtyKey.objects.exists(), seconds=within)
    assert not Cell.objects.filter(expected=99).exists()
    return monotonic() - began


@contextmanager
def worker_and_clock(broker: Broker, folder: Path, settings: str) -> Iterator[None]:
    environment = processes.own_environment(broker=broker.url, settings=settings)
    with processes.worker(environment), processes.beat(environment, folder):
        yield


def everything_is_done_after_the_broker_was_away(
    broker: Broker, made: Waiting, folder: Path, *, settings: str, within: float, away: float
) -> None:
    with worker_and_clock(broker, folder, settings):
        mark_everything()
        seconds_until_all_is_done(within=within)  # both are there

        broker.kill()
        mark_everything()
        gone = monotonic()
        with processes.hints_through(broker.url):
            workflow.approve(submission=made.submissions[0], by=made.reviewer, at=now())
        assert monotonic() - gone < 2
        processes.wait_until(lambda: monotonic() - gone > away, seconds=away + 5)
        assert DirtyKey.objects.exists()
        broker.start()
        took = seconds_until_all_is_done(within=within)

        broker.flush()
        mark_everything()
        took = max(took, seconds_until_all_is_done(within=within))
    assert Cell.objects.filter(received__gt=0, group=None).exists()  # the approval is in
    assert took < within


@pytest.mark.timeout(180)
def test_five_hundred_keys_are_done_after_the_broker_was_killed_and_flushed(
    broker: Broker, made: Waiting, tmp_path: Path
) -> None:
    everything_is_done_after_the_broker_was_away(broker, made, tmp_path, settings=HASTY, within=60, away=1)


@pytest.mark.proof
@pytest.mark.timeout(900)
def test_with_the_real_clock_it_takes_less_than_three_minutes_after_the_broker_is_back(
    broker: Broker, made: Waiting, tmp_path: Path
) -> None:
    everything_is_done_after_the_broker_was_away(
        broker, made, tmp_path, settings="backbone.settings", within=180, away=60
    )


@pytest.mark.timeout(120)
def test_what_nobody_gave_a_hint_of_is_found_by_the_clock(
    broker: Broker, made: Waiting, tmp_path: Path
) -> None:
    """A crash between commit and hint: approval, change of group and mail are all still done."""
    workflow.approve(submission=made.submissions[0], by=made.reviewer, at=now() - timedelta(seconds=60))
    group = PartnerGroup.objects.create(initiative=made.initiative, code="new", name="New")
    grouping.put_into_group(
        group=group, organization=Organization.objects.get(name="Partner 0"), by=None, at=now()
    )
    assert Change.objects.exists()
    Notification.objects.create(address="a@example.org", subject="Not told", body="Yet.", created_at=now())

    with worker_and_clock(broker, tmp_path, HASTY):
        processes.wait_until(
            lambda: (
                not DirtyKey.objects.exists()
                and not Change.objects.exists()
                and not Notification.objects.filter(mailed_at=None).exists()
            )
        )

    assert Cell.objects.filter(group=None, received=1).exists()
    assert Cell.objects.filter(group=group, received=1).exists()


def test_nobody_waits_for_a_broker_that_is_silent_or_gone(broker: Broker) -> None:
    def seconds_for_a_hint() -> float:
        began = monotonic()
        celery.hint("measurement.roll_up_changed")
        return monotonic() - began

    with processes.hints_through(broker.url):
        assert seconds_for_a_hint() < 1
        broker.send(signal.SIGSTOP)
        assert seconds_for_a_hint() < 2
        assert seconds_for_a_hint() < 0.1  # the next ones do not even try
        broker.send(signal.SIGCONT)
        celery.Silence.until = 0
        broker.flush()
        celery.hint("measurement.roll_up_changed")
        with redis.Redis(unix_socket_path=broker.path) as client:
            assert client.llen("hints") == 1
        broker.kill()
        assert seconds_for_a_hint() < 1
        assert celery.Silence.until > monotonic()
