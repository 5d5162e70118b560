import os
from functools import cache
from time import monotonic

import structlog
from celery import Celery
from django.db import transaction
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu.connection import ConnectionPool
from kombu.exceptions import KombuError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backbone.settings")

log = structlog.get_logger(__name__)

app = Celery("backbone")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)

# Whoever approves must not wait for a broker that is away or silent: one short try, and then none for a while.
IMPATIENT = {"max_retries": 0, "socket_timeout": 1, "socket_connect_timeout": 1, "retry_on_timeout": False}
PAUSE = 10.0  # seconds


class Silence:
    """Until when no hints are sent from this process, because the last could not be."""

    until = 0.0


@cache
def connections() -> ConnectionPool:
    """Those for hints, apart from the patient ones of workers."""
    return app.connection_for_write(transport_options=IMPATIENT).Pool(limit=16)


def hint(task: str) -> None:
    """Tell a worker after commit that there is something to do. Lost hints cost delay: sweepers look too."""

    def send() -> None:
        if monotonic() < Silence.until:
            return
        try:
            with connections().acquire(block=True, timeout=1) as connection:
                app.send_task(task, retry=False, connection=connection)
        except KombuError:
            Silence.until = monotonic() + PAUSE
            log.warning("hint_not_sent", task=task)

    transaction.on_commit(send)
