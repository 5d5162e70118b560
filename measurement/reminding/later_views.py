"""Being reminded on another day, asking a colleague, and the schedule of a calendar."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.dates import long_date
from backbone.web.htmx import done, refused, render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.calendars.models import ReportingCalendar
from measurement.reminding import later as operations
from measurement.reminding import schedules, wording
from measurement.reminding.forms import AskForm, LaterForm, ScheduleForm
from measurement.submissions import selectors
from measurement.submissions.models import ExpectedReport
from measurement.submissions.own import due_day


@requires(Permission.OWN_REPORT_EDIT)
@require_safe
def later(request: InitiativeRequest, initiative: Initiative, expected_id: UUID) -> HttpResponse:
    return _page(request, selectors.own_expected(request.access, expected_id))


@requires(Permission.OWN_REPORT_EDIT)
@require_POST
def snooze(request: InitiativeRequest, initiative: Initiative, expected_id: UUID) -> HttpResponse:
    report = selectors.own_expected(request.access, expected_id)
    form = LaterForm(request.POST, today=initiative.today(now()))
    if not form.is_valid():
        return _page(request, report, later_form=form)
    made = operations.snooze(report=report, by=request.user, until=form.cleaned_data["until"], at=now())
    messages.success(request, _("We remind you on %(day)s.") % {"day": long_date(made.until)})
    return done(request, to=wording.where(report))


@requires(Permission.OWN_REPORT_EDIT)
@require_POST
def ask(request: InitiativeRequest, initiative: Initiative, expected_id: UUID) -> HttpResponse:
    report = selectors.own_expected(request.access, expected_id)
    form = AskForm(request.POST, people=operations.colleagues(report, of=request.user))
    if not form.is_valid():
        return _page(request, report, ask_form=form)
    try:
        asked = operations.ask(report=report, **form.cleaned_data, by=request.user, at=now())
    except operations.NotPossible as reason:
        return refused(request, reason)
    messages.success(request, _("%(name)s gets a mail from us.") % {"name": asked.colleague})
    return done(request, to=wording.where(report))


def _page(
    request: InitiativeRequest,
    report: ExpectedReport,
    *,
    later_form: LaterForm | None = None,
    ask_form: AskForm | None = None,
) -> HttpResponse:
    initiative = request.access.initiative
    people = operations.colleagues(report, of=request.user)
    wrong = later_form or ask_form
    context = {
        "report": report,
        "due_day": due_day(report, initiative),
        "people": people,
        "later_form": later_form or LaterForm(today=initiative.today(now())),
        "ask_form": ask_form or AskForm(people=people),
        "wrong": wrong,
    }
    return render_page(request, "measurement/reminding/later.html", context, status=422 if wrong else 200)


@requires(Permission.PERIODS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: InitiativeRequest, initiative: Initiative, calendar_id: UUID) -> HttpResponse:
    calendar = get_object_or_404(ReportingCalendar, initiative=initiative, public_id=calendar_id)
    sent = request.POST if request.method == "POST" else None
    form = ScheduleForm(sent, instance=schedules.of(calendar))
    back = reverse("measurement:planning:calendar", args=[initiative.slug, calendar.public_id])
    if form.is_valid():
        schedules.save(schedule=form.instance, by=request.user, at=now())
        messages.success(request, _("The reminders are changed."))
        return done(request, to=back)
    context = {
        "form": form,
        "heading": _("Reminders for %(calendar)s") % {"calendar": calendar},
        "button": _("Save the reminders"),
        "back": back,
    }
    template = "measurement/reminding/schedule.html"
    return render_page(request, template, context, status=422 if form.errors else 200)
