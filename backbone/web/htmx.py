"""Answers that fit both a plain browser and htmx, so that a view says once what happened."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

VARIES_BY = ("HX-Request", "HX-Target")


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def wanted_partial(request: HttpRequest, partials: Collection[str]) -> str | None:
    """The listed partial that htmx wants to swap; None where a whole page is due, as in going back."""
    if not is_htmx(request) or request.headers.get("HX-History-Restore-Request") == "true":
        return None
    target = request.headers.get("HX-Target")
    return target if target in partials else None


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    partials: Collection[str] = (),
    status: int = 200,
) -> HttpResponse:
    """The whole page, or the one partial of it (partial name = element id) that htmx asked for."""
    partial = wanted_partial(request, partials)
    name = f"{template}#{partial}" if partial else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, VARIES_BY)
    return response


def done(request: HttpRequest, *, to: str, event: str | None = None) -> HttpResponse:
    """It happened. A plain browser goes on to `to`, and so does htmx, unless there is an `event` to tell.

    With an event the page stays: whatever listens to it refreshes itself, and where nothing listens
    `app.js` goes to `to`.
    """
    response: HttpResponse
    if not is_htmx(request):
        response = HttpResponseRedirect(to)
    elif event is None:
        response = HttpResponse(headers={"HX-Redirect": to})
    else:
        response = HttpResponse(status=204, headers={"HX-Trigger": json.dumps({event: {"to": to}})})
    patch_vary_headers(response, VARIES_BY)
    return response


def refused(
    request: HttpRequest, reason: Exception, *, status: int = 409, template: str = "refused.html"
) -> HttpResponse:
    """It did not happen, and `str(reason)` is the sentence that says why.

    htmx shows the sentence on top of the page, so that what was typed stays where it is.
    """
    if not is_htmx(request):
        return render_page(request, template, {"reason": str(reason)}, status=status)
    response = render(request, f"{template}#refusal", {"reason": str(reason)}, status=status)
    response.headers["HX-Retarget"] = "#refusal"
    response.headers["HX-Reswap"] = "innerHTML"
    patch_vary_headers(response, VARIES_BY)
    return response
