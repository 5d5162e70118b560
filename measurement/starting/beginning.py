"""Making an initiative: a package is put together from a template and what was typed, and loaded like any other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from backbone.access.permissions import Role, Side
from backbone.access.rows import only_tenant
from backbone.accounts.models import User
from backbone.audit import trail
from backbone.web.codes import code_from, refusing_duplicates
from initiatives.charter.models import Initiative
from initiatives.directory.operations import join
from initiatives.partners.models import Organization
from measurement.calendars.periods import Frequency, Rule, Span, due_on, spans_between
from measurement.datapackage.columns import Value
from measurement.datapackage.composing import compose
from measurement.datapackage.loading import load
from measurement.indicators.kinds import Kind
from measurement.starting.templates import Tables, Template

Row = dict[str, Value]

_PLANNED_AHEAD: Final = timedelta(days=364)  # with the first day, a year of periods


class NotStarted(Exception):
    """Nothing was made. The text says why to people."""


@dataclass(frozen=True)
class Wish:
    """What somebody typed. `first_day` is a day of the first period that is reported."""

    slug: str
    name: str
    time_zone: str
    currency: str
    backbone: str
    sector: str
    first_day: date


@transaction.atomic
def start(*, wish: Wish, template: Template | None, by: User, at: datetime) -> Initiative:
    """Make the initiative with its backbone, and the person who starts it its director.

    Raises NotStarted where the address is taken: a package would else be loaded into what is there.
    """
    initiative = Initiative(slug=wish.slug, name=wish.name, time_zone=wish.time_zone, currency=wish.currency)
    tables = template.tables() if template else {}
    about = tables["initiative"][0] if template else {}
    initiative.summary = str(about.get("summary") or "")
    initiative.source_note = str(about.get("source_note") or "")
    with refusing_duplicates(NotStarted(_("There is already an initiative at this address."))):
        initiative.save()
    with only_tenant(initiative.pk):
        _load(package_of(initiative, wish, tables, at=at), by=by, at=at)
        backbone = Organization.objects.get(participations__initiative=initiative)
        join(
            person=by,
            organization=backbone,
            role=Role.BACKBONE_DIRECTOR,
            by=by,
            at=at,
            tenant_id=initiative.pk,
        )
        details = {"template": template.code if template else ""}
        trail.record("initiative.started", about=initiative, by=by, at=at, details=details)
    return initiative


def _load(tables: Tables, *, by: User, at: datetime) -> None:
    with TemporaryDirectory() as folder:
        place = Path(folder) / "package"
        compose(tables, to=place)
        load(place=place, by=by, at=at)


def package_of(initiative: Initiative, wish: Wish, tables: Tables, *, at: datetime) -> Tables:
    """The tables of the template, with the initiative, its backbone, its first periods and its own days."""
    periods = [period for row in tables.get("calendars", []) for period in _periods(row, wish.first_day)]
    first = min([wish.first_day, *(span.start for _calendar, span, _due in periods)])
    code = code_from(wish.backbone) or Side.BACKBONE.value
    return {
        **tables,
        "initiative": [_facts(initiative)],
        "organizations": [{"code": code, "name": wish.backbone, "sector": wish.sector}],
        "participations": [
            {"organization": code, "code": code, "side": Side.BACKBONE.value, "joined_on": first}
        ],
        "periods": [_period(*period) for period in periods],
        "indicator_versions": [
            _counted_from(row, first, wish.currency) for row in tables.get("indicator_versions", [])
        ],
        **(
            {"agenda_versions": _afresh(tables["agenda_versions"], at)} if "agenda_versions" in tables else {}
        ),
    }


def _facts(initiative: Initiative) -> Row:
    initiative.refresh_from_db()  # the share as the database keeps it
    names = "slug name summary source_note time_zone currency final_at_completeness"
    return {name: getattr(initiative, name) for name in names.split()}


def _periods(calendar: Row, first_day: date) -> Iterable[tuple[Value, Span, date]]:
    rule = Rule(
        Frequency(str(calendar["frequency"])),
        first_month=int(str(calendar["first_month"])),
        months=int(str(calendar["months"])),
    )
    for span in spans_between(rule, first_day, first_day + _PLANNED_AHEAD):
        yield calendar["code"], span, due_on(span, int(str(calendar["due_after_days"])))


def _period(calendar: Value, span: Span, due: date) -> Row:
    days: Row = {"start": span.start, "end": span.end, "due_on": due}
    return {"calendar": calendar, "code": span.code, "label": span.label, "state": "planned", **days}


def _counted_from(version: Row, day: date, currency: str) -> Row:
    unit = currency if version["kind"] == Kind.MONEY else version["unit"]
    return {**version, "effective_from": day, "unit": unit}


def _afresh(versions: list[Row], at: datetime) -> list[Row]:
    return [{**row, "created_at": at} for row in versions]
