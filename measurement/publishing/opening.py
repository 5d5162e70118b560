"""Opening and closing an initiative's public page."""

from datetime import datetime

from django.db import transaction

from backbone.accounts.models import User
from backbone.audit import trail
from initiatives.charter.models import Initiative
from measurement.publishing.models import PublicPage


@transaction.atomic
def decide(
    *, initiative: Initiative, is_open: bool, frames: list[str], by: User | None, at: datetime
) -> PublicPage:
    page, _made = PublicPage.objects.select_for_update().get_or_create(initiative=initiative)
    page.is_open, page.frames = is_open, frames
    page.save(update_fields=["is_open", "frames"])
    details = {"is_open": is_open, "frames": frames}
    trail.record("public_page.decided", about=page, by=by, at=at, details=details)
    return page
