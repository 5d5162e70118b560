"""A person who may starts an initiative from a template or from nothing, and leads it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission as Right
from django.test import Client
from django.urls import reverse

from backbone.access.permissions import Role
from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.agenda.models import AgendaVersion, Outcome
from initiatives.charter.models import Initiative
from initiatives.partners.models import Membership
from measurement.calendars.models import ReportingPeriod
from measurement.indicators.models import Indicator, IndicatorVersion
from measurement.starting import beginning
from measurement.starting.beginning import NotStarted, Wish
from measurement.starting.templates import CODES, offered
from tests.factories import people

pytestmark = pytest.mark.django_db

URL = "/start/"
TYPED = {
    "name": "Great Lakes",
    "slug": "",
    "backbone": "Lakes Office",
    "sector": "charity",
    "time_zone": "America/Detroit",
    "currency": "EUR",
    "template": "cradle-to-career",
    "first_day": "2026-09-01",
}
WISH = Wish(
    "great-lakes", "Great Lakes", "America/Detroit", "EUR", "Lakes Office", "charity", date(2026, 9, 1)
)
AT = datetime(2026, 8, 20, 12, tzinfo=UTC)


@pytest.fixture
def starter() -> User:
    somebody = people.person("Stella Starter")
    somebody.user_permissions.add(Right.objects.get(codename="add_initiative"))
    return somebody


@pytest.fixture
def signed_in(client: Client, starter: User) -> Client:
    client.force_login(starter, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("template", offered(), ids=CODES)
def test_a_template_brings_everything_with_the_days_of_the_initiative(template: Any, starter: User) -> None:
    made = beginning.start(wish=WISH, template=template, by=starter, at=AT)

    tables = template.tables()
    assert set(Indicator.objects.filter(initiative=made).values_list("code", flat=True)) == {
        row["code"] for row in tables["indicators"]
    }
    names = dict(Outcome.objects.filter(initiative=made).values_list("code", "name"))
    assert names == {row["code"]: row["name"] for row in tables["outcomes"]}
    assert AgendaVersion.objects.get(initiative=made).created_at == AT
    periods = ReportingPeriod.objects.filter(initiative=made)
    assert {period.state for period in periods} == {"planned"}
    first = periods.order_by("start")[0]
    assert first.start <= WISH.first_day <= first.end
    starts = set(IndicatorVersion.objects.filter(initiative=made).values_list("effective_from", flat=True))
    assert starts == {first.start}
    money = IndicatorVersion.objects.filter(initiative=made, kind="money")
    assert {version.unit for version in money} <= {"EUR"}


def test_who_starts_it_is_its_director_and_the_trail_says_so(starter: User) -> None:
    made = beginning.start(wish=WISH, template=offered()[0], by=starter, at=AT)

    role = Membership.objects.get(person=starter)
    assert (role.role, role.organization.name) == (Role.BACKBONE_DIRECTOR, "Lakes Office")
    event = Event.objects.get(verb="initiative.started")
    assert (event.tenant_id, event.details) == (made.pk, {"template": "cradle-to-career"})


def test_an_address_that_is_taken_is_left_as_it_is(starter: User, initiative: Initiative) -> None:
    taken = Wish(initiative.slug, "Mine", "UTC", "USD", "Me", "other", date(2026, 9, 1))

    with pytest.raises(NotStarted, match="already"):
        beginning.start(wish=taken, template=offered()[0], by=starter, at=AT)

    assert not Membership.objects.filter(person=starter).exists()
    assert not Indicator.objects.filter(initiative=initiative).exists()


@pytest.mark.parametrize("htmx", [False, True])
def test_the_form_leads_to_the_agenda_of_the_new_initiative(signed_in: Client, htmx: bool) -> None:
    answer = signed_in.post(URL, TYPED, headers={"HX-Request": "true"} if htmx else {})

    agenda = reverse("initiatives:agenda:agenda", args=["great-lakes"])
    assert answer.headers["HX-Redirect" if htmx else "Location"] == agenda
    page = signed_in.get(agenda)
    assert page.status_code == 200
    assert "Children come to kindergarten ready to learn" in page.content.decode()


def test_an_initiative_can_start_from_nothing(signed_in: Client) -> None:
    assert signed_in.post(URL, {**TYPED, "template": ""}).status_code == 302

    made = Initiative.objects.get(slug="great-lakes")
    assert made.currency == "EUR"
    assert not Indicator.objects.filter(initiative=made).exists()
    assert signed_in.get(made.get_absolute_url(), follow=True).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Fill in"),
        ({"name": "Nul\x00"}, "cannot be stored"),
        ({"name": "x" * 100_000}, "Shorten the text"),
        ({"name": "!!!"}, "No address can be made"),
        ({"slug": "cradle"}, "already an initiative at the address"),
        ({"slug": "../admin"}, "letters, numbers"),
        ({"time_zone": "Mars/Olympus"}, "Mars/Olympus"),
        ({"currency": "euro"}, "three letters"),
        ({"template": "../michigan"}, "michigan"),
        ({"first_day": "0001-01-01"}, "between 1900 and 2199"),
        ({"first_day": "soon"}, "Write a day"),
        ({"backbone": ""}, "Fill in"),
        ({"sector": "planet"}, "planet"),
    ],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_bad_input_is_told_and_what_was_typed_stays(
    signed_in: Client, initiative: Initiative, wrong: dict[str, str], sentence: str, htmx: bool
) -> None:
    answer = signed_in.post(URL, {**TYPED, **wrong}, headers={"HX-Request": "true"} if htmx else {})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Lakes Office" in answer.content.decode() or "backbone" in wrong
    assert Initiative.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_right_nobody_starts_one(client: Client, director: User, method: str) -> None:
    client.force_login(director, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert getattr(client, method)(URL, TYPED).status_code == 403
    assert "Start an initiative" not in client.get("/", follow=True).content.decode()


def test_the_first_page_shows_the_way_to_who_may(signed_in: Client) -> None:
    assert URL in signed_in.get("/").content.decode()
