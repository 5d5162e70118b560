"""Findings of a check in the database: copied in at once, however many."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from django.db import connection

from measurement.imports.judging import Finding, What
from measurement.imports.models import ImportFile, ImportLine

_COLUMNS: Final = (
    *("initiative_id", "file_id", "number", "what", "place", "about", "before", "after", "sentence"),
    *("figure", "seen", "typed", "said"),
)

_LIST: Final = ", ".join(_COLUMNS)
# Rows are not copied into tables that are walled off by initiative, so they pass through one of our own.
_PREPARE: Final = (
    "DROP TABLE IF EXISTS pg_temp.found_lines",
    f"CREATE TEMPORARY TABLE found_lines ON COMMIT DROP AS SELECT {_LIST} FROM measurement_importline WITH NO DATA",
)
_COPY: Final = (
    f"COPY found_lines ({_LIST}) FROM STDIN"
    " WITH (FORMAT csv, FORCE_NOT_NULL (about, before, after, sentence))"
)
_INSERT: Final = f"INSERT INTO measurement_importline ({_LIST}) SELECT {_LIST} FROM found_lines"


def store(file: ImportFile, findings: list[Finding]) -> None:
    """Instead of those of an earlier check. Needs the transaction of whoever calls."""
    ImportLine.objects.filter(file=file)._raw_delete("default")
    text = io.StringIO(newline="")
    csv.writer(text).writerows(_rows(file, sorted(findings, key=lambda finding: finding.number)))
    text.seek(0)
    with connection.cursor() as cursor:
        for statement in _PREPARE:
            cursor.execute(statement)
        cursor.copy_expert(_COPY, text)
        cursor.execute(_INSERT)
    counts = Counter(finding.what for finding in findings)
    file.new, file.changed = counts[What.NEW], counts[What.CHANGED]
    file.unchanged, file.refused = counts[What.UNCHANGED], counts[What.REFUSED]


def _rows(file: ImportFile, findings: Iterable[Finding]) -> Iterable[tuple[Any, ...]]:
    for number, each in enumerate(findings):
        figure = each.figure
        yield (
            file.initiative_id,
            file.pk,
            number,
            each.what.value,
            _kept(each.place)[:300],
            _kept(each.about),
            _kept(each.before),
            _kept(each.after),
            _kept(each.sentence),
            figure.pk if figure else None,
            figure.observation_id if figure else None,
            json.dumps(vars(each.typed)) if each.typed else None,
            json.dumps(each.said) if each.said else None,
        )


def _kept(text: str) -> str:
    return text.replace("\0", "")
