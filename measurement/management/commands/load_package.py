from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from measurement.datapackage.loading import load
from measurement.datapackage.problems import Unfit


class Command(BaseCommand):
    help = (
        "Load an initiative from a data package. What is wrong with it is listed, and then nothing is stored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("place", type=Path, metavar="FOLDER_OR_ZIP")
        parser.add_argument("--rename", default="", metavar="SLUG", help="load it under another address")

    def handle(self, **options: Any) -> None:
        try:
            loaded = load(
                place=options["place"],
                rename=options["rename"],
                by=None,
                at=now(),
                progress=self.stdout.write,
            )
        except Unfit as unfit:
            raise CommandError(f"{unfit}\nNothing was loaded.") from unfit
        for table, count in loaded.kept.items():
            self.stdout.write(f"{table}: {count} rows differ from what is stored, which was left as it is")
        for table, count in loaded.new.items():
            self.stdout.write(f"{table}: {count} new")
        self.stdout.write(f"{loaded.initiative.slug}: {sum(loaded.new.values())} new rows")
