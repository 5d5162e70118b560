"""Not now, or not me: being reminded on another day, and passing a report on to a colleague."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from backbone.notifications import outbox
from backbone.web.dates import long_date
from measurement.reminding import links, wording
from measurement.reminding.models import AskedColleague, Snooze
from measurement.submissions.models import ExpectedReport
from measurement.submissions.own import due_day

# How long whoever has passed a late report on is left alone.
_QUIET: Final = timedelta(days=7)


class NotPossible(Exception):
    """The text says why to people."""


@transaction.atomic
def snooze(*, report: ExpectedReport, by: User, until: date, at: datetime) -> Snooze:
    """No reminder of it before that day, and one then. Said again it replaces what was said."""
    made, _is_new = Snooze.objects.update_or_create(
        expected_report=report,
        person=by,
        defaults={"initiative_id": report.initiative_id, "until": until, "at": at},
    )
    return made


def colleagues(report: ExpectedReport, *, of: User) -> list[User]:
    """The others of the organization who may fill it in."""
    people = links.reporters_of([report.organization_id]).get(report.organization_id, [])
    return [each for each in people if each.pk != of.pk]


@transaction.atomic
def ask(*, report: ExpectedReport, colleague: User, words: str, by: User, at: datetime) -> AskedColleague:
    """Mail the colleague who asks and for what; leave whoever asked alone until the report is due."""
    if colleague not in colleagues(report, of=by):
        raise NotPossible(_("%(name)s cannot fill in this report.") % {"name": colleague})
    asked = AskedColleague.objects.create(
        initiative_id=report.initiative_id,
        expected_report=report,
        by=by,
        colleague=colleague,
        words=words,
        at=at,
    )
    due_on, today = due_day(report, report.initiative), report.initiative.today(at)
    snooze(report=report, by=by, until=due_on if due_on > today else today + _QUIET, at=at)
    trail.record(
        "report.passed_on", about=report, by=by, at=at, details={"colleague": str(colleague.public_id)}
    )
    names = {"who": by, "organization": report.organization, "period": report.period}
    asks = _("%(who)s asks you to fill in the report of %(organization)s for %(period)s, due on %(day)s.")
    outbox.tell(
        [colleague],
        subject=_("%(who)s asks you for the report for %(period)s") % names,
        body="\n\n".join(filter(None, [asks % {**names, "day": long_date(due_on)}, words])),
        link=wording.where(report),
        urgent=True,
        at=at,
        tenant_id=report.initiative_id,
    )
    return asked
