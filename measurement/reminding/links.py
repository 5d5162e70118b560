"""Links that open exactly one due report: who can be sent one, sending, opening, what there is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from backbone.access.permissions import PERMISSIONS_OF_ROLE, SIDES_OF_ROLE, Permission, Side
from backbone.access.rows import only_tenant
from backbone.accounts.invitations import mark_of_visit
from backbone.accounts.models import User
from backbone.notifications import outbox
from backbone.web.dates import long_date
from initiatives.charter import visits
from initiatives.charter.models import Initiative
from initiatives.charter.visit_models import VisitLink
from initiatives.partners.models import Membership
from measurement.calendars.models import ReportingPeriod
from measurement.submissions import workflow
from measurement.submissions.models import ExpectedReport, Submission
from measurement.submissions.own import due_day

REPORTING_ROLES = [
    role
    for role, permissions in PERMISSIONS_OF_ROLE.items()
    if Permission.OWN_REPORT_EDIT in permissions and Side.PARTNER in SIDES_OF_ROLE[role]
]


class NotSent(Exception):
    """The text says why to people."""


@dataclass(frozen=True)
class Addressee:
    """Somebody who may fill in a report that has not been handed in."""

    report: ExpectedReport
    person: User

    @property
    def key(self) -> str:
        return f"{self.report.public_id}/{self.person.public_id}"


def reporters_of(organizations: Iterable[int]) -> dict[int, list[User]]:
    """By organization: active people with a current role in it that fills in reports, in one query."""
    rows = (
        Membership.objects.filter(
            organization__in=list(organizations),
            role__in=REPORTING_ROLES,
            ended_at=None,
            person__is_active=True,
        )
        .select_related("person")
        .order_by("person__name", "person_id")
    )
    found: dict[int, list[User]] = defaultdict(list)
    for row in rows:
        if row.person not in found[row.organization_id]:
            found[row.organization_id].append(row.person)
    return found


def is_to_do(report: ExpectedReport) -> bool:
    submission: Submission | None = getattr(report, "submission", None)
    return submission is None or submission.is_editable


def addressees(period: ReportingPeriod, *, at: datetime) -> list[Addressee]:
    """For each report of the period that is still to be handed in, the people who may do so."""
    still_here = (
        period.initiative.participations.current(period.initiative.today(at))
        .partners()
        .values("organization")
    )
    reports = [
        report
        for report in ExpectedReport.objects.filter(period=period, organization__in=still_here)
        .select_related("organization", "submission", "period", "initiative")
        .order_by("organization__name", "pk")
        if is_to_do(report)
    ]
    people = reporters_of(report.organization_id for report in reports)
    return [Addressee(report, person) for report in reports for person in people[report.organization_id]]


def make_for(
    initiative: Initiative, chosen: Sequence[Addressee], *, by: User | None, at: datetime
) -> list[VisitLink]:
    wanted = [visits.Wanted(each.person, each.report.organization, each.report.public_id) for each in chosen]
    return visits.make(initiative=initiative, wanted=wanted, by=by, at=at)


def address(initiative: Initiative, link: VisitLink) -> str:
    """With a mark where the token will be, once the mail is sent."""
    nothing = reverse("measurement:reminding:link", args=[initiative.slug, "-"])
    return nothing.removesuffix("-/") + mark_of_visit(link.public_id) + "/"


@transaction.atomic
def send(*, period: ReportingPeriod, chosen: Sequence[Addressee], by: User, at: datetime) -> int:
    """Mail each of them a link to their report. Raises NotSent where the period is not open."""
    if not period.is_open:
        raise NotSent(_("%(period)s is not open, so its reports cannot be filled in.") % {"period": period})
    made = make_for(period.initiative, chosen, by=by, at=at)
    for each, link in zip(chosen, made, strict=True):
        outbox.tell(
            [each.person],
            subject=_("Your report for %(period)s") % {"period": period},
            body=_asks(each.report, by),
            mail_body=_words(each.report, by),
            link=reverse("measurement:submissions:your-report", args=[period.initiative.slug]),
            mail_link=address(period.initiative, link),
            urgent=True,
            at=at,
            tenant_id=period.initiative_id,
        )
    return len(made)


def _asks(report: ExpectedReport, by: User) -> str:
    return _("%(who)s asks %(organization)s for the report for %(period)s, due on %(day)s.") % {
        "who": by,
        "organization": report.organization,
        "period": report.period,
        "day": long_date(due_day(report, report.initiative)),
    }


def _words(report: ExpectedReport, by: User) -> str:
    alone = _(
        "The link below opens this one report, without a password, for 14 days. It is meant for you alone: whoever has"
        " it can fill in the report in your name, so do not pass this mail on."
    )
    return f"{_asks(report, by)}\n\n{alone}"


def report_of(link: VisitLink) -> ExpectedReport | None:
    with only_tenant(link.initiative_id):
        return (
            ExpectedReport.objects.filter(public_id=link.about)
            .select_related("organization", "period", "initiative")
            .first()
        )


def open_(*, request: HttpRequest, link: VisitLink, at: datetime) -> Submission | None:
    """Exchange the link for a visit, and begin the report if nobody has. None where there is nothing to open.

    Whoever has signed in as the link's own person needs no visit.
    """
    report = report_of(link)
    if report is None:
        return None
    with only_tenant(link.initiative_id):
        submission = workflow.start(expected_report=report, at=at)
        if not request.user.is_authenticated:
            visits.begin(request, link, opens=submission.public_id, at=at)
    submission.initiative = link.initiative
    return submission


@dataclass(frozen=True)
class Sent:
    """A link as the list shows it."""

    link: VisitLink
    report: ExpectedReport | None
    works: bool


def with_reports(links: Iterable[VisitLink], *, at: datetime) -> list[Sent]:
    """With the reports that they are about, in one query."""
    links = list(links)
    known = {
        report.public_id: report
        for report in ExpectedReport.objects.filter(
            public_id__in=[link.about for link in links]
        ).select_related("period")
    }
    return [Sent(link, known.get(link.about), link.works(at)) for link in links]
