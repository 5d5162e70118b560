"""Targets with their baselines: set, changed, removed, and shown to whom they concern."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.indicators.models import Indicator, Target
from tests.factories import measuring

As = Callable[[User], Client]
HTMX = {"HX-Request": "true", "HX-Target": "target-form"}
TYPED = {"baseline_on": "2025-12-31", "baseline": "40", "due_on": "2027-12-31", "value": "52.5"}


@pytest.fixture
def served(initiative: Initiative) -> Indicator:
    return measuring.indicator(initiative, "served")


def page(name: str, initiative: Initiative, *args: object) -> str:
    return reverse(f"measurement:indicators:{name}", args=[initiative.slug, "served", *args])


@pytest.mark.usefixtures("served")
def test_a_target_is_set_for_the_whole_initiative_and_for_one_partner(
    initiative: Initiative, alder: Organization, data_manager: User, as_: As
) -> None:
    client = as_(data_manager)
    client.post(page("set-target", initiative), TYPED)
    client.post(page("set-target", initiative), {**TYPED, "organization": str(alder.pk), "value": "60"})

    whole, partners = Target.objects.order_by("pk")
    assert (whole.organization, whole.value, whole.baseline) == (None, Decimal("52.5"), Decimal(40))
    assert (partners.organization, partners.value) == (alder, Decimal(60))
    assert Event.objects.filter(verb="target.set").count() == 2


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"value": ""}, "Fill in “Target: value”."),
        ({"value": "many"}, "not a number"),
        ({"due_on": "2025-01-01"}, "after its baseline"),
        ({"due_on": "9999-12-31"}, "between 1900 and 2199"),
        ({"organization": "77777777777777777777"}, "valid choice"),
        ({"note": "a\0b"}, "cannot be stored"),
        ({"tolerance": "-1"}, "0 or more"),
    ],
)
def test_a_target_that_cannot_be_is_refused(
    initiative: Initiative,
    data_manager: User,
    as_: As,
    headers: dict[str, str],
    wrong: dict[str, str],
    sentence: str,
) -> None:
    answer = as_(data_manager).post(page("set-target", initiative), {**TYPED, **wrong}, headers=headers)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Target.objects.exists()


@pytest.mark.usefixtures("served")
def test_there_is_one_target_for_a_day(initiative: Initiative, data_manager: User, as_: As) -> None:
    client = as_(data_manager)
    client.post(page("set-target", initiative), TYPED)

    answer = client.post(page("set-target", initiative), TYPED)

    assert answer.status_code == 422
    assert "already a target for that day" in answer.content.decode()
    assert Target.objects.count() == 1


@pytest.mark.usefixtures("served")
def test_a_target_is_changed_and_removed(initiative: Initiative, data_manager: User, as_: As) -> None:
    client = as_(data_manager)
    client.post(page("set-target", initiative), TYPED)
    target = Target.objects.get()

    client.post(page("change-target", initiative, target.pk), {**TYPED, "value": "55"})
    target.refresh_from_db()
    assert target.value == Decimal(55)

    client.post(page("remove-target", initiative, target.pk))
    assert not Target.objects.exists()
    assert client.post(page("remove-target", initiative, target.pk)).status_code == 404
    assert Event.objects.filter(verb="target.removed").count() == 1


def test_the_target_of_another_measure_is_not_there(
    initiative: Initiative, served: Indicator, data_manager: User, as_: As
) -> None:
    other = measuring.indicator(initiative, "hours")
    client = as_(data_manager)
    client.post(page("set-target", initiative), TYPED)
    Target.objects.update(indicator=other)

    assert served.targets.count() == 0
    target = Target.objects.get()
    assert client.post(page("remove-target", initiative, target.pk)).status_code == 404


@pytest.mark.usefixtures("served")
def test_a_partner_reads_its_own_target_and_no_other_partners(
    initiative: Initiative, alder: Organization, rita: User, bo: User, data_manager: User, as_: As
) -> None:
    client = as_(data_manager)
    client.post(
        page("set-target", initiative), {**TYPED, "organization": str(alder.pk), "note": "Ours alone"}
    )

    assert "Ours alone" in as_(rita).get(page("sheet", initiative)).content.decode()
    assert "Ours alone" not in as_(bo).get(page("sheet", initiative)).content.decode()
    assert "Ours alone" in client.get(page("sheet", initiative)).content.decode()
