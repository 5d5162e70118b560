"""Fields of a report that are more than one or two numbers: sent by a browser, kept, shown again, and handed in."""

from collections.abc import Callable

import pytest
from django.test import Client

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.indicators.kinds import Kind
from measurement.submissions.grid import cell_name
from measurement.submissions.models import Submission
from tests.factories import measuring
from tests.measurement.submissions import sending

pytestmark = pytest.mark.usefixtures("data_manager")
As = Callable[[User], Client]


@pytest.fixture
def report(initiative: Initiative, alder: Organization, quarters: ReportingCalendar) -> Submission:
    kinds: dict[str, tuple[Kind, dict[str, object]]] = {
        "quality": (Kind.ORDINAL, {"levels": "Low\nHigh", "from_level": 2}),
        "helped": (Kind.TEXT, {"amount_label": "What helped?"}),
        "score": (Kind.MEAN, {}),
        "hours": (Kind.FLOW, {"unit": "h", "hand_in_units": "minutes = 1/60"}),
        "wait": (Kind.MEDIAN, {}),
    }
    for code, (kind, fields) in kinds.items():
        measuring.assign(measuring.indicator(initiative, code, kind, **fields), [alder], quarters)
    measuring.open_(initiative, "2026-Q1")
    return measuring.draft(alder, "2026-Q1")


def fields(report: Submission) -> dict[str, str]:
    """What a browser sends when everything is filled in."""
    names = {
        code: cell_name(sending.cell(report, code))
        for code in ("quality", "helped", "score", "hours", "wait")
    }
    return {
        "version": str(report.version),
        f"{names['quality']}-level-1": "4",
        f"{names['quality']}-level-2": "6",
        f"{names['helped']}-detail": "Buses,\r\nlater ones <b>.",
        f"{names['score']}-amount": "10",
        f"{names['score']}-base": "5",
        f"{names['score']}-detail": "2",
        f"{names['hours']}-amount": "90",
        f"{names['hours']}-detail": "minutes",
        f"{names['wait']}-amount": "12",
    }


@pytest.mark.parametrize("headers", [{}, sending.HTMX])
def test_what_was_typed_is_kept_and_stands_in_the_fields_again(
    report: Submission, rita: User, as_: As, headers: dict[str, str]
) -> None:
    client = as_(rita)
    saved = client.post(sending.url("save", report), fields(report), headers=headers)
    assert saved.status_code in (200, 302)

    page = client.get(report.get_absolute_url()).content.decode()
    for name in fields(report):
        if name != "version":
            assert f'name="{name}"' in page
    assert 'value="4"' in page
    assert "Buses,\nlater ones &lt;b&gt;." in page
    assert '<option value="minutes" selected>' in page


def test_it_is_handed_in_and_read_by_the_reviewer(
    report: Submission, rita: User, data_manager: User, as_: As
) -> None:
    sent = fields(report) | {"right": "on"}
    assert as_(rita).post(sending.url("hand-in", report), sent).status_code == 302

    page = as_(data_manager).get(report.get_absolute_url()).content.decode().replace("\u00a0", " ")
    assert "Low 4, High 6" in page
    assert "10 people, 5 cases, standard deviation 2.0" in page
    assert "90 minutes (1.5 h)" in page
    assert "later ones &lt;b&gt;." in page


@pytest.mark.parametrize("junk", ["\0", "x" * 10_000, "=1+1", "1\n2\n3", "−3"])
def test_nonsense_is_refused_with_a_sentence(report: Submission, rita: User, as_: As, junk: str) -> None:
    name = cell_name(sending.cell(report, "quality"))
    sent = fields(report) | {f"{name}-level-2": junk, "right": "on"}
    answer = as_(rita).post(sending.url("hand-in", report), sent)

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
