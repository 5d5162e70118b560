"""Twice is the same as once, and a package with more in it brings only what is new."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import GroupMember, Initiative
from initiatives.partners.models import Membership, Organization
from measurement.calendars.models import ReportingPeriod
from measurement.datapackage.problems import Unfit
from measurement.rollups.models import Cell, RollUpRun
from measurement.submissions.models import CurrentFigure, Observation, Submission
from tests.measurement.datapackage.packages import (
    JOINED,
    Tables,
    bring_in,
    expected,
    figure,
    problems,
    small,
    sums,
    write,
)

pytestmark = pytest.mark.django_db

_LATER = datetime(2025, 8, 1, tzinfo=UTC)


def _updated(tmp_path: Path, tables: Tables) -> Path:
    return write(tmp_path / "updated", tables)


def test_the_same_package_twice_changes_nothing(package: Path) -> None:
    first = bring_in(package)
    before = (
        sums(first.initiative),
        Observation.objects.count(),
        Event.objects.count(),
        RollUpRun.objects.count(),
    )

    second = bring_in(package)

    assert (second.new, second.kept, second.initiative) == ({}, {}, first.initiative)
    after = (
        sums(first.initiative),
        Observation.objects.count(),
        Event.objects.count(),
        RollUpRun.objects.count(),
    )
    assert after == before
    assert Organization.objects.count() == 3


def test_an_updated_package_says_that_a_partner_has_left_its_group(package: Path, tmp_path: Path) -> None:
    initiative = bring_in(package).initiative
    tables = small()
    member = tables["group_members"][0]
    left = {**member, "left_on": date(2025, 3, 1), "recorded_at": _LATER}
    tables["group_members"] = [{**member, "superseded_at": _LATER}, left]

    loaded = bring_in(_updated(tmp_path, tables))

    assert loaded.initiative == initiative
    assert GroupMember.objects.standing().get().left_on == date(2025, 3, 1)
    assert GroupMember.objects.get(superseded_at=_LATER).left_on is None
    assert not Cell.objects.filter(group__code="north", period__code="2025-Q1").exists()


def test_an_updated_package_adds_partners_and_corrections(package: Path, tmp_path: Path) -> None:
    initiative = bring_in(package).initiative
    tables = small()
    tables["organizations"].append({"code": "cedar", "name": "Cedar", "sector": "other"})
    tables["participations"].append(
        {"organization": "cedar", "code": "cedar", "side": "partner", "joined_on": JOINED}
    )
    tables["assignments"].append({**tables["assignments"][0], "organization": "cedar"})
    tables["reports"].append({**tables["reports"][0], "organization": "cedar"})
    tables["observations"] += [
        figure("served", "cedar", 5),
        figure("served", "birch", 81, entry=3, recorded_at=_LATER, reason="counted again"),
    ]

    loaded = bring_in(_updated(tmp_path, tables))

    assert loaded.new == {
        "organizations": 1,
        "participations": 1,
        "assignments": 1,
        "reports": 1,
        "observations": 2,
    }
    totals = {cell[:4]: cell[4] for cell in sums(initiative)}
    assert totals["served", "2025-Q1", None, None] == 120 + 81 + 5
    last = Observation.objects.get(reason="counted again")
    assert last.supersedes is not None
    assert last.supersedes.reason == "a typo"


def test_what_was_expected_only_is_answered_by_an_updated_package(package: Path, tmp_path: Path) -> None:
    bring_in(package)
    tables = small()
    place = tables["observations"].index(expected("places", "birch"))
    tables["observations"][place] = figure("places", "birch", 12)

    assert bring_in(_updated(tmp_path, tables)).new == {"observations": 1}

    assert CurrentFigure.objects.get(indicator__code="places", organization__name="-Birch, Ltd").amount == 12


def test_an_older_package_takes_nothing_back(package: Path, tmp_path: Path) -> None:
    tables = small()
    tables["observations"].append(figure("served", "birch", 81, entry=3, recorded_at=_LATER, reason="again"))
    bring_in(_updated(tmp_path, tables))

    assert bring_in(package).new == {}

    assert CurrentFigure.objects.get(indicator__code="served", organization__name="-Birch, Ltd").amount == 81


def test_a_period_moves_on_and_a_report_begins(package: Path, tmp_path: Path) -> None:
    initiative = bring_in(package).initiative
    tables = small()
    tables["periods"][2].update(state="open", opened_at=_LATER)
    due = {"calendar": "quarters", "period": "2025-Q3", "due_at": datetime(2025, 11, 1, tzinfo=UTC)}
    tables["reports"].append({"organization": "alder", **due})
    tables["observations"].append(expected("served", "alder", period="2025-Q3"))
    bring_in(_updated(tmp_path, tables))
    assert ReportingPeriod.objects.get(initiative=initiative, code="2025-Q3").state == "open"
    assert Submission.objects.filter(expected_report__period__code="2025-Q3").count() == 0

    tables["reports"][-1].update(status="draft", saved_at=_LATER)
    tables["drafts"].append({**due, "indicator": "served", "organization": "alder", "amount": "7"})
    assert bring_in(_updated(tmp_path, tables)).new == {"reports": 1, "drafts": 1}

    begun = Submission.objects.get(expected_report__period__code="2025-Q3")
    assert (begun.status, begun.drafts.get().amount) == ("draft", "7")


def test_a_calendar_grows_at_both_ends_without_a_gap(package: Path, tmp_path: Path) -> None:
    initiative = bring_in(package).initiative
    tables = small()
    for code, start, end in (
        ("2024-Q4", date(2024, 10, 1), date(2024, 12, 31)),
        ("2025-Q4", date(2025, 10, 1), date(2025, 12, 31)),
    ):
        planned = {**tables["periods"][2], "code": code, "label": code, "start": start, "end": end}
        tables["periods"].append(planned)

    assert bring_in(_updated(tmp_path, tables)).new == {"periods": 2}

    periods = ReportingPeriod.objects.filter(initiative=initiative).order_by("start")
    assert [period.ordinal for period in periods] == [0, 1, 2, 3, 4]
    assert periods[0].parts.count() == 1


def test_a_recorded_figure_is_never_changed(package: Path, tmp_path: Path) -> None:
    initiative = bring_in(package).initiative
    tables = small()
    tables["observations"][0]["amount"] = Decimal(121)
    tables["observations"][3]["amount"] = Decimal(11)
    before = sums(initiative)

    found = problems(_updated(tmp_path, tables))

    assert {(problem.file, problem.row) for problem in found} == {
        ("observations.csv", 10),
        ("observations.csv", 13),
    }
    assert all("further entry" in problem.sentence for problem in found)
    assert sums(initiative) == before


def test_a_definition_is_never_changed(package: Path, tmp_path: Path) -> None:
    bring_in(package)
    tables = small()
    tables["indicator_versions"][0]["definition"] = "Something else."

    assert ["further version" in problem.sentence for problem in problems(_updated(tmp_path, tables))] == [
        True
    ]


def test_what_else_differs_is_left_as_it_is_and_counted(package: Path, tmp_path: Path) -> None:
    bring_in(package)
    tables = small()
    tables["organizations"][0]["name"] = "Alder Academy"

    loaded = bring_in(_updated(tmp_path, tables))

    assert (loaded.new, loaded.kept) == ({}, {"organizations": 1})
    assert Organization.objects.filter(name="Alder School").exists()


def test_a_package_can_be_loaded_beside_itself_under_another_address(package: Path) -> None:
    first = bring_in(package)
    second = bring_in(package, rename="small-too")

    assert first.initiative != second.initiative
    assert Initiative.objects.filter(slug="small-too").exists()
    assert sums(first.initiative) == sums(second.initiative)
    assert Organization.objects.count() == 6


def test_an_address_that_cannot_be_one_is_a_problem(package: Path) -> None:
    with pytest.raises(Unfit, match="slug"):
        bring_in(package, rename="not an address/")


def test_people_get_roles_but_no_password_and_keep_the_account_they_have(tmp_path: Path) -> None:
    known = User.objects.create_user("known@example.org", "a password of their own", name="Known")
    tables = small()
    tables["people"] = [
        {"organization": "alder", "email": "known@example.org", "name": "Other", "role": "reporter"},
        {"organization": "fund", "email": "new@example.org", "name": "New", "role": "funder_viewer"},
    ]

    bring_in(_updated(tmp_path, tables))
    assert bring_in(_updated(tmp_path, tables)).new == {}

    known.refresh_from_db()
    assert known.name == "Known"
    assert known.check_password("a password of their own")
    assert not User.objects.get(email="new@example.org").has_usable_password()
    assert Membership.objects.filter(organization__name="@Fund", role="funder_viewer").count() == 1


def test_a_clash_with_what_is_stored_is_a_sentence_and_stores_nothing(package: Path, tmp_path: Path) -> None:
    initiative = bring_in(package).initiative
    tables = small()
    for name in ("organizations", "participations"):
        for row in tables[name]:
            if row.get("organization", row.get("code")) == "fund":
                row.update({"organization": "fonds"} if name == "participations" else {"code": "fonds"})
    tables["participations"].append(
        {"organization": "fonds", "code": "fonds", "side": "partner", "joined_on": JOINED}
    )
    before = Organization.objects.count()

    assert ["does not fit what is stored" in it.sentence for it in problems(_updated(tmp_path, tables))] == [
        True
    ]

    assert Organization.objects.count() == before
    assert initiative.participations.count() == 3
