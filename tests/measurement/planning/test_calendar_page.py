from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from measurement.calendars.models import ReportingCalendar

As = Callable[[User], Client]


def test_a_calendar_speaks_of_a_problem_only_where_there_is_one(
    initiative: Initiative, data_manager: User, quarters: ReportingCalendar, as_: As
) -> None:
    slug, calendar = initiative.slug, quarters.public_id
    shown = as_(data_manager).get(reverse("measurement:planning:calendar", args=[slug, calendar]))
    refused = as_(data_manager).post(reverse("measurement:planning:add-periods", args=[slug, calendar]), {})

    assert "There is a problem" not in shown.content.decode()
    assert refused.status_code == 422
    page = refused.content.decode()
    assert page.count("There is a problem") == 1
    assert "<li>" in page.partition("There is a problem")[2].partition("</div>")[0]
