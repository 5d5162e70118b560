"""Loading the demo package and rolling it up, beside a bare COPY of the same rows and one GROUP BY."""

import io
from collections.abc import Iterator

from django.core.management import call_command
from django.db import connection

from measurement.datapackage.demo import PACKAGE
from measurement.submissions.models import Observation
from tests.bench.lines import Line, seconds


def lines() -> Iterator[Line]:
    loading = seconds(_load)
    rows = _rows()
    bare = seconds(lambda: _bare(rows), times=3)
    count = Observation.objects.count()
    yield Line(f"loading the demo package ({count:,} observations) and rolling it up", loading, "s", bare, 3)
    yield Line("the same, in seconds", loading, "s", goal=20, judged_by="value")


def _load() -> None:
    call_command("load_package", str(PACKAGE), verbosity=0, stdout=io.StringIO())


def _rows() -> str:
    rows = io.StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(
            "COPY (SELECT initiative_id, indicator_id, version_id, organization_id, period_id, category_id, status,"
            " amount, base, received_at, recorded_at FROM measurement_observation) TO STDOUT",
            rows,
        )
    return rows.getvalue()


def _bare(rows: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare_rows, bare_sums")
        cursor.execute(
            "CREATE TABLE bare_rows (initiative_id bigint, indicator_id bigint, version_id bigint,"
            " organization_id bigint, period_id bigint, category_id bigint, status text, amount numeric, base numeric,"
            " received_at timestamptz, recorded_at timestamptz)"
        )
        cursor.copy_expert("COPY bare_rows FROM STDIN", io.StringIO(rows))
        cursor.execute(
            "CREATE TABLE bare_sums (indicator_id bigint, period_id bigint, amount numeric, base numeric)"
        )
        cursor.execute(
            "INSERT INTO bare_sums SELECT indicator_id, period_id, sum(amount), sum(base) FROM bare_rows"
            " GROUP BY indicator_id, period_id"
        )
