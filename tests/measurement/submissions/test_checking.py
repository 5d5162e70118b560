"""The page of all answers before handing in, "these are right", the receipt, and what happens next."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.notifications import outbox
from measurement.submissions.entry_models import Attestation
from measurement.submissions.models import Submission
from tests.factories import measuring
from tests.measurement.submissions.conftest import FULL
from tests.measurement.submissions.sending import form, url

RIGHT = {"right": "on"}


@pytest.fixture
def reporter(as_: Callable[[User], Client], rita: User) -> Client:
    return as_(rita)


def from_check_page(draft: Submission) -> dict[str, str]:
    draft.refresh_from_db()
    return {"version": str(draft.version)}


def test_the_form_is_saved_on_the_way_to_the_page_of_answers(reporter: Client, draft: Submission) -> None:
    answer = reporter.post(url("check", draft), form(draft, served=101))

    assert (answer.status_code, answer["Location"]) == (302, url("check", draft))
    page = reporter.get(url("check", draft)).content.decode()
    assert "101\u00a0people" in page
    assert "figures are missing or cannot be right" in page
    assert "Passed: Give a number, or choose why there is none." in page
    assert 'name="right"' not in page


def test_figures_are_handed_in_from_the_page_of_answers_under_ones_own_name(
    reporter: Client, draft: Submission, rita: User
) -> None:
    reporter.post(url("save", draft), form(draft, **FULL))
    page = reporter.get(url("check", draft)).content.decode()
    assert "You say so as Rita Reporter" in page
    assert "45 of 50 (90.0\u00a0%)" in page

    unsaid = reporter.post(url("hand-in", draft), from_check_page(draft))
    assert unsaid.status_code == 422
    assert "Tick that the figures are right" in unsaid.content.decode()

    answer = reporter.post(url("hand-in", draft), from_check_page(draft) | RIGHT)

    assert answer["Location"] == url("thanks", draft)
    said = Attestation.objects.get(submission=draft)
    assert (said.by, said.name) == (rita, "Rita Reporter")
    assert said.statement == "These figures are right to the best of my knowledge"
    thanks = reporter.get(answer["Location"]).content.decode()
    assert "What happens next" in thanks
    assert "Rita Reporter" in thanks


def test_what_somebody_changed_meanwhile_is_not_attested(
    reporter: Client, draft: Submission, approver: User
) -> None:
    measuring.draft(draft.expected_report.organization, "2026-Q1", **FULL)
    sent = from_check_page(draft) | RIGHT
    measuring.draft(draft.expected_report.organization, "2026-Q1", served=99, served__boys=39)

    answer = reporter.post(url("hand-in", draft), sent)

    assert answer.status_code == 409
    assert "Somebody has changed the report since you looked at it" in answer.content.decode()
    assert not Attestation.objects.exists()


def test_the_receipt_holds_a_copy_of_the_figures(reporter: Client, draft: Submission) -> None:
    reporter.post(url("hand-in", draft), form(draft, **FULL) | RIGHT)
    mail.outbox.clear()
    outbox.send_waiting(at=now())

    receipt = next(message for message in mail.outbox if message.to == ["rita.reporter@example.org"])

    assert "Served: 100\u00a0people" in receipt.body
    assert "  Served, Unknown: 10\u00a0people" in receipt.body
    assert "Passed: 45 of 50 (90.0\u00a0%)" in receipt.body
    assert "Handed in by Rita Reporter on" in receipt.body
    assert "These figures are right to the best of my knowledge" in receipt.body


def test_who_cannot_fill_it_in_any_more_comes_to_the_report(reporter: Client, waiting: Submission) -> None:
    assert reporter.get(url("check", waiting))["Location"] == waiting.get_absolute_url()


def test_thanks_are_given_only_while_it_waits(reporter: Client, draft: Submission) -> None:
    assert reporter.get(url("thanks", draft))["Location"] == draft.get_absolute_url()
