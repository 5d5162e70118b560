"""Figures from files: the dry run of 5,000 lines and the taking over of 50,000, beside a bare COPY of them."""

import io
from collections.abc import Iterator
from datetime import date
from functools import partial

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.jobs.running import work_off
from measurement.imports import applying, checking, operations
from measurement.imports.models import ImportFile
from measurement.submissions.models import CurrentFigure
from tests.bench.lines import Line, seconds
from tests.bench.many import initiative_of

HEADINGS = "organization code,measure code,period code,figure,out of\n"


def lines() -> Iterator[Line]:
    made = initiative_of("importing", partners=250, indicators=10, months=20).initiative
    staff = User.objects.get(name="importing manager")
    rows = _rows(made)
    few, many = rows[:5_000], rows[:50_000]
    floor_of_few, floor_of_many = (
        seconds(partial(_bare, few), times=3),
        seconds(partial(_bare, many), times=3),
    )
    trial = _given(made, staff, few)
    yield Line("dry run of 5,000 lines", seconds(_check), "s", floor_of_few, 5)
    operations.drop(file=trial, by=staff, at=now())
    file = _given(made, staff, many)
    yield Line("dry run of 50,000 lines", seconds(_check), "s", floor_of_many)
    operations.confirm(file=file, by=staff, at=now())
    guarded = _guarded(made, file)
    taken = seconds(_apply)
    yield Line("taking over 50,000 figures", taken, "s", floor_of_many, 5)
    yield Line("the same beside one INSERT of them into the table with its keys", taken, "s", guarded, 5)
    file.refresh_from_db()
    if file.state != ImportFile.State.APPLIED:
        raise RuntimeError(f"The file was not taken over: {file.problem}")


def _check() -> None:
    work_off(checking.KIND, checking.check)


def _apply() -> None:
    work_off(applying.KIND, applying.apply)


def _given(made: Initiative, staff: User, rows: list[str]) -> ImportFile:
    content = ContentFile((HEADINGS + "".join(rows)).encode(), name="figures.csv")
    return operations.take_in(
        initiative=made, content=content, for_partners=True, reason="A trial.", by=staff, at=now()
    )


def _rows(made: Initiative) -> list[str]:
    figures = CurrentFigure.objects.filter(initiative=made).values_list(
        "organization_id", "indicator__code", "period__code", "indicator__versions__kind"
    )
    return [
        f"p{partner},{code},{period},{place % 90 + 1},{100 if kind == 'ratio' else ''}\n"
        for place, (partner, code, period, kind) in enumerate(
            figures.order_by("organization_id", "period_id", "pk")
        )
    ]


def _guarded(made: Initiative, file: ImportFile) -> float:
    """One statement that puts the same figures into the table of observations, with all of its keys checked; undone."""
    with transaction.atomic():
        taken = seconds(partial(_insert, made, file))
        transaction.set_rollback(True)
    return taken


def _insert(made: Initiative, file: ImportFile) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO measurement_submission (initiative_id, public_id, expected_report_id, status, version)
            SELECT initiative_id, gen_random_uuid(), id, 'draft', 1 FROM measurement_expectedreport
            WHERE initiative_id = %s ON CONFLICT (expected_report_id) DO NOTHING
            """,
            [made.pk],
        )
        cursor.execute(
            """
            INSERT INTO measurement_observation
                (initiative_id, submission_id, indicator_id, version_id, organization_id, period_id, category_id,
                 status, amount, base, text, derived, received_at, recorded_at, reason, note)
            SELECT f.initiative_id, s.id, f.indicator_id, f.version_id, f.organization_id, f.period_id, f.category_id,
                   'reported', 1, 2, '', false, now(), now(), 'A trial.', ''
            FROM measurement_importline l
            JOIN measurement_currentfigure f ON f.id = l.figure
            JOIN measurement_submission s ON s.expected_report_id = f.expected_report_id
            WHERE l.file_id = %s
            """,
            [file.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _bare(rows: list[str]) -> None:
    """The same lines, with the columns of a figure, into a table that nothing guards."""
    day = date(2026, 1, 1).isoformat()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare_lines")
        cursor.execute(
            "CREATE TABLE bare_lines (organization text, measure text, period text, amount numeric, base numeric,"
            " initiative_id bigint, submission_id bigint, version_id bigint, status text, received_at timestamptz,"
            " recorded_at timestamptz, reason text, note text)"
        )
        text = "".join(f"{row.rstrip()},1,2,3,reported,{day},{day},A trial.,\n" for row in rows)
        cursor.copy_expert("COPY bare_lines FROM STDIN WITH (FORMAT csv)", io.StringIO(text))
