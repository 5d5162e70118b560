from celery import shared_task
from django.utils.timezone import now

from backbone.notifications import outbox


@shared_task(name="notifications.send_waiting")
def send_waiting() -> None:
    outbox.send_waiting(at=now())
