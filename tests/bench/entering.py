"""Filling in a large report: 40 measures of 12 figures each, opened beside an empty page, and saved while one types."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from statistics import quantiles

from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from backbone.access.permissions import Role, Side
from initiatives.charter.models import Initiative
from measurement.submissions.grid import cell_name
from measurement.submissions.models import Submission
from tests.bench.lines import Line, seconds
from tests.bench.pages import _time
from tests.factories import measuring, people

MEASURES, CATEGORIES = 40, 10  # with the total and those not known twelve figures a measure
SAVES = 60


def lines() -> Iterator[Line]:
    submission, client = _half_filled()
    with override_settings(ROOT_URLCONF="tests.bench.empty"):
        empty = _time(client, f"/i/{submission.initiative.slug}/empty/")
    opened = _time(client, submission.get_absolute_url())
    yield Line("grid of 40 x 12 figures: time beside an empty page", opened, "ms", empty, 4)
    times = [seconds(partial(_autosave, client, submission, number)) * 1000 for number in range(SAVES)]
    yield Line("autosave of one figure in it, 95th percentile", quantiles(times, n=20)[-1], "ms", empty)


def _half_filled() -> tuple[Submission, Client]:
    initiative = people.initiative("large")
    partner = people.organization("Large School", initiative)
    reporter = people.member("Reporter of the large school", partner, Role.REPORTER)
    office = people.organization("Large Office", initiative, Side.BACKBONE)
    people.member("Reviewer of the large office", office, Role.DATA_MANAGER)
    submission = _drafted(initiative)
    client = Client()
    client.force_login(reporter, backend="allauth.account.auth_backends.AuthenticationBackend")
    return submission, client


def _drafted(initiative: Initiative) -> Submission:
    partner = initiative.participations.get(side=Side.PARTNER).organization
    calendar = measuring.calendar(initiative, first=date(2025, 1, 1), last=date(2026, 12, 31))
    names = [f"Age {n}" for n in range(CATEGORIES)]
    ages = measuring.breakdown(initiative, "age", names, unknown="Unknown")
    answers: dict[str, measuring.Answer] = {}
    for number in range(MEASURES):
        measuring.assign(measuring.indicator(initiative, f"m{number}"), [partner], calendar, by_=[ages])
        answers |= {f"m{number}": 1000} | {f"m{number}/age-{n}": 90 + n for n in range(CATEGORIES)}
    for period in ("2025-Q1", "2025-Q4"):
        measuring.open_(initiative, period)
        measuring.report(partner, period, at=None, **answers)
    measuring.open_(initiative, "2026-Q1")
    half = dict(list(answers.items())[: len(answers) // 2])
    return measuring.draft(partner, "2026-Q1", at=None, **half)


def _autosave(client: Client, submission: Submission, number: int) -> None:
    submission.refresh_from_db()
    first = submission.expected_report.figures.order_by("pk")[0]
    name = cell_name((first.indicator_id, first.category_id))
    address = reverse("measurement:submissions:save", args=[submission.initiative.slug, submission.public_id])
    sent = {"version": str(submission.version), f"{name}-amount": str(1000 + number)}
    answer = client.post(address, sent, headers={"HX-Request": "true", "HX-Target": "save-state"})
    assert answer.status_code == 200, answer.status_code
