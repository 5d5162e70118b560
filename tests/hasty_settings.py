"""The project's settings with a quick clock, for tests that wait for what the schedule does by itself."""

from typing import Any

from backbone.settings import *  # noqa: F403
from backbone.settings import CELERY_BEAT_SCHEDULE

every: dict[str, Any]
for every in CELERY_BEAT_SCHEDULE.values():
    if isinstance(every["schedule"], float):
        every["schedule"] /= 10
