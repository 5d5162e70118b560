"""What each partner put into figures, and how much of the usual volume has come in.

Decisions. The volume of a partner is its base (pupils, cases) where the kind has one, else its amount, as last known
before the period; a partner that never reported before weighs what it hands in now. One that has never handed in
anything weighs nothing, so that the share is at most too high, and a figure called partial is partial.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from django.db import connection

from initiatives.charter.models import PartnerGroup, in_group, was_member
from measurement.judgement.ratios import Ratio
from measurement.rollups.selectors import Figure
from measurement.submissions.models import CurrentFigure
from measurement.submissions.status import EXPECTED, RECEIVED

_VOLUMES: Final = f"""
    SELECT f.period_id, coalesce(sum(weight.volume) FILTER (WHERE f.status = ANY(%(received)s)), 0),
           sum(weight.volume)
    FROM measurement_currentfigure f
    JOIN measurement_reportingperiod p ON p.id = f.period_id
    LEFT JOIN LATERAL (
        SELECT abs(coalesce(before.base, before.amount)) AS volume
        FROM measurement_reportingperiod q
        JOIN measurement_currentfigure before
          ON before.period_id = q.id AND before.indicator_id = f.indicator_id
         AND before.organization_id = f.organization_id AND before.category_id IS NULL
        WHERE q.calendar_id = p.calendar_id AND q.ordinal < p.ordinal AND before.amount IS NOT NULL
        ORDER BY q.ordinal DESC
        LIMIT 1
    ) past ON true
    CROSS JOIN LATERAL (SELECT coalesce(past.volume, abs(coalesce(f.base, f.amount))) AS volume) weight
    WHERE f.indicator_id = %(indicator)s AND f.period_id = ANY(%(periods)s) AND f.category_id IS NULL
      AND f.status = ANY(%(expected)s)
      AND (%(group)s::bigint IS NULL OR EXISTS (
          SELECT FROM initiatives_groupmember m
          WHERE m.group_id = %(group)s AND m.organization_id = f.organization_id AND {was_member("m", 'p."end"')}
      ))
    GROUP BY f.period_id
    HAVING sum(weight.volume) > 0
"""


def volumes(figures: Iterable[Figure], *, group: PartnerGroup | None = None) -> dict[int, Decimal]:
    """By period, the share of the last known volume that is in, for the figures of which something is missing.

    `figures` are of one measure. One query, or none where everything is in.
    """
    waiting = [each for each in figures if each.reported and 0 < each.cell.received < each.cell.expected]
    if not waiting:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _VOLUMES,
            {
                "indicator": waiting[0].cell.indicator_id,
                "periods": [each.period.pk for each in waiting],
                "group": group.pk if group else None,
                "expected": [status.value for status in EXPECTED],
                "received": [status.value for status in RECEIVED],
            },
        )
        rows = cursor.fetchall()
    return {period: Decimal(received) / Decimal(whole) for period, received, whole in rows}


def parts(figures: Iterable[Figure], *, group: PartnerGroup | None = None) -> dict[int, dict[str, Ratio]]:
    """By period, what each partner put in, by a key of the partner; amounts without base stand over 0.

    `figures` are totals of one measure. One query.
    """
    wanted = {each.period.pk: each for each in figures if each.reported}
    found: dict[int, dict[str, Ratio]] = {period: {} for period in wanted}
    if not wanted:
        return found
    rows = CurrentFigure.objects.filter(
        indicator=next(iter(wanted.values())).cell.indicator_id,
        period__in=list(wanted),
        category=None,
        amount__isnull=False,
    )
    if group is not None:
        rows = rows.filter(in_group(group))
    for period, partner, amount, base in rows.values_list("period_id", "organization_id", "amount", "base"):
        found[period][str(partner)] = Ratio(amount or Decimal(0), base or Decimal(0))
    return found


def values(figure: Figure, *, group: PartnerGroup | None = None) -> list[Decimal]:
    """The values of the partners in a figure that is not added up, the lowest first. One query."""
    rows = CurrentFigure.objects.filter(
        indicator=figure.cell.indicator_id, period=figure.period, category=None, amount__isnull=False
    )
    if group is not None:
        rows = rows.filter(organization__group_memberships__group=group)
    return [each for each in rows.order_by("amount").values_list("amount", flat=True) if each is not None]
