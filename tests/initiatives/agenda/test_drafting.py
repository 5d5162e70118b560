"""Writing a draft: its texts and its tree, by several people at once."""

from uuid import uuid4

import pytest
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.agenda import drafting
from initiatives.agenda.models import AgendaVersion, Goal, Outcome, Strategy
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.indicators import linking
from tests.factories import agreeing, measuring
from tests.initiatives.agenda.conftest import HTMX, As, page


@pytest.fixture
def client_(facilitator: User, as_: As) -> Client:
    return as_(facilitator)


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_a_draft_starts_with_the_outcomes_that_are_there(initiative: Initiative, client_: Client) -> None:
    Outcome.objects.create(initiative=initiative, code="ready", name="Ready for school")

    answer = client_.post(page("start-draft", initiative), follow=True)

    assert "Ready for school" in text_of(answer)
    assert AgendaVersion.objects.get().number == 1


def test_two_starts_make_one_draft(initiative: Initiative, client_: Client) -> None:
    client_.post(page("start-draft", initiative))
    client_.post(page("start-draft", initiative))

    assert AgendaVersion.objects.count() == 1
    assert Event.objects.filter(verb="agenda.draft_started").count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_text_is_written_and_shown_as_text(
    initiative: Initiative, client_: Client, headers: dict[str, str]
) -> None:
    found = agreeing.draft(initiative)
    typed = {"text": "<script>alert(1)</script>\r\n\r\n**All** children", "seen": drafting.mark("")}

    client_.post(page("section", initiative, "vision"), typed, headers=headers)

    found.refresh_from_db()
    assert found.vision == "<script>alert(1)</script>\n\n**All** children"
    shown = text_of(client_.get(page("draft", initiative)))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<strong>All</strong> children" in shown


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_second_of_two_writers_sees_both_texts_and_then_decides(
    initiative: Initiative, client_: Client, headers: dict[str, str]
) -> None:
    agreeing.write(initiative, problem="Before.")
    seen = drafting.mark("Before.")
    agreeing.write(initiative, problem="Theirs.")
    url = page("section", initiative, "problem")

    answer = client_.post(url, {"text": "Mine.", "seen": seen}, headers=headers)

    assert answer.status_code == 409
    assert "Theirs." in text_of(answer)
    assert "Mine." in text_of(answer)
    assert agreeing.draft(initiative).problem == "Theirs."
    client_.post(url, {"text": "Both.", "seen": drafting.mark("Theirs.")})
    assert agreeing.draft(initiative).problem == "Both."


def test_two_writers_of_different_texts_do_not_meet(initiative: Initiative, client_: Client) -> None:
    agreeing.draft(initiative)
    for name in ("problem", "vision"):
        client_.post(page("section", initiative, name), {"text": name, "seen": drafting.mark("")})

    found = agreeing.draft(initiative)
    assert (found.problem, found.vision) == ("problem", "vision")


@pytest.mark.parametrize(
    ("text", "sentence"), [("a\0b", "cannot be stored"), ("x" * 20_000, "Shorten the text")]
)
def test_what_cannot_be_stored_is_said_and_kept(
    initiative: Initiative, client_: Client, text: str, sentence: str
) -> None:
    agreeing.draft(initiative)

    answer = client_.post(page("section", initiative, "vision"), {"text": text, "seen": ""})

    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_the_tree_grows_from_the_top(initiative: Initiative, client_: Client) -> None:
    agreeing.draft(initiative)
    client_.post(page("add-node", initiative, "goal"), {"name": "All read well"})
    client_.post(
        f"{page('add-node', initiative, 'outcome')}?under=all-read-well", {"name": "Ready for school"}
    )
    client_.post(
        f"{page('add-node', initiative, 'strategy')}?under=ready-for-school", {"name": "Home visits"}
    )

    strategy = Strategy.objects.get()
    assert strategy.outcome.goal == Goal.objects.get()
    assert agreeing.codes(initiative) == ["all-read-well", "ready-for-school", "home-visits"]


def test_the_same_name_twice_gets_two_codes(initiative: Initiative) -> None:
    assert [agreeing.goal(initiative, "Read").code for _ in range(3)] == ["read", "read-2", "read-3"]
    assert agreeing.outcome(initiative, "…").code == "outcome"


def test_a_strategy_at_the_top_is_refused_with_a_sentence(initiative: Initiative, client_: Client) -> None:
    agreeing.draft(initiative)

    answer = client_.post(page("add-node", initiative, "strategy"), {"name": "Home visits"})

    assert answer.status_code == 409
    assert "A strategy stands under an outcome." in text_of(answer)


def test_nothing_is_put_under_itself_or_what_belongs_to_it(initiative: Initiative, client_: Client) -> None:
    goal = agreeing.goal(initiative, "Read")
    outcome = agreeing.outcome(initiative, "Ready", under=goal.code)
    strategy = agreeing.strategy(initiative, "Visits", under=outcome.code)

    for parent in (outcome.code, strategy.code):
        answer = client_.post(page("put-node-under", initiative, outcome.code), {"parent": parent})
        assert answer.status_code == 409
        assert "cannot stand under itself" in text_of(answer)
    assert agreeing.draft(initiative).nodes.get(outcome.code).parent == goal.code


@pytest.mark.parametrize("parent", ["nothing", "a\0b", "x" * 100_000])
def test_nothing_is_put_under_what_is_not_there(initiative: Initiative, client_: Client, parent: str) -> None:
    outcome = agreeing.outcome(initiative, "Ready")

    answer = client_.post(page("put-node-under", initiative, outcome.code), {"parent": parent})

    assert answer.status_code == 409


def test_an_outcome_is_moved_under_another_goal_and_to_the_top(
    initiative: Initiative, client_: Client
) -> None:
    first, second = agreeing.goal(initiative, "A"), agreeing.goal(initiative, "B")
    outcome = agreeing.outcome(initiative, "Ready", under=first.code)
    url = page("put-node-under", initiative, outcome.code)

    client_.post(url, {"parent": second.code})
    outcome.refresh_from_db()
    assert outcome.goal == second

    client_.post(url, {"parent": ""})
    outcome.refresh_from_db()
    assert outcome.goal is None


def test_nodes_change_places_and_stop_at_the_ends(initiative: Initiative, client_: Client) -> None:
    for name in ("A", "B", "C"):
        agreeing.goal(initiative, name)

    for code, direction, order in (
        ("c", "up", ["a", "c", "b"]),
        ("a", "up", ["a", "c", "b"]),
        ("a", "down", ["c", "a", "b"]),
    ):
        client_.post(page("shift-node", initiative, code), {"direction": direction})
        assert [goal.code for goal in Goal.objects.all()] == order


def test_a_name_is_changed_and_the_code_and_its_links_stay(initiative: Initiative, client_: Client) -> None:
    outcome = agreeing.outcome(initiative, "Ready")
    linking.link(node=outcome, indicator=measuring.indicator(initiative, "served"), by=None, at=now())
    seen = drafting.mark("Ready", "")

    client_.post(page("edit-node", initiative, "ready"), {"name": "Ready for school", "seen": seen})

    outcome.refresh_from_db()
    assert (outcome.name, outcome.indicator_links.count()) == ("Ready for school", 1)


def test_the_second_of_two_who_rename_sees_both_names(initiative: Initiative, client_: Client) -> None:
    agreeing.outcome(initiative, "Ready")
    seen = drafting.mark("Ready", "")
    client_.post(page("edit-node", initiative, "ready"), {"name": "Theirs", "seen": seen})

    answer = client_.post(page("edit-node", initiative, "ready"), {"name": "Mine", "seen": seen})

    assert answer.status_code == 409
    assert "Theirs" in text_of(answer)
    assert 'value="Mine"' in text_of(answer)


def test_what_others_rest_on_is_not_removed(
    initiative: Initiative, data_manager: User, client_: Client
) -> None:
    goal = agreeing.goal(initiative, "Read")
    outcome = agreeing.outcome(initiative, "Ready", under=goal.code)
    measure = measuring.indicator(initiative, "served")
    linking.link(node=outcome, indicator=measure, by=None, at=now())

    answer = client_.post(page("remove-node", initiative, goal.code))
    assert answer.status_code == 409
    assert "still holds “Ready”" in text_of(answer)
    answer = client_.post(page("remove-node", initiative, outcome.code))
    assert answer.status_code == 409
    assert "“Ready” still carries 1 measure" in text_of(answer)

    linking.unlink(node=outcome, indicator=measure, by=data_manager, at=now())
    for node in (outcome, goal):
        client_.post(page("remove-node", initiative, node.code))
    assert agreeing.codes(initiative) == []
    assert Event.objects.filter(verb="agenda.node_removed").count() == 2


def test_a_tree_has_an_end(initiative: Initiative, client_: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    agreeing.goal(initiative, "Read")
    monkeypatch.setattr("initiatives.agenda.tree.MOST_NODES", 1)

    answer = client_.post(page("add-node", initiative, "goal"), {"name": "One more"})

    assert answer.status_code == 409
    assert "holds at most 1" in text_of(answer)


def test_a_discarded_draft_leaves_everything_else(
    initiative: Initiative, director: User, alder: Organization, client_: Client
) -> None:
    agreeing.goal(initiative, "Read")
    proposal = agreeing.propose(initiative, by=director)
    agreeing.goal(initiative, "Write")

    assert client_.get(page("discard-draft", initiative)).status_code == 200
    client_.post(page("discard-draft", initiative))

    assert list(AgendaVersion.objects.all()) == [proposal]
    assert client_.get(page("section", initiative, "vision")).status_code == 404


def test_nobody_else_reads_or_writes_a_draft(
    initiative: Initiative, rita: User, funder: User, stranger: User, as_: As
) -> None:
    agreeing.write(initiative, vision="Not said yet")
    for person in (rita, funder):
        assert as_(person).get(page("draft", initiative)).status_code == 403
        assert as_(person).get(page("version", initiative, 1)).status_code == 404
        assert "Not said yet" not in text_of(as_(person).get(page("agenda", initiative)))
    assert as_(stranger).get(page("draft", initiative)).status_code == 404


def test_nodes_of_another_initiative_are_not_there(
    initiative: Initiative, stranger: User, client_: Client
) -> None:
    agreeing.draft(initiative)
    theirs = agreeing.goal(Initiative.objects.get(slug="elsewhere"), "Theirs")

    for code in (theirs.code, f"x{uuid4()}"[:50]):
        for name in ("edit-node", "remove-node", "shift-node", "put-node-under"):
            assert client_.post(page(name, initiative, code), {"name": "Ours"}).status_code == 404
    assert client_.get(page("section", initiative, "tree")).status_code == 404
    assert client_.get(page("add-node", initiative, "dream")).status_code == 404
