from decimal import Decimal

import pytest
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
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
