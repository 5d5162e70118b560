from celery import shared_task
from django.utils.timezone import now

from initiatives.charter.models import Initiative
from initiatives.jobs.running import work_off
from measurement.api import again
from measurement.forecasting import operations as forecasting
from measurement.imports import applying, checking
from measurement.networks import copying
from measurement.releases import building
from measurement.reminding import sending
from measurement.reports import printing
from measurement.rollups import runs, shadow
from measurement.submissions import approving


@shared_task(name="measurement.roll_up_changed")
def roll_up_changed() -> None:
    runs.roll_up_changed(at=now())


@shared_task(name="measurement.copy_to_networks")
def copy_to_networks() -> None:
    copying.copy_to_networks()


@shared_task(name="measurement.freeze_forecasts")
def freeze_forecasts() -> None:
    for initiative in Initiative.objects.filter(closed_at=None):
        forecasting.freeze(initiative=initiative, at=now())


@shared_task(name="measurement.check_rollups")
def check_rollups() -> None:
    for initiative_id in Initiative.objects.values_list("pk", flat=True):
        check_rollups_of.delay(initiative_id)


@shared_task(name="measurement.check_rollups_of")
def check_rollups_of(initiative_id: int) -> None:
    shadow.check(initiative=Initiative.objects.get(pk=initiative_id), at=now())


@shared_task(name="measurement.forget_kept_answers")
def forget_kept_answers() -> None:
    again.forget(at=now())


@shared_task(name="measurement.send_reminders")
def send_reminders() -> None:
    sending.remind(at=now())


@shared_task(name=checking.KIND)
def check_file() -> None:
    work_off(checking.KIND, checking.check)


@shared_task(name=applying.KIND)
def apply_file() -> None:
    work_off(applying.KIND, applying.apply)


@shared_task(name=building.KIND)
def build_releases() -> None:
    work_off(building.KIND, building.build)


@shared_task(name=approving.KIND)
def approve_reports() -> None:
    work_off(approving.KIND, approving.carry_out)


@shared_task(name=printing.KIND)
def print_releases() -> None:
    work_off(printing.KIND, printing.make)
