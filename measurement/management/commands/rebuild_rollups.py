from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from initiatives.charter.models import Initiative
from measurement.rollups import runs
from measurement.rollups.models import RollUpRun


class Command(BaseCommand):
    help = "Add up every figure of all initiatives, or of one, from the beginning."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("initiative", nargs="?", help="the address (slug) of one initiative")

    def handle(self, *args: Any, **options: Any) -> None:
        initiatives = Initiative.objects.order_by("slug")
        if options["initiative"]:
            initiatives = initiatives.filter(slug=options["initiative"])
            if not initiatives:
                raise CommandError(f"There is no initiative “{options['initiative']}”.")
        for initiative in initiatives:
            run = runs.rebuild(initiative=initiative, at=now(), progress=self.tell)
            self.stdout.write(f"{initiative.slug}: {run.cells} cells made.")

    def tell(self, run: RollUpRun) -> None:
        self.stdout.write(f"{run.initiative.slug}: {run.done} of {run.total} measures")
        self.stdout.flush()
