"""Due dates for calendar programs, at a secret address: no figure and nobody's state of work stands in them.

Decisions. Calendar programs cannot sign in, so the address is the permission: 256 bits, kept as a digest, one for each
person, initiative and scope, replaced or revoked at any time. What its person may see is asked anew at each reading.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from secrets import token_urlsafe
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from backbone.access.permissions import Permission
from backbone.access.rows import only_tenant
from backbone.accounts.invitations import digest
from backbone.accounts.models import User
from backbone.audit import trail
from initiatives.charter.access import Access, standings_of
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingPeriod
from measurement.reminding.models import FeedAddress
from measurement.submissions.models import Assignment

_BACK, _AHEAD = timedelta(days=400), timedelta(days=400)
_USE_NOTED_EVERY: Final = timedelta(minutes=1)
_NOWHERE: Final = 0
PERMISSION_OF: Final = {
    FeedAddress.Scope.OWN: Permission.OWN_FIGURES_VIEW,
    FeedAddress.Scope.WHOLE: Permission.SUBMISSIONS_VIEW_ALL,
}


@transaction.atomic
def make(
    *, initiative: Initiative, person: User, scope: FeedAddress.Scope, by: User, at: datetime
) -> tuple[FeedAddress, str]:
    """The row, and the token, which is known only now. An address that there was opens nothing any more."""
    FeedAddress.objects.filter(initiative=initiative, person=person, scope=scope).delete()
    token = token_urlsafe(32)
    made = FeedAddress.objects.create(
        initiative=initiative, person=person, scope=scope, token_digest=digest(token), made_at=at
    )
    trail.record("feed.made", about=made, by=by, at=at, details={"scope": scope.value})
    return made, token


@transaction.atomic
def revoke(*, initiative: Initiative, person: User, scope: FeedAddress.Scope, by: User, at: datetime) -> None:
    """Twice is the same as once."""
    for each in FeedAddress.objects.filter(initiative=initiative, person=person, scope=scope):
        trail.record("feed.revoked", about=each, by=by, at=at, details={"scope": scope.value})
        each.delete()


def read(slug: str, token: str, *, at: datetime) -> bytes | None:
    """The calendar at the address; None where there is none, or its person may not see it any more."""
    tenant = Initiative.objects.filter(slug=slug).values_list("pk", flat=True).first() or _NOWHERE
    with only_tenant(tenant):
        address = (
            FeedAddress.objects.filter(token_digest=digest(token), person__is_active=True)
            .select_related("person", "initiative")
            .first()
        )
        standings = standings_of(address.person if address else User(pk=_NOWHERE))
        if address is None:
            return None
        access = Access(address.initiative, tuple(s for s in standings if s.initiative.pk == tenant))
        if not access.may(PERMISSION_OF[FeedAddress.Scope(address.scope)]):
            return None
        if address.used_at is None or at - address.used_at >= _USE_NOTED_EVERY:
            FeedAddress.objects.filter(pk=address.pk).update(used_at=at)
        return bytes(_calendar(address, access, at=at).to_ical())


def _calendar(address: FeedAddress, access: Access, *, at: datetime) -> Calendar:
    made = Calendar()
    made.add("prodid", "-//Backbone//Due dates//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", str(access.initiative))
    whole = address.scope == FeedAddress.Scope.WHOLE
    events = (
        _of_everybody(access.initiative, at)
        if whole
        else _of_own(access.initiative, access.organizations(Permission.OWN_FIGURES_VIEW), at)
    )
    for event in events:
        made.add_component(event)
    return made


def _periods(initiative: Initiative, at: datetime) -> list[ReportingPeriod]:
    today = initiative.today(at)
    return list(
        ReportingPeriod.objects.in_initiative(initiative)
        .filter(due_on__gte=today - _BACK, start__lte=today + _AHEAD)
        .select_related("calendar")
        .order_by("due_on", "pk")
    )


def _of_everybody(initiative: Initiative, at: datetime) -> Iterator[Event]:
    for period in _periods(initiative, at):
        yield _event(f"{period.public_id}-period", period.label, period.start, period.end, at)
        words = _("%(period)s: reports are due") % {"period": period.label}
        yield _event(f"{period.public_id}-due", words, period.due_on, period.due_on, at)


def _of_own(initiative: Initiative, organizations: list[Organization], at: datetime) -> Iterator[Event]:
    """Of periods in which the organization has something to report, opened or still to come."""
    assigned = Assignment.objects.filter(
        Q(organization__in=organizations), initiative=initiative
    ).select_related("organization")
    rows = list(assigned.order_by("organization__name", "organization_id"))
    for period in _periods(initiative, at):
        asked = {
            row.organization_id: row.organization
            for row in rows
            if row.calendar_id == period.calendar_id
            and row.starts_on <= period.end
            and (row.ends_on is None or row.ends_on >= period.start)
        }
        for organization in asked.values():
            words = _("%(organization)s: report for %(period)s is due") % {
                "organization": organization,
                "period": period.label,
            }
            yield _event(
                f"{period.public_id}-{organization.public_id}", words, period.due_on, period.due_on, at
            )


def _event(key: str, words: str, first: date, last: date, at: datetime) -> Event:
    """All day, from the first to the last day: in a calendar an event ends before its end. It leaves people free."""
    event = Event()
    event.add("uid", f"{key}@{urlsplit(settings.SITE_ADDRESS).hostname or 'backbone'}")
    event.add("dtstamp", at)
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))
    event.add("summary", words)
    event.add("transp", "TRANSPARENT")
    return event
