"""Writing an initiative as a package: sorted, in one form, so that the same figures give the same bytes."""

from collections.abc import Callable
from pathlib import Path

from django.db import connection, transaction

from initiatives.charter.models import Initiative
from measurement.datapackage import descriptor, stored
from measurement.datapackage.containers import writing
from measurement.datapackage.resources import BY_NAME, RESOURCES
from measurement.datapackage.shapes import Resource


def export(
    *,
    initiative: Initiative,
    to: Path,
    people: bool = False,
    progress: Callable[[str], None] = lambda _line: None,
) -> None:
    """Write all tables as they are at one moment. Names and addresses of people only when asked for."""
    with transaction.atomic():
        _see_one_moment()
        tables = [each for each in RESOURCES if _is_written(each, initiative, people=people)]
        with writing(to) as package:
            with package.file(descriptor.FILE) as stream:
                stream.write(descriptor.written(_facts(initiative), tables))
            for resource in tables:
                progress(resource.path)
                with package.file(resource.path) as stream:
                    stored.copy_to(stream, resource, initiative, people=people)


def _is_written(resource: Resource, initiative: Initiative, *, people: bool) -> bool:
    if resource.if_any:
        return next(stored.rows(resource, initiative, people=people), None) is not None
    return people or resource.name != "people"


def _facts(initiative: Initiative) -> dict[str, str]:
    """The initiative's one row, by column."""
    resource = BY_NAME["initiative"]
    row = next(stored.rows(resource, initiative, people=False))
    return dict(zip(resource.header, row, strict=True))


def _see_one_moment() -> None:
    """What others save while we write is not in any table of this package."""
    with connection.cursor() as cursor:
        if len(connection.savepoint_ids) == 0:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
