"""Sums made beside the kept ones, from other figures or by other rules, and gone when they have been read.

Decisions. Tables of the same names that only this transaction sees stand before the kept ones (PostgreSQL looks
among temporary tables first, see shadow.py). So the statements are the very same, and everything that reads
figures reads these without knowing it. The database refuses to write anything else, and going back to the
savepoint takes all of it away. What is read here has to be read to its end here: a queryset that is asked
afterwards reads the kept figures. A replica that only streams cannot do this.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection, transaction

from measurement.rollups.models import Cell, Leaf, RollUpRun
from measurement.rollups.scope import Scope
from measurement.rollups.sums import making
from measurement.submissions.models import CurrentFigure

RUN: Final = 0  # of cells that no run has made, and that are read with it all the same
_RUNS: Final = f"""
    CREATE TEMPORARY VIEW {RollUpRun._meta.db_table} AS
    SELECT {RUN}::bigint AS id, gen_random_uuid() AS public_id, NULL::bigint AS initiative_id,
           '{RollUpRun.Why.CHANGED}' AS why, now() AS started_at, now() AS finished_at,
           0 AS done, 0 AS total, 0 AS cells
"""
COLUMNS: Final = tuple(str(each.column) for each in CurrentFigure._meta.concrete_fields)
_FIGURES, _LEAVES, _CELLS = (str(each._meta.db_table) for each in (CurrentFigure, Leaf, Cell))


@dataclass(frozen=True)
class Measured:
    """Indicators; those of them of which a definition carries levels forward or averages them over time; and whether
    there are categories that are merged into others."""

    indicators: Sequence[int]
    carrying: Collection[int] = ()
    averaging: Collection[int] = ()
    merges: bool = False
    stated: Collection[int] = ()


@dataclass(frozen=True)
class Instead:
    """What stands before the kept rows. `figures` and each of `tables` (by name) are queries of kept rows; the
    columns of `figures` are COLUMNS, in their order."""

    figures: str
    tables: Mapping[str, str] = field(default_factory=dict)
    arguments: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def summed_beside(measured: Measured, instead: Instead) -> Iterator[None]:
    """Within, figures and sums of the indicators are those made from `instead`; other indicators have none."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_script(cursor, measured, instead))
        yield
        transaction.set_rollback(True)


def _script(cursor: Any, measured: Measured, instead: Instead) -> str:
    """All statements as one text, so that the database is asked once."""
    scope = Scope(measured.indicators)
    filled = {**instead.arguments, "indicators": list(measured.indicators)}
    made = making(
        scope,
        carrying=measured.carrying,
        averaging=measured.averaging,
        merged=measured.merges,
        stated=measured.stated,
        run_id=RUN,
    )
    parts = [
        _RUNS,
        *(
            _filled(cursor, f"CREATE TEMPORARY VIEW {name} AS {query}", filled)
            for name, query in instead.tables.items()
        ),
        # Made under another name: until it has its own, the query reads the kept figures.
        f"CREATE TEMPORARY TABLE figures_beside (LIKE {_FIGURES} INCLUDING DEFAULTS)",
        _filled(cursor, f"INSERT INTO figures_beside ({', '.join(COLUMNS)}) {instead.figures}", filled),
        f"ALTER TABLE figures_beside RENAME TO {_FIGURES}",
        f"CREATE UNIQUE INDEX ON pg_temp.{_FIGURES} (indicator_id, period_id, organization_id, category_id)",
        f"ANALYZE pg_temp.{_FIGURES}",
        *(f"CREATE TEMPORARY TABLE {name} (LIKE {name} INCLUDING ALL)" for name in (_LEAVES, _CELLS)),
        "SET TRANSACTION READ ONLY",  # from here on, temporary tables excepted
        *(_filled(cursor, each.sql, each.arguments) for each in made),
    ]
    return ";\n".join(parts)


def _filled(cursor: Any, sql: str, arguments: Mapping[str, Any]) -> str:
    text: str = cursor.mogrify(sql, arguments).decode()
    return text
