"""What is stored of an initiative, as the rows of a package: one statement a table."""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from django.db import connection

from initiatives.charter.models import Initiative
from measurement.datapackage import agreed, stating
from measurement.datapackage.columns import Column
from measurement.datapackage.shapes import Resource

# An organization is called by the code that it has as a partner, or else as backbone or funder. Two that
# would then be called the same are told apart by how they take part.
ORGANIZATIONS: Final = """
    SELECT organization_id AS id,
           CASE WHEN count(*) OVER (PARTITION BY code) > 1 AND side <> 'partner'
                THEN code || '@' || side ELSE code END AS code
    FROM (
        SELECT DISTINCT ON (organization_id) organization_id, side, code
        FROM initiatives_participation WHERE initiative_id = %(initiative)s
        ORDER BY organization_id, (side = 'partner') DESC, side
    ) first
"""

_COMMON: Final = f"""
    WITH organization AS MATERIALIZED ({ORGANIZATIONS}), member AS (
        SELECT o.code AS organization, u.id AS person_id, u.email, u.name, m.role
        FROM initiatives_membership m
        JOIN organization o ON o.id = m.organization_id
        JOIN accounts_user u ON u.id = m.person_id
        WHERE m.ended_at IS NULL AND %(people)s
    )
"""

# Whole tables are joined here. Where the planner takes them for small ones (their rows came a moment ago) it
# would look up row after row, which takes minutes.
WHOLE_TABLES: Final = "SET LOCAL enable_nestloop = off"
FEW_ROWS: Final = "SET LOCAL enable_nestloop = on"

_FIGURE: Final = """
    indicator_id, organization_id, period_id, category_id, version_id,
    status, amount, base, squares, array_to_string(levels, ';') AS levels, low, high, text, derived,
    given_amount, given_unit, given_rate, received_at, recorded_at
"""

# What is expected of a figure, where no observation says the same.
_EXPECTED: Final = """
    indicator_id, organization_id, period_id, category_id, version_id,
    status, NULL, NULL, NULL, NULL, NULL, NULL, '', false, NULL, '', NULL, NULL, NULL
"""

_SELECTS: Final = {
    **agreed.SELECTS,
    **stating.SELECTS,
    "initiative": "SELECT * FROM initiatives_initiative WHERE id = %(initiative)s",
    "organizations": """
        SELECT o.code, it.name, it.sector, it.website
        FROM organization o JOIN initiatives_organization it ON it.id = o.id
    """,
    "participations": """
        SELECT o.code AS organization, p.side, p.code, p.joined_on, p.left_on
        FROM initiatives_participation p JOIN organization o ON o.id = p.organization_id
        WHERE p.initiative_id = %(initiative)s
    """,
    "groups": "SELECT * FROM initiatives_partnergroup WHERE initiative_id = %(initiative)s",
    "group_members": """
        SELECT g.code AS group, o.code AS organization, m.joined_on, m.left_on, m.recorded_at, m.superseded_at
        FROM initiatives_groupmember m
        JOIN initiatives_partnergroup g ON g.id = m.group_id
        JOIN organization o ON o.id = m.organization_id
        WHERE m.initiative_id = %(initiative)s
    """,
    "people": "SELECT organization, email, name, role FROM member",
    "outcomes": "SELECT * FROM initiatives_outcome WHERE initiative_id = %(initiative)s",
    "calendars": "SELECT * FROM measurement_reportingcalendar WHERE initiative_id = %(initiative)s",
    "periods": """
        SELECT c.code AS calendar, p.* FROM measurement_reportingperiod p
        JOIN measurement_reportingcalendar c ON c.id = p.calendar_id
        WHERE p.initiative_id = %(initiative)s
    """,
    "indicators": "SELECT * FROM measurement_indicator WHERE initiative_id = %(initiative)s",
    "indicator_versions": """
        SELECT i.code AS indicator, v.*, steward.email AS steward, deputy.email AS deputy
        FROM measurement_indicatorversion v
        JOIN measurement_indicator i ON i.id = v.indicator_id
        LEFT JOIN (SELECT DISTINCT person_id, email FROM member) steward ON steward.person_id = v.steward_id
        LEFT JOIN (SELECT DISTINCT person_id, email FROM member) deputy ON deputy.person_id = v.deputy_id
        WHERE v.initiative_id = %(initiative)s
    """,
    "series_breaks": """
        SELECT i.code AS indicator, b.on, b.note
        FROM measurement_seriesbreak b JOIN measurement_indicator i ON i.id = b.indicator_id
        WHERE b.initiative_id = %(initiative)s
    """,
    "outcome_indicators": """
        SELECT o.code AS outcome, i.code AS indicator, l.position
        FROM measurement_outcomeindicator l
        JOIN initiatives_outcome o ON o.id = l.outcome_id
        JOIN measurement_indicator i ON i.id = l.indicator_id
        WHERE l.initiative_id = %(initiative)s
    """,
    "disaggregations": "SELECT * FROM measurement_disaggregation WHERE initiative_id = %(initiative)s",
    "categories": """
        SELECT d.code AS disaggregation, k.code, k.name, k.position, k.is_unknown
        FROM measurement_category k JOIN measurement_disaggregation d ON d.id = k.disaggregation_id
        WHERE k.initiative_id = %(initiative)s
    """,
    "cross_tables": """
        SELECT d.code AS disaggregation, r.code AS rows, c.code AS columns
        FROM measurement_disaggregation d
        JOIN measurement_disaggregation r ON r.id = d.rows_id
        JOIN measurement_disaggregation c ON c.id = d.columns_id
        WHERE d.initiative_id = %(initiative)s
    """,
    "cross_cells": """
        SELECT d.code AS disaggregation, k.code AS category, r.code AS row, c.code AS column
        FROM measurement_category k JOIN measurement_disaggregation d ON d.id = k.disaggregation_id
        JOIN measurement_category r ON r.id = k.row_id
        JOIN measurement_category c ON c.id = k.column_id
        WHERE k.initiative_id = %(initiative)s
    """,
    "category_merges": """
        SELECT d.code AS disaggregation, k.code AS category, e.code AS into_disaggregation,
               into_.code AS into_category, k.starts_on, k.ends_on
        FROM measurement_category k JOIN measurement_disaggregation d ON d.id = k.disaggregation_id
        LEFT JOIN measurement_category into_ ON into_.id = k.merged_into_id
        LEFT JOIN measurement_disaggregation e ON e.id = into_.disaggregation_id
        WHERE k.initiative_id = %(initiative)s
          AND num_nonnulls(k.merged_into_id, k.starts_on, k.ends_on) > 0
    """,
    "assignments": """
        SELECT i.code AS indicator, o.code AS organization, c.code AS calendar, a.starts_on, a.ends_on
        FROM measurement_assignment a
        JOIN measurement_indicator i ON i.id = a.indicator_id
        JOIN measurement_reportingcalendar c ON c.id = a.calendar_id
        JOIN organization o ON o.id = a.organization_id
        WHERE a.initiative_id = %(initiative)s
    """,
    "assignment_breakdowns": """
        SELECT i.code AS indicator, o.code AS organization, c.code AS calendar, a.starts_on,
               d.code AS disaggregation
        FROM measurement_assignment_disaggregations l
        JOIN measurement_assignment a ON a.id = l.assignment_id
        JOIN measurement_disaggregation d ON d.id = l.disaggregation_id
        JOIN measurement_indicator i ON i.id = a.indicator_id
        JOIN measurement_reportingcalendar c ON c.id = a.calendar_id
        JOIN organization o ON o.id = a.organization_id
        WHERE a.initiative_id = %(initiative)s
    """,
    "targets": """
        SELECT i.code AS indicator, o.code AS organization, t.baseline_on, t.baseline, t.due_on, t.value,
               t.numerator, t.denominator, t.tolerance, t.note
        FROM measurement_target t
        JOIN measurement_indicator i ON i.id = t.indicator_id
        LEFT JOIN organization o ON o.id = t.organization_id
        WHERE t.initiative_id = %(initiative)s
    """,
    "equity_gaps": """
        SELECT i.code AS indicator, d.code AS disaggregation, k.code AS category, r.code AS reference, g.*
        FROM measurement_equitygap g
        JOIN measurement_indicator i ON i.id = g.indicator_id
        JOIN measurement_category k ON k.id = g.category_id
        JOIN measurement_category r ON r.id = g.reference_id
        JOIN measurement_disaggregation d ON d.id = k.disaggregation_id
        WHERE g.initiative_id = %(initiative)s
    """,
    "benchmarks": """
        SELECT i.code AS indicator, b.* FROM measurement_benchmark b
        JOIN measurement_indicator i ON i.id = b.indicator_id
        WHERE b.initiative_id = %(initiative)s
    """,
    "benchmark_values": """
        SELECT i.code AS indicator, b.name AS benchmark, v.on, v.value
        FROM measurement_benchmarkvalue v
        JOIN measurement_benchmark b ON b.id = v.benchmark_id
        JOIN measurement_indicator i ON i.id = b.indicator_id
        WHERE v.initiative_id = %(initiative)s
    """,
    "reports": """
        SELECT o.code AS organization, c.code AS calendar, p.code AS period, e.due_at,
               s.status, s.saved_at, s.submitted_at, s.decided_at
        FROM measurement_expectedreport e
        JOIN measurement_reportingperiod p ON p.id = e.period_id
        JOIN measurement_reportingcalendar c ON c.id = p.calendar_id
        JOIN organization o ON o.id = e.organization_id
        LEFT JOIN measurement_submission s ON s.expected_report_id = e.id
        WHERE e.initiative_id = %(initiative)s
    """,
    "drafts": """
        SELECT i.code AS indicator, o.code AS organization, c.code AS calendar, p.code AS period,
               d.code AS disaggregation, k.code AS category, f.amount, f.base, f.status, f.note, f.detail
        FROM measurement_draftfigure f
        JOIN measurement_submission s ON s.id = f.submission_id
        JOIN measurement_expectedreport e ON e.id = s.expected_report_id
        JOIN measurement_indicator i ON i.id = f.indicator_id
        JOIN measurement_reportingperiod p ON p.id = e.period_id
        JOIN measurement_reportingcalendar c ON c.id = p.calendar_id
        JOIN organization o ON o.id = e.organization_id
        LEFT JOIN measurement_category k ON k.id = f.category_id
        LEFT JOIN measurement_disaggregation d ON d.id = k.disaggregation_id
        WHERE f.initiative_id = %(initiative)s
    """,
    "observations": f"""
        SELECT i.code AS indicator, o.code AS organization, c.code AS calendar, p.code AS period,
               d.code AS disaggregation, k.code AS category, v.number AS version, x.*
        FROM (
            SELECT {_FIGURE}, reason, note, row_number() OVER (
                PARTITION BY indicator_id, organization_id, period_id, category_id ORDER BY id) AS entry
            FROM measurement_observation WHERE initiative_id = %(initiative)s
            UNION ALL
            SELECT {_EXPECTED}, '', '', 0 FROM measurement_currentfigure now
            WHERE initiative_id = %(initiative)s AND NOT EXISTS (
                SELECT FROM measurement_observation said
                WHERE said.id = now.observation_id AND said.status = now.status
            )
        ) x
        JOIN measurement_indicator i ON i.id = x.indicator_id
        JOIN measurement_indicatorversion v ON v.id = x.version_id
        JOIN measurement_reportingperiod p ON p.id = x.period_id
        JOIN measurement_reportingcalendar c ON c.id = p.calendar_id
        JOIN organization o ON o.id = x.organization_id
        LEFT JOIN measurement_category k ON k.id = x.category_id
        LEFT JOIN measurement_disaggregation d ON d.id = k.disaggregation_id
    """,
}

_WRITTEN: Final = {
    "string": "NULLIF({}, '')",
    "number": "trim_scale({})::text",
    "integer": "{}::text",
    "boolean": "{}::text",
    "date": "to_char({}, 'YYYY-MM-DD')",
    "datetime": "regexp_replace(to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'),"
    " '\\.000000$', '') || 'Z'",
}


def _written(column: Column) -> str:
    """The SQL that writes a column as `columns.write` does."""
    name = f'it."{column.name}"'
    return f'{_WRITTEN[column.type].format(name)} AS "{column.name}"'


def _order(resource: Resource) -> str:
    """By the key, the same in every database: a table is sorted byte by byte, whatever the language there."""
    types = {column.name: column.type for column in resource.columns}
    collated = ' COLLATE "C"'
    return ", ".join(
        f'it."{name}"{collated if types[name] == "string" else ""} NULLS FIRST' for name in resource.key
    )


def _statement(resource: Resource, initiative: Initiative, *, people: bool) -> str:
    columns = ", ".join(_written(column) for column in resource.columns)
    sql = f"{_COMMON} SELECT {columns} FROM ({_SELECTS[resource.name]}) it ORDER BY {_order(resource)}"
    with connection.cursor() as cursor:
        written: bytes = cursor.mogrify(sql, {"initiative": initiative.pk, "people": people})
    return written.decode()


def copy_to(stream: BinaryIO, resource: Resource, initiative: Initiative, *, people: bool) -> None:
    """Write the table as CSV, without ever holding it in memory."""
    sql = f"COPY ({_statement(resource, initiative, people=people)}) TO STDOUT WITH (FORMAT csv, HEADER)"
    with connection.cursor() as cursor:
        cursor.execute(WHOLE_TABLES)
        cursor.copy_expert(sql, stream)
        cursor.execute(FEW_ROWS)


def rows(resource: Resource, initiative: Initiative, *, people: bool) -> Iterator[tuple[Any, ...]]:
    """The same rows, with an empty text for what is not known."""
    with connection.cursor() as cursor:
        cursor.execute(WHOLE_TABLES)
        cursor.execute(_statement(resource, initiative, people=people).replace("%", "%%"), [])
        found = cursor.fetchall()
        cursor.execute(FEW_ROWS)
    for row in found:
        yield tuple("" if cell is None else cell for cell in row)
