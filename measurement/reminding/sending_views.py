"""Signed links as staff and partners' managers see them: sending, what there is, revoking."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from backbone.access.permissions import Permission
from backbone.web.forms import ErrorLine
from backbone.web.htmx import done, refused, render_page
from backbone.web.pagination import paginate
from initiatives.charter import visits
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from initiatives.charter.visit_models import VisitLink
from measurement.calendars.models import ReportingPeriod
from measurement.reminding import links as sent_links

_PAGE = ["GET", "HEAD", "POST"]


def _links(request: InitiativeRequest) -> QuerySet[VisitLink]:
    """Staff see those of every partner, a partner's managers those of their own people."""
    rows = VisitLink.objects.filter(initiative=request.access.initiative)
    if not request.access.may(Permission.SUBMISSIONS_REVIEW):
        rows = rows.filter(organization__in=request.access.organizations(Permission.LINKS_MANAGE))
    return rows.select_related("person", "organization", "made_by", "revoked_by")


@requires(Permission.LINKS_MANAGE)
@require_safe
def links(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    page = paginate(request, _links(request))
    context = {"page": page, "rows": sent_links.with_reports(page.object_list, at=now())}
    return render_page(request, "measurement/reminding/links.html", context)


@requires(Permission.LINKS_MANAGE)
@require_http_methods(_PAGE)
def revoke_link(request: InitiativeRequest, initiative: Initiative, link_id: UUID) -> HttpResponse:
    """Asks first, by name, and says what stays."""
    link = get_object_or_404(_links(request), public_id=link_id)
    back = reverse("measurement:reminding:links", args=[initiative.slug])
    if request.method != "POST":
        row = sent_links.with_reports([link], at=now())[0]
        return render_page(request, "measurement/reminding/revoke_link.html", {"row": row, "back": back})
    visits.revoke(link=link, by=request.user, at=now())
    messages.success(request, _("The link of %(who)s opens nothing any more.") % {"who": link.person})
    return done(request, to=back)


@requires(Permission.SUBMISSIONS_REVIEW)
@require_http_methods(_PAGE)
def send_links(request: InitiativeRequest, initiative: Initiative, period_id: UUID) -> HttpResponse:
    """Who has not handed in, and who of them is sent a link."""
    period = get_object_or_404(
        ReportingPeriod.objects.in_initiative(initiative).select_related("calendar", "initiative"),
        public_id=period_id,
    )
    everybody = sent_links.addressees(period, at=now())
    ticked = set(request.POST.getlist("to"))
    chosen = [each for each in everybody if each.key in ticked]
    if request.method == "POST" and chosen:
        return _send(request, period, chosen)
    context = {
        "period": period,
        "everybody": everybody,
        "only": request.GET.get("report", "")[:40],
        "lines": [ErrorLine(_("Tick at least one person."), "to-1")] if request.method == "POST" else [],
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "measurement/reminding/send_links.html", context, status=status)


def _send(
    request: InitiativeRequest, period: ReportingPeriod, chosen: list[sent_links.Addressee]
) -> HttpResponse:
    try:
        count = sent_links.send(period=period, chosen=chosen, by=request.user, at=now())
    except sent_links.NotSent as reason:
        return refused(request, reason)
    words = ngettext("%(count)d link is on its way.", "%(count)d links are on their way.", count)
    messages.success(request, words % {"count": count})
    return done(request, to=reverse("measurement:reminding:links", args=[period.initiative.slug]))
