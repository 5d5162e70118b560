"""Days and values as they are pasted from a table: a line each, parted by a tab, a semicolon or spaces."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from backbone.web.dates import long_date
from backbone.web.days import FIRST_DAY, LAST_DAY
from backbone.web.numbers import NumberNotRead, read_number, write_number

MOST_VALUES: Final = 1000
MOST_PROBLEMS: Final = 10
_LONGEST_LINE: Final = 120
_PARTS: Final = re.compile(r"[\t;]|\s+")
_DAY: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?|-Q([1-4]))?")


class NotRead(ValueError):
    """Something in a line cannot be what it should be; the text says so."""


def read(text: str, *, language: str) -> tuple[dict[date, Decimal], list[str]]:
    """The values by day, and what is wrong with other lines. A year stands for its last day, and so does a month."""
    found: dict[date, Decimal] = {}
    problems: list[str] = []
    for number, line in _lines(text):
        try:
            day, value = _read_line(line, language)
        except NotRead as problem:
            problems.append(_("Line %(number)s: %(problem)s.") % {"number": number, "problem": problem})
            continue
        if day in found:
            words = {"number": number, "day": long_date(day)}
            problems.append(_("Line %(number)s: there is a value for %(day)s already.") % words)
        found[day] = value
    if len(found) > MOST_VALUES:
        problems.append(_("These are more than %(most)s values.") % {"most": MOST_VALUES})
    return found, problems[:MOST_PROBLEMS]


def write(values: dict[date, Decimal], *, language: str) -> str:
    return "\n".join(
        f"{day}\t{write_number(value, language=language)}" for day, value in sorted(values.items())
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, line.strip()


def _read_line(line: str, language: str) -> tuple[date, Decimal]:
    day, *rest = _PARTS.split(line[:_LONGEST_LINE], maxsplit=1)
    if not rest or not rest[0].strip():
        raise NotRead(_("write a day and a value, such as 2026-06-30 and 52.5"))
    try:
        value = read_number(rest[0].strip().rstrip("%").strip(), language=language)
    except NumberNotRead as problem:
        raise NotRead(problem.sentence.rstrip(".")) from problem
    return _day(day), value


def _day(text: str) -> date:
    """The last day of what is named: 2026, 2026-06, 2026-Q2 or a day itself."""
    found = _DAY.fullmatch(text)
    if found is None:
        raise NotRead(_("write the day as in 2026-06-30, 2026-06, 2026-Q2 or 2026"))
    year, month, day, quarter = (int(part) if part else None for part in found.groups())
    month = quarter * 3 if quarter else month or 12
    try:
        last = date(year or 0, month, day or monthrange(year or 0, month)[1])
    except ValueError:
        raise NotRead(_("there is no such day")) from None
    if not FIRST_DAY <= last <= LAST_DAY:
        raise NotRead(_("write a day between 1900 and 2199"))
    return last
