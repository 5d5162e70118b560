"""Are the sums that people read the sums of the figures? A sample is made again beside them and compared.

Decisions. The very same statements run, in tables of the same names that only this transaction sees (PostgreSQL
looks among temporary tables first), so what is checked is what is used. The transaction may write nothing else:
the database itself makes sure that nobody's figures are touched. It sees one moment of everything, in which the
kept sums fit the figures except where a key waits; so nobody is held up and nobody's approval is a false alarm.

Sums of a period are compared where all its parts were made again, which is always so for those asked about.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, NamedTuple

import structlog
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backbone.access.permissions import Permission
from backbone.audit import trail
from backbone.celery import hint
from backbone.notifications import outbox
from initiatives.charter.models import Initiative
from initiatives.charter.people import people_who_may
from measurement.calendars.models import ReportingPeriod
from measurement.indicators.models import Indicator
from measurement.rollups.models import Cell, Leaf
from measurement.rollups.runs import measured_in
from measurement.rollups.scope import Scope
from measurement.rollups.sums import recompute
from measurement.submissions.models import DirtyKey, Key

log = structlog.get_logger(__name__)

SAMPLE: Final = 5  # indicators of each initiative, over all their periods
_NAMED: Final = 20
_TABLES: Final = (Leaf, Cell)


class Difference(NamedTuple):
    indicator_id: int
    period_id: int


def check(*, initiative: Initiative, at: datetime, sample: int = SAMPLE) -> list[Difference]:
    """Make sums of the newest periods, and all of some indicators, again; report and mend what differs."""
    found: set[Difference] = set()
    scopes = 0
    for scope in _scopes(initiative, sample):
        found.update(differences(initiative=initiative, scope=scope))
        scopes += 1
    log.info("rollups_checked", initiative=initiative.slug, parts=scopes, differences=len(found))
    if found:
        _report(initiative, sorted(found), at=at)
    return sorted(found)


def _scopes(initiative: Initiative, sample: int) -> Iterator[Scope]:
    """One indicator at a time, so that what is held at once does not grow with their number."""
    measured = measured_in(initiative)
    periods = _periods_inside_those_of(newest_periods(initiative))
    for indicator in measured:
        yield Scope([indicator], [(indicator, period) for period in periods])
    for chosen in random.sample(measured, min(sample, len(measured))):
        yield Scope([chosen])


def newest_periods(initiative: Initiative) -> list[int]:
    """The last open and the last closed period of each calendar."""
    opened = ReportingPeriod.objects.in_initiative(initiative).opened()
    newest = opened.order_by("calendar_id", "state", "-start").distinct("calendar_id", "state")
    return list(newest.values_list("pk", flat=True))


def _periods_inside_those_of(periods: list[int]) -> list[int]:
    """All parts of all periods that these lie in."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT sibling.part_id FROM measurement_periodpart own
            JOIN measurement_periodpart sibling ON sibling.whole_id = own.whole_id
            WHERE own.part_id = ANY(%s) ORDER BY 1
            """,
            [periods],
        )
        return [row[0] for row in cursor.fetchall()]


def differences(*, initiative: Initiative, scope: Scope) -> list[Difference]:
    """Where the kept sums are not those of the figures, as of one moment. Not within another transaction."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT current_schema()")
        kept = cursor.fetchone()[0]
        for table in _TABLES:
            name = table._meta.db_table
            cursor.execute(
                f'CREATE TEMPORARY TABLE {name} (LIKE "{kept}".{name} INCLUDING ALL) ON COMMIT DROP'
            )
        cursor.execute("SET TRANSACTION READ ONLY")  # from here on, temporary tables excepted
        recompute(scope, run_id=0)
        cursor.execute(_different(kept, scope), {**scope.arguments, "initiative": initiative.pk})
        return [Difference(*row) for row in cursor.fetchall()]


def _different(kept: str, scope: Scope) -> str:
    """Rows that are only kept, or only made again, where no key waits that says so."""
    pairs = " UNION ".join(_unequal(table, kept, scope) for table in _TABLES)
    return f"""
        WITH waiting AS (
            SELECT indicator_id, period_id FROM "{kept}".measurement_dirtykey
            WHERE initiative_id = %(initiative)s
            UNION
            SELECT f.indicator_id, f.period_id FROM initiatives_change c
            JOIN measurement_currentfigure f USING (initiative_id, organization_id)
            WHERE c.initiative_id = %(initiative)s
        ), moving AS (
            SELECT w.indicator_id, pp.whole_id AS period_id FROM waiting w
            JOIN measurement_periodpart pp ON pp.part_id = w.period_id
        ), carried AS (
            SELECT w.indicator_id, pp.whole_id AS period_id FROM waiting w
            JOIN measurement_reportingperiod p ON p.id = w.period_id
            JOIN measurement_reportingperiod later ON later.calendar_id = p.calendar_id AND later.ordinal > p.ordinal
            JOIN measurement_periodpart pp ON pp.part_id = later.id
            WHERE EXISTS (SELECT FROM measurement_indicatorversion v
                          WHERE v.indicator_id = w.indicator_id AND v.carry_periods > 0)
        ), made_whole AS (
            SELECT pp.whole_id AS id FROM measurement_periodpart pp GROUP BY pp.whole_id
            HAVING {"true" if scope.keys is None else "bool_and(pp.part_id = ANY(%(key_periods)s))"}
        )
        SELECT d.indicator_id, d.period_id FROM ({pairs}) d
        JOIN made_whole ON made_whole.id = d.period_id
        EXCEPT (SELECT * FROM moving UNION SELECT * FROM carried)
        ORDER BY 1, 2
    """


def _unequal(table: type[Leaf | Cell], kept: str, scope: Scope) -> str:
    name, columns = table._meta.db_table, ", ".join(_compared(table))
    kept_rows = f'SELECT {columns} FROM "{kept}".{name} WHERE indicator_id = ANY(%(indicators)s)'
    made_rows = f"SELECT {columns} FROM pg_temp.{name} WHERE indicator_id = ANY(%(indicators)s)"
    return f"""
        SELECT indicator_id, period_id FROM (({kept_rows} EXCEPT {made_rows})) only_kept
        UNION SELECT indicator_id, period_id FROM (({made_rows} EXCEPT {kept_rows})) only_made
    """


def _compared(table: type[Leaf | Cell]) -> Iterable[str]:
    """Everything but which row it is and which run made it."""
    columns = (str(field.column) for field in table._meta.concrete_fields)
    return (column for column in columns if column not in {"id", "run_id"})


@transaction.atomic
def _report(initiative: Initiative, found: list[Difference], *, at: datetime) -> None:
    """Say what differed, to people and in the audit trail, and have it added up again."""
    DirtyKey.objects.mark(initiative.pk, (Key(*each, None) for each in found), at=at)
    codes = _codes(found)
    log.error("rollups_differ", initiative=initiative.slug, keys=len(found), indicators=codes[:_NAMED])
    trail.record(
        "sums.differed",
        about=initiative,
        by=None,
        at=at,
        details={"sums": len(found), "indicators": codes[:_NAMED], "indicators_in_all": len(codes)},
    )
    outbox.tell(
        people_who_may(Permission.SUBMISSIONS_REVIEW, initiative=initiative),
        subject=_("Totals were wrong and are being added up again"),
        body=ngettext(
            "The nightly check found that the totals of %(count)d measure were not those of its reports: %(names)s.",
            "The nightly check found that the totals of %(count)d measures were not those of their reports: %(names)s.",
            len(codes),
        )
        % {"count": len(codes), "names": ", ".join(codes[:_NAMED])},
        link=initiative.get_absolute_url(),
        at=at,
        tenant_id=initiative.pk,
    )
    hint("measurement.roll_up_changed")


def _codes(found: list[Difference]) -> list[str]:
    indicators = Indicator.objects.filter(pk__in={each.indicator_id for each in found})
    return list(indicators.order_by("code").values_list("code", flat=True))
