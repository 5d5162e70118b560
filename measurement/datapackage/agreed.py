"""The agenda in a package: its tree, its versions, and what partners said to them."""

from typing import Final

from backbone.accounts.models import User
from initiatives.agenda.models import AgendaVersion, Comment, CommonAgenda, Endorsement, Goal, Strategy
from initiatives.agenda.tree import Kind
from measurement.datapackage.columns import Column, code, fields, of
from measurement.datapackage.shapes import Resource, to
from measurement.indicators.links import GoalIndicator, StrategyIndicator

_VERSION: Final = of(AgendaVersion, "number", called="version")
_OF_VERSION: Final = to("agenda_versions", "version", key=("number",))
_TEXTS: Final = "problem boundaries vision measurable_goals principles learning priorities"

RESOURCES: Final[tuple[Resource, ...]] = tuple(
    Resource(name, columns, key=key, foreign_keys=foreign_keys, optional=True, if_any=True)
    for name, columns, key, foreign_keys in (
        ("goals", fields(Goal, "code name statement position"), ("code",), ()),
        (
            "outcome_goals",
            (code("outcome"), code("goal")),
            ("outcome",),
            (to("outcomes", "outcome"), to("goals", "goal")),
        ),
        (
            "strategies",
            (code("outcome"), *fields(Strategy, "code name statement position")),
            ("code",),
            (to("outcomes", "outcome"),),
        ),
        (
            "goal_indicators",
            (code("goal"), code("indicator"), of(GoalIndicator, "position")),
            ("goal", "indicator"),
            (to("goals", "goal"), to("indicators", "indicator")),
        ),
        (
            "strategy_indicators",
            (code("strategy"), code("indicator"), of(StrategyIndicator, "position")),
            ("strategy", "indicator"),
            (to("strategies", "strategy"), to("indicators", "indicator")),
        ),
        ("agenda", (code("code"), of(CommonAgenda, "quorum")), ("code",), ()),
        (
            "agenda_versions",
            (
                *fields(AgendaVersion, f"number state {_TEXTS} created_at proposed_at"),
                of(User, "email", called="proposed_by", required=False),
                *fields(AgendaVersion, "answers_due_on adopted_at"),
                of(User, "email", called="adopted_by", required=False),
                of(AgendaVersion, "superseded_at"),
            ),
            ("number",),
            (),
        ),
        (
            "agenda_nodes",
            (
                _VERSION,
                *fields(Goal, "code"),
                Column("place", "integer"),
                Column("kind", enum=tuple(kind.value for kind in Kind)),
                *fields(Goal, "name statement"),
                code("parent", required=False),
            ),
            ("version", "code"),
            (_OF_VERSION,),
        ),
        (
            "endorsements",
            (
                _VERSION,
                code("organization"),
                *fields(Endorsement, "at answer words"),
                of(User, "email", called="by", required=False),
            ),
            ("version", "organization", "at"),
            (_OF_VERSION, to("organizations", "organization")),
        ),
        (
            "agenda_comments",
            (
                _VERSION,
                *fields(Comment, "at section text"),
                code("organization", required=False),
                of(User, "email", called="by", required=False),
            ),
            ("version", "at", "section", "text"),
            (_OF_VERSION, to("organizations", "organization")),
        ),
    )
)

_PERSON: Final = "LEFT JOIN (SELECT DISTINCT person_id, email FROM member)"

SELECTS: Final = {
    "goals": "SELECT * FROM initiatives_goal WHERE initiative_id = %(initiative)s",
    "outcome_goals": """
        SELECT o.code AS outcome, g.code AS goal
        FROM initiatives_outcome o JOIN initiatives_goal g ON g.id = o.goal_id
        WHERE o.initiative_id = %(initiative)s
    """,
    "strategies": """
        SELECT o.code AS outcome, s.code, s.name, s.statement, s.position
        FROM initiatives_strategy s JOIN initiatives_outcome o ON o.id = s.outcome_id
        WHERE s.initiative_id = %(initiative)s
    """,
    "goal_indicators": """
        SELECT g.code AS goal, i.code AS indicator, l.position
        FROM measurement_goalindicator l
        JOIN initiatives_goal g ON g.id = l.goal_id
        JOIN measurement_indicator i ON i.id = l.indicator_id
        WHERE l.initiative_id = %(initiative)s
    """,
    "strategy_indicators": """
        SELECT s.code AS strategy, i.code AS indicator, l.position
        FROM measurement_strategyindicator l
        JOIN initiatives_strategy s ON s.id = l.strategy_id
        JOIN measurement_indicator i ON i.id = l.indicator_id
        WHERE l.initiative_id = %(initiative)s
    """,
    "agenda": """
        SELECT 'agenda' AS code, quorum FROM initiatives_commonagenda WHERE initiative_id = %(initiative)s
    """,
    "agenda_versions": f"""
        SELECT v.number, v.state, {", ".join(f"v.{name}" for name in _TEXTS.split())}, v.created_at,
               v.proposed_at, proposer.email AS proposed_by, v.answers_due_on, v.adopted_at,
               adopter.email AS adopted_by, v.superseded_at
        FROM initiatives_agendaversion v
        {_PERSON} proposer ON proposer.person_id = v.proposed_by_id
        {_PERSON} adopter ON adopter.person_id = v.adopted_by_id
        WHERE v.initiative_id = %(initiative)s
    """,
    "agenda_nodes": """
        SELECT v.number AS version, n.node ->> 'code' AS code, n.place, n.node ->> 'kind' AS kind,
               n.node ->> 'name' AS name, n.node ->> 'statement' AS statement, n.node ->> 'parent' AS parent
        FROM initiatives_agendaversion v
        CROSS JOIN LATERAL jsonb_array_elements(v.tree) WITH ORDINALITY n(node, place)
        WHERE v.initiative_id = %(initiative)s
    """,
    "endorsements": f"""
        SELECT v.number AS version, o.code AS organization, e.at, e.answer, e.words, sayer.email AS by
        FROM initiatives_endorsement e
        JOIN initiatives_agendaversion v ON v.id = e.version_id
        JOIN organization o ON o.id = e.organization_id
        {_PERSON} sayer ON sayer.person_id = e.by_id
        WHERE e.initiative_id = %(initiative)s
    """,
    "agenda_comments": f"""
        SELECT v.number AS version, c.at, c.section, c.text, o.code AS organization, sayer.email AS by
        FROM initiatives_comment c
        JOIN initiatives_agendaversion v ON v.id = c.version_id
        LEFT JOIN organization o ON o.id = c.organization_id
        {_PERSON} sayer ON sayer.person_id = c.by_id
        WHERE c.initiative_id = %(initiative)s
    """,
}

_AGENDA: Final = "JOIN initiatives_commonagenda a ON a.initiative_id = %(initiative)s"
_STORED_VERSION: Final = (
    "JOIN initiatives_agendaversion v ON v.initiative_id = %(initiative)s AND v.number = p.version"
)

STATEMENTS: Final = (
    """
    INSERT INTO initiatives_goal (public_id, initiative_id, code, name, statement, position)
    SELECT gen_random_uuid(), %(initiative)s, code, name, coalesce(statement, ''), position FROM package_goals
    """,
    """
    UPDATE initiatives_outcome o SET goal_id = g.id
    FROM package_outcome_goals p
    JOIN initiatives_goal g ON g.initiative_id = %(initiative)s AND g.code = p.goal
    WHERE o.initiative_id = %(initiative)s AND o.code = p.outcome
    """,
    """
    INSERT INTO initiatives_strategy (public_id, initiative_id, outcome_id, code, name, statement, position)
    SELECT gen_random_uuid(), %(initiative)s, o.id, p.code, p.name, coalesce(p.statement, ''), p.position
    FROM package_strategies p
    JOIN initiatives_outcome o ON o.initiative_id = %(initiative)s AND o.code = p.outcome
    """,
    """
    INSERT INTO measurement_goalindicator (initiative_id, goal_id, indicator_id, position)
    SELECT %(initiative)s, g.id, i.id, p.position
    FROM package_goal_indicators p
    JOIN initiatives_goal g ON g.initiative_id = %(initiative)s AND g.code = p.goal
    JOIN measurement_indicator i ON i.initiative_id = %(initiative)s AND i.code = p.indicator
    """,
    """
    INSERT INTO measurement_strategyindicator (initiative_id, strategy_id, indicator_id, position)
    SELECT %(initiative)s, s.id, i.id, p.position
    FROM package_strategy_indicators p
    JOIN initiatives_strategy s ON s.initiative_id = %(initiative)s AND s.code = p.strategy
    JOIN measurement_indicator i ON i.initiative_id = %(initiative)s AND i.code = p.indicator
    """,
    """
    INSERT INTO initiatives_commonagenda (initiative_id, quorum)
    SELECT %(initiative)s, quorum FROM package_agenda
    """,
    f"""
    INSERT INTO initiatives_commonagenda (initiative_id, quorum)
    SELECT %(initiative)s, {CommonAgenda.USUAL_QUORUM} WHERE EXISTS (SELECT FROM package_agenda_versions)
    ON CONFLICT DO NOTHING
    """,
    f"""
    INSERT INTO initiatives_agendaversion
        (initiative_id, agenda_id, number, state, {", ".join(_TEXTS.split())}, tree, created_at, proposed_at,
         proposed_by_id, answers_due_on, adopted_at, adopted_by_id, superseded_at)
    SELECT %(initiative)s, a.id, p.number, p.state,
           {", ".join(f"coalesce(p.{name}, '')" for name in _TEXTS.split())},
           coalesce((
               SELECT jsonb_agg(jsonb_build_object('code', n.code, 'kind', n.kind, 'name', n.name,
                   'statement', coalesce(n.statement, ''), 'parent', coalesce(n.parent, '')) ORDER BY n.place)
               FROM package_agenda_nodes n WHERE n.version = p.number
           ), '[]'), p.created_at, p.proposed_at, proposer.id, p.answers_due_on, p.adopted_at, adopter.id,
           p.superseded_at
    FROM package_agenda_versions p {_AGENDA}
    LEFT JOIN accounts_user proposer ON proposer.email = p.proposed_by
    LEFT JOIN accounts_user adopter ON adopter.email = p.adopted_by
    """,
    f"""
    INSERT INTO initiatives_endorsement (initiative_id, version_id, organization_id, answer, words, by_id, at)
    SELECT %(initiative)s, v.id, o.id, p.answer, coalesce(p.words, ''), sayer.id, p.at
    FROM package_endorsements p {_STORED_VERSION}
    JOIN known_organizations o ON o.code = p.organization
    LEFT JOIN accounts_user sayer ON sayer.email = p.by
    ORDER BY p.at
    """,
    f"""
    INSERT INTO initiatives_comment (initiative_id, version_id, section, organization_id, by_id, at, text)
    SELECT %(initiative)s, v.id, p.section, o.id, sayer.id, p.at, p.text
    FROM package_agenda_comments p {_STORED_VERSION}
    LEFT JOIN known_organizations o ON o.code = p.organization
    LEFT JOIN accounts_user sayer ON sayer.email = p.by
    ORDER BY p.at
    """,
)
