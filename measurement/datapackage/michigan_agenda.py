"""The agenda of the demo. All of it is fictitious and says so: no district of Michigan has agreed to anything here."""

from datetime import UTC, datetime, timedelta
from typing import Final

from initiatives.agenda.tree import Kind
from measurement.datapackage.columns import Value
from measurement.datapackage.michigan_texts import DEMO_PARTNERS, OUTCOMES

_Row = dict[str, Value]

_PROPOSED: Final = datetime(1997, 9, 1, 14, 0, tzinfo=UTC)
_ADOPTED: Final = datetime(1997, 10, 15, 14, 0, tzinfo=UTC)
_DIRECTOR: Final = "dana.reyes@example.org"
_SAID: Final = "Fictitious: an answer of the demo."

_TEXTS: Final[_Row] = {
    "problem": (
        "*Fictitious: an example of an agenda. No school district has agreed to it.*\n\n"
        "In 1991/92 only one in three fourth graders reached a satisfactory level in mathematics. What a child learns"
        " depends on where it lives: between neighbouring districts there are gaps that no district closes alone."
    ),
    "boundaries": (
        "Pupils of the public schools of Michigan, from the first grade to the diploma.\n\n"
        "Left out on purpose: private schools, and what comes after school."
    ),
    "vision": "Every child in Michigan learns what it needs for life, whichever district it lives in.",
    "measurable_goals": (
        "- By 2000, **80 in 100** fourth graders are satisfactory in mathematics (36 in 1991/92).\n"
        "- By 2000, no more than **3 in 100** pupils leave high school in a year without a diploma (5 in 1991/92)."
    ),
    "principles": (
        "- Figures are for learning, never for ranking.\n"
        "- Who knows the children decides how.\n"
        "- What works in one district is shown to all."
    ),
    "learning": "Every autumn we read the year's figures together, ask why a curve turned, and agree what to try next.",
    "priorities": "First mathematics in the early grades, because everything later rests on it.",
}

GOALS: Final[tuple[_Row, ...]] = (
    {
        "code": "good-learners",
        "name": "80 in 100 pupils are good at mathematics by 2000",
        "statement": "Fictitious: an example of a goal. Counted in grades 4 and 7.",
    },
    {
        "code": "nobody-lost",
        "name": "Nobody leaves school without a diploma",
        "statement": "Fictitious: an example of a goal. No more than 3 in 100 a year by 2000.",
    },
)
_GOAL_OF: Final = {"mathematics": "good-learners", "graduation": "nobody-lost", "schools": "good-learners"}
_STRATEGIES: Final[tuple[tuple[str, str, str], ...]] = (
    ("mathematics", "teach-together", "Teachers of neighbouring districts plan lessons together"),
    ("mathematics", "summer-mathematics", "Summer weeks of mathematics for grades 3 and 6"),
    ("graduation", "early-warning", "A call home on the third day that a pupil is missing"),
    ("graduation", "second-way", "Evening classes that lead to the same diploma"),
    ("schools", "shared-purchasing", "Districts buy books and buses together"),
)
STRATEGIES: Final[tuple[_Row, ...]] = tuple(
    {"outcome": outcome, "code": code, "name": name, "statement": "Fictitious: an example of a strategy."}
    for outcome, code, name in _STRATEGIES
)


def tables() -> dict[str, list[_Row]]:
    return {
        "goals": _in_order(GOALS),
        "outcome_goals": [{"outcome": outcome, "goal": goal} for outcome, goal in _GOAL_OF.items()],
        "strategies": _in_order(STRATEGIES),
        "goal_indicators": [
            {"goal": "good-learners", "indicator": "math-grade-4", "position": 0},
            {"goal": "good-learners", "indicator": "math-grade-7", "position": 1},
            {"goal": "nobody-lost", "indicator": "dropout", "position": 0},
        ],
        # In the demo six of 550 districts have people who can answer.
        "agenda": [{"code": "agenda", "quorum": 1}],
        "agenda_versions": [
            {
                "number": 1,
                "state": "adopted",
                **_TEXTS,
                "created_at": _PROPOSED - timedelta(days=60),
                "proposed_at": _PROPOSED,
                "proposed_by": _DIRECTOR,
                "adopted_at": _ADOPTED,
                "adopted_by": _DIRECTOR,
            }
        ],
        "agenda_nodes": _nodes(),
        "endorsements": [
            {
                "version": 1,
                "organization": partner,
                "at": _PROPOSED + timedelta(days=7 + place),
                "answer": "reservations" if place == 3 else "yes",
                "words": f"{_SAID} Summer weeks need buses that we do not have." if place == 3 else _SAID,
            }
            for place, partner in enumerate(DEMO_PARTNERS)
        ],
    }


def _in_order(rows: tuple[_Row, ...]) -> list[_Row]:
    return [{**row, "position": place} for place, row in enumerate(rows, start=1)]


def _nodes() -> list[_Row]:
    parts = [
        *((Kind.GOAL, "", row) for row in GOALS),
        *((Kind.OUTCOME, _GOAL_OF[str(row["code"])], row) for row in OUTCOMES),
        *((Kind.STRATEGY, str(row["outcome"]), row) for row in STRATEGIES),
    ]
    return [
        {
            "version": 1,
            "code": row["code"],
            "place": place,
            "kind": kind.value,
            "name": row["name"],
            "statement": row["statement"],
            "parent": parent,
        }
        for place, (kind, parent, row) in enumerate(parts, start=1)
    ]
