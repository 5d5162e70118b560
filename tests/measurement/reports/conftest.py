"""A published release with hidden figures, and who may read it."""

from dataclasses import dataclass, field

import pytest
from django.utils.timezone import now

from backbone.accounts.models import User
from measurement.releases import operations
from measurement.releases.models import Release
from measurement.releases.selectors import Reading, read
from measurement.reports.formats import Source, source_of
from tests.measurement.releases.conftest import Build, Scene, build, scene
from tests.measurement.releases.test_releases import FEW_GIRLS_IN_THE_EAST

__all__ = ["Published", "build", "scene"]


@dataclass
class Published:
    scene: Scene
    release: Release
    source: Source = field(init=False)

    def __post_init__(self) -> None:
        self.release.initiative = self.scene.initiative
        self.source = source_of(self.release)

    @property
    def reading(self) -> Reading:
        return read(self.release)

    @property
    def shown(self) -> int:
        return sum(1 for each in self.reading.measures[0].cells if each.state == "shown")


@pytest.fixture
def published(scene: Scene, build: Build, data_manager: User) -> Published:
    """For everybody: by place and gender, with small counts of girls in the East."""
    scene.initiative.licence = "CC BY 4.0"
    scene.initiative.name = "=cmd|' /C calc'!A0"
    scene.initiative.save()
    scene.report("2026-Q1", FEW_GIRLS_IN_THE_EAST)
    return Published(scene, operations.publish(release=build("2026-Q1"), by=data_manager, at=now()))
