"""What somebody typed and sent after their session had ended: kept until they have signed in again.

It lies in the visitor's session, which signing in carries over, and is shown again in the report's form.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from backbone.web.htmx import is_htmx, render_page
from initiatives.charter.access import visit_to

_KEY = "kept_report"
_MOST = 300_000  # characters of one report: visitors cannot fill the session store


def keeping_what_was_typed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views that take the form of a report: who is signed out comes back to the form as it was sent."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, report_id: UUID) -> HttpResponse:
        if request.method != "POST" or request.user.is_authenticated or visit_to(request, slug, report_id):
            return view(request, slug, report_id=report_id)
        _keep(request, report_id)
        back = reverse("measurement:submissions:report", args=[slug, report_id])
        sign_in = f"{reverse('account_login')}?next={back}"
        if is_htmx(request):
            template = "measurement/submissions/entry.html"
            seen = request.POST.get("version", "")[:20]
            return render_page(request, f"{template}#signed-out", {"sign_in": sign_in, "seen": seen})
        return redirect(sign_in)

    return guarded


def _keep(request: HttpRequest, report_id: UUID) -> None:
    sent = {name: text for name, text in request.POST.items() if name.startswith("figure-")}
    if sum(len(name) + len(text) for name, text in sent.items()) <= _MOST:
        request.session[_KEY] = {"report": str(report_id), "sent": _storable(sent)}


def _storable(sent: Mapping[str, Any]) -> dict[str, str]:
    return {name.replace("\0", ""): str(text).replace("\0", "") for name, text in sent.items()}


def kept_for(request: HttpRequest, report_id: UUID) -> dict[str, str]:
    kept = request.session.get(_KEY) or {}
    return dict(kept["sent"]) if kept.get("report") == str(report_id) else {}


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)
