"""The outcomes page: read by everybody, kept by the backbone."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.agenda import operations
from initiatives.agenda.models import Outcome
from initiatives.charter.models import Initiative
from measurement.indicators import linking
from tests.factories import measuring

As = Callable[[User], Client]
HTMX = {"HX-Request": "true", "HX-Target": "outcome-form"}


def page(name: str, initiative: Initiative, *args: object) -> str:
    return reverse(f"initiatives:agenda:{name}", args=[initiative.slug, *args])


def outcome(initiative: Initiative, name: str) -> Outcome:
    made = Outcome(initiative=initiative, name=name, code=name.lower().replace(" ", "-"))
    return operations.add_outcome(outcome=made, by=None, at=now())


def names(initiative: Initiative) -> list[str]:
    return [each.name for each in Outcome.objects.in_initiative(initiative)]


def test_an_outcome_is_added_with_a_code_made_from_its_name(
    initiative: Initiative, data_manager: User, as_: As
) -> None:
    answer = as_(data_manager).post(
        page("add-outcome", initiative), {"name": "Ready for school"}, follow=True
    )

    assert answer.status_code == 200
    assert "Ready for school" in answer.content.decode()
    assert Outcome.objects.get().code == "ready-for-school"
    assert Event.objects.filter(verb="outcome.added", by=data_manager).count() == 1


def test_htmx_is_told_where_to_go_on(initiative: Initiative, data_manager: User, as_: As) -> None:
    answer = as_(data_manager).post(
        page("add-outcome", initiative), {"name": "Ready for school"}, headers=HTMX
    )

    assert answer.headers["HX-Redirect"] == page("outcomes", initiative)


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Fill in “Name”."),
        ({"name": "x" * 201}, "Shorten the text"),
        ({"name": "a\0b"}, "cannot be stored"),
        ({"name": "Ready", "code": "no spaces"}, "valid “slug”"),
        ({"name": "Ready", "statement": "x" * 20_000}, "Shorten the text"),
        ({"name": "…"}, "No code can be made"),
    ],
)
def test_what_cannot_be_stored_is_said_and_kept(
    initiative: Initiative,
    data_manager: User,
    as_: As,
    headers: dict[str, str],
    typed: dict[str, str],
    sentence: str,
) -> None:
    answer = as_(data_manager).post(page("add-outcome", initiative), typed, headers=headers)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "There is a problem" in answer.content.decode()
    assert not Outcome.objects.exists()


def test_the_same_form_twice_makes_one_outcome(initiative: Initiative, data_manager: User, as_: As) -> None:
    client = as_(data_manager)
    client.post(page("add-outcome", initiative), {"name": "Ready"})

    answer = client.post(page("add-outcome", initiative), {"name": "Ready"})

    assert answer.status_code == 422
    assert "“ready” is there already" in answer.content.decode()
    assert names(initiative) == ["Ready"]


def test_words_are_corrected_and_the_code_stays(initiative: Initiative, data_manager: User, as_: As) -> None:
    made = outcome(initiative, "Ready")

    as_(data_manager).post(
        page("outcome", initiative, made.public_id), {"name": "Ready for school", "code": "other"}
    )

    made.refresh_from_db()
    assert (made.name, made.code) == ("Ready for school", "ready")


def test_outcomes_move_one_place_and_stop_at_the_ends(
    initiative: Initiative, data_manager: User, as_: As
) -> None:
    first, _second, third = (outcome(initiative, name) for name in ("A", "B", "C"))
    client = as_(data_manager)

    client.post(page("move-outcome", initiative, third.public_id), {"direction": "up"})
    assert names(initiative) == ["A", "C", "B"]
    client.post(page("move-outcome", initiative, first.public_id), {"direction": "up"})
    assert names(initiative) == ["A", "C", "B"]
    client.post(page("move-outcome", initiative, first.public_id), {"direction": "down"})
    assert names(initiative) == ["C", "A", "B"]


def test_an_outcome_that_has_measures_stays(initiative: Initiative, data_manager: User, as_: As) -> None:
    made = outcome(initiative, "Ready")
    measure = measuring.indicator(initiative, "served")
    linking.link(outcome=made, indicator=measure, by=None, at=now())
    client = as_(data_manager)

    answer = client.post(page("remove-outcome", initiative, made.public_id))
    assert answer.status_code == 409
    assert "Take them off it first" in answer.content.decode()

    linking.unlink(outcome=made, indicator=measure, by=data_manager, at=now())
    client.post(page("remove-outcome", initiative, made.public_id))
    assert names(initiative) == []
    assert Event.objects.filter(verb="outcome.removed").count() == 1


def test_everybody_reads_and_only_the_backbone_writes(
    initiative: Initiative, rita: User, funder: User, stranger: User, as_: As
) -> None:
    made = outcome(initiative, "Ready")
    for person in (rita, funder):
        client = as_(person)
        assert client.get(page("outcomes", initiative)).status_code == 200
        assert client.post(page("add-outcome", initiative), {"name": "X"}).status_code == 403
        assert client.post(page("remove-outcome", initiative, made.public_id)).status_code == 403
    assert as_(stranger).get(page("outcomes", initiative)).status_code == 404


def test_the_outcome_of_another_initiative_is_not_there(
    initiative: Initiative, data_manager: User, stranger: User, as_: As
) -> None:
    elsewhere = Initiative.objects.get(slug="elsewhere")
    theirs = outcome(elsewhere, "Theirs")

    for identifier in (theirs.public_id, uuid4()):
        answer = as_(data_manager).post(page("outcome", initiative, identifier), {"name": "Ours"})
        assert answer.status_code == 404


@pytest.mark.parametrize("count", [3, 30])
def test_the_page_costs_the_same_whatever_the_number_of_outcomes(
    initiative: Initiative,
    data_manager: User,
    as_: As,
    count: int,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    for number in range(count):
        outcome(initiative, f"Outcome {number}")
    client = as_(data_manager)

    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get(page("outcomes", initiative))
