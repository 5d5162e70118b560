from celery import shared_task
from django.utils.timezone import now

from measurement.rollups import runs


@shared_task(name="measurement.roll_up_changed")
def roll_up_changed() -> None:
    runs.roll_up_changed(at=now())
