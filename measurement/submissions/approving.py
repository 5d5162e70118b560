"""Approving many reports at once: as long work, each in its own transaction, so that one that cannot be approved
holds up no other."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.jobs import operations as jobs
from initiatives.jobs.models import JobRun
from initiatives.jobs.running import Work
from measurement.submissions import queue, workflow
from measurement.submissions.models import ExpectedReport, NotAllowed, Submission
from measurement.submissions.reading import NotRight

KIND: Final = "measurement.approve_reports"
MOST: Final = 200  # at once: somebody should be able to look over the list

Status = Submission.Status


def ready(reports: QuerySet[ExpectedReport]) -> QuerySet[ExpectedReport]:
    """Those of them that wait and have no open question, the oldest first; of locked periods none."""
    waiting = reports.filter(submission__status=Status.SUBMITTED, period__locked_at=None)
    return (
        queue.without_open_questions(waiting)
        .select_related("organization", "period", "submission")
        .order_by("submission__submitted_at", "pk")
    )


def words_for(reports: Iterable[ExpectedReport]) -> str:
    """What is going to happen: "Approve 12 reports of 9 partners"."""
    reports = list(reports)
    partners = len({report.organization_id for report in reports})
    of = ngettext("of %(count)d partner", "of %(count)d partners", partners) % {"count": partners}
    words = ngettext("Approve %(count)d report %(of)s", "Approve %(count)d reports %(of)s", len(reports))
    return words % {"count": len(reports), "of": of}


def approve_many(
    *, initiative: Initiative, seen: dict[str, int], title: str, by: User, at: datetime
) -> JobRun:
    """Leave the work for a worker. `seen`: which state of each report the reviewer has looked at."""
    return jobs.start(
        initiative=initiative, kind=KIND, title=title, parameters={"seen": seen, "refused": []}, by=by, at=at
    )


def carry_out(work: Work) -> None:
    """For the run that was started. Twice is the same as once: what this run has approved counts as done."""
    run = work.run
    reports = Submission.objects.in_initiative(run.initiative).with_names()
    seen: dict[str, int] = run.parameters["seen"]
    refused: list[dict[str, Any]] = []
    waiting = {str(each.public_id): each for each in reports.filter(public_id__in=seen)}
    for place, (public_id, version) in enumerate(seen.items()):
        work.progress(place, len(seen))
        submission = waiting.get(public_id)
        if submission is None or run.started_by is None:
            continue
        submission.initiative = run.initiative
        why = _approve(submission, version, run)
        if why:
            refused.append({"report": str(submission), "to": submission.get_absolute_url(), "why": why})
    run.parameters = {"seen": seen, "refused": refused}
    JobRun.objects.filter(pk=run.pk).update(parameters=run.parameters)
    result = reverse("measurement:submissions:approved", args=[run.initiative.slug, run.public_id])
    work.finish(message=_said(len(seen), len(refused)), result=result)


def _approve(submission: Submission, version: int, run: JobRun) -> str:
    """Why it could not be approved; empty where it is."""
    by = run.started_by
    if by is None or _done_before(submission, run):
        return ""
    try:
        workflow.approve(submission=submission, by=by, at=now(), version=version)
    except NotAllowed as reason:
        return str(reason)
    except NotRight as reason:
        return reason.reading.problems[0].sentence
    return ""


def _done_before(submission: Submission, run: JobRun) -> bool:
    """By this run, whose worker has died since."""
    decided_at = submission.decided_at
    is_mine = submission.decided_by_id == run.started_by_id
    return (
        submission.status == Status.APPROVED
        and is_mine
        and decided_at is not None
        and decided_at >= run.created_at
    )


def _said(asked: int, refused: int) -> str:
    words = ngettext("%(count)d report approved.", "%(count)d reports approved.", asked - refused)
    words %= {"count": asked - refused}
    if refused:
        left = ngettext("%(count)d could not be.", "%(count)d could not be.", refused)
        words = f"{words} {left % {'count': refused}}"
    return words or _("Nothing to approve.")
