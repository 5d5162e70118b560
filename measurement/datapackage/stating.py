"""What staff state, in a package: figures of populations, overlaps of people, exchange rates."""

from typing import Final

from measurement.datapackage.columns import code, fields, of
from measurement.datapackage.shapes import Resource, to
from measurement.indicators.models import IndicatorVersion
from measurement.rates.models import ExchangeRate
from measurement.stated.models import Overlap, PopulationFigure

_PERIOD: Final = to("periods", "calendar", "period", key=("calendar", "code"))
_CELL: Final = ("indicator", "calendar", "period", "disaggregation", "category")

RESOURCES: Final[tuple[Resource, ...]] = (
    Resource(
        "exchange_rates",
        fields(ExchangeRate, "currency into on rate source"),
        key=("currency", "into", "on"),
        optional=True,
        if_any=True,
    ),
    Resource(
        "population_figures",
        (
            *(code(name, required=name not in ("disaggregation", "category")) for name in _CELL),
            of(PopulationFigure, "recorded_at"),
            of(IndicatorVersion, "number", called="version"),
            *fields(PopulationFigure, "amount base as_of source"),
        ),
        key=(*_CELL, "recorded_at"),
        foreign_keys=(
            to("indicator_versions", "indicator", "version", key=("indicator", "number")),
            _PERIOD,
            to("categories", "disaggregation", "category", key=("disaggregation", "code")),
        ),
        optional=True,
        if_any=True,
        settled=True,
    ),
    Resource(
        "overlaps",
        (
            *(code(name) for name in ("indicator", "calendar", "period")),
            code("group", required=False),
            of(Overlap, "recorded_at"),
            *fields(Overlap, "people source"),
        ),
        key=("indicator", "calendar", "period", "group", "recorded_at"),
        foreign_keys=(to("indicators", "indicator"), _PERIOD, to("groups", "group")),
        optional=True,
        if_any=True,
        settled=True,
    ),
)

SELECTS: Final = {
    "exchange_rates": "SELECT * FROM measurement_exchangerate WHERE initiative_id = %(initiative)s",
    "population_figures": """
        SELECT i.code AS indicator, c.code AS calendar, p.code AS period, d.code AS disaggregation,
               k.code AS category, v.number AS version, f.recorded_at, f.amount, f.base, f.as_of, f.source
        FROM measurement_populationfigure f
        JOIN measurement_indicator i ON i.id = f.indicator_id
        JOIN measurement_indicatorversion v ON v.id = f.version_id
        JOIN measurement_reportingperiod p ON p.id = f.period_id
        JOIN measurement_reportingcalendar c ON c.id = p.calendar_id
        LEFT JOIN measurement_category k ON k.id = f.category_id
        LEFT JOIN measurement_disaggregation d ON d.id = k.disaggregation_id
        WHERE f.initiative_id = %(initiative)s
    """,
    "overlaps": """
        SELECT i.code AS indicator, c.code AS calendar, p.code AS period, g.code AS group,
               f.recorded_at, f.people, f.source
        FROM measurement_overlap f
        JOIN measurement_indicator i ON i.id = f.indicator_id
        JOIN measurement_reportingperiod p ON p.id = f.period_id
        JOIN measurement_reportingcalendar c ON c.id = p.calendar_id
        LEFT JOIN initiatives_partnergroup g ON g.id = f.group_id
        WHERE f.initiative_id = %(initiative)s
    """,
}

_ABOUT: Final = """
    JOIN measurement_indicator i ON i.initiative_id = %(initiative)s AND i.code = p.indicator
    JOIN measurement_reportingcalendar c ON c.initiative_id = %(initiative)s AND c.code = p.calendar
    JOIN measurement_reportingperiod r ON r.calendar_id = c.id AND r.code = p.period
"""
STATEMENTS: Final = (
    """
    INSERT INTO measurement_exchangerate (initiative_id, currency, "into", "on", rate, source)
    SELECT %(initiative)s, currency, "into", "on", rate, source FROM package_exchange_rates
    """,
    f"""
    INSERT INTO measurement_populationfigure
        (initiative_id, indicator_id, version_id, period_id, category_id, amount, base, as_of, source, recorded_at)
    SELECT %(initiative)s, i.id, v.id, r.id, k.id, p.amount, p.base, p.as_of, p.source, p.recorded_at
    FROM package_population_figures p {_ABOUT}
    JOIN measurement_indicatorversion v ON v.indicator_id = i.id AND v.number = p.version
    LEFT JOIN measurement_disaggregation d ON d.initiative_id = %(initiative)s AND d.code = p.disaggregation
    LEFT JOIN measurement_category k ON k.disaggregation_id = d.id AND k.code = p.category
    """,
    f"""
    INSERT INTO measurement_overlap (initiative_id, indicator_id, period_id, group_id, people, source, recorded_at)
    SELECT %(initiative)s, i.id, r.id, g.id, p.people, p.source, p.recorded_at
    FROM package_overlaps p {_ABOUT}
    LEFT JOIN initiatives_partnergroup g ON g.initiative_id = %(initiative)s AND g.code = p."group"
    """,
)
