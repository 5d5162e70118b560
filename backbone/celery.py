import os

import structlog
from celery import Celery
from django.db import transaction
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backbone.settings")

log = structlog.get_logger(__name__)

app = Celery("backbone")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


def hint(task: str) -> None:
    """Tell a worker after commit that there is something to do. Lost hints cost delay: sweepers look too."""

    def send() -> None:
        try:
            app.send_task(task, retry=False)
        except OperationalError:
            log.warning("hint_not_sent", task=task)

    transaction.on_commit(send)
