"""Figures beside the agenda: curves for a part of it, and the map with the state of each."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.agenda.models import Goal
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.charts.tree import BOX_HEIGHT, BOX_WIDTH, Box, Placed, place, tree_svg
from measurement.dashboards.node_states import state_of
from measurement.indicators import linking, operations
from measurement.indicators.models import Indicator, Target
from measurement.rollups import runs
from tests.factories import agreeing, measuring

As = Callable[[User], Client]
MAP = "measurement:dashboards:strategy-map"


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def told(
    initiative: Initiative,
    data_manager: User,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
) -> Initiative:
    """A goal with an outcome that has a measure with figures and a target, and a strategy without any."""
    goal = agreeing.goal(initiative, "All read")
    outcome = agreeing.outcome(initiative, "Ready", under=goal.code)
    agreeing.strategy(initiative, "Home visits", under=outcome.code)
    served = measuring.indicator(initiative, "served")
    linking.link(node=outcome, indicator=served, by=None, at=now())
    measuring.assign(served, [alder, birch], quarters)
    target = Target(
        initiative=initiative,
        indicator=served,
        baseline_on=date(2025, 1, 1),
        baseline=Decimal(10),
        due_on=date(2026, 12, 31),
        value=Decimal(20),
    )
    operations.set_target(target=target, by=None, at=now())
    for code in ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"):
        measuring.open_(initiative, code)
        for partner in (alder, birch):
            measuring.report(partner, code, served=40)
    runs.rebuild(initiative=initiative, at=now())
    return initiative


def test_the_curves_of_a_part_are_a_page_and_a_fragment(told: Initiative, director: User, as_: As) -> None:
    url = reverse("measurement:dashboards:node-curves", args=[told.slug, "ready"])

    whole = text_of(as_(director).get(url))
    fragment = text_of(as_(director).get(url, headers={"HX-Request": "true"}))

    assert "<h1>" in whole
    assert "<h1>" not in fragment
    for shown in (whole, fragment):
        assert "Served" in shown
        assert "sparkline" in shown


def test_a_measure_of_two_parts_has_an_id_of_its_own_in_each(
    told: Initiative, director: User, as_: As
) -> None:
    goal, served = Goal.objects.get(), Indicator.objects.get()
    linking.link(node=goal, indicator=served, by=director, at=now())

    ids = []
    for code in ("all-read", "ready"):
        url = reverse("measurement:dashboards:node-curves", args=[told.slug, code])
        ids += re.findall(r'\bid="([^"]+)"', text_of(as_(director).get(url, headers={"HX-Request": "true"})))

    assert ids
    assert len(ids) == len(set(ids))


def test_a_part_without_measures_says_so_and_where_to_choose_them(
    told: Initiative, data_manager: User, rita: User, as_: As
) -> None:
    url = reverse("measurement:dashboards:node-curves", args=[told.slug, "home-visits"])

    assert "No measure tells about it yet." in text_of(as_(rita).get(url))
    assert "Choose its measures" not in text_of(as_(rita).get(url))
    assert "Choose its measures" in text_of(as_(data_manager).get(url))
    nowhere = reverse("measurement:dashboards:node-curves", args=[told.slug, "nothing"])
    assert as_(rita).get(nowhere).status_code == 404


def test_the_map_says_how_it_stands_with_each_part_and_links_to_it(
    told: Initiative, director: User, as_: As
) -> None:
    shown = text_of(as_(director).get(reverse(MAP, args=[told.slug])))

    assert shown.count("✓ On track: 1 of 1") == 2  # the outcome, and the goal above it
    assert shown.count("No measure yet") >= 2  # drawn, and in the list
    for code in ("all-read", "ready", "home-visits"):
        assert shown.count(f'href="/i/cradle/agenda/nodes/{code}/"') == 2


def test_the_map_shows_what_stands_under_one_part(told: Initiative, director: User, as_: As) -> None:
    url = reverse(MAP, args=[told.slug])

    shown = text_of(as_(director).get(url, {"under": "ready"}))

    assert "The whole map" in shown
    assert "Home visits" in shown
    assert as_(director).get(url, {"under": "gone"}).status_code == 404
    assert as_(director).get(url, {"under": "a\0b"}).status_code == 404


def test_an_empty_map_says_when_it_is_drawn(initiative: Initiative, rita: User, as_: As) -> None:
    assert "The map is drawn as soon as" in text_of(as_(rita).get(reverse(MAP, args=[initiative.slug])))


@pytest.mark.parametrize(
    ("statuses", "status", "words"),
    [
        ([], "not_judged", "No measure yet"),
        ([None, "too_early", "partial"], "not_judged", "Not judged yet"),
        (["on_track", None], "on_track", "On track: 1 of 1"),
        (["on_track", "at_risk", "too_small"], "at_risk", "At risk: 1 of 2 on track"),
        (["on_track", "at_risk", "off_track"], "off_track", "Off track: 1 of 3 on track"),
    ],
)
def test_a_part_is_as_well_as_the_weakest_of_its_measures(
    statuses: list[str | None], status: str, words: str
) -> None:
    state = state_of(statuses)

    assert (state.status, state.words) == (status, words)


def box(name: str, *children: Box) -> Box:
    return Box(name=name, kind="Goal", url="/", sign="✓", words="On track", colour="#000", children=children)


def everything(placed: list[Placed]) -> list[Placed]:
    return [each for one in placed for each in (one, *everything(list(one.children)))]


def test_no_two_boxes_of_a_map_meet() -> None:
    wide = box("a", *(box(f"b{i}", *(box(f"c{i}{j}") for j in range(i))) for i in range(5)))

    found = everything(place([wide, box("d"), box("e", box("f"))]))

    for one in found:
        for other in found:
            apart_x = abs(one.x - other.x) >= BOX_WIDTH
            assert one is other or apart_x or abs(one.y - other.y) >= BOX_HEIGHT


def test_names_of_a_map_are_text_and_short_enough() -> None:
    drawn = tree_svg([box("<script>" + "x" * 500)], title="Map", description="", element_id="map")

    assert "<script>" not in drawn
    assert "…" in drawn
