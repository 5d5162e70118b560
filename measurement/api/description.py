"""The API described: as OpenAPI for programs, and as a plain page for people."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator

from backbone.access.policy import public
from backbone.web.htmx import render_page
from measurement.api.problems import MEDIA_TYPE, Kind
from measurement.api.sending import MOST_PER_PAGE

_READING: Final = (Kind.WRONG_PARAMETER, Kind.NOT_SIGNED_IN, Kind.NOT_ALLOWED, Kind.NOT_THERE, Kind.TOO_MANY)
_CHANGING: Final = (
    *_READING,
    Kind.STALE,
    Kind.CHANGED,
    Kind.TOO_LARGE,
    Kind.WRONG_MEDIA_TYPE,
    Kind.NOT_RIGHT,
)
MEANINGS: Final = {
    Kind.NOT_READ: _("The request cannot be read: it is no JSON, or a header makes no sense."),
    Kind.WRONG_PARAMETER: _("A parameter is not known, comes twice, or has a value that makes no sense."),
    Kind.NOT_SIGNED_IN: _("There is no key, or it does not work any more."),
    Kind.NOT_ALLOWED: _("The key or the person may see the initiative, but not do this."),
    Kind.NOT_THERE: _("There is nothing at this address, or not for whoever asks."),
    Kind.WRONG_METHOD: _("The address does not take this method."),
    Kind.STALE: _("Somebody else has saved the report since it was read; “conflicts” has both values."),
    Kind.WRONG_STATE: _("The report is in a state in which this step is not possible."),
    Kind.IN_FLIGHT: _("A request with the same Idempotency-Key is being worked on."),
    Kind.CHANGED: _("If-Match names another state than the one there is."),
    Kind.TOO_LARGE: _("The body is larger than can be taken at once."),
    Kind.WRONG_MEDIA_TYPE: _("The body is not sent as application/json."),
    Kind.NOT_RIGHT: _("Something in the body, or in the report, cannot be right; “errors” point at it."),
    Kind.KEY_REUSED: _("The Idempotency-Key was used for another request."),
    Kind.TOO_MANY: _("Too many requests in a minute: Retry-After says for how long to wait."),
}
_PROBLEM: Final = {
    "type": "object",
    "description": "RFC 9457. `detail` is a sentence for people; `errors` point at what is wrong.",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string"},
                    "parameter": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
}
_INFO: Final = {
    "title": "Backbone",
    "version": "1",
    "description": "What was agreed, what was measured, and what it adds up to. Keys are made by an organization's"
    " manager, and act for that organization.",
}


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "measurement.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key of an organization: `Bearer bb_…`."}


# Classes that tell something are called shapes here; what they tell is not.
_SHAPE: Final = re.compile(r"\b([A-Z]\w+?)Shape\b")


@cache
def schema() -> dict[str, Any]:
    """OpenAPI 3, made once for each process."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    named: dict[str, Any] = json.loads(_SHAPE.sub(r"\1", json.dumps(made)))
    named["info"] = _INFO
    named["components"]["schemas"]["Problem"] = _PROBLEM
    for path, method, operation in _operations(named):
        _complete(path, method, operation)
    return named


def _operations(made: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """What comes with every address, and so stands at none of them."""
    reads = method == "get"
    names = ["If-None-Match"] if reads else ["Idempotency-Key"]
    if not reads and "{report_id}" in path:
        names.append("If-Match")
    operation.setdefault("parameters", []).extend(
        {"in": "header", "name": name, "schema": {"type": "string", "minLength": 1, "maxLength": 255}}
        for name in names
    )
    if reads:
        operation["responses"]["304"] = {"description": "Not changed"}
    for kind in _READING if reads else _CHANGING:
        operation["responses"][str(int(kind.status))] = {
            "description": kind.status.phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }


@public("describes addresses, and tells nobody's data")
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(schema(), headers={"Cache-Control": "public, max-age=300"})


@dataclass(frozen=True)
class Line:
    """One address on the page."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[str]


def _lines() -> Iterator[Line]:
    for path, method, operation in _operations(schema()):
        named = [each["name"] for each in operation["parameters"] if each["in"] == "query"]
        yield Line(
            operation["operationId"],
            method.upper(),
            path,
            operation.get("summary", ""),
            operation.get("description", ""),
            named,
        )


@public("describes addresses, and tells nobody's data")
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    context = {
        "lines": list(_lines()),
        "kinds": list(MEANINGS.items()),
        "a_minute": settings.API_REQUESTS_A_MINUTE,
        "a_page": MOST_PER_PAGE,
    }
    return render_page(request, "measurement/api/about.html", context)
