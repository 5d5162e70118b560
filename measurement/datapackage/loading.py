"""Loading a package: read, judged, compared with what is stored, and only then stored, in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from initiatives.charter.models import Initiative
from measurement.datapackage import definitions, descriptor, figures, people, references, tables
from measurement.datapackage.changes import Changes, compare
from measurement.datapackage.containers import Container, Refused, reading
from measurement.datapackage.problems import Enough, Findings, Problem, Unfit
from measurement.datapackage.resources import RESOURCES
from measurement.datapackage.storing import known_organizations, store
from measurement.datapackage.tables import Table
from measurement.rollups import runs
from measurement.submissions.models import Submission

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Loaded:
    """`new` and `kept` count rows by table; kept rows differ from what is stored, which was left as it is."""

    initiative: Initiative
    new: Mapping[str, int]
    kept: Mapping[str, int]


def load(
    *,
    place: Path,
    rename: str = "",
    by: User | None,
    at: datetime,
    progress: Progress = lambda _line: None,
) -> Loaded:
    """Bring a package in and add it up. Twice is the same as once.

    Raises Unfit with everything that is wrong with it, and then nothing of it is stored.
    """
    read = _read(place, rename, progress)
    try:
        initiative, changes = _bring_in(read, by=by, at=at, progress=progress)
    except IntegrityError as clash:
        sentence = _("This does not fit what is stored: %(why)s") % {"why": str(clash).strip()}
        raise Unfit([Problem(descriptor.FILE, None, "", sentence)]) from clash
    if changes.counts:
        progress(_("Adding up …"))
        runs.rebuild(initiative=initiative, at=at)
    return Loaded(initiative, changes.counts, changes.kept)


def _read(place: Path, rename: str, progress: Progress) -> dict[str, Table]:
    findings = Findings()
    found: dict[str, Table] = {}
    try:
        with reading(place) as container:
            found = _read_tables(container, findings, progress)
        _rename(found, rename, findings)
        progress(_("Checking …"))
        references.check(found, findings)
        definitions.check(found, findings)
        figures.check(found, findings)
    except Refused as refused:
        raise Unfit([Problem(place.name, None, "", str(refused))]) from refused
    except Enough:
        pass
    if findings.problems:
        raise Unfit(findings.problems)
    return found


def _read_tables(container: Container, findings: Findings, progress: Progress) -> dict[str, Table]:
    with container.open(descriptor.FILE) as stream:
        paths, problems = descriptor.paths(stream.read(descriptor.MOST_BYTES))
    if problems:
        raise Unfit(problems)
    found = {}
    for resource in RESOURCES:
        if resource.name in paths:
            progress(paths[resource.name])
            found[resource.name] = tables.read(container, resource, paths[resource.name], findings)
    return found


def _rename(found: dict[str, Table], slug: str, findings: Findings) -> None:
    if not slug:
        return
    table = found["initiative"]
    reader = tables.Lines(Table(table.resource, "--rename"), findings)
    for row in table.rows:
        reader.take(row.line, [slug, *row[1:-1]])
    table.rows = reader.table.rows


@transaction.atomic
def _bring_in(
    read: dict[str, Table], *, by: User | None, at: datetime, progress: Progress
) -> tuple[Initiative, Changes]:
    initiative = _initiative(read["initiative"])
    findings = Findings()
    try:
        changes = compare(read, initiative, findings)
    except Enough:
        raise Unfit(findings.problems) from None
    if findings.problems:
        raise Unfit(findings.problems)
    progress(_("Storing …"))
    people.make_accounts(changes.new.get("people", []))
    store(changes, initiative, by=by, at=at)
    people.give_roles(changes.new.get("people", []), known_organizations(), by=by, at=at)
    if changes.counts:
        trail.record("package.loaded", about=initiative, by=by, at=at, details={"new": changes.counts})
    return initiative, changes


def _initiative(table: Table) -> Initiative:
    """The initiative, made if it is new, and in our hands alone until the end of the transaction."""
    values: dict[str, Any] = {
        column.name: column.read(getattr(table.rows[0], column.name)) for column in table.resource.columns
    }
    slug = values.pop("slug")
    texts = {name: value or "" for name, value in values.items() if name in ("summary", "source_note")}
    Initiative.objects.get_or_create(slug=slug, defaults={**values, **texts})
    initiative = Initiative.objects.select_for_update(no_key=True).get(slug=slug)
    list(Submission.objects.in_initiative(initiative).select_for_update(no_key=True).values_list("pk"))
    return initiative
