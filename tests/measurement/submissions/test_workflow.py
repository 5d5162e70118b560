from decimal import Decimal

import pytest
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit.models import Event
from backbone.notifications.models import Notification
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.indicators.kinds import Kind
from measurement.submissions import workflow
from measurement.submissions.models import CurrentFigure, DirtyKey, NotAllowed, Observation, Submission
from tests.factories import measuring


@pytest.fixture
def served(
    initiative: Initiative,
    data_manager: User,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
) -> None:
    measuring.assign(measuring.indicator(initiative, "served"), [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")


def current(organization: Organization) -> CurrentFigure:
    return CurrentFigure.objects.get(organization=organization)


@pytest.mark.usefixtures("served")
def test_opening_a_period_expects_a_report_and_a_figure_of_every_partner(alder: Organization) -> None:
    assert current(alder).status == "missing"
    assert current(alder).amount is None


@pytest.mark.usefixtures("served")
def test_an_approved_report_becomes_an_observation_and_the_current_figure(alder: Organization) -> None:
    measuring.report(alder, "2026-Q1", served=120)

    assert current(alder).amount == Decimal(120)
    assert Observation.objects.get().amount == Decimal(120)
    assert DirtyKey.objects.filter(organization=alder).count() == 1
    assert Event.objects.filter(verb="submission.approved").count() == 1


@pytest.mark.usefixtures("served")
def test_a_correction_supersedes_and_deletes_nothing(alder: Organization) -> None:
    submission = measuring.report(alder, "2026-Q1", served=120)

    measuring.correct(submission, served=90)

    first, second = Observation.objects.order_by("pk")
    assert (first.amount, second.amount) == (Decimal(120), Decimal(90))
    assert second.supersedes == first
    assert second.reason == "Please look again."
    assert current(alder).amount == Decimal(90)


@pytest.mark.usefixtures("served")
def test_withdrawing_leaves_the_figure_missing_and_the_record_whole(
    alder: Organization, data_manager: User
) -> None:
    submission = measuring.report(alder, "2026-Q1", served=120)

    workflow.withdraw(submission=submission, reason="Wrong school.", by=data_manager, at=now())

    assert current(alder).status == "missing"
    assert current(alder).amount is None
    assert Observation.objects.count() == 2


@pytest.mark.usefixtures("served")
def test_a_report_is_approved_once(alder: Organization, data_manager: User) -> None:
    submission = measuring.report(alder, "2026-Q1", served=120)

    with pytest.raises(NotAllowed):
        workflow.approve(submission=submission, by=data_manager, at=now())

    assert Observation.objects.count() == 1
    assert Submission.objects.get().status == Submission.Status.APPROVED


@pytest.mark.usefixtures("served")
def test_saving_what_stands_there_already_is_no_conflict_and_no_new_version(
    alder: Organization, rita: User
) -> None:
    saved = measuring.draft(alder, "2026-Q1", served=120)
    same = measuring.typed(saved.expected_report, {"served": 120})

    again = workflow.save_draft(submission=saved, typed=same, version=0, by=rita, at=now())

    assert again.version == saved.version


@pytest.mark.usefixtures("served")
def test_a_correction_of_the_note_alone_is_recorded_too(alder: Organization) -> None:
    submission = measuring.report(alder, "2026-Q1", served=120)

    measuring.correct(submission, served=workflow.Typed(amount="120", note="Recounted."))

    assert [each.note for each in Observation.objects.order_by("pk")] == ["", "Recounted."]
    assert current(alder).amount == Decimal(120)


@pytest.mark.usefixtures("served")
def test_an_approved_report_without_drafts_can_be_corrected_without_moving_what_is_untouched(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, data_manager: User
) -> None:
    score = measuring.indicator(initiative, "score", Kind.MEAN, unit="points")
    measuring.assign(score, [alder], quarters)
    submission = measuring.report(alder, "2026-Q1", served=120, score=("3.333333", 3))
    CurrentFigure.objects.filter(indicator=score).update(amount=Decimal(10))
    submission.drafts.all().delete()

    workflow.reopen(submission=submission, reason="Look again.", by=data_manager, at=now())
    measuring.report(alder, "2026-Q1", served=121)

    figure = CurrentFigure.objects.get(indicator=score)
    assert (figure.amount, figure.base) == (Decimal(10), Decimal(3))
    assert Observation.objects.filter(indicator=score).count() == 1


@pytest.mark.usefixtures("served")
def test_each_step_is_on_the_record_once(alder: Organization, data_manager: User) -> None:
    submission = measuring.hand_in(alder, "2026-Q1", served=120)
    workflow.return_(submission=submission, message="Sure?", by=data_manager, at=now())
    submission = measuring.report(alder, "2026-Q1", served=90)
    measuring.correct(submission, served=91)
    workflow.withdraw(submission=submission, reason="Wrong school.", by=data_manager, at=now())

    verbs = Event.objects.filter(about_id=str(submission.public_id)).order_by("pk")
    assert [event.verb.removeprefix("submission.") for event in verbs] == [
        "submitted",
        "returned",
        "submitted",
        "approved",
        "reopened",
        "submitted",
        "approved",
        "withdrawn",
    ]


@pytest.mark.usefixtures("served")
def test_who_was_to_review_a_report_hears_that_it_was_taken_back(
    alder: Organization, rita: User, data_manager: User
) -> None:
    submission = measuring.hand_in(alder, "2026-Q1", served=120)

    workflow.take_back(submission=submission, by=rita, at=now())

    told = Notification.objects.filter(person=data_manager).order_by("pk")
    assert [each.subject for each in told] == [
        f"{submission} has been handed in",
        f"Taken back: {submission}",
    ]
