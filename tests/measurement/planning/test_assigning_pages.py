"""Who reports a measure: chosen one by one, by group, all at once, and ended."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.charter.models import Initiative, PartnerGroup
from initiatives.directory import grouping
from initiatives.directory import operations as directory
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.indicators.models import Indicator
from measurement.planning.assigning_forms import MOST_SHOWN
from measurement.submissions.models import Assignment, CurrentFigure
from tests.factories import measuring, people

As = Callable[[User], Client]
HTMX = {"HX-Request": "true", "HX-Target": "assign-form"}


@pytest.fixture
def served(initiative: Initiative) -> Indicator:
    return measuring.indicator(initiative, "served")


def page(name: str, initiative: Initiative, *args: object) -> str:
    return reverse(f"measurement:planning:{name}", args=[initiative.slug, *args])


def terms(calendar: ReportingCalendar, **more: object) -> dict[str, object]:
    return {"calendar": str(calendar.public_id), "starts_on": "2026-01-01", **more}


def assigned(indicator: Indicator) -> list[str]:
    return sorted(indicator.assignments.values_list("organization__name", flat=True))


@pytest.mark.usefixtures("birch")
def test_partners_are_chosen_one_by_one(
    initiative: Initiative,
    served: Indicator,
    alder: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
    as_: As,
) -> None:
    age = measuring.breakdown(initiative, "age", ["young", "old"])
    typed = terms(quarters, partners=[str(alder.public_id)], disaggregations=[str(age.public_id)])

    answer = as_(data_manager).post(page("assign", initiative, "served"), typed, follow=True)

    assert assigned(served) == ["Alder School"]
    assert list(Assignment.objects.get().disaggregations.all()) == [age]
    assert "1 partner reports it from then on." in answer.content.decode()


def test_partners_are_chosen_by_group_and_each_is_assigned_once(
    initiative: Initiative,
    served: Indicator,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
    as_: As,
) -> None:
    group = PartnerGroup.objects.create(initiative=initiative, code="kent", name="Kent")
    for organization in (alder, birch):
        grouping.put_into_group(group=group, organization=organization, by=data_manager, at=now())
    typed = terms(quarters, groups=[str(group.public_id)], partners=[str(alder.public_id)])

    as_(data_manager).post(page("assign", initiative, "served"), typed)

    assert assigned(served) == ["Alder School", "Birch Charity"]


@pytest.mark.usefixtures("alder")
def test_all_are_chosen_at_once_and_who_has_left_is_not_among_them(
    initiative: Initiative,
    served: Indicator,
    birch: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
    as_: As,
) -> None:
    gone = birch.participations.get()
    directory.leave(participation=gone, on=date(2026, 1, 1), by=data_manager, at=now())

    as_(data_manager).post(page("assign", initiative, "served"), terms(quarters, everybody="on"))

    assert assigned(served) == ["Alder School"]


def test_the_same_form_twice_assigns_once_and_says_so(
    initiative: Initiative,
    served: Indicator,
    alder: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
    as_: As,
) -> None:
    client = as_(data_manager)
    typed = terms(quarters, partners=[str(alder.public_id)])
    client.post(page("assign", initiative, "served"), typed)

    answer = client.post(page("assign", initiative, "served"), typed, follow=True)

    assert "1 reports it in that time already" in answer.content.decode()
    assert assigned(served) == ["Alder School"]


@pytest.mark.usefixtures("served", "alder")
@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({}, "Choose at least one partner, a group, or all."),
        ({"everybody": "on", "calendar": ""}, "Choose “Calendar”."),
        ({"everybody": "on", "calendar": "no-uuid"}, "There is a problem"),
        ({"everybody": "on", "starts_on": "x"}, "Write a day"),
        ({"everybody": "on", "ends_on": "2025-01-01"}, "It cannot end before it begins."),
        ({"partners": ["00000000-0000-0000-0000-000000000000"]}, "valid choice"),
        ({"partners": ["a\0b"]}, "There is a problem"),
        ({"groups": ["nonsense"]}, "There is a problem"),
        ({"disaggregations": ["1"], "everybody": "on"}, "There is a problem"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(
    initiative: Initiative,
    quarters: ReportingCalendar,
    data_manager: User,
    as_: As,
    headers: dict[str, str],
    wrong: dict[str, object],
    sentence: str,
) -> None:
    answer = as_(data_manager).post(
        page("assign", initiative, "served"), {**terms(quarters), **wrong}, headers=headers
    )

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Assignment.objects.exists()


@pytest.mark.usefixtures("stranger")
def test_a_partner_of_another_initiative_cannot_be_chosen(
    initiative: Initiative,
    served: Indicator,
    quarters: ReportingCalendar,
    data_manager: User,
    as_: As,
) -> None:
    theirs = people.organization("Theirs", Initiative.objects.get(slug="elsewhere"))

    answer = as_(data_manager).post(
        page("assign", initiative, "served"), terms(quarters, partners=[str(theirs.public_id)])
    )

    assert answer.status_code == 422
    assert assigned(served) == []


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "partner-choice"}])
def test_the_search_keeps_what_is_ticked_and_judges_nothing_yet(
    initiative: Initiative,
    quarters: ReportingCalendar,
    data_manager: User,
    as_: As,
    headers: dict[str, str],
) -> None:
    many = [people.organization(f"School {number:03d}", initiative) for number in range(MOST_SHOWN + 10)]
    sought = people.organization("Zebra Club", initiative)
    typed = {
        "step": "find",
        "find": "zEBRA",
        "partners": [str(many[-1].public_id)],
        "starts_on": "2026-03-01",
    }

    answer = as_(data_manager).post(page("assign", initiative, "served"), typed, headers=headers)

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "There is a problem" not in shown
    assert str(sought.public_id) in shown
    assert f'value="{many[-1].public_id}" id="id_partners_0" checked' in shown
    assert str(many[0].public_id) not in shown
    assert ("2026-03-01" in shown) is not bool(headers)


def test_an_assignment_is_ended_and_later_periods_no_longer_ask(
    initiative: Initiative,
    served: Indicator,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
    as_: As,
) -> None:
    measuring.assign(served, [alder, birch], quarters, starts_on=date(2026, 1, 1))
    measuring.open_(initiative, "2026-Q2")
    theirs = Assignment.objects.get(organization=alder)
    end = page("end-assignment", initiative, theirs.public_id)
    client = as_(data_manager)

    refused = client.post(
        end, {"ends_on": "2025-12-31"}, headers={"HX-Request": "true", "HX-Target": "end-form"}
    )
    assert refused.status_code == 422
    assert "It cannot end before it begins." in refused.content.decode()

    for _tab in range(2):
        assert client.post(end, {"ends_on": "2026-03-31"}).status_code == 302
    assert list(CurrentFigure.objects.values_list("organization__name", flat=True)) == ["Birch Charity"]
    assert "31 March 2026" in client.get(page("assignments", initiative, "served")).content.decode()


def test_partners_are_found_by_name(
    initiative: Initiative,
    served: Indicator,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
    as_: As,
) -> None:
    measuring.assign(served, [alder, birch], quarters)
    client = as_(data_manager)

    shown = client.get(page("assignments", initiative, "served"), {"find": "ALDER\0"}).content.decode()
    assert "Alder School" in shown
    assert "Birch Charity" not in shown
    nobody = client.get(page("assignments", initiative, "served"), {"find": "x" * 5000})
    assert nobody.status_code == 200


@pytest.mark.usefixtures("served")
def test_who_may_not_define_may_not_assign(
    initiative: Initiative, facilitator: User, rita: User, as_: As
) -> None:
    assert as_(facilitator).get(page("assignments", initiative, "served")).status_code == 200
    assert as_(facilitator).get(page("assign", initiative, "served")).status_code == 403
    assert as_(rita).get(page("assignments", initiative, "served")).status_code == 403
