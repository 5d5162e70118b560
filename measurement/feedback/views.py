"""What became of a partner's figures."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.feedback.receipts import receipt_of
from measurement.submissions import selectors


@requires(Permission.OWN_FIGURES_VIEW)
@require_safe
def became(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    submission = selectors.own_report(request.access, Permission.OWN_FIGURES_VIEW, report_id)
    context = {
        "submission": submission,
        "report": submission.expected_report,
        "receipt": receipt_of(submission, at=now()),
    }
    return render_page(request, "measurement/feedback/became.html", context)
