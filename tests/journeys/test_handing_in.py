"""A report from the first line to its withdrawal, as people click it, with every mail and every figure on the way."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit.models import Event
from backbone.notifications import outbox
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.submissions.models import CurrentFigure, DirtyKey, Observation, Submission
from tests.factories import measuring
from tests.measurement.submissions.sending import form, url


@pytest.fixture
def begin(
    initiative: Initiative,
    data_manager: User,
    alder: Organization,
    quarters: ReportingCalendar,
) -> str:
    """One measure by gender is expected of Alder; the address to begin."""
    gender = measuring.breakdown(initiative, "gender", ["F", "M", "X"], unknown="Unknown")
    measuring.assign(measuring.indicator(initiative, "served"), [alder], quarters, by_=[gender])
    measuring.open_(initiative, "2026-Q1")
    return f"/i/cradle/report/{measuring.expected(alder, '2026-Q1').public_id}/start/"


def figures() -> dict[str, Decimal | None]:
    return {
        figure.category.name if figure.category else "total": figure.amount
        for figure in CurrentFigure.objects.select_related("category")
    }


def mails() -> list[tuple[list[str], str]]:
    """Who has got which mail since one last looked."""
    mail.outbox.clear()
    outbox.send_waiting(at=now())
    return sorted((message.to, str(message.subject)) for message in mail.outbox)


def sent(submission: Submission, **answers: measuring.Answer) -> dict[str, str]:
    submission.refresh_from_db()
    return {**form(submission, **answers), "right": "on"}


class Way:
    """The two people at the two ends of a report, each in front of a browser."""

    def __init__(self, partner: Client, staff: Client, *, htmx: bool) -> None:
        self.partner, self.staff = partner, staff
        self.headers = {"HX-Request": "true"} if htmx else {}
        self.done = 204 if htmx else 302

    @property
    def report(self) -> Submission:
        return Submission.objects.get()

    def refused(self, client: Client, step: str, words: dict[str, str]) -> str:
        answer = client.post(url(step, self.report), words, headers=self.headers)
        assert answer.status_code == 422
        return str(answer.content.decode())

    def goes(self, client: Client, step: str, words: dict[str, str]) -> None:
        answer = client.post(url(step, self.report), words, headers=self.headers)
        assert answer.status_code == self.done, answer.content.decode()

    def hand_in(self, **answers: measuring.Answer) -> None:
        self.goes(self.partner, "hand-in", sent(self.report, **answers))

    def approve(self) -> None:
        self.goes(self.staff, "approve", {"version": str(self.report.version)})


@pytest.fixture(params=[False, True], ids=["plain", "htmx"])
def way(
    request: pytest.FixtureRequest,
    begin: str,
    as_: Callable[[User], Client],
    rita: User,
    data_manager: User,
) -> Way:
    made = Way(as_(rita), as_(data_manager), htmx=request.param)
    assert "Fill in the report" in made.partner.get("/i/cradle/report/").content.decode()
    made.partner.post(begin)
    return made


RIGHT = {"served__f": 50, "served__m": 38, "served__x": 2}


def test_a_report_that_cannot_be_right_is_refused_and_nobody_is_told(way: Way) -> None:
    page = way.refused(way.partner, "hand-in", sent(way.report, served=100, served__f=60, served__m=45))

    assert "The categories add up to 5 more than the total." in page
    assert mails() == []


def test_a_report_is_handed_in_returned_answered_and_approved(way: Way) -> None:
    way.hand_in(served=100, **RIGHT)
    assert mails() == [
        (["dana.data@example.org"], "Alder School, Q1 2026 has been handed in"),
        (["rita.reporter@example.org"], "We have received: Alder School, Q1 2026"),
    ]
    assert set(figures().values()) == {None}

    way.goes(way.staff, "return", {"message": "Is 100 right?"})
    assert mails() == [(["rita.reporter@example.org"], "A question about Alder School, Q1 2026")]
    assert "Is 100 right?" in way.partner.get("/i/cradle/report/").content.decode()

    way.partner.post(url("say", way.report), {"body": "Yes, counted twice."})
    assert mails() == [(["dana.data@example.org"], "A message about Alder School, Q1 2026")]
    way.hand_in()
    mails()

    DirtyKey.objects.all().delete()
    way.approve()
    assert mails() == [(["rita.reporter@example.org"], "Approved: Alder School, Q1 2026")]
    assert figures() == {"total": 100, "F": 50, "M": 38, "X": 2, "Unknown": 10}
    assert CurrentFigure.objects.get(category__is_unknown=True).derived
    assert DirtyKey.objects.exists()
    assert "100\u00a0people" in way.partner.get("/i/cradle/report/").content.decode()


def test_a_correction_counts_from_its_approval_and_a_withdrawal_deletes_nothing(way: Way) -> None:
    way.hand_in(served=100, **RIGHT)
    way.approve()
    mails()

    way.goes(way.staff, "reopen", {"reason": "Please recount."})
    assert mails() == [(["rita.reporter@example.org"], "Please correct: Alder School, Q1 2026")]
    way.hand_in(served=90, served__f=40)
    assert figures()["total"] == 100

    way.approve()
    mails()
    assert figures() == {"total": 90, "F": 40, "M": 38, "X": 2, "Unknown": 10}
    corrected = Observation.objects.select_related("supersedes").get(amount=90)
    assert corrected.supersedes
    assert (corrected.supersedes.amount, corrected.reason) == (100, "Please recount.")

    way.goes(way.staff, "withdraw", {"reason": "Wrong school.", "name": "Alder School, Q1 2026"})
    assert mails() == [(["rita.reporter@example.org"], "Withdrawn: Alder School, Q1 2026")]
    assert set(figures().values()) == {None}
    assert Observation.objects.filter(amount=90).exists()
    assert 'value="90"' in way.partner.get(way.report.get_absolute_url()).content.decode()
    assert Event.objects.filter(about_id=str(way.report.public_id)).count() == 6
