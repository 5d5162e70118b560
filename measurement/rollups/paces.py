"""What a rate would come to in a whole year."""

from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal
from typing import Final

from measurement.indicators.kinds import Kind
from measurement.rollups.selectors import Figure

_WIDE: Final = Context(prec=60)


@dataclass(frozen=True)
class Pace:
    """Events of so many days, and what they come to in the days of the year that begins with them."""

    events: Decimal
    days: int
    days_of_year: int

    @property
    def in_a_year(self) -> Decimal:
        return _WIDE.divide(_WIDE.multiply(self.events, Decimal(self.days_of_year)), Decimal(self.days))


def pace_of(figure: Figure) -> Pace | None:
    """By days, never by a number of periods. None for what is no rate, not complete, or a year already."""
    if figure.kind is not Kind.RATE or not figure.reported or figure.is_partial or figure.cell.amount is None:
        return None
    days = (figure.period.end - figure.period.start).days + 1
    days_of_year = (_a_year_after(figure.period.start) - figure.period.start).days
    return Pace(figure.cell.amount, days, days_of_year) if days < days_of_year else None


def _a_year_after(day: date) -> date:
    leaps = day.month == 2 and day.day == 29
    return date(day.year + 1, 3, 1) if leaps else day.replace(year=day.year + 1)
