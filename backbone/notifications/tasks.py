from celery import shared_task
from django.utils.timezone import now

from backbone.notifications import digests, outbox


@shared_task(name="notifications.send_waiting")
def send_waiting() -> None:
    outbox.send_waiting(at=now())


@shared_task(name="notifications.send_digests")
def send_digests() -> None:
    digests.send_digests(at=now())
