"""Milestones and last days as a file that calendars read."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from initiatives.actions.models import Action, Milestone
from initiatives.charter.models import Initiative


def calendar(
    initiative: Initiative,
    actions: Iterable[Action],
    milestones: Mapping[int, list[Milestone]],
    *,
    at: datetime,
) -> bytes:
    """Whole days, each with the address of its action. What is done is left out."""
    made = Calendar()
    made.add("prodid", "-//Backbone//Actions//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", initiative.name)
    for action in actions:
        last = _("%(name)s: last day") % {"name": action.name}
        made.add_component(_day(str(action.public_id), last, action, action.ends_on, at))
        for step in milestones.get(action.pk, []):
            if step.done_on is None:
                said = f"{action.name}: {step.name}"
                made.add_component(_day(str(step.public_id), said, action, step.due_on, at))
    content: bytes = made.to_ical()
    return content


def _day(uid: str, summary: str, action: Action, day: date, at: datetime) -> Event:
    made = Event()
    made.add("uid", uid)
    made.add("dtstamp", at)
    made.add("dtstart", day)
    made.add("dtend", day + timedelta(days=1))
    made.add("summary", summary)
    made.add("description", str(action.organization))
    made.add("url", settings.SITE_ADDRESS.rstrip("/") + action.get_absolute_url())
    return made
