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
def report(
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
    return sorted((message.to, message.subject) for message in mail.outbox)


def sent(submission: Submission, **answers: measuring.Answer) -> dict[str, str]:
    submission.refresh_from_db()
    return {**form(submission, **answers), "right": "on"}


@pytest.mark.parametrize("htmx", [False, True])
def test_a_report_goes_its_whole_way(
    report: str, as_: Callable[[User], Client], rita: User, data_manager: User, htmx: bool
) -> None:
    partner, staff = as_(rita), as_(data_manager)
    headers = {"HX-Request": "true"} if htmx else {}
    done = 204 if htmx else 302
    right = {"served__f": 50, "served__m": 38, "served__x": 2}

    assert "Fill in the report" in partner.get("/i/cradle/report/").content.decode()
    partner.post(report)
    submission = Submission.objects.get()

    def step(client: Client, name: str, words: dict[str, str]) -> int:
        return client.post(url(name, submission), words, headers=headers).status_code

    # what cannot be right is refused, and stays
    wrong = sent(submission, served=100, served__f=60, served__m=45, served__x=0)
    answer = partner.post(url("hand-in", submission), wrong, headers=headers)
    assert answer.status_code == 422
    assert "The categories add up to 5 more than the total." in answer.content.decode()
    assert mails() == []

    # handed in
    assert step(partner, "hand-in", sent(submission, served=100, **right)) == done
    assert mails() == [
        (["dana.data@example.org"], "Alder School, Q1 2026 has been handed in"),
        (["rita.reporter@example.org"], "We have received: Alder School, Q1 2026"),
    ]
    assert set(figures().values()) == {None}

    # returned with a question, answered, handed in again
    assert step(staff, "return", {"message": "Is 100 right?"}) == done
    assert mails() == [(["rita.reporter@example.org"], "A question about Alder School, Q1 2026")]
    assert "Is 100 right?" in partner.get("/i/cradle/report/").content.decode()
    partner.post(url("say", submission), {"body": "Yes, counted twice."})
    assert mails() == [(["dana.data@example.org"], "A message about Alder School, Q1 2026")]
    assert step(partner, "hand-in", sent(submission)) == done
    mails()

    # approved: the figures count, Unknown is worked out
    DirtyKey.objects.all().delete()
    submission.refresh_from_db()
    assert step(staff, "approve", {"version": str(submission.version)}) == done
    assert mails() == [(["rita.reporter@example.org"], "Approved: Alder School, Q1 2026")]
    assert figures() == {"total": 100, "F": 50, "M": 38, "X": 2, "Unknown": 10}
    assert CurrentFigure.objects.get(category__is_unknown=True).derived
    assert DirtyKey.objects.exists()
    assert "100\u00a0people" in partner.get("/i/cradle/report/").content.decode()

    # reopened: the figures stand until the correction is approved
    assert step(staff, "reopen", {"reason": "Please recount."}) == done
    assert mails() == [(["rita.reporter@example.org"], "Please correct: Alder School, Q1 2026")]
    assert step(partner, "hand-in", sent(submission, served=90, served__f=40)) == done
    mails()
    assert figures()["total"] == 100
    submission.refresh_from_db()
    assert step(staff, "approve", {"version": str(submission.version)}) == done
    assert figures() == {"total": 90, "F": 40, "M": 38, "X": 2, "Unknown": 10}
    corrected = Observation.objects.get(amount=90)
    assert (corrected.supersedes.amount, corrected.reason) == (100, "Please recount.")
    mails()

    # withdrawn: nothing counts, everything stays on record
    words = {"reason": "Wrong school.", "name": "Alder School, Q1 2026"}
    assert step(staff, "withdraw", words) == done
    assert mails() == [(["rita.reporter@example.org"], "Withdrawn: Alder School, Q1 2026")]
    assert set(figures().values()) == {None}
    assert Observation.objects.filter(amount=90).exists()
    assert 'value="90"' in partner.get(submission.get_absolute_url()).content.decode()
    assert Event.objects.filter(about_id=str(submission.public_id)).count() == 8
