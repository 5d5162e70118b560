"""The statements that store a package. They read temporary tables `package_…` with the new rows.

What Django would fill in by itself (random public identifiers, empty texts) is filled in here, because these
rows never pass through a model.
"""

from typing import Final

from measurement.datapackage.stored import FEW_ROWS, ORGANIZATIONS, WHOLE_TABLES

_SAME_MEMBER: Final = """
    m.group_id = said.group_id AND m.organization_id = said.organization_id
    AND m.joined_on IS NOT DISTINCT FROM said.joined_on AND m.recorded_at IS NOT DISTINCT FROM said.recorded_at
"""
PARTNERS: Final = (
    "DROP TABLE IF EXISTS pg_temp.known_organizations",
    f"CREATE TEMPORARY TABLE known_organizations ON COMMIT DROP AS {ORGANIZATIONS}",
    """
    INSERT INTO known_organizations
    SELECT nextval((SELECT pg_get_serial_sequence('initiatives_organization', 'id')::regclass)), code
    FROM package_organizations
    """,
    """
    INSERT INTO initiatives_organization (id, public_id, name, sector, website, created_at)
    SELECT o.id, gen_random_uuid(), p.name, p.sector, coalesce(p.website, ''), %(at)s
    FROM package_organizations p JOIN known_organizations o USING (code)
    """,
    "ANALYZE known_organizations",
    """
    INSERT INTO initiatives_participation
        (public_id, initiative_id, organization_id, side, code, joined_on, left_on)
    SELECT gen_random_uuid(), %(initiative)s, o.id, p.side, p.code, p.joined_on, p.left_on
    FROM package_participations p JOIN known_organizations o ON o.code = p.organization
    """,
    """
    INSERT INTO initiatives_partnergroup (public_id, initiative_id, code, name, kind)
    SELECT gen_random_uuid(), %(initiative)s, code, name, kind FROM package_groups
    """,
    "DROP TABLE IF EXISTS pg_temp.said_of_groups",
    """
    CREATE TEMPORARY TABLE said_of_groups ON COMMIT DROP AS
    SELECT g.id AS group_id, o.id AS organization_id, p.joined_on, p.left_on, p.recorded_at, p.superseded_at
    FROM package_group_members p
    JOIN initiatives_partnergroup g ON g.initiative_id = %(initiative)s AND g.code = p."group"
    JOIN known_organizations o ON o.code = p.organization
    """,
    # What was superseded since it was loaded makes room for what is said now.
    f"""
    UPDATE initiatives_groupmember m SET superseded_at = said.superseded_at
    FROM said_of_groups said WHERE {_SAME_MEMBER}
    """,
    f"""
    INSERT INTO initiatives_groupmember
        (initiative_id, group_id, organization_id, joined_on, left_on, recorded_at, superseded_at)
    SELECT %(initiative)s, said.* FROM said_of_groups said
    WHERE NOT EXISTS (SELECT FROM initiatives_groupmember m WHERE {_SAME_MEMBER})
    """,
    """
    INSERT INTO initiatives_outcome (public_id, initiative_id, code, name, statement, position)
    SELECT gen_random_uuid(), %(initiative)s, code, name, coalesce(statement, ''), position
    FROM package_outcomes
    """,
    """
    INSERT INTO measurement_reportingcalendar
        (public_id, initiative_id, code, name, frequency, first_month, months, due_after_days)
    SELECT gen_random_uuid(), %(initiative)s, code, name, frequency, first_month, months, due_after_days
    FROM package_calendars
    """,
)

# The calendar has made its periods, all of them planned.
_PERIODS: Final = """
    UPDATE measurement_reportingperiod old
    SET label = p.label, due_on = p.due_on, state = p.state, opened_at = p.opened_at, closed_at = p.closed_at
    FROM package_periods p
    JOIN measurement_reportingcalendar c ON c.initiative_id = %(initiative)s AND c.code = p.calendar
    WHERE old.calendar_id = c.id AND old.code = p.code
"""

DEFINITIONS: Final = (
    _PERIODS,
    """
    INSERT INTO measurement_indicator
        (public_id, initiative_id, code, level, perspective, tier, position, created_at)
    SELECT gen_random_uuid(), %(initiative)s, code, level, coalesce(perspective, ''), tier, position, %(at)s
    FROM package_indicators
    """,
    """
    INSERT INTO measurement_indicatorversion
        (initiative_id, indicator_id, number, effective_from, name, definition, kind, over_time,
         base_over_time, carry_periods, unit, decimals, per, multiplier, whole_numbers, allows_negative,
         is_proportion, counts_people, plausible_low, plausible_high, polarity, amount_label, base_label,
         levels, from_level, hand_in_units, expression, inclusion, source, method, frequency, steward_id,
         deputy_id, created_at)
    SELECT %(initiative)s, i.id, p.number, p.effective_from, p.name, p.definition, p.kind, p.over_time,
           p.base_over_time, p.carry_periods, coalesce(p.unit, ''), p.decimals, p.per, p.multiplier,
           p.whole_numbers, p.allows_negative, p.is_proportion, p.counts_people, p.plausible_low,
           p.plausible_high, p.polarity, coalesce(p.amount_label, ''), coalesce(p.base_label, ''),
           coalesce(p.levels, ''), p.from_level, coalesce(p.hand_in_units, ''), coalesce(p.expression, ''),
           coalesce(p.inclusion, ''), coalesce(p.source, ''), coalesce(p.method, ''),
           coalesce(p.frequency, ''), steward.id, deputy.id, %(at)s
    FROM package_indicator_versions p
    JOIN measurement_indicator i ON i.initiative_id = %(initiative)s AND i.code = p.indicator
    LEFT JOIN accounts_user steward ON steward.email = p.steward
    LEFT JOIN accounts_user deputy ON deputy.email = p.deputy
    """,
    """
    INSERT INTO measurement_seriesbreak (initiative_id, indicator_id, "on", note)
    SELECT %(initiative)s, i.id, p."on", p.note
    FROM package_series_breaks p
    JOIN measurement_indicator i ON i.initiative_id = %(initiative)s AND i.code = p.indicator
    """,
    """
    INSERT INTO measurement_outcomeindicator (initiative_id, outcome_id, indicator_id, position)
    SELECT %(initiative)s, o.id, i.id, p.position
    FROM package_outcome_indicators p
    JOIN initiatives_outcome o ON o.initiative_id = %(initiative)s AND o.code = p.outcome
    JOIN measurement_indicator i ON i.initiative_id = %(initiative)s AND i.code = p.indicator
    """,
    """
    INSERT INTO measurement_disaggregation (public_id, initiative_id, code, name, adds_up)
    SELECT gen_random_uuid(), %(initiative)s, code, name, adds_up FROM package_disaggregations
    """,
    """
    INSERT INTO measurement_category (initiative_id, disaggregation_id, code, name, position, is_unknown)
    SELECT %(initiative)s, d.id, p.code, p.name, p.position, p.is_unknown
    FROM package_categories p
    JOIN measurement_disaggregation d ON d.initiative_id = %(initiative)s AND d.code = p.disaggregation
    """,
    """
    UPDATE measurement_disaggregation d SET rows_id = r.id, columns_id = c.id
    FROM package_cross_tables p, measurement_disaggregation r, measurement_disaggregation c
    WHERE d.initiative_id = %(initiative)s AND d.code = p.disaggregation
      AND r.initiative_id = %(initiative)s AND r.code = p.rows
      AND c.initiative_id = %(initiative)s AND c.code = p.columns
    """,
    """
    UPDATE measurement_category k SET row_id = r.id, column_id = c.id
    FROM package_cross_cells p, measurement_disaggregation d, measurement_category r, measurement_category c
    WHERE d.initiative_id = %(initiative)s AND d.code = p.disaggregation
      AND k.disaggregation_id = d.id AND k.code = p.category
      AND r.disaggregation_id = d.rows_id AND r.code = p."row"
      AND c.disaggregation_id = d.columns_id AND c.code = p."column"
    """,
    """
    UPDATE measurement_category k SET merged_into_id = m.id, starts_on = p.starts_on, ends_on = p.ends_on
    FROM package_category_merges p
    JOIN measurement_disaggregation d ON d.initiative_id = %(initiative)s AND d.code = p.disaggregation
    LEFT JOIN measurement_disaggregation e
      ON e.initiative_id = %(initiative)s AND e.code = p.into_disaggregation
    LEFT JOIN measurement_category m ON m.disaggregation_id = e.id AND m.code = p.into_category
    WHERE k.disaggregation_id = d.id AND k.code = p.category
    """,
    """
    INSERT INTO measurement_assignment
        (public_id, initiative_id, indicator_id, organization_id, calendar_id, starts_on, ends_on)
    SELECT gen_random_uuid(), %(initiative)s, i.id, o.id, c.id, p.starts_on, p.ends_on
    FROM package_assignments p
    JOIN measurement_indicator i ON i.initiative_id = %(initiative)s AND i.code = p.indicator
    JOIN measurement_reportingcalendar c ON c.initiative_id = %(initiative)s AND c.code = p.calendar
    JOIN known_organizations o ON o.code = p.organization
    """,
    """
    INSERT INTO measurement_assignment_disaggregations (assignment_id, disaggregation_id)
    SELECT a.id, d.id
    FROM package_assignment_breakdowns p
    JOIN measurement_indicator i ON i.initiative_id = %(initiative)s AND i.code = p.indicator
    JOIN measurement_reportingcalendar c ON c.initiative_id = %(initiative)s AND c.code = p.calendar
    JOIN known_organizations o ON o.code = p.organization
    JOIN measurement_assignment a ON a.indicator_id = i.id AND a.calendar_id = c.id
                                 AND a.organization_id = o.id AND a.starts_on = p.starts_on
    JOIN measurement_disaggregation d ON d.initiative_id = %(initiative)s AND d.code = p.disaggregation
    """,
    """
    INSERT INTO measurement_target
        (initiative_id, indicator_id, organization_id, baseline_on, baseline, due_on, value, numerator,
         denominator, tolerance, note)
    SELECT %(initiative)s, i.id, o.id, p.baseline_on, p.baseline, p.due_on, p.value, p.numerator,
           p.denominator, p.tolerance, coalesce(p.note, '')
    FROM package_targets p
    JOIN measurement_indicator i ON i.initiative_id = %(initiative)s AND i.code = p.indicator
    LEFT JOIN known_organizations o ON o.code = p.organization
    """,
    """
    INSERT INTO measurement_equitygap
        (public_id, initiative_id, indicator_id, category_id, reference_id, measured_as, baseline_on, baseline,
         due_on, value, note)
    SELECT gen_random_uuid(), %(initiative)s, i.id, k.id, r.id, p.measured_as, p.baseline_on, p.baseline,
           p.due_on, p.value, coalesce(p.note, '')
    FROM package_equity_gaps p
    JOIN measurement_indicator i ON i.initiative_id = %(initiative)s AND i.code = p.indicator
    JOIN measurement_disaggregation d ON d.initiative_id = %(initiative)s AND d.code = p.disaggregation
    JOIN measurement_category k ON k.disaggregation_id = d.id AND k.code = p.category
    JOIN measurement_category r ON r.disaggregation_id = d.id AND r.code = p.reference
    """,
    """
    INSERT INTO measurement_benchmark (public_id, initiative_id, indicator_id, name, source, licence, link, unit)
    SELECT gen_random_uuid(), %(initiative)s, i.id, p.name, p.source, p.licence, coalesce(p.link, ''),
           coalesce(p.unit, '')
    FROM package_benchmarks p
    JOIN measurement_indicator i ON i.initiative_id = %(initiative)s AND i.code = p.indicator
    """,
    """
    INSERT INTO measurement_benchmarkvalue (initiative_id, benchmark_id, "on", value)
    SELECT %(initiative)s, b.id, p."on", p.value
    FROM package_benchmark_values p
    JOIN measurement_indicator i ON i.initiative_id = %(initiative)s AND i.code = p.indicator
    JOIN measurement_benchmark b ON b.indicator_id = i.id AND b.name = p.benchmark
    """,
)

_REPORT: Final = """
    JOIN measurement_reportingcalendar c ON c.initiative_id = %(initiative)s AND c.code = p.calendar
    JOIN measurement_reportingperiod r ON r.calendar_id = c.id AND r.code = p.period
    JOIN known_organizations o ON o.code = p.organization
"""
_CATEGORY: Final = """
    LEFT JOIN measurement_disaggregation d
      ON d.initiative_id = %(initiative)s AND d.code = p.disaggregation
    LEFT JOIN measurement_category k ON k.disaggregation_id = d.id AND k.code = p.category
"""

REPORTS: Final = (
    f"""
    INSERT INTO measurement_expectedreport (public_id, initiative_id, organization_id, period_id, due_at)
    SELECT gen_random_uuid(), %(initiative)s, o.id, r.id, p.due_at FROM package_reports p {_REPORT}
    ON CONFLICT (period_id, organization_id) DO NOTHING
    """,
    "DROP TABLE IF EXISTS pg_temp.begun",
    f"""
    CREATE TEMPORARY TABLE begun ON COMMIT DROP AS
    SELECT e.id AS expected_report_id, p.* FROM package_reports p {_REPORT}
    JOIN measurement_expectedreport e ON e.period_id = r.id AND e.organization_id = o.id
    WHERE p.status IS NOT NULL
    """,
    """
    INSERT INTO measurement_submission
        (public_id, initiative_id, expected_report_id, status, version, saved_at, submitted_at, decided_at)
    SELECT gen_random_uuid(), %(initiative)s, expected_report_id, status, 1, saved_at, submitted_at,
           decided_at
    FROM begun
    """,
    f"""
    INSERT INTO measurement_draftfigure
        (initiative_id, submission_id, indicator_id, category_id, amount, base, status, note, detail)
    SELECT %(initiative)s, s.id, i.id, k.id, coalesce(p.amount, ''), coalesce(p.base, ''),
           coalesce(p.status, ''), coalesce(p.note, ''), coalesce(p.detail, '')
    FROM package_drafts p {_REPORT} {_CATEGORY}
    JOIN measurement_expectedreport e ON e.period_id = r.id AND e.organization_id = o.id
    JOIN begun ON begun.expected_report_id = e.id
    JOIN measurement_submission s ON s.expected_report_id = e.id
    JOIN measurement_indicator i ON i.initiative_id = %(initiative)s AND i.code = p.indicator
    """,
)

_VALUES: Final = (
    "status, amount, base, squares, levels, low, high, text, derived, given_amount, given_unit, given_rate"
)
_TAKEN_OVER: Final = ", ".join(
    f"{name} = EXCLUDED.{name}"
    for name in f"observation_id, version_id, {_VALUES}, received_at, recorded_at".split(", ")
)
_CELL: Final = "indicator_id, period_id, organization_id, category_id"

FIGURES: Final = (
    "DROP TABLE IF EXISTS pg_temp.entries",
    WHOLE_TABLES,
    f"""
    CREATE TEMPORARY TABLE entries ON COMMIT DROP AS
    SELECT them.*,
           CASE WHEN entry > 0
                THEN nextval((SELECT pg_get_serial_sequence('measurement_observation', 'id')::regclass))
           END AS id
    FROM (
        SELECT i.id AS indicator_id, v.id AS version_id, o.id AS organization_id, r.id AS period_id,
               k.id AS category_id, e.id AS expected_report_id, e.due_at, s.id AS submission_id, p.entry,
               p.status, p.amount, p.base, p.squares, string_to_array(p.levels, ';')::numeric[] AS levels, p.low,
               p.high, coalesce(p.text, '') AS text, p.derived, p.given_amount,
               coalesce(p.given_unit, '') AS given_unit, p.given_rate,
               p.received_at, p.recorded_at, coalesce(p.reason, '') AS reason, coalesce(p.note, '') AS note
        FROM package_observations p {_REPORT} {_CATEGORY}
        JOIN measurement_indicator i ON i.initiative_id = %(initiative)s AND i.code = p.indicator
        JOIN measurement_indicatorversion v ON v.indicator_id = i.id AND v.number = p.version
        JOIN measurement_expectedreport e ON e.period_id = r.id AND e.organization_id = o.id
        LEFT JOIN measurement_submission s ON s.expected_report_id = e.id
        ORDER BY i.id, r.id, o.id, k.id, p.entry
    ) them
    """,
    FEW_ROWS,
    "ANALYZE entries",
    f"""
    INSERT INTO measurement_observation
        (id, initiative_id, submission_id, version_id, {_CELL}, {_VALUES}, received_at, recorded_at,
         supersedes_id, reason, note)
    SELECT e.id, %(initiative)s, e.submission_id, e.version_id, e.indicator_id, e.period_id,
           e.organization_id, e.category_id, e.status, e.amount, e.base, e.squares, e.levels, e.low, e.high, e.text,
           e.derived, e.given_amount, e.given_unit, e.given_rate, e.received_at, e.recorded_at,
           coalesce(lag(e.id) OVER cell, now.observation_id), e.reason, e.note
    FROM entries e
    LEFT JOIN measurement_currentfigure now
      ON now.indicator_id = e.indicator_id AND now.period_id = e.period_id
     AND now.organization_id = e.organization_id AND now.category_id IS NOT DISTINCT FROM e.category_id
    WHERE e.entry > 0
    WINDOW cell AS (
        PARTITION BY e.indicator_id, e.period_id, e.organization_id, e.category_id ORDER BY e.entry
    )
    """,
    f"""
    INSERT INTO measurement_currentfigure
        (initiative_id, expected_report_id, observation_id, version_id, {_CELL}, {_VALUES}, received_at,
         recorded_at, due_at)
    SELECT DISTINCT ON ({_CELL}) %(initiative)s, expected_report_id, id, version_id, {_CELL}, {_VALUES},
           received_at, recorded_at, due_at
    FROM entries ORDER BY {_CELL}, entry DESC
    ON CONFLICT (indicator_id, period_id, organization_id, category_id) DO UPDATE
    SET {_TAKEN_OVER}
    WHERE EXCLUDED.observation_id IS NOT NULL
    """,
    """
    UPDATE measurement_currentfigure now SET status = e.status
    FROM entries e
    WHERE e.entry = 0 AND now.observation_id IS NOT NULL AND now.indicator_id = e.indicator_id
      AND now.period_id = e.period_id AND now.organization_id = e.organization_id
      AND now.category_id IS NOT DISTINCT FROM e.category_id
    """,
    # Thousands of rows of which the planner has never heard make it choose plans that take minutes.
    """
    ANALYZE initiatives_participation, initiatives_organization, measurement_assignment,
            measurement_expectedreport, measurement_submission, measurement_observation,
            measurement_currentfigure
    """,
)

WHAT_TO_ADD_UP: Final = (
    """
    INSERT INTO measurement_dirtykey (initiative_id, indicator_id, period_id, marked_at, attempts, trouble)
    SELECT DISTINCT %(initiative)s, indicator_id, period_id, %(at)s::timestamptz, 0, ''
    FROM measurement_currentfigure WHERE initiative_id = %(initiative)s
    UNION
    SELECT %(initiative)s, indicator_id, period_id, %(at)s::timestamptz, 0, ''
    FROM measurement_populationfigure WHERE initiative_id = %(initiative)s
    """,
)
