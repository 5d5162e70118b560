"""The demo: its package, and an open school year in which everybody finds something to do at once.

The figures of the open year are fictitious and say so. They are typed, handed in, returned and approved
through the same doors as anybody's. Its due date is put two weeks ahead of the day on which the demo is made:
else every report would have been late since 1999.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.web.numbers import write_number
from initiatives.charter.models import Initiative
from initiatives.partners.models import ROLE_NAMES
from measurement.calendars.models import ReportingPeriod
from measurement.datapackage import demo_agenda
from measurement.datapackage.loading import load
from measurement.datapackage.michigan_texts import DEMO_PARTNERS, INITIATIVE, PEOPLE
from measurement.indicators.kinds import Kind
from measurement.rollups import runs
from measurement.submissions import opening, workflow
from measurement.submissions.grid import Cell, Grid, GridCell, grid_of
from measurement.submissions.models import ExpectedReport, Submission
from measurement.submissions.workflow import Typed

PACKAGE: Final = Path(__file__).parent / "packages" / "michigan"
PASSWORD: Final = "great-lakes-demo"  # noqa: S105 - printed on purpose, and refused outside of a demo
_OPEN_YEAR: Final = "1998-99"
_NOTE: Final = "Fictitious: a figure of the demo."
_BREAKDOWN: Final = {"elementary": Decimal("0.46"), "middle": Decimal("0.23"), "high": Decimal("0.30")}
_GROWTH: Final = {
    "math-grade-4": Decimal("1.02"),
    "math-grade-7": Decimal("1.03"),
    "dropout": Decimal("0.97"),
    "spending-per-pupil": Decimal("1.03"),
}


@dataclass(frozen=True)
class SignIn:
    role: str
    name: str
    email: str


def sign_ins() -> list[SignIn]:
    """One line for each person and role."""
    names = {role.value: str(name) for role, name in ROLE_NAMES.items()}
    people = {(str(it["role"]), str(it["name"]), str(it["email"])) for it in PEOPLE}
    order = list(names)
    return [
        SignIn(names[role], name, email)
        for role, name, email in sorted(people, key=lambda it: (order.index(it[0]), it[1]))
    ]


@transaction.atomic
def prepare(*, at: datetime, progress: Callable[[str], None] = lambda _line: None) -> bool:
    """Make the demo, once: False when it was there already."""
    if Initiative.objects.filter(slug=INITIATIVE["slug"]).exists():
        return False
    initiative = load(place=PACKAGE, by=None, at=at, progress=progress).initiative
    User.objects.filter(email__in=[it["email"] for it in PEOPLE]).update(password=make_password(PASSWORD))
    progress(_("Opening the year %(year)s …") % {"year": _OPEN_YEAR})
    bring_to_life(initiative, at=at)
    return True


@transaction.atomic
def bring_to_life(initiative: Initiative, *, at: datetime) -> None:
    """Open the year that nobody has reported yet, and let a few partners be on their way."""
    _open_year(initiative, at=at - timedelta(days=20))
    _play(initiative, at=at)
    demo_agenda.play(initiative, director=_person("dana.reyes"), reporter=_person("rosa.delgado"), at=at)
    runs.roll_up_changed(at=at)


def _open_year(initiative: Initiative, *, at: datetime) -> None:
    period = ReportingPeriod.objects.get(initiative=initiative, code=_OPEN_YEAR)
    period.due_on = initiative.today(at) + timedelta(days=34)
    period.save(update_fields=["due_on"])
    opening.open_period(period=period, by=_person("dana.reyes"), at=at)


def _play(initiative: Initiative, *, at: datetime) -> None:
    """One report is begun, one waits for review, one was returned, three are approved."""
    begun, waiting, returned, *approved = DEMO_PARTNERS
    reviewer = _person("marcus.webb")
    for partner in approved:
        _hand_in(initiative, partner, by=_person("robin.hale"), at=at - timedelta(days=6))
        workflow.approve(submission=_report(initiative, partner), by=reviewer, at=at - timedelta(days=4))
    _hand_in(initiative, returned, by=_person("ben.carver"), at=at - timedelta(days=3))
    workflow.return_(
        submission=_report(initiative, returned),
        message=_(
            "Thank you! One question: fewer pupils than ever are entitled to a free lunch, says the report."
            " Is it right, or a typing error? (Like all of %(year)s in this demo, this is fictitious.)"
        )
        % {"year": _OPEN_YEAR},
        by=reviewer,
        at=at - timedelta(days=2),
    )
    _hand_in(initiative, waiting, by=_person("robin.hale"), at=at - timedelta(days=1))
    _type(initiative, begun, by=_person("rosa.delgado"), at=at - timedelta(hours=2), cells=3)


def _person(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")


def _report(initiative: Initiative, partner: str) -> Submission:
    return Submission.objects.get(expected_report=_expected(initiative, partner))


def _expected(initiative: Initiative, partner: str) -> ExpectedReport:
    return ExpectedReport.objects.get(
        initiative=initiative,
        period__code=_OPEN_YEAR,
        organization__participations__initiative=initiative,
        organization__participations__code=partner,
    )


def _hand_in(initiative: Initiative, partner: str, *, by: User, at: datetime) -> None:
    workflow.submit(submission=_type(initiative, partner, by=by, at=at), by=by, at=at)


def _type(
    initiative: Initiative, partner: str, *, by: User, at: datetime, cells: int | None = None
) -> Submission:
    expected = _expected(initiative, partner)
    submission = workflow.start(expected_report=expected, at=at)
    grid = grid_of(expected, submission)
    typed = dict(list(_answers(grid, partner).items())[:cells])
    return workflow.save_draft(submission=submission, typed=typed, version=submission.version, by=by, at=at)


def _answers(grid: Grid, partner: str) -> dict[Cell, Typed]:
    """Last year's figures, a little better. One partner's share of free lunches looks like a typing error."""
    pupils = next(
        cell.previous.amount
        for cell in grid.cells
        if cell.figure.indicator.code == "enrolment" and cell.previous and cell.previous.amount
    )
    slip = partner == DEMO_PARTNERS[2]
    return {cell.key: _answer(cell, pupils, slip=slip) for cell in grid.cells}


def _answer(cell: GridCell, pupils: Decimal, *, slip: bool) -> Typed:
    code = cell.figure.indicator.code
    if cell.category is not None:
        share = _BREAKDOWN.get(cell.category.code)
        return Typed(amount=_rounded(pupils * share, 0) if share else "", note=_NOTE if share else "")
    first, _second = cell.previous_typed
    value = (first or Decimal(0)) * _GROWTH.get(code, Decimal(1))
    if slip and code == "free-lunch":
        value /= 10
    base = _rounded(pupils, 0) if cell.kind is Kind.MEAN else ""
    return Typed(amount=_rounded(value, cell.version.decimals), base=base, note=_NOTE)


def _rounded(value: Decimal, decimals: int) -> str:
    return write_number(value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))
