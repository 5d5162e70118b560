"""A report of two partners for one quarter: a count broken down by gender, a share, an average, and yes or no."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.jobs.running import work_off
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.imports import applying, checking, operations
from measurement.imports.models import ImportFile
from measurement.indicators.kinds import Kind
from measurement.submissions import workflow
from measurement.submissions.models import Submission
from tests.factories import measuring

Give = Callable[..., ImportFile]


@pytest.fixture
def asked(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> None:
    gender = measuring.breakdown(initiative, "gender", ["Girls", "Boys"])
    partners = [alder, birch]
    measuring.assign(measuring.indicator(initiative, "served"), partners, quarters, by_=[gender])
    measuring.assign(measuring.indicator(initiative, "rate", Kind.RATIO), partners, quarters)
    measuring.assign(measuring.indicator(initiative, "score", Kind.MEAN), partners, quarters)
    measuring.assign(measuring.indicator(initiative, "opened", Kind.MILESTONE), partners, quarters)
    measuring.open_(initiative, "2026-Q1")


@pytest.fixture
def report(asked: None, alder: Organization) -> Submission:
    """Alder's, begun and empty."""
    return workflow.start(expected_report=measuring.expected(alder, "2026-Q1"), at=now())


@pytest.fixture
def give(initiative: Initiative, rita: User) -> Give:
    """Upload a file and have it checked, as the page and the worker do."""

    def upload(
        content: bytes | str, *, name: str = "figures.csv", by: User | None = None, **fields: object
    ) -> ImportFile:
        as_bytes = content.encode() if isinstance(content, str) else content
        file = operations.take_in(
            initiative=initiative,
            content=ContentFile(as_bytes, name=name),
            by=by or rita,
            at=now(),
            **fields,  # type: ignore[arg-type]
        )
        return checked(file)

    return upload


def checked(file: ImportFile) -> ImportFile:
    work_off(checking.KIND, checking.check)
    return ImportFile.objects.select_related("initiative", "run").get(pk=file.pk)


def taken_over(file: ImportFile, by: User, **fields: bool) -> ImportFile:
    operations.confirm(file=file, by=by, at=now(), **fields)
    work_off(applying.KIND, applying.apply)
    return ImportFile.objects.select_related("initiative", "run").get(pk=file.pk)


def told(file: ImportFile) -> list[tuple[str, str, str]]:
    """Of each line: what becomes of it, where it stands, and why not or what it says."""
    return [(line.what, line.place, line.sentence or line.after) for line in file.lines.all()]


def refusals(file: ImportFile) -> list[str]:
    return [f"{line.place}: {line.sentence}" for line in file.lines.filter(what="refused")]
