from celery import shared_task

from backbone.audit import trail


@shared_task(name="audit.seal")
def seal() -> None:
    trail.seal()
