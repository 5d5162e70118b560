"""What docs/api.md tells people to write is what works, over a real connection."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.indicators.kinds import Kind
from measurement.rollups import runs
from measurement.submissions import workflow
from measurement.submissions.models import Submission
from tests.factories import measuring, people

ROOT = Path(__file__).resolve().parents[3]
BLOCKS = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs/api.md").read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture
def due(initiative: Initiative, alder: Organization, data_manager: User, quarters: ReportingCalendar) -> None:
    """Three measures of Alder and three others, who have reported already."""
    others = [people.organization(f"Other {number}", initiative) for number in range(3)]
    measures = [
        measuring.indicator(initiative, "served"),
        measuring.indicator(initiative, "passed", Kind.RATIO),
        measuring.indicator(initiative, "open-days"),
    ]
    for each in measures:
        measuring.assign(each, [alder, *others], quarters)
    measuring.open_(initiative, "2026-Q1")
    for other in others:
        people.member(f"Reporter of {other}", other, Role.REPORTER)
        measuring.report(other, "2026-Q1", served=10, passed=(1, 2), **{"open-days": None})


@pytest.mark.django_db(transaction=True)
def test_the_worked_example_works(
    due: None,
    alder: Organization,
    manager: User,
    data_manager: User,
    as_: Callable[[User], Client],
    live_server: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    scope = f"{alder.public_id}/partner/report"
    page = as_(manager).post("/i/cradle/keys/make/", {"name": "School software", "scope": scope})
    secret = re.search(r'id="secret">(bb_\w+)<', page.content.decode())
    assert secret is not None
    monkeypatch.setenv("BACKBONE", live_server.url)
    monkeypatch.setenv("BACKBONE_INITIATIVE", "cradle")
    monkeypatch.setenv("BACKBONE_KEY", secret[1])
    said: list[str] = []
    names: dict[str, Any] = {}
    for block in BLOCKS:
        if "cells/" in block:
            _approve(data_manager)
        exec(compile(block, "docs/api.md", "exec"), names)
        said.append(capsys.readouterr().out.strip().splitlines()[-1:][0] if "print" in block else "")

    assert said == [
        "",
        "Q1 2026 ['Served', 'Passed', 'Open days']",
        "submitted",
        "150 {'received': 4, 'expected': 4} ['120']",
    ]


def _approve(by: User) -> None:
    waiting = Submission.objects.get(status=Submission.Status.SUBMITTED)
    workflow.approve(submission=waiting, by=by, at=now())
    runs.roll_up_changed(at=now())
