from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from measurement.datapackage import demo


class Command(BaseCommand):
    help = (
        "Load the demo once, telling how far it is on the error output, and say who can sign in. "
        "Only where DEMO=true: its password is known to all."
    )

    def handle(self, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demo installation: DEMO is not set.")
        self.stderr.style_func = str
        if not demo.prepare(at=now(), progress=self.stderr.write):
            self.stderr.write("The demo is loaded already.")
        self.stdout.write(f"Sign in as one of these people. The password of all is: {demo.PASSWORD}\n\n")
        lines = [(it.role, it.name, it.email) for it in demo.sign_ins()]
        widths = [max(len(line[place]) for line in lines) for place in range(3)]
        for line in lines:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            self.stdout.write("  ".join(cells).rstrip())
