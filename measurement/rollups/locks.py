"""One indicator is in the hands of one worker at a time.

Advisory locks that end with their transaction. The number is hashed from the indicator's, so that no identifier is
too large for it and nobody else's locks are met; should two indicators ever share one, they only wait for each other.
"""

from collections.abc import Iterable

from django.db import connection


def number_of(indicator: str) -> str:
    """The SQL of the lock's number, a bigint, from the SQL of an indicator's id."""
    return f"hashtextextended('measurement.rollups/' || ({indicator})::text, 0)"


def wait_for(indicators: Iterable[int]) -> None:
    """Take all of them, one after the other: always in the same order, so that two who wait do not block each other."""
    with connection.cursor() as cursor:
        for indicator in sorted(indicators):
            cursor.execute(f"SELECT pg_advisory_xact_lock({number_of('%s')})", [indicator])
