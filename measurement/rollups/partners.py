"""What each partner put into figures."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from initiatives.charter.models import PartnerGroup, in_group
from measurement.indicators.kinds import Kind, OverTime
from measurement.judgement.ratios import Ratio
from measurement.rollups.selectors import Figure
from measurement.submissions.models import CurrentFigure
from measurement.submissions.status import EXPECTED


def parts(figures: Iterable[Figure], *, group: PartnerGroup | None = None) -> dict[int, dict[str, Ratio]]:
    """By period, what each partner put in, by a key of the partner; amounts without base stand over 0.

    `figures` are totals of one measure. Of a period made of shorter ones a partner is in where it has handed in all
    that was expected of it; left out are those of which the parts do not make the whole. One query.
    """
    wanted = {each.period.pk: each for each in figures if _is_made_of_parts(each)}
    found: dict[int, dict[str, Ratio]] = {period: {} for period in wanted}
    if not wanted:
        return found
    rows: Any = CurrentFigure.objects.filter(
        indicator=next(iter(wanted.values())).cell.indicator_id,
        category=None,
        status__in=EXPECTED,
        period__wholes__whole__in=list(wanted),
    ).filter(_only_the_last_part(wanted.values()))
    if group is not None:
        rows = rows.filter(in_group(group))
    made = rows.values("period__wholes__whole", "organization").annotate(
        amounts=Sum("amount"), bases=Sum("base"), known=Count("amount"), asked=Count("pk")
    )
    for row in made.order_by():
        if row["known"] == row["asked"]:
            ratio = Ratio(row["amounts"] or Decimal(0), row["bases"] or Decimal(0))
            found[row["period__wholes__whole"]][str(row["organization"])] = ratio
    return found


def _is_made_of_parts(figure: Figure) -> bool:
    adds = (OverTime.SUM, OverTime.LAST)
    return figure.reported or (figure.version.over_time in adds and figure.kind is not Kind.UNIQUE_PEOPLE)


def _only_the_last_part(figures: Iterable[Figure]) -> Q:
    """Of levels the last one counts, and of a period that is reported itself its own figure."""
    condition = Q()
    for figure in figures:
        whole = Q(period__wholes__whole=figure.period.pk)
        if figure.reported:
            condition |= whole & Q(period=figure.period.pk)
        elif figure.version.over_time == OverTime.LAST:
            condition |= whole & Q(period__end=figure.period.end)
        else:
            condition |= whole
    return condition


def values(figure: Figure, *, group: PartnerGroup | None = None) -> list[Decimal]:
    """The values of the partners in a figure that is not added up, the lowest first. One query."""
    rows = CurrentFigure.objects.filter(
        indicator=figure.cell.indicator_id, period=figure.period, category=None, amount__isnull=False
    )
    if group is not None:
        rows = rows.filter(organization__group_memberships__group=group)
    return [each for each in rows.order_by("amount").values_list("amount", flat=True) if each is not None]
