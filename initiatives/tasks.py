from celery import shared_task
from django.utils.timezone import now

from initiatives.jobs import operations


@shared_task(name="initiatives.sweep_jobs")
def sweep_jobs() -> None:
    operations.sweep(at=now())
