from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from initiatives.charter.models import Initiative
from measurement.indicators.models import Indicator
from measurement.rollups import runs


class Command(BaseCommand):
    help = "Try once more to add up what failed so often that it was parked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("initiative", help="the address (slug) of the initiative")
        parser.add_argument("indicator", nargs="?", help="the code of one measure")

    def handle(self, *args: Any, **options: Any) -> None:
        initiative = Initiative.objects.filter(slug=options["initiative"]).first()
        if initiative is None:
            raise CommandError(f"There is no initiative “{options['initiative']}”.")
        indicator = None
        if options["indicator"]:
            indicator = Indicator.objects.in_initiative(initiative).filter(code=options["indicator"]).first()
            if indicator is None:
                raise CommandError(f"There is no measure “{options['indicator']}”.")
        keys = runs.retry_parked(initiative=initiative, indicator=indicator, by=None, at=now())
        self.stdout.write(f"{initiative.slug}: {keys} sums will be tried again.")
