"""Breakdowns, their categories, and the measures of an outcome."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.agenda.models import Outcome
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.indicators.models import Category, Disaggregation
from tests.factories import agreeing, measuring

As = Callable[[User], Client]
HTMX = {"HX-Request": "true", "HX-Target": "breakdown-form"}


def page(name: str, initiative: Initiative, *args: object) -> str:
    return reverse(f"measurement:indicators:{name}", args=[initiative.slug, *args])


def test_a_breakdown_is_made_with_its_categories_in_order(
    initiative: Initiative, data_manager: User, as_: As
) -> None:
    typed = {"name": "Age", "categories": "Under 6\r\n6 to 12\n\nÜber 12\n", "unknown": "Unknown"}

    answer = as_(data_manager).post(page("add-breakdown", initiative), typed)

    assert answer.status_code == 302
    made = Disaggregation.objects.get()
    assert (made.code, made.adds_up) == ("age", "partition")
    found = [(each.code, each.name, each.is_unknown) for each in made.categories.all()]
    assert found == [
        ("under-6", "Under 6", False),
        ("6-to-12", "6 to 12", False),
        ("uber-12", "Über 12", False),
        ("unknown", "Unknown", True),
    ]


def test_categories_whose_names_give_one_code_keep_apart(
    initiative: Initiative, data_manager: User, as_: As
) -> None:
    as_(data_manager).post(
        page("add-breakdown", initiative), {"name": "Age", "categories": "6+\n6-\n…", "unknown": ""}
    )

    assert [each.code for each in Category.objects.all()] == ["6", "6-2", "category"]


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "Age", "categories": ""}, "Fill in"),
        ({"name": "Age", "categories": "One"}, "at least two"),
        ({"name": "Age", "categories": "One\none"}, "stands there twice"),
        ({"name": "Age", "categories": "One\nTwo", "unknown": "two"}, "stands above already"),
        ({"name": "Age", "categories": "One\n" + "x" * 300}, "Shorten each category"),
        ({"name": "Age", "categories": "\n".join(map(str, range(200)))}, "At most 100"),
        ({"name": "Age", "categories": "One\nT\0wo"}, "cannot be stored"),
    ],
)
def test_a_breakdown_that_cannot_be_is_refused(
    initiative: Initiative,
    data_manager: User,
    as_: As,
    headers: dict[str, str],
    typed: dict[str, str],
    sentence: str,
) -> None:
    answer = as_(data_manager).post(page("add-breakdown", initiative), typed, headers=headers)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Disaggregation.objects.exists()


def test_words_are_corrected_and_codes_stay(initiative: Initiative, data_manager: User, as_: As) -> None:
    age = measuring.breakdown(initiative, "age", ["young", "old"])
    young, old = age.categories.all()
    typed = {"name": "Age of child", f"category-{young.pk}": "Under 6", f"category-{old.pk}": "old"}

    as_(data_manager).post(page("breakdown", initiative, age.public_id), typed)

    young.refresh_from_db()
    age.refresh_from_db()
    assert (age.name, young.name, young.code) == ("Age of child", "Under 6", "young")


def test_two_categories_cannot_have_one_name(initiative: Initiative, data_manager: User, as_: As) -> None:
    age = measuring.breakdown(initiative, "age", ["young", "old"])
    young, old = age.categories.all()
    typed = {"name": "Age", f"category-{young.pk}": "Same", f"category-{old.pk}": "same"}

    answer = as_(data_manager).post(page("breakdown", initiative, age.public_id), typed)

    assert answer.status_code == 422
    assert "stands above already" in answer.content.decode()


def test_a_category_is_added_and_an_unused_one_removed(
    initiative: Initiative, data_manager: User, as_: As
) -> None:
    age = measuring.breakdown(initiative, "age", ["young", "old"])
    client = as_(data_manager)

    client.post(page("add-category", initiative, age.public_id), {"new-name": "Very old"})
    assert [each.code for each in age.categories.all()] == ["young", "old", "very-old"]

    client.post(page("remove-category", initiative, age.public_id, "very-old"))
    assert [each.code for each in age.categories.all()] == ["young", "old"]
    assert Event.objects.filter(verb__in=["category.added", "category.removed"]).count() == 2


def test_only_one_category_stands_for_those_not_known(
    initiative: Initiative, data_manager: User, as_: As
) -> None:
    age = measuring.breakdown(initiative, "age", ["young"], unknown="unknown")

    answer = as_(data_manager).post(
        page("add-category", initiative, age.public_id), {"new-name": "No idea", "new-is_unknown": "on"}
    )

    assert answer.status_code == 422
    assert "There is already a category for those not known." in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_category_that_figures_were_asked_for_by_stays(
    initiative: Initiative,
    alder: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
    as_: As,
    headers: dict[str, str],
) -> None:
    age = measuring.breakdown(initiative, "age", ["young", "old"])
    measuring.assign(measuring.indicator(initiative, "served"), [alder], quarters, by_=[age])
    measuring.open_(initiative, "2026-Q1")

    answer = as_(data_manager).post(
        page("remove-category", initiative, age.public_id, "old"), headers=headers
    )

    assert answer.status_code == 409
    assert "so it stays" in answer.content.decode()
    assert age.categories.count() == 2
    assert not Event.objects.filter(verb="category.removed").exists()


def measures_of(outcome: Outcome) -> list[str]:
    return [each.indicator.code for each in outcome.indicator_links.select_related("indicator")]


def test_measures_are_tied_to_an_outcome_in_order(
    initiative: Initiative, data_manager: User, rita: User, as_: As
) -> None:
    outcome = agreeing.outcome(initiative, "Ready")
    for code in ("served", "hours", "score"):
        measuring.indicator(initiative, code)
    client = as_(data_manager)

    for code in ("served", "hours", "score", "served"):
        client.post(page("link-measure", initiative, outcome.code), {"measure": code})
    assert measures_of(outcome) == ["served", "hours", "score"]

    client.post(page("move-measure", initiative, outcome.code), {"measure": "score", "direction": "up"})
    assert measures_of(outcome) == ["served", "score", "hours"]

    client.post(page("unlink-measure", initiative, outcome.code), {"measure": "served"})
    assert measures_of(outcome) == ["score", "hours"]

    shown = as_(rita).get(page("node-measures", initiative, outcome.code)).content.decode()
    assert shown.index("Score") < shown.index("Hours")
    assert "Take off" not in shown


@pytest.mark.parametrize("code", ["", "nothing", "a\0b", "x" * 100_000])
def test_a_measure_that_is_not_there_cannot_be_tied(
    initiative: Initiative, data_manager: User, as_: As, code: str
) -> None:
    outcome = agreeing.outcome(initiative, "Ready")

    answer = as_(data_manager).post(page("link-measure", initiative, outcome.code), {"measure": code})

    assert answer.status_code == 404


@pytest.mark.usefixtures("stranger")
def test_a_measure_of_another_initiative_cannot_be_tied(
    initiative: Initiative, data_manager: User, as_: As
) -> None:
    measuring.indicator(Initiative.objects.get(slug="elsewhere"), "theirs")
    outcome = agreeing.outcome(initiative, "Ready")

    answer = as_(data_manager).post(page("link-measure", initiative, outcome.code), {"measure": "theirs"})

    assert answer.status_code == 404


def test_a_move_of_what_was_taken_off_meanwhile_gets_a_sentence(
    initiative: Initiative, data_manager: User, as_: As
) -> None:
    outcome = agreeing.outcome(initiative, "Ready")
    measuring.indicator(initiative, "served")

    answer = as_(data_manager).post(
        page("move-measure", initiative, outcome.code), {"measure": "served", "direction": "up"}
    )

    assert answer.status_code == 409
    assert "taken off in the meantime" in answer.content.decode()


@pytest.mark.parametrize("count", [3, 30])
def test_these_pages_cost_the_same_whatever_their_size(
    initiative: Initiative,
    data_manager: User,
    as_: As,
    count: int,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    outcome = agreeing.outcome(initiative, "Ready")
    client = as_(data_manager)
    for number in range(count):
        measuring.breakdown(initiative, f"age-{number}", ["young", "old"])
        measuring.indicator(initiative, f"served-{number}")
        if number % 2:
            client.post(page("link-measure", initiative, outcome.code), {"measure": f"served-{number}"})

    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get(page("breakdowns", initiative))
    age = Disaggregation.objects.get(code="age-0")
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get(page("breakdown", initiative, age.public_id))
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get(page("node-measures", initiative, outcome.code))
