"""Reading the agenda: the status page, its parts, its versions and what changed between two."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.agenda import rows
from initiatives.agenda.models import AgendaVersion, Answer
from initiatives.agenda.tree import Kind, Tree
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.indicators import linking
from tests.factories import agreeing, measuring, people
from tests.initiatives.agenda.conftest import As, page
from tests.initiatives.agenda.test_tree import large


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def adopted(
    initiative: Initiative, director: User, alder: Organization, birch: Organization
) -> AgendaVersion:
    goal = agreeing.goal(initiative, "All read")
    outcome = agreeing.outcome(initiative, "Ready", under=goal.code)
    agreeing.strategy(initiative, "Home visits", under=outcome.code)
    agreeing.write(initiative, vision="All children thrive.\n\nHere and now.")
    proposal = agreeing.propose(initiative, by=director)
    agreeing.say(proposal, alder)
    agreeing.say(proposal, birch, Answer.RESERVATIONS, "Slowly.")
    return agreeing.adopt(proposal, by=director)


@pytest.mark.parametrize("role", Role)
def test_every_role_reads_what_was_adopted_and_who_stands_behind_it(
    initiative: Initiative,
    adopted: AgendaVersion,
    backbone_organization: Organization,
    alder: Organization,
    funder: User,
    role: Role,
    as_: As,
) -> None:
    homes = {Role.FUNDER_VIEWER: None, Role.STEERING_MEMBER: backbone_organization}
    partner_roles = {Role.PARTNER_MANAGER, Role.APPROVER, Role.REPORTER, Role.VIEWER}
    home = homes.get(role, alder if role in partner_roles else backbone_organization)
    person = people.member(f"Nora {role}", home, role) if home else funder

    shown = text_of(as_(person).get(page("agenda", initiative)))

    assert "All children thrive." in shown
    assert "2 of 2 partners have answered, 2 agree." in shown
    assert "Birch Charity" in shown
    assert reverse("measurement:dashboards:node-curves", args=["cradle", "all-read"]) in shown
    assert f'href="{page("agenda", initiative)}" aria-current="page"' in shown
    assert ("Start a draft" in shown) == (
        role in {Role.BACKBONE_DIRECTOR, Role.DATA_MANAGER, Role.FACILITATOR}
    )


def test_what_is_agreed_reads_as_it_was_agreed_while_a_draft_says_something_else(
    initiative: Initiative, adopted: AgendaVersion, director: User, rita: User, as_: As
) -> None:
    agreeing.add(initiative, Kind.GOAL, "All write")
    agreeing.write(initiative, vision="Something else.")

    for person in (director, rita):
        shown = text_of(as_(person).get(page("agenda", initiative)))
        assert "Something else." not in shown
        assert "All write" not in shown
    assert as_(rita).get(page("node", initiative, "all-write")).status_code == 404
    assert "not in the agenda in force" in text_of(as_(director).get(page("node", initiative, "all-write")))


@pytest.mark.parametrize("name", ["agenda", "versions"])
def test_before_there_is_an_agenda_the_page_says_what_will_be_here(
    initiative: Initiative, rita: User, facilitator: User, as_: As, name: str
) -> None:
    assert 'class="empty' in text_of(as_(rita).get(page(name, initiative)))
    assert ("Start a draft" in text_of(as_(facilitator).get(page(name, initiative)))) == (name == "agenda")
    assert "Start a draft" in text_of(as_(facilitator).get(page("draft", initiative)))


def test_a_part_of_the_agenda_has_a_page(
    initiative: Initiative, adopted: AgendaVersion, rita: User, as_: As
) -> None:
    shown = text_of(as_(rita).get(page("node", initiative, "ready")))

    assert "Outcome" in shown
    assert "All read" in shown
    assert "Home visits" in shown
    assert "Since version 1" in shown
    assert as_(rita).get(page("node", initiative, "nothing")).status_code == 404


def test_what_changed_between_any_two_versions(
    initiative: Initiative, adopted: AgendaVersion, director: User, rita: User, as_: As
) -> None:
    agreeing.add(initiative, Kind.GOAL, "All write")
    agreeing.write(initiative, vision="All children thrive.\n\nHere and <b>soon</b>.")
    agreeing.propose(initiative, by=director)

    url = page("compare", initiative, 2)
    shown = text_of(as_(rita).get(url))
    assert '<del class="was">now.</del><ins class="is">&lt;b&gt;soon&lt;/b&gt;.</ins>' in shown
    assert "All write" in shown
    backwards = text_of(as_(rita).get(page("compare", initiative, 1), {"from": "2"}))
    assert '<ins class="is">now.</ins>' in backwards
    assert "nothing to be compared with" in text_of(as_(rita).get(page("compare", initiative, 1)))
    for nonsense in ("9", "2", "x", "²", "-1", "9" * 30, "1\0"):
        assert as_(rita).get(url, {"from": nonsense}).status_code == 404


def test_pasted_html_is_text_everywhere(initiative: Initiative, director: User, rita: User, as_: As) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    agreeing.write(initiative, problem=nasty)
    agreeing.add(initiative, Kind.GOAL, nasty, statement=nasty)
    agreeing.propose(initiative, by=director)

    for name, *ids in (
        ("agenda",),
        ("version", 1),
        ("node", rows.tree_of(initiative).nodes[0].code),
    ):
        assert "<img src=x" not in text_of(as_(rita).get(page(str(name), initiative, *ids)))
    drawn = as_(rita).get(reverse("measurement:dashboards:strategy-map", args=["cradle"]))
    assert "<img src=x" not in text_of(drawn)


def settle_large(initiative: Initiative, tree: Tree) -> None:
    rows.settle(initiative, tree)
    draft = agreeing.draft(initiative)
    assert len(draft.nodes.nodes) == len(tree.nodes)


@pytest.mark.parametrize("shape", [(10, 10, 49), (5000, 0, 0), (1, 1, 4998)])
def test_a_tree_of_five_thousand_is_read_level_by_level(
    initiative: Initiative, director: User, as_: As, shape: tuple[int, int, int]
) -> None:
    settle_large(initiative, large(*shape))
    client = as_(director)
    several = [
        page("agenda", initiative),
        page("draft", initiative),
        page("node", initiative, "g0"),
        page("edit-node", initiative, "g0"),
        page("version", initiative, 1),
        reverse("measurement:dashboards:strategy-map", args=["cradle"]),
        f"{reverse('measurement:dashboards:strategy-map', args=['cradle'])}?under=g0",
    ]

    for url in several:
        answer = client.get(url)
        assert answer.status_code == 200
        assert len(answer.content) < 900_000, url


@pytest.mark.parametrize("count", [3, 30])
def test_the_pages_cost_the_same_whatever_their_size(
    initiative: Initiative,
    director: User,
    manager: User,
    as_: As,
    count: int,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    partners = [people.organization(f"Partner {number}", initiative) for number in range(count)]
    for number in range(count):
        node = agreeing.goal(initiative, f"Goal {number}")
        measure = measuring.indicator(initiative, f"measure-{number}")
        linking.link(node=node, indicator=measure, by=None, at=now())
    first = agreeing.propose(initiative, by=director)
    for partner in partners:
        agreeing.say(first, partner)
    agreeing.write(initiative, vision="More.")
    second = agreeing.propose(initiative, by=director)
    for partner in partners[1:]:
        agreeing.say(second, partner, Answer.NO, "No.")
        agreeing.say(second, partner)

    for client in (as_(director), as_(manager)):
        for url in (
            page("agenda", initiative),
            page("version", initiative, 2),
            page("versions", initiative),
            page("compare", initiative, 2),
            page("node", initiative, "goal-0"),
            reverse("measurement:dashboards:strategy-map", args=["cradle"]),
            reverse("measurement:dashboards:node-curves", args=["cradle", "goal-0"]),
        ):
            with django_assert_max_num_queries(16):  # type: ignore[attr-defined]  # four of them: sign-in and access
                assert client.get(url).status_code == 200


def test_an_agenda_of_elsewhere_is_not_there(
    initiative: Initiative, adopted: AgendaVersion, stranger: User, as_: As
) -> None:
    client: Client = as_(stranger)
    for name, ids in (("agenda", ()), ("version", (1,)), ("node", ("ready",)), ("versions", ())):
        assert client.get(page(name, initiative, *ids)).status_code == 404
