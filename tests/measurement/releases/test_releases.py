"""From reports to a published release, and what cannot be read out of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.jobs.models import JobRun
from initiatives.jobs.running import work_off
from measurement.calendars.models import ReportingCalendar
from measurement.calendars.periods import Frequency
from measurement.indicators.kinds import Kind
from measurement.releases import building, collecting, operations, selectors
from measurement.releases.models import Release, ReleaseCell, Restatement
from measurement.submissions.models import Submission
from tests.factories import measuring
from tests.measurement.releases.conftest import Build, Scene

MANY = {
    "East 1": (20, 22), "East 2": (31, 18), "East 3": (25, 40),
    "North 1": (17, 19), "North 2": (28, 33), "North 3": (21, 16),
    "West 1": (30, 24), "West 2": (14, 26), "West 3": (19, 35),
}  # fmt: skip
FEW_GIRLS_IN_THE_EAST = {**MANY, "East 1": (2, 22), "East 2": (1, 18), "East 3": (1, 40)}


def cells(release: Release) -> dict[tuple[str, str], ReleaseCell]:
    """By place and category; empty for all."""
    rows = ReleaseCell.objects.filter(release=release)
    return {(row.place_label, row.category_label): row for row in rows}


def shown(release: Release) -> dict[tuple[str, str], int | None]:
    return {about: None if row.value is None else int(row.value) for about, row in cells(release).items()}


def test_what_is_large_enough_is_shown_as_it_was_reported(scene: Scene, build: Build) -> None:
    scene.report("2026-Q1", MANY)

    release = build("2026-Q1")

    told = shown(release)
    assert len(told) == 12
    assert told["", ""] == sum(girls + boys for girls, boys in MANY.values())
    assert told["East", "Girls"] == 76
    assert release.state == Release.State.READY
    assert release.hash == release.audited_hash != ""
    assert release.outcome["served"]["step"] == "everything"


def test_a_small_count_and_what_would_give_it_away_hold_no_number(scene: Scene, build: Build) -> None:
    scene.report("2026-Q1", FEW_GIRLS_IN_THE_EAST)

    release = build("2026-Q1")

    hidden = {about for about, row in cells(release).items() if row.state == ReleaseCell.State.HIDDEN}
    assert ("East", "Girls") in hidden
    assert ("East", "Boys") in hidden
    assert len(hidden) >= 4
    assert ("", "") not in hidden
    for about in hidden:
        row = cells(release)[about]
        assert {row.value, row.amount, row.base, row.low, row.high, row.interval_low} == {None}
    assert release.outcome["served"]["hidden"]["small"] == 1


def test_a_place_of_two_partners_is_not_shown(scene: Scene, build: Build) -> None:
    scene.report("2026-Q1", {name: counts for name, counts in MANY.items() if name != "West 3"})

    told = shown(build("2026-Q1", crossed=False))

    assert told["West", ""] is None
    assert None in {told["East", ""], told["North", ""], told["", ""]}


def test_publishing_takes_the_place_of_the_release_before(
    scene: Scene, build: Build, data_manager: User
) -> None:
    scene.report("2026-Q1", MANY)
    first = operations.publish(release=build("2026-Q1"), by=data_manager, at=now())
    second = operations.publish(release=build("2026-Q1", title="Summer"), by=data_manager, at=now())

    first.refresh_from_db()
    assert (first.state, second.state) == (Release.State.SUPERSEDED, Release.State.PUBLISHED)
    assert list(Release.objects.readable()) == [second, first]
    verbs = Event.objects.filter(about_id=str(first.public_id)).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["release.asked_for", "release.built", "release.published", "release.superseded"]


def test_nothing_is_published_that_was_built_before_another_was(
    scene: Scene, build: Build, data_manager: User
) -> None:
    scene.report("2026-Q1", MANY)
    one, other = build("2026-Q1"), build("2026-Q1", audience="funder")
    operations.publish(release=one, by=data_manager, at=now())

    with pytest.raises(operations.NotAllowed):
        operations.publish(release=other, by=data_manager, at=now())


def test_the_database_refuses_to_publish_what_no_auditor_accepted(scene: Scene, build: Build) -> None:
    scene.report("2026-Q1", MANY)
    release = build("2026-Q1")

    for change in ({"audited_hash": ""}, {"hash": "f" * 64}, {"hash": "", "audited_hash": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Release.objects.filter(pk=release.pk).update(state="published", published_at=now(), **change)


def test_what_was_published_stays_as_it_was(scene: Scene, build: Build, data_manager: User) -> None:
    scene.report("2026-Q1", MANY)
    release = operations.publish(release=build("2026-Q1"), by=data_manager, at=now())
    row = ReleaseCell.objects.filter(release=release).first()
    assert row is not None

    with pytest.raises(DatabaseError), transaction.atomic():
        ReleaseCell.objects.filter(pk=row.pk).update(value=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReleaseCell.objects.filter(pk=row.pk).delete()
    row.pk = None
    row.group_id = None
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(hash="0" * 64, audited_hash="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        Release.objects.filter(pk=release.pk).delete()


def test_a_correction_is_listed_with_old_new_and_why(scene: Scene, build: Build, data_manager: User) -> None:
    scene.report("2026-Q1", MANY)
    first = operations.publish(release=build("2026-Q1"), by=data_manager, at=now())
    _correct(scene, "East 1", girls=29, boys=22)

    second = build("2026-Q1", title="Summer")

    changed = {
        (row.group.name if row.group else "", row.category.name if row.category else ""): row
        for row in Restatement.objects.filter(release=second).select_related("group", "category")
    }
    assert set(changed) == {("", ""), ("", "Girls"), ("East", ""), ("East", "Girls")}
    row = changed["East", "Girls"]
    assert (row.old, row.new, row.why, row.previous) == (76, 85, Restatement.Why.CORRECTED, first)
    assert shown(first)["East", "Girls"] == 76


def test_what_one_release_hid_the_next_one_hides(scene: Scene, build: Build, data_manager: User) -> None:
    scene.report("2026-Q1", FEW_GIRLS_IN_THE_EAST)
    first = operations.publish(release=build("2026-Q1"), by=data_manager, at=now())
    hidden = {about for about, value in shown(first).items() if value is None}
    _correct(scene, "East 1", girls=40, boys=22)

    second = build("2026-Q1", title="Summer")

    assert hidden <= {about for about, value in shown(second).items() if value is None}


def test_a_total_that_would_give_away_what_an_earlier_release_hid_is_hidden(
    scene: Scene, build: Build, data_manager: User
) -> None:
    """The first release is by place and gender; the second, for others, asks for less of the same quarter."""
    scene.report("2026-Q1", FEW_GIRLS_IN_THE_EAST)
    first = operations.publish(release=build("2026-Q1"), by=data_manager, at=now())
    second = build("2026-Q1", audience="funder", title="For funders")

    assert shown(first) == shown(second)
    assert second.basis == [first.number]


def test_withdrawing_says_why_and_shows_it_to_nobody(scene: Scene, build: Build, data_manager: User) -> None:
    scene.report("2026-Q1", MANY)
    release = operations.publish(release=build("2026-Q1"), by=data_manager, at=now())

    with pytest.raises(operations.NotAllowed):
        operations.withdraw(release=release, because="  ", by=data_manager, at=now())
    operations.withdraw(release=release, because="A partner asked for it.", by=data_manager, at=now())

    assert not Release.objects.readable().exists()
    assert Release.objects.told().count() == 1


def test_a_release_of_nothing_says_so(scene: Scene, data_manager: User) -> None:
    release = operations.ask_for(
        initiative=scene.initiative, title="Empty", audience="public", asked=scene.asked("2026-Q1"),
        by=data_manager, at=now(),
    )  # fmt: skip
    work_off(building.KIND, building.build)

    run = release.run
    assert run is not None
    run.refresh_from_db()
    assert run.state == JobRun.State.FAILED
    assert "None of the chosen figures" in run.message


def test_totals_that_are_not_the_sums_of_reports_are_not_released(
    scene: Scene, data_manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who put in what is what everything here rests on."""
    scene.report("2026-Q1", MANY)
    monkeypatch.setattr(collecting, "contributions", lambda _indicator: iter(()))
    release = operations.ask_for(
        initiative=scene.initiative,
        title="Wrong",
        audience="public",
        asked=scene.asked("2026-Q1"),
        by=data_manager,
        at=now(),
    )
    work_off(building.KIND, building.build)

    run = release.run
    assert run is not None
    run.refresh_from_db()
    assert (run.state, "are not the sums" in run.message) == (JobRun.State.FAILED, True)


def test_shares_by_quarter_and_year_are_released_with_what_they_are_made_of(
    scene: Scene, data_manager: User, quarters: ReportingCalendar
) -> None:
    ready = measuring.indicator(scene.initiative, "ready", Kind.RATIO, decimals=1)
    years = measuring.calendar(scene.initiative, Frequency.CALENDAR_YEAR)
    measuring.assign(ready, scene.partners.values(), quarters)
    for code, numerator in (("2026-Q1", 20), ("2026-Q2", 23)):
        if code != "2026-Q1":
            measuring.open_(scene.initiative, code)
        for name in scene.partners:
            counts = {"served": 40, "served__girls": 20, "served__boys": 20}
            answers: dict[str, Any] = {"ready": (numerator, 50), **counts}
            measuring.report(scene.partners[name], code, **answers)
    periods = [*scene.periods("2026-Q1", "2026-Q2"), *years.periods.filter(code="2026")]
    asked = scene.asked() | {"indicators": [ready.pk], "periods": [each.pk for each in periods], "groups": []}
    release = operations.ask_for(
        initiative=scene.initiative, title="Shares", audience="funder", asked=asked, by=data_manager, at=now()
    )
    work_off(building.KIND, building.build)

    release.refresh_from_db()
    told = selectors.read(release).measure("ready")
    assert told is not None
    read = {each.period.label: each for each in told.curve()}
    assert len(read) == 3
    assert read["2026"].number == "43.0"
    assert [read["2026"].amount, read["2026"].base] == [387, 900]
    assert all(each.interval for each in told.curve() if each.standing == "final")


def _correct(scene: Scene, name: str, *, girls: int, boys: int) -> None:
    submission = Submission.objects.get(expected_report__organization=scene.partners[name])
    measuring.correct(
        submission,
        at=now() + timedelta(milliseconds=1),
        served=girls + boys,
        served__girls=girls,
        served__boys=boys,
    )
