"""An initiative with places and girls and boys, whose partners count the children that they serve."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.utils.timezone import now

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.charter.models import Initiative, PartnerGroup
from initiatives.directory import grouping
from initiatives.directory import operations as directory
from initiatives.jobs.models import JobRun
from initiatives.jobs.running import work_off
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators.models import Disaggregation, Indicator
from measurement.releases import building, operations
from measurement.releases.models import Release
from tests.factories import measuring, people


@dataclass
class Scene:
    """Partners by name, three in each place."""

    initiative: Initiative
    served: Indicator
    gender: Disaggregation
    partners: dict[str, Organization] = field(default_factory=dict)
    places: dict[str, PartnerGroup] = field(default_factory=dict)

    def periods(self, *codes: str) -> list[ReportingPeriod]:
        return list(
            ReportingPeriod.objects.filter(initiative=self.initiative, code__in=codes).order_by("start")
        )

    def asked(self, *codes: str, crossed: bool = True) -> dict[str, object]:
        return {
            "indicators": [self.served.pk],
            "periods": [period.pk for period in self.periods(*codes)],
            "groups": [place.pk for place in self.places.values()],
            "disaggregations": [self.gender.pk],
            "crossed": crossed,
        }

    def report(self, code: str, counts: dict[str, tuple[int, int]], *, at: datetime | None = None) -> None:
        """Girls and boys by partner; everybody is one of them."""
        for name, (girls, boys) in counts.items():
            measuring.report(
                self.partners[name],
                code,
                at=at,
                served=girls + boys,
                served__girls=girls,
                served__boys=boys,
            )


@pytest.fixture
def scene(initiative: Initiative, data_manager: User, quarters: ReportingCalendar) -> Scene:
    served = measuring.indicator(initiative, "served")
    made = Scene(initiative, served, measuring.breakdown(initiative, "gender", ["Girls", "Boys"]))
    for place in ("East", "North", "West"):
        group = PartnerGroup(initiative=initiative, code=place.lower(), name=place, kind="place")
        made.places[place] = directory.save_group(group=group, by=None, at=now())
        for number in (1, 2, 3):
            name = f"{place} {number}"
            made.partners[name] = people.organization(name, initiative)
            people.member(f"Reporter {name}", made.partners[name], Role.REPORTER)
            grouping.put_into_group(
                group=made.places[place], organization=made.partners[name], by=None, at=now()
            )
    measuring.assign(served, made.partners.values(), quarters, by_=[made.gender])
    measuring.open_(initiative, "2026-Q1")
    return made


Build = Callable[..., Release]


@pytest.fixture
def build(scene: Scene, data_manager: User) -> Build:
    """Asks for a release and lets the worker build it."""

    def make(
        *codes: str,
        audience: str = "public",
        title: str = "Spring",
        at: datetime | None = None,
        **fields: bool,
    ) -> Release:
        release = operations.ask_for(
            initiative=scene.initiative,
            title=title,
            audience=audience,
            asked=scene.asked(*codes, **fields),
            by=data_manager,
            at=at or now() + timedelta(seconds=1),
        )
        work_off(building.KIND, building.build)
        run = release.run
        assert run is not None
        run.refresh_from_db()
        assert run.state == JobRun.State.DONE, run.message
        return Release.objects.get(pk=release.pk)

    return make
