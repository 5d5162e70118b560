"""The tree of an agenda and what differs between two: pure rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.agenda import differences
from initiatives.agenda.differences import Piece, Said
from initiatives.agenda.tree import Gone, Kind, Node, NotAllowed, Tree


def goal(code: str) -> Node:
    return Node(code, Kind.GOAL, code.upper())


def outcome(code: str, parent: str = "") -> Node:
    return Node(code, Kind.OUTCOME, code.upper(), parent=parent)


def strategy(code: str, parent: str) -> Node:
    return Node(code, Kind.STRATEGY, code.upper(), parent=parent)


SMALL = Tree((goal("g"), goal("h"), outcome("o", "g"), outcome("p"), strategy("s", "o"), strategy("t", "o")))


def large(goals: int, outcomes: int, strategies: int) -> Tree:
    nodes = [goal(f"g{i}") for i in range(goals)]
    nodes += [outcome(f"g{i}o{j}", f"g{i}") for i in range(goals) for j in range(outcomes)]
    nodes += [
        strategy(f"g{i}o{j}s{k}", f"g{i}o{j}")
        for i in range(goals)
        for j in range(outcomes)
        for k in range(strategies)
    ]
    return Tree(tuple(nodes))


def test_a_tree_is_the_same_after_it_was_written_and_read() -> None:
    assert Tree.from_json(SMALL.to_json()) == SMALL


def test_goals_come_before_outcomes_without_a_goal() -> None:
    tree = Tree((outcome("p"), goal("g")))

    assert [node.code for node in tree.children()] == ["g", "p"]


@pytest.mark.parametrize(
    ("code", "parent", "sentence"),
    [
        ("g", "h", "A goal stands at the top"),
        ("g", "o", "cannot stand under itself"),
        ("g", "g", "cannot stand under itself"),
        ("o", "s", "cannot stand under itself"),
        ("o", "p", "An outcome stands under a goal"),
        ("s", "g", "A strategy stands under an outcome"),
        ("s", "t", "A strategy stands under an outcome"),
        ("s", "", "A strategy stands under an outcome"),
        ("s", "gone", "has been removed"),
        ("gone", "g", "has been removed"),
    ],
)
def test_nothing_stands_where_it_does_not_fit(code: str, parent: str, sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        SMALL.put_under(code, parent)


def test_a_code_is_given_once() -> None:
    with pytest.raises(NotAllowed, match="already a part with the code"):
        SMALL.add(strategy("g", "o"))


_CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["add", "under", "up", "down", "remove"]),
        st.integers(0, 30),
        st.integers(0, 30),
        st.sampled_from(list(Kind)),
    ),
    max_size=40,
)


def _changed(tree: Tree, change: tuple[str, int, int, Kind], number: int) -> Tree:
    what, one, other, kind = change
    codes = ["", *tree.by_code]
    first, second = codes[one % len(codes)], codes[other % len(codes)]
    try:
        if what == "add":
            return tree.add(Node(f"n{number}", kind, "A name", parent=first))
        if what == "under":
            return tree.put_under(first, second)
        if what == "remove":
            return tree.remove(first)
        return tree.shift(first, up=what == "up")
    except NotAllowed:
        return tree


@given(_CHANGES)
def test_whatever_is_done_every_node_is_reached_from_the_top_once(
    changes: list[tuple[str, int, int, Kind]],
) -> None:
    tree = Tree()
    for number, change in enumerate(changes):
        tree = _changed(tree, change, number)

    reached = [node.code for top in tree.children() for node in (top, *tree.beneath(top.code))]
    assert sorted(reached) == sorted(tree.by_code)
    assert len(tree.nodes) == len(tree.by_code)


def test_an_outline_closes_whole_levels_that_would_be_too_much() -> None:
    tree = large(10, 10, 49)
    assert len(tree.nodes) == 5010

    items = tree.outline(tree.children(), at_most=300)

    assert len(items) == 10
    assert all(len(item.children) == 10 for item in items)
    assert {child.hidden for item in items for child in item.children} == {49}
    assert tree.outline(tree.children(), at_most=50)[0].hidden == 10 * 50


def test_removing_what_is_not_there_is_said() -> None:
    with pytest.raises(Gone):
        SMALL.remove("gone")


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "", []),
        ("a b", "a b", [(Said.SAME, "a b")]),
        ("", "new", [(Said.ADDED, "new")]),
        (
            "one two three",
            "one 2 three",
            [(Said.SAME, "one "), (Said.REMOVED, "two "), (Said.ADDED, "2 "), (Said.SAME, "three")],
        ),
        ("kept\n\ngone\n", "kept\n", [(Said.SAME, "kept\n"), (Said.REMOVED, "\ngone\n")]),
    ],
)
def test_texts_differ_word_by_word(before: str, after: str, pieces: list[tuple[Said, str]]) -> None:
    assert differences.texts(before, after) == [Piece(*each) for each in pieces]


@given(st.text(max_size=200), st.text(max_size=200))
def test_both_texts_can_be_read_from_what_differs(before: str, after: str) -> None:
    pieces = differences.texts(before, after)

    assert "".join(piece.text for piece in pieces if piece.said is not Said.REMOVED) == after
    assert "".join(piece.text for piece in pieces if piece.said is not Said.ADDED) == before


def test_a_passage_too_long_to_compare_is_shown_as_a_whole() -> None:
    before, after = "a " * 5_000, "b " * 5_000

    assert [piece.said for piece in differences.texts(before, after)] == [Said.REMOVED, Said.ADDED]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("before", "after"),
    [("a\n" * 4_900, "b\na\n" * 2_450), ("a " * 5_000, "b a " * 2_500), ("ab " * 1_900, "b ab " * 900)],
)
def test_what_repeats_itself_does_not_take_for_ever(before: str, after: str) -> None:
    pieces = differences.texts(before, after)

    assert "".join(piece.text for piece in pieces if piece.said is not Said.REMOVED) == after


@pytest.mark.timeout(20)
def test_trees_of_five_thousand_are_compared_in_no_time() -> None:
    before = Tree(tuple(goal(f"g{number}") for number in range(5_000)))
    after = Tree(before.nodes[::-1])

    assert differences.trees(before, after).reordered == [None]


def test_trees_differ_by_what_happened_to_each_node() -> None:
    after = (
        SMALL.remove("t")
        .reword("s", name="Visits", statement="At home.")
        .put_under("p", "h")
        .shift("h", up=True)
        .add(goal("new"))
    )

    found = differences.trees(SMALL, after)

    assert [node.code for node in found.added] == ["new"]
    assert [node.code for node in found.removed] == ["t"]
    assert [(each.before.name, each.node.name) for each in found.renamed] == [("S", "Visits")]
    assert [(each.node.code, each.old, each.new) for each in found.moved] == [("p", None, goal("h"))]
    assert [each.node.code for each in found.reworded] == ["s"]
    assert found.reordered == [None]
    assert not differences.trees(SMALL, SMALL)
