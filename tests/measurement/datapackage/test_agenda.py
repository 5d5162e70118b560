"""The agenda goes out and comes in: its tree, every version, and what partners said."""

from pathlib import Path

import pytest
from django.utils.timezone import now

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.agenda import deciding, rows
from initiatives.agenda.models import AgendaVersion, Answer, CommonAgenda, Endorsement, State
from initiatives.agenda.tree import Kind
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.datapackage.exporting import export
from measurement.indicators import linking
from tests.factories import agreeing, measuring, people
from tests.measurement.datapackage.packages import bring_in, contents, problems


@pytest.fixture
def agreed(initiative: Initiative, director: User, alder: Organization, birch: Organization) -> Initiative:
    """An adopted version, a proposal after it, and a draft."""
    goal = agreeing.goal(initiative, "All read")
    outcome = agreeing.outcome(initiative, "Ready", under=goal.code)
    strategy = agreeing.strategy(initiative, "Home visits", under=outcome.code)
    for node in (goal, outcome, strategy):
        linking.link(
            node=node, indicator=measuring.indicator(initiative, f"of-{node.code}"), by=None, at=now()
        )
    agreeing.write(initiative, vision="All children\n\n- read, and\n- write", problem="=1+1")
    deciding.change_quorum(initiative=initiative, percent=50, by=director, at=now())
    first = agreeing.propose(initiative, by=director)
    agreeing.say(first, alder, Answer.NO, 'No, "thanks"')
    agreeing.say(first, alder)
    agreeing.adopt(first, by=director)
    agreeing.add(initiative, Kind.GOAL, "All write")
    second = agreeing.propose(initiative, by=director)
    agreeing.say(second, birch, Answer.RESERVATIONS, "Slowly.")
    deciding.comment(version=second, section="tree", text="Why?", organization=birch, by=director, at=now())
    agreeing.add(initiative, Kind.GOAL, "All count")
    return initiative


@pytest.mark.parametrize("with_people", [True, False])
def test_everything_that_was_agreed_survives_out_and_in(
    agreed: Initiative, tmp_path: Path, with_people: bool
) -> None:
    export(initiative=agreed, to=tmp_path / "first", people=with_people)
    Initiative.objects.filter(pk=agreed.pk).update(slug="elsewhere-now")

    loaded = bring_in(tmp_path / "first").initiative

    assert rows.tree_of(loaded) == rows.tree_of(agreed)
    assert CommonAgenda.objects.get(initiative=loaded).quorum == 50
    both = [list(AgendaVersion.objects.in_initiative(each)) for each in (agreed, loaded)]
    assert [[v.state for v in versions] for versions in both] == [
        [State.DRAFT, State.PROPOSED, State.ADOPTED]
    ] * 2
    assert [v.nodes for v in both[0]] == [v.nodes for v in both[1]]
    assert both[1][2].vision == "All children\n\n- read, and\n- write"
    said = Endorsement.objects.filter(initiative=loaded).values_list("version__number", "answer", "words")
    assert list(said) == [(1, "no", 'No, "thanks"'), (1, "yes", ""), (2, "reservations", "Slowly.")]
    assert (both[1][1].proposed_by is not None) == with_people
    export(initiative=loaded, to=tmp_path / "again", people=with_people)
    assert contents(tmp_path / "again") == contents(tmp_path / "first")


def test_the_same_package_again_changes_nothing(agreed: Initiative, tmp_path: Path) -> None:
    export(initiative=agreed, to=tmp_path / "first")

    again = bring_in(tmp_path / "first")

    assert (again.new, again.kept) == ({}, {})


def test_an_initiative_without_an_agenda_has_no_such_tables(initiative: Initiative, tmp_path: Path) -> None:
    people.organization("Alder School", initiative)

    export(initiative=initiative, to=tmp_path / "first")

    assert not [name for name in contents(tmp_path / "first") if name.startswith(("agenda", "goal", "endor"))]


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (
            "agenda_nodes.csv",
            "strategy,Home visits,,ready",
            "strategy,Home visits,,",
            "stands under an outcome",
        ),
        ("agenda_nodes.csv", "strategy,Home visits,,ready", "strategy,Home visits,,gone", "has been removed"),
        ("agenda_nodes.csv", ",goal,All read", ",dream,All read", "not one of"),
        ("agenda_versions.csv", "2,proposed", "2,adopted", "moment of its adoption"),
        ("agenda_versions.csv", "3,draft", "3,proposed", "every other version has one"),
        ("agenda_versions.csv", "2,proposed", "2,superseded", "A superseded version has one"),
        ("endorsements.csv", "2,birch-charity", "7,birch-charity", "not in agenda_versions.csv"),
        ("endorsements.csv", "reservations", "perhaps", "not one of"),
        ("strategies.csv", "ready,home-visits", "ready,all-read", "Another part of the agenda has this code"),
        ("agenda.csv", ",50", ",101", "less than or equal to 100"),
    ],
)
def test_what_people_could_not_have_made_is_refused(
    agreed: Initiative, tmp_path: Path, file: str, old: str, new: str, sentence: str
) -> None:
    export(initiative=agreed, to=tmp_path / "bad")
    path = tmp_path / "bad" / file
    before = path.read_text()
    assert old in before
    path.write_text(before.replace(old, new, 1))
    Initiative.objects.filter(pk=agreed.pk).update(slug="elsewhere-now")

    found = problems(tmp_path / "bad")

    assert any(problem.file == file and sentence in problem.sentence for problem in found), found


def test_without_people_nobody_is_named_for_what_they_said(
    agreed: Initiative, director: User, tmp_path: Path
) -> None:
    export(initiative=agreed, to=tmp_path / "first", people=False)

    assert director.email.encode() not in b"".join(contents(tmp_path / "first").values())
    assert Role.BACKBONE_DIRECTOR in director.memberships.values_list("role", flat=True)
