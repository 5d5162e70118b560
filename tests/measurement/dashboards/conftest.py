import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.charter.models import Initiative, PartnerGroup
from initiatives.directory import grouping
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Indicator
from measurement.rollups import runs
from tests.factories import measuring, people


@pytest.fixture
def partners(initiative: Initiative, data_manager: User) -> Callable[[int], list[Organization]]:
    """So many partners with a reporter each."""

    def make(number: int) -> list[Organization]:
        made = [people.organization(f"Partner {place:02}", initiative) for place in range(number)]
        for place, organization in enumerate(made):
            people.member(f"Reporter {place:02}", organization, Role.REPORTER)
        return made

    return make


def add_up() -> None:
    runs.roll_up_changed(at=now())


def measured(
    where: Initiative,
    code: str,
    to: Iterable[Organization],
    on: ReportingCalendar,
    kind: Kind = Kind.FLOW,
    **fields: object,
) -> Indicator:
    """A measure that these partners report."""
    made = measuring.indicator(where, code, kind, **fields)
    measuring.assign(made, to, on)
    return made


def group(
    where: Initiative,
    code: str,
    members: Iterable[Organization],
    *,
    at: datetime | None = None,
    **fields: object,
) -> PartnerGroup:
    """`at`: when it was said that they are in it; now unless given."""
    made = PartnerGroup.objects.create(
        initiative=where, code=code, **{"name": code.title(), "kind": "place", **fields}
    )
    for organization in members:
        _put_in(made, organization, at or now())
    return made


def _put_in(made: PartnerGroup, organization: Organization, at: datetime) -> None:
    grouping.put_into_group(
        group=made, organization=organization, by=measuring.reviewer(made.initiative), at=at
    )


def text(response: Any) -> str:
    """The words of a page as they are read: no tags, no long spaces, no pictures."""
    assert response.status_code == 200
    html = re.sub(r"<(svg|script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    words = unescape(re.sub(r"<[^>]*>", " ", html)).replace("\u00a0", " ")
    return " ".join(words.split())


@contextmanager
def at_most(number: int) -> Iterator[None]:
    """A page may ask the database so often, beyond what sign-in, access and the choice of the tenant ask."""
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [query["sql"] for query in captured.captured_queries if not _OF_THE_FRAME.search(query["sql"])]
    assert len(asked) <= number, "\n".join(asked)


_OF_THE_FRAME = re.compile(
    r"^(SAVEPOINT|RELEASE|ROLLBACK TO)|current_setting"
    r"|^SELECT \"(django_session|accounts_user|initiatives_participation)\""
)
