from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backbone.audit import trail
from backbone.audit.models import Seal


class Command(BaseCommand):
    help = "Walk the chain of the audit trail and say whether anything in it was changed, removed or put in."

    def handle(self, *args: Any, **options: Any) -> None:
        trail.seal()
        broken = trail.verify()
        if broken is not None:
            raise CommandError(
                f"The chain breaks at seal {broken.position}, which stands for event {broken.event_id}."
                " Compare it with a backup: what comes before is as it was."
            )
        self.stdout.write(f"The audit trail is whole: {Seal.objects.count()} events.")
