"""Out and in again: the same cells, the same bytes."""

import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import Initiative, PartnerGroup
from initiatives.directory import grouping
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.datapackage.containers import Refused
from measurement.datapackage.exporting import export
from measurement.indicators.kinds import Kind
from measurement.rollups import runs
from measurement.submissions import workflow
from measurement.submissions.models import CurrentFigure, Observation
from tests.factories import measuring
from tests.factories.measuring import Answer, correct, draft, hand_in, open_, report
from tests.measurement.datapackage.packages import bring_in, contents, sums


def test_a_package_comes_out_as_it_went_in(db: None, package: Path, tmp_path: Path) -> None:
    loaded = bring_in(package)

    export(initiative=loaded.initiative, to=tmp_path / "again")

    assert contents(tmp_path / "again") == contents(package)


def test_the_figures_are_added_up_when_a_package_is_in(db: None, package: Path) -> None:
    initiative = bring_in(package).initiative

    totals = {cell[:4]: cell[4:6] for cell in sums(initiative)}
    assert totals["served", "2025-Q1", None, None] == (200, None)
    assert totals["served", "2025-Q1", None, "female"] == (60, None)
    assert totals["served", "2025-Q1", "north", None] == (120, None)
    assert totals["score", "2025-Q1", None, None] == (Decimal("-7.5"), 3)


def test_the_history_of_a_figure_is_loaded_and_the_last_entry_counts(db: None, package: Path) -> None:
    initiative = bring_in(package).initiative

    first, second = Observation.objects.filter(
        initiative=initiative, indicator__code="served", organization__name="-Birch, Ltd"
    ).order_by("recorded_at")
    now_ = CurrentFigure.objects.get(observation=second)
    assert (first.amount, second.amount, second.supersedes_id) == (70, 80, first.pk)
    assert (now_.amount, now_.recorded_at, second.reason) == (80, second.recorded_at, "a typo")


def test_one_line_in_the_audit_trail_says_what_came(db: None, package: Path) -> None:
    initiative = bring_in(package).initiative

    event = Event.objects.get(verb="package.loaded")
    assert event.tenant_id == initiative.pk
    assert event.details["new"]["observations"] == 18
    assert Event.objects.exclude(verb__in=["package.loaded", "calendar.periods_added"]).count() == 0


@pytest.fixture
def lived_in(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
) -> Initiative:
    """Everything that people can do to figures has been done."""
    north = PartnerGroup.objects.create(initiative=initiative, code="north", name="North")
    member = grouping.put_into_group(group=north, organization=alder, by=None, at=now())
    grouping.leave_group(member=member, on=date(2025, 9, 1), by=data_manager, at=now())
    grouping.put_into_group(
        group=north, organization=alder, joined_on=date(2025, 9, 2), by=data_manager, at=now()
    )
    served = measuring.indicator(initiative, "served")
    rate = measuring.indicator(initiative, "rate", Kind.RATIO)
    score = measuring.indicator(initiative, "score", Kind.MEAN, decimals=1)
    sex = measuring.breakdown(initiative, "sex", ["Female", "Male"], unknown="Unknown")
    measuring.assign(served, [alder, birch], quarters, by_=[sex])
    measuring.assign(rate, [alder, birch], quarters)
    measuring.assign(score, [alder], quarters)
    at = now() - timedelta(days=10)
    for code in ("2025-Q1", "2025-Q2", "2025-Q3"):
        open_(initiative, code, at=at)
    answers: dict[str, Answer] = {
        "served": 12,
        "served__female": 7,
        "served__male": 4,
        "rate": (1, 3),
        "score": ("2.55", 7),
    }
    first = report(alder, "2025-Q1", at=at, **answers)
    correct(first, at=at + timedelta(days=1), **{**answers, "served": 13})
    gone = report(birch, "2025-Q1", at=at, served=5, served__female=5, served__male=0, rate=None)
    workflow.withdraw(submission=gone, reason="- not ours", by=data_manager, at=at + timedelta(days=2))
    hand_in(alder, "2025-Q2", at=at, **answers)
    draft(birch, "2025-Q2", at=at, served="=1+1")
    runs.rebuild(initiative=initiative, at=now())
    return initiative


@pytest.mark.parametrize("people", [True, False])
@pytest.mark.parametrize("pack", ["folder", "archive.zip"])
def test_a_lived_in_initiative_survives_out_and_in(
    lived_in: Initiative, tmp_path: Path, people: bool, pack: str
) -> None:
    export(initiative=lived_in, to=tmp_path / pack, people=people)
    Initiative.objects.filter(pk=lived_in.pk).update(slug="elsewhere-now")

    loaded = bring_in(tmp_path / pack)

    assert loaded.initiative.slug == "cradle"
    assert loaded.initiative.pk != lived_in.pk
    assert sums(loaded.initiative) == sums(lived_in)
    assert sums(lived_in)
    export(initiative=loaded.initiative, to=tmp_path / f"again-{pack}", people=people)
    if pack == "folder":
        assert contents(tmp_path / "again-folder") == contents(tmp_path / "folder")
    else:
        assert (tmp_path / f"again-{pack}").read_bytes() == (tmp_path / pack).read_bytes()


def test_a_figure_that_is_no_longer_asked_for_stays_so(
    lived_in: Initiative, birch: Organization, tmp_path: Path
) -> None:
    CurrentFigure.objects.filter(organization=birch, period__code="2025-Q1").update(status="not_expected")
    runs.rebuild(initiative=lived_in, at=now())
    export(initiative=lived_in, to=tmp_path / "out")

    loaded = bring_in(tmp_path / "out", rename="copy")

    assert sums(loaded.initiative) == sums(lived_in)
    assert bring_in(tmp_path / "out", rename="copy").new == {}


def test_an_export_names_nobody_unless_asked_to(lived_in: Initiative, tmp_path: Path) -> None:
    export(initiative=lived_in, to=tmp_path / "out")

    assert not (tmp_path / "out" / "people.csv").exists()
    assert not any(b"@example.org" in content for content in contents(tmp_path / "out").values())


def test_an_export_never_holds_a_password(lived_in: Initiative, tmp_path: Path) -> None:
    export(initiative=lived_in, to=tmp_path / "out", people=True)

    people = (tmp_path / "out" / "people.csv").read_text()
    assert people.splitlines()[0] == "organization,email,name,role"
    assert "rita.reporter@example.org" in people


def test_an_archive_of_a_folder_can_be_loaded(db: None, package: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "zipped.zip", "w") as archive:
        for path in package.iterdir():
            archive.write(path, f"small/{path.name}")

    assert bring_in(tmp_path / "zipped.zip").initiative.slug == "small"


def test_an_export_does_not_write_over_other_files(lived_in: Initiative, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(Refused, match="something else"):
        export(initiative=lived_in, to=tmp_path)
    assert contents(tmp_path) == {"thesis.txt": b"years of work"}
