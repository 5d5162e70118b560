"""Defining a measure, giving it a new meaning, and reading its sheet."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.indicators import operations
from measurement.indicators.kinds import OFFERED, Kind
from measurement.indicators.models import Indicator, IndicatorVersion, SeriesBreak
from measurement.indicators.operations import NotAllowed
from tests.factories import measuring

As = Callable[[User], Client]
HTMX = {"HX-Request": "true", "HX-Target": "measure-form"}

# The least that somebody fills in, kind by kind.
LEAST: dict[Kind, dict[str, str]] = {
    Kind.FLOW: {"unit": "people", "decimals": "0", "multiplier": "1"},
    Kind.STOCK: {
        "unit": "people",
        "decimals": "0",
        "multiplier": "1",
        "over_time": "average",
        "carry_periods": "2",
    },
    Kind.PEAK: {"unit": "people", "decimals": "0", "multiplier": "1"},
    Kind.CUMULATIVE: {"unit": "books", "decimals": "0", "multiplier": "1"},
    Kind.UNIQUE_PEOPLE: {"unit": "people"},
    Kind.RATE: {
        "amount_label": "Falls",
        "base_label": "Client-days",
        "per": "1000",
        "unit": "per 1,000 client-days",
        "decimals": "2",
    },
    Kind.RATIO: {
        "amount_label": "Graduates",
        "base_label": "Students who began",
        "is_proportion": "on",
        "per": "100",
        "unit": "%",
        "decimals": "1",
        "base_over_time": "sum",
    },
    Kind.MEAN: {"base_label": "Pupils tested", "unit": "points", "decimals": "1", "multiplier": "1"},
    Kind.MILESTONE: {"amount_label": "Is there a policy?"},
    Kind.MONEY: {"unit": "USD", "decimals": "0", "multiplier": "1000"},
    Kind.ORDINAL: {"levels": "Low\r\nMiddle\r\nHigh", "from_level": "2", "over_time": "sum", "decimals": "1"},
    Kind.MEDIAN: {"base_label": "Cases", "unit": "days", "decimals": "0", "multiplier": "1"},
    Kind.TEXT: {"amount_label": "What helped?"},
    Kind.POPULATION: {"per": "1", "unit": "people", "decimals": "0"},
    Kind.DERIVED: {"expression": "2 * there", "unit": "people", "decimals": "0"},
}


def filled_in(kind: Kind, **more: str) -> dict[str, str]:
    always = {
        "name": "Children served",
        "definition": "Children seen at least once.",
        "tier": "core",
        "polarity": "higher",
        "effective_from": "2026-01-01",
    }
    return {**always, **LEAST[kind], **more}


def define_page(initiative: Initiative, kind: Kind) -> str:
    return reverse("measurement:indicators:define-as", args=[initiative.slug, kind.value])


def page(name: str, initiative: Initiative, *args: object) -> str:
    return reverse(f"measurement:indicators:{name}", args=[initiative.slug, *args])


def test_the_first_step_offers_every_kind_that_is_rolled_up(
    initiative: Initiative, data_manager: User, as_: As
) -> None:
    shown = as_(data_manager).get(page("define", initiative)).content.decode()

    assert set(LEAST) == set(OFFERED)
    for kind in OFFERED:
        assert define_page(initiative, kind) in shown


@pytest.mark.parametrize("kind", OFFERED)
def test_a_measure_of_each_kind_is_defined_with_what_it_needs(
    initiative: Initiative, data_manager: User, as_: As, kind: Kind
) -> None:
    measuring.indicator(initiative, "there")
    answer = as_(data_manager).post(define_page(initiative, kind), filled_in(kind))

    made = Indicator.objects.exclude(code="there").get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == page("sheet", initiative, "children-served")
    assert (made.version.number, made.version.kind) == (1, kind.value)
    assert Event.objects.filter(verb="indicator.defined", by=data_manager).count() == 1


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("", "Fill in “Computed as”."),
        ("there + elsewhere", "There is no measure with the code “elsewhere”."),
        ("there + hours", "“people” and “h” cannot be added"),
        ("there +", "Something is missing at the end."),
        ("words * 2", "“Words” has no one figure"),
        ("2 + 3", "Name at least one measure"),
        ("__import__('os')", "is one too many here"),
    ],
)
def test_what_cannot_be_computed_is_refused_with_a_sentence(
    initiative: Initiative, data_manager: User, as_: As, expression: str, sentence: str
) -> None:
    measuring.indicator(initiative, "there")
    measuring.indicator(initiative, "hours", unit="h")
    measuring.indicator(initiative, "words", Kind.TEXT)
    typed = filled_in(Kind.DERIVED, expression=expression)
    answer = as_(data_manager).post(define_page(initiative, Kind.DERIVED), typed)

    assert answer.status_code == 422
    assert sentence in unescape(answer.content.decode())


def test_a_measure_is_never_computed_from_itself(initiative: Initiative) -> None:
    measuring.indicator(initiative, "there")
    first = measuring.indicator(initiative, "first", Kind.DERIVED, expression="there * 2")
    measuring.indicator(initiative, "second", Kind.DERIVED, expression="first * 2")
    version = first.version
    version.expression, version.effective_from = "second / 2", date(2026, 1, 1)

    with pytest.raises(NotAllowed, match="first → second → first"):
        operations.redefine(indicator=first, version=version, by=None, at=now())


def test_what_is_not_asked_is_taken_for_granted(initiative: Initiative, data_manager: User, as_: As) -> None:
    client = as_(data_manager)
    for kind in (Kind.MILESTONE, Kind.RATIO, Kind.STOCK, Kind.MONEY):
        client.post(define_page(initiative, kind), filled_in(kind, name=kind.value))

    version = {each.code: each.version for each in Indicator.objects.all()}
    assert (version["milestone"].per, version["milestone"].unit) == (Decimal(100), "%")
    assert (version["ratio"].over_time, version["ratio"].is_proportion) == ("sum", True)
    assert (version["stock"].over_time, version["stock"].carry_periods) == ("average", 2)
    assert (version["money"].counts_people, version["money"].multiplier) == (False, Decimal(1000))


def test_each_kind_is_asked_for_its_own_fields_only(
    initiative: Initiative, data_manager: User, as_: As
) -> None:
    client = as_(data_manager)
    ratio = client.get(define_page(initiative, Kind.RATIO)).content.decode()
    flow = client.get(define_page(initiative, Kind.FLOW)).content.decode()

    assert 'name="base_label"' in ratio
    assert 'name="base_label"' not in flow
    assert 'name="is_proportion" class="form-check-input" aria' in ratio or "checked" in ratio
    assert 'value="100"' in ratio


def test_a_kind_that_is_not_offered_is_not_there(initiative: Initiative, data_manager: User, as_: As) -> None:
    client = as_(data_manager)
    for kind in ("nonsense", "x"):
        assert client.get(page("define-as", initiative, kind)).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"levels": "Only one"}, "Write 2 to 12 levels"),
        ({"levels": "One\nTwo\none"}, "Two levels have the same name."),
        ({"from_level": "4"}, "Choose a level from 1 to 3."),
        ({"from_level": "0"}, "Choose a level from 1 to 3."),
    ],
)
def test_the_levels_of_a_rubric_have_to_fit(
    initiative: Initiative, data_manager: User, as_: As, wrong: dict[str, str], sentence: str
) -> None:
    typed = filled_in(Kind.ORDINAL, **wrong)
    answer = as_(data_manager).post(define_page(initiative, Kind.ORDINAL), typed)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Fill in “Name”."),
        ({"base_label": ""}, "Fill in “The lower number”."),
        ({"per": "0"}, "or more"),
        ({"per": "=1+1"}, "is a formula"),
        ({"decimals": "99"}, "less than or equal to 6"),
        ({"plausible_low": "9", "plausible_high": "1"}, "below the lowest"),
        ({"effective_from": "0001-01-01"}, "between 1900 and 2199"),
        ({"effective_from": "soon"}, "Write a day"),
        ({"definition": "a\0b"}, "cannot be stored"),
        ({"definition": "x" * 2_000_000}, "Shorten the text"),
        ({"polarity": "sideways"}, "valid choice"),
        ({"steward": "999999"}, "valid choice"),
        ({"code": "new"}, "“new” is there already"),
    ],
)
def test_bad_input_is_said_and_what_was_typed_stays(
    initiative: Initiative,
    data_manager: User,
    as_: As,
    headers: dict[str, str],
    wrong: dict[str, str],
    sentence: str,
) -> None:
    typed = filled_in(Kind.RATIO, inclusion="Summer school too.", **wrong)

    answer = as_(data_manager).post(define_page(initiative, Kind.RATIO), typed, headers=headers)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in shown
    assert "There is a problem" in shown
    assert "Summer school too." in shown
    assert ("<html" in shown) is not bool(headers)
    assert not Indicator.objects.exists()


def test_ten_megabytes_are_refused_and_not_an_error_of_ours(
    initiative: Initiative, data_manager: User, as_: As
) -> None:
    typed = filled_in(Kind.FLOW, definition="x" * 10_000_000)

    answer = as_(data_manager).post(define_page(initiative, Kind.FLOW), typed)

    assert 400 <= answer.status_code < 500


def test_the_same_form_twice_defines_one_measure(initiative: Initiative, data_manager: User, as_: As) -> None:
    client = as_(data_manager)
    client.post(define_page(initiative, Kind.FLOW), filled_in(Kind.FLOW))

    answer = client.post(define_page(initiative, Kind.FLOW), filled_in(Kind.FLOW))

    assert answer.status_code == 422
    assert "“children-served” is there already" in answer.content.decode()
    assert Indicator.objects.count() == 1


def test_two_at_once_with_one_code_get_a_sentence(initiative: Initiative) -> None:
    measuring.indicator(initiative, "served")

    with pytest.raises(NotAllowed, match="served"):
        measuring.indicator(initiative, "served")


def new_meaning(indicator: Indicator, **more: str) -> dict[str, str]:
    version = indicator.version
    same = {
        "name": version.name,
        "definition": version.definition,
        "unit": version.unit,
        "decimals": str(version.decimals),
        "multiplier": "1",
        "polarity": version.polarity,
        "counts_people": "on",
        "effective_from": "2026-07-01",
    }
    return {**same, **more}


def test_a_new_meaning_is_a_new_version_and_the_old_one_stays(
    initiative: Initiative, data_manager: User, as_: As
) -> None:
    served = measuring.indicator(initiative, "served")
    typed = new_meaning(served, definition="Only children under six.", break_note="Older ones are left out.")

    answer = as_(data_manager).post(page("redefine", initiative, "served"), typed)

    assert answer.status_code == 302
    first, second = IndicatorVersion.objects.order_by("number")
    assert (first.definition, second.definition) == ("What served means.", "Only children under six.")
    assert served.version_on(date(2026, 6, 30)) == first
    assert served.version_on(date(2026, 7, 1)) == second
    assert SeriesBreak.objects.get().on == date(2026, 7, 1)
    shown = as_(data_manager).get(page("sheet", initiative, "served")).content.decode()
    assert "Older ones are left out." in shown
    assert "Version 2, counts from 1 July 2026" in shown


def test_the_form_starts_from_the_present_meaning(
    initiative: Initiative, data_manager: User, as_: As
) -> None:
    measuring.indicator(initiative, "served", decimals=2, unit="meals", source="Kitchen log")

    shown = as_(data_manager).get(page("redefine", initiative, "served")).content.decode()

    assert 'value="meals"' in shown
    assert "Kitchen log" in shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Nothing is different from version 1."),
        ({"definition": "Other.", "effective_from": "2000-01-01"}, "Version 1 counts from 1 January 2000"),
        ({"definition": "Other.", "effective_from": ""}, "Fill in “Counts from”."),
    ],
)
def test_a_version_that_cannot_be_is_refused(
    initiative: Initiative, data_manager: User, as_: As, typed: dict[str, str], sentence: str
) -> None:
    served = measuring.indicator(initiative, "served")

    answer = as_(data_manager).post(page("redefine", initiative, "served"), new_meaning(served, **typed))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert served.versions.count() == 1


def test_a_new_meaning_never_reaches_into_a_period_that_was_asked_for(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, data_manager: User, as_: As
) -> None:
    served = measuring.indicator(initiative, "served")
    measuring.assign(served, [alder], quarters)
    measuring.open_(initiative, "2026-Q2")
    client = as_(data_manager)

    typed = new_meaning(served, definition="Other.", effective_from="2026-04-01")
    answer = client.post(page("redefine", initiative, "served"), typed)

    assert answer.status_code == 422
    assert "Figures from 1 April 2026 on have been asked for" in answer.content.decode()
    typed["effective_from"] = "2026-07-01"
    assert client.post(page("redefine", initiative, "served"), typed).status_code == 302


def test_the_second_of_two_who_redefine_at_once_is_told(initiative: Initiative) -> None:
    served = measuring.indicator(initiative, "served")
    for number, definition in enumerate(("One.", "Two.")):
        version = IndicatorVersion(
            name="Served", definition=definition, kind=Kind.FLOW, effective_from=date(2026, 7, 1)
        )
        if number == 0:
            operations.redefine(indicator=served, version=version, by=None, at=now())
            continue
        with pytest.raises(NotAllowed):
            operations.redefine(indicator=served, version=version, by=None, at=now())


def test_the_sheet_says_what_changed_from_version_to_version(
    initiative: Initiative, rita: User, as_: As
) -> None:
    served = measuring.indicator(initiative, "served", unit="people")
    version = IndicatorVersion(
        name="Served",
        definition="What served means.",
        kind=Kind.FLOW,
        unit="households",
        effective_from=date(2026, 7, 1),
    )
    operations.redefine(indicator=served, version=version, by=None, at=now())

    shown = as_(rita).get(page("sheet", initiative, "served")).content.decode()

    changes = shown[shown.index("What changed") :]
    assert "<td>people</td>" in changes
    assert "<td>households</td>" in changes


def test_members_read_what_a_measure_means_and_strangers_do_not(
    initiative: Initiative, rita: User, funder: User, stranger: User, data_manager: User, as_: As
) -> None:
    measuring.indicator(initiative, "served")
    for person in (rita, funder, data_manager):
        assert as_(person).get(page("sheet", initiative, "served")).status_code == 200
    assert as_(stranger).get(page("sheet", initiative, "served")).status_code == 404
    assert as_(rita).get(page("indicators", initiative)).status_code == 403
    assert as_(rita).post(page("redefine", initiative, "served"), {}).status_code == 403


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_and_the_sheet_cost_the_same_whatever_their_size(
    initiative: Initiative,
    data_manager: User,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    as_: As,
    count: int,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    for number in range(count):
        made = measuring.indicator(initiative, f"served-{number}", steward=data_manager)
        measuring.assign(made, [alder, birch], quarters)
    client = as_(data_manager)

    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        shown = client.get(page("indicators", initiative)).content.decode()
    assert shown.count("Dana Data") >= count
    with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
        client.get(page("sheet", initiative, "served-0"))


def test_money_is_in_the_currency_of_the_initiative_where_nothing_else_is_said(
    initiative: Initiative,
) -> None:
    raised = measuring.indicator(initiative, "raised", Kind.MONEY, unit="")

    assert raised.version.unit == initiative.currency == "USD"
