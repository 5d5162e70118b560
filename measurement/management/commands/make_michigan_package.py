from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from measurement.datapackage.michigan import make


class Command(BaseCommand):
    help = "Make the package of the demo anew from public figures: see measurement/datapackage/packages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, metavar="MATHPNL")
        parser.add_argument("place", type=Path, metavar="FOLDER_OR_ZIP")

    def handle(self, **options: Any) -> None:
        make(options["source"], options["place"])
