"""What the backbone says about its own initiative."""

from datetime import datetime

from django.db import transaction

from backbone.accounts.models import User
from backbone.audit import trail
from initiatives.charter.models import Change, Initiative

SETTINGS = (
    "name",
    "summary",
    "source_note",
    "licence",
    "time_zone",
    "currency",
    "final_at_completeness",
    "release_k",
    "release_fewest",
)


@transaction.atomic
def change_settings(*, initiative: Initiative, by: User, at: datetime) -> None:
    """Store the settings of a changed initiative; the trail keeps what they were before."""
    before = Initiative.objects.select_for_update().get(pk=initiative.pk)
    changed = [name for name in SETTINGS if getattr(before, name) != getattr(initiative, name)]
    if not changed:
        return
    initiative.save(update_fields=changed)
    if "time_zone" in changed:  # what is due moves with it
        Change.objects.create(initiative=initiative, what=Change.What.TIME_ZONE, at=at)
    was = {name: str(getattr(before, name)) for name in changed}
    trail.record("initiative.settings_changed", about=initiative, by=by, at=at, details={"was": was})
