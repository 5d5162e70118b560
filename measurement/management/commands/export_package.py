from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from initiatives.charter.models import Initiative
from measurement.datapackage.containers import Refused
from measurement.datapackage.exporting import export


class Command(BaseCommand):
    help = "Write an initiative as a data package: a folder, or an archive where the name ends in .zip."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("place", type=Path, metavar="FOLDER_OR_ZIP")
        parser.add_argument("--people", action="store_true", help="with names and e-mail addresses")

    def handle(self, **options: Any) -> None:
        initiative = Initiative.objects.filter(slug=options["slug"]).first()
        if initiative is None:
            raise CommandError(f"There is no initiative “{options['slug']}”.")
        try:
            export(
                initiative=initiative,
                to=options["place"],
                people=options["people"],
                progress=self.stdout.write,
            )
        except (Refused, OSError) as refused:
            raise CommandError(str(refused)) from refused
