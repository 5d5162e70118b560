"""Figures of many partners and periods in one file: recorded by staff, or filled in by a partner for itself."""

from decimal import Decimal

import pytest
from django.core import mail
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit.models import Event
from backbone.notifications.models import Notification
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.imports import operations
from measurement.imports.models import ImportFile
from measurement.rollups import runs
from measurement.rollups.models import Cell
from measurement.submissions import workflow
from measurement.submissions.models import CurrentFigure, DraftFigure, NotAllowed, Observation, Submission
from tests.factories import measuring
from tests.measurement.imports.conftest import Give, refusals, taken_over, told

HEADINGS = "organization code,measure code,period code,category code,figure,out of,status,note\n"


def by_staff(give: Give, rows: str, data_manager: User, reason: str = "From the register.") -> ImportFile:
    return give(HEADINGS + rows, by=data_manager, for_partners=True, reason=reason)


WHOLE = """alder-school,served,2026-Q1,,12,,,
alder-school,served,2026-Q1,gender/girls,7,,,
alder-school,served,2026-Q1,boys,5,,,
alder-school,rate,2026-Q1,,45,50,,From a count
alder-school,score,2026-Q1,,12.5,4,estimated,
alder-school,opened,2026-01-01,,yes,,,
birch-charity,served,2026-Q1,,8,,,
birch-charity,rate,2026-Q1,,,,not_collected,
"""


@pytest.mark.usefixtures("asked")
def test_figures_that_staff_records_count_at_once_and_say_why(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    data_manager: User,
    rita: User,
    give: Give,
) -> None:
    file = by_staff(give, WHOLE, data_manager)
    assert refusals(file) == []
    assert (file.new, file.changed, file.refused) == (8, 0, 0)
    assert not Observation.objects.exists()

    assert taken_over(file, data_manager).state == "applied"

    whole, begun = (Submission.objects.get(expected_report__organization=each) for each in (alder, birch))
    assert (whole.status, whole.decided_by, whole.submitted_by) == ("approved", data_manager, data_manager)
    assert (begun.status, begun.decided_by) == ("draft", None)
    figure = CurrentFigure.objects.get(indicator__code="score", organization=alder)
    assert (figure.status, figure.amount, figure.base) == ("estimated", Decimal(50), Decimal(4))
    assert {o.reason for o in Observation.objects.all()} == {"From the register."}
    assert Observation.objects.get(indicator__code="rate", organization=alder).note == "From a count"
    runs.roll_up_changed(at=now())
    cell = Cell.objects.get(indicator__code="served", category=None, period__code="2026-Q1", group=None)
    assert cell.amount == 20
    event = Event.objects.get(verb="submission.recorded", about_id=str(whole.public_id))
    assert (event.by, event.details) == (data_manager, {"reason": "From the register."})
    told_to = set(
        Notification.objects.filter(subject__contains="recorded").values_list("person__name", flat=True)
    )
    assert told_to == {"Rita Reporter", "Bo Birch"}
    assert mail.outbox == []


@pytest.mark.usefixtures("asked")
def test_what_is_recorded_stands_in_the_fields_of_a_report_that_is_still_open(
    birch: Organization, data_manager: User, bo: User, give: Give
) -> None:
    taken_over(by_staff(give, WHOLE, data_manager), data_manager)
    report = Submission.objects.get(expected_report__organization=birch)
    drafts = {d.indicator.code: (d.amount, d.status) for d in DraftFigure.objects.filter(submission=report)}

    assert drafts == {"served": ("8", ""), "rate": ("", "not_collected")}
    measuring.hand_in(birch, "2026-Q1", served__girls=3, served__boys=5, score=None, opened="no")


@pytest.mark.usefixtures("asked")
def test_a_correction_follows_what_was_on_record_and_its_partner_stays_punctual(
    alder: Organization, data_manager: User, give: Give
) -> None:
    taken_over(by_staff(give, WHOLE, data_manager), data_manager)
    first = Observation.objects.get(indicator__code="rate", organization=alder)

    file = by_staff(give, "alder-school,rate,2026-Q1,,46,50,,From a count\n", data_manager, "Miscounted.")
    (line,) = file.lines.all()
    assert (line.what, line.before, line.after) == (
        "changed",
        "45 of 50 (90 %); From a count".replace(" %", "\u00a0%"),
        "46 of 50 (92 %); From a count".replace(" %", "\u00a0%"),
    )
    taken_over(file, data_manager)

    second = Observation.objects.get(supersedes=first)
    assert (second.amount, second.reason, second.received_at) == (46, "Miscounted.", first.received_at)
    again = by_staff(give, WHOLE, data_manager)
    assert (again.changed, again.unchanged) == (1, 7)


@pytest.mark.usefixtures("asked")
def test_what_follows_from_the_others_is_recorded_too(
    alder: Organization, data_manager: User, give: Give
) -> None:
    rows = "alder-school,served,2026-Q1,girls,7,,,\nalder-school,served,2026-Q1,boys,5,,,\n"
    file = by_staff(give, rows, data_manager)
    assert told(file)[-1] == ("new", "Worked out from the others", "12\u00a0people")

    taken_over(file, data_manager)

    total = CurrentFigure.objects.get(indicator__code="served", organization=alder, category=None)
    assert (total.amount, total.derived) == (12, True)


@pytest.mark.usefixtures("asked")
def test_hard_errors_hold_for_files_as_they_hold_for_pages(data_manager: User, give: Give) -> None:
    rows = """alder-school,served,2026-Q1,,12,,,
alder-school,served,2026-Q1,girls,7,,,
alder-school,served,2026-Q1,boys,9,,,
birch-charity,served,2026-Q1,,-1,,,
birch-charity,rate,2026-Q1,,60,50,,
birch-charity,score,2026-Q1,,12.5,,,
birch-charity,opened,2026-Q1,,maybe,,,
alder-school,rate,2026-Q1,,45,50,not_collected,
"""
    file = by_staff(give, rows, data_manager)

    assert file.new == 0
    sentences = [refusal.split(": ", 1)[1] for refusal in refusals(file)]
    more = "Served: The categories add up to 4 more than the total. Correct one of them."
    assert sentences == [
        *[more] * 3,
        "Served: This cannot be below 0.",
        "Rate: 60 cannot be more than 50: it is a part of it.",
        "Score: Give the number for “Number of cases” too.",
        "Opened: Answer yes or no.",
        "Rate: There is a number and a reason why there is none. Keep one.",
    ]


@pytest.mark.usefixtures("asked")
def test_what_a_partner_has_in_hand_is_left_to_it(
    alder: Organization, birch: Organization, data_manager: User, give: Give
) -> None:
    measuring.draft(alder, "2026-Q1", served=3)
    measuring.hand_in(
        birch, "2026-Q1", served=8, served__girls=4, served__boys=4, rate=None, score=None, opened="no"
    )

    file = by_staff(give, WHOLE, data_manager)

    assert file.new == 0
    assert {refusal.split(": ", 1)[1] for refusal in refusals(file)} == {
        "This partner is filling in the report itself. Wait until it is handed in, or ask the partner.",
        "This partner's report waits for review. Approve or return it first.",
    }


@pytest.mark.usefixtures("asked")
def test_what_a_partner_takes_in_hand_after_the_check_stops_all_of_it(
    alder: Organization, data_manager: User, give: Give
) -> None:
    file = by_staff(give, WHOLE, data_manager)
    measuring.draft(alder, "2026-Q1", served=3)

    after = taken_over(file, data_manager)

    assert after.state == "checked"
    assert "A partner has begun or handed in one of these reports" in after.problem
    assert not Observation.objects.exists()


@pytest.mark.usefixtures("asked")
def test_what_was_recorded_after_the_check_stops_all_of_it(data_manager: User, give: Give) -> None:
    first, second = by_staff(give, WHOLE, data_manager), by_staff(give, WHOLE, data_manager)
    taken_over(first, data_manager)
    count = Observation.objects.count()

    after = taken_over(second, data_manager)

    assert "Some of these figures have changed in the meantime." in after.problem
    assert Observation.objects.count() == count
    with pytest.raises(NotAllowed):
        operations.drop(file=first, by=data_manager, at=now())


@pytest.mark.usefixtures("asked")
def test_a_partner_fills_in_several_reports_of_its_own(
    initiative: Initiative, alder: Organization, rita: User, give: Give
) -> None:
    measuring.open_(initiative, "2026-Q2")

    file = give("measure code,period,figure\nserved,2026-Q1,12\nserved,Q2 2026,14\nserved,2026-Q3,1\n")

    assert [line.what for line in file.lines.all()] == ["new", "new", "refused"]
    assert refusals(file) == ["Line 4, column “measure code”: Q3 2026 has not been opened yet."]
    taken_over(file, rita, leave_out=True)
    drafts = DraftFigure.objects.filter(submission__expected_report__organization=alder)
    assert sorted(drafts.values_list("submission__expected_report__period__code", "amount")) == [
        ("2026-Q1", "12"),
        ("2026-Q2", "14"),
    ]
    assert not Observation.objects.exists()


@pytest.mark.usefixtures("asked")
def test_of_other_partners_a_partner_learns_nothing(birch: Organization, rita: User, give: Give) -> None:
    workflow.start(expected_report=measuring.expected(birch, "2026-Q1"), at=now())
    rows = "".join(f"{who},served,2026-Q1,,12,,,\n" for who in ("birch-charity", "Birch Charity", "nobody"))

    file = give(HEADINGS + rows)

    place = "column “organization code”"
    assert refusals(file) == [
        f"Line 2, {place}: “birch-charity” is no partner that is known here.",
        f"Line 3, {place}: “Birch Charity” is no partner that is known here.",
        f"Line 4, {place}: “nobody” is no partner that is known here.",
    ]


@pytest.mark.usefixtures("asked")
def test_codes_of_another_initiative_are_not_known_here(
    data_manager: User, stranger: User, give: Give
) -> None:
    elsewhere = Initiative.objects.get(slug="elsewhere")
    measuring.indicator(elsewhere, "secret")

    file = by_staff(
        give, "alder-school,secret,2026-Q1,,1,,,\nalder-school,served,2031-Q1,,1,,,\n", data_manager
    )

    assert [refusal.split(": ", 1)[1] for refusal in refusals(file)] == [
        "“secret” is no measure that is known here.",
        "“2031-Q1” is no period that is known here.",
    ]
