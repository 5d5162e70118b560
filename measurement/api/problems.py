"""What went wrong, as RFC 9457 has it: a kind, a sentence for people, and where in the request it is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

MEDIA_TYPE: Final = "application/problem+json"


class Kind(Enum):
    """The name in `type`, with the status that it comes with."""

    NOT_READ = ("not-read", HTTPStatus.BAD_REQUEST)
    WRONG_PARAMETER = ("wrong-parameter", HTTPStatus.BAD_REQUEST)
    NOT_SIGNED_IN = ("not-signed-in", HTTPStatus.UNAUTHORIZED)
    NOT_ALLOWED = ("not-allowed", HTTPStatus.FORBIDDEN)
    NOT_THERE = ("not-there", HTTPStatus.NOT_FOUND)
    WRONG_METHOD = ("wrong-method", HTTPStatus.METHOD_NOT_ALLOWED)
    STALE = ("stale", HTTPStatus.CONFLICT)
    WRONG_STATE = ("wrong-state", HTTPStatus.CONFLICT)
    IN_FLIGHT = ("in-flight", HTTPStatus.CONFLICT)
    CHANGED = ("changed", HTTPStatus.PRECONDITION_FAILED)
    TOO_LARGE = ("too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    WRONG_MEDIA_TYPE = ("wrong-media-type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    NOT_RIGHT = ("not-right", HTTPStatus.UNPROCESSABLE_ENTITY)
    KEY_REUSED = ("key-reused", HTTPStatus.UNPROCESSABLE_ENTITY)
    TOO_MANY = ("too-many", HTTPStatus.TOO_MANY_REQUESTS)

    @property
    def slug(self) -> str:
        return self.value[0]

    @property
    def status(self) -> HTTPStatus:
        return self.value[1]


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong: a JSON pointer into the body, or the name of a parameter, and a sentence."""

    where: str
    sentence: str
    more: Mapping[str, Any] = field(default_factory=dict)


class Trouble(Exception):
    """The request is refused. `more` are members of the answer beside those of every problem."""

    def __init__(self, kind: Kind, detail: str, *, wrong: Iterable[Wrong] = (), **more: Any) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.wrong, self.more = kind, detail, list(wrong), more


def answer_to(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. None for what nobody foresaw, which is then raised."""
    trouble = exc if isinstance(exc, Trouble) else _trouble(exc)
    if trouble is None:
        return None
    headers = {}
    if header := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return Response(body_of(trouble), trouble.kind.status, headers=headers, content_type=MEDIA_TYPE)


def body_of(trouble: Trouble) -> dict[str, Any]:
    where = "parameter" if trouble.kind is Kind.WRONG_PARAMETER else "pointer"
    body: dict[str, Any] = {
        "type": f"{reverse('measurement:api:about')}#{trouble.kind.slug}",
        "title": trouble.kind.status.phrase,
        "status": int(trouble.kind.status),
        "detail": trouble.detail,
    }
    if trouble.wrong:
        body["errors"] = [{where: each.where, "detail": each.sentence, **each.more} for each in trouble.wrong]
    return body | trouble.more


_KNOWN: Final[tuple[tuple[type[Exception], Kind], ...]] = (
    (exceptions.NotAuthenticated, Kind.NOT_SIGNED_IN),
    (exceptions.AuthenticationFailed, Kind.NOT_SIGNED_IN),
    (exceptions.PermissionDenied, Kind.NOT_ALLOWED),
    (exceptions.MethodNotAllowed, Kind.WRONG_METHOD),
    (exceptions.UnsupportedMediaType, Kind.WRONG_MEDIA_TYPE),
    (exceptions.Throttled, Kind.TOO_MANY),
    (exceptions.ParseError, Kind.NOT_READ),
)


def _trouble(exc: Exception) -> Trouble | None:
    if isinstance(exc, Http404 | exceptions.NotFound):
        return Trouble(Kind.NOT_THERE, _("There is nothing at this address, or not for you."))
    if isinstance(exc, PermissionDenied):
        return Trouble(Kind.NOT_ALLOWED, _("You may see this initiative, but not do this."))
    if isinstance(exc, RequestDataTooBig):
        return Trouble(Kind.TOO_LARGE, _("This is more than can be taken at once. None of it was read."))
    kind = next((kind for known, kind in _KNOWN if isinstance(exc, known)), None)
    return Trouble(kind, str(getattr(exc, "detail", exc))) if kind else None


def flattened(detail: Any, where: str = "") -> Iterator[Wrong]:
    """The errors of a serializer, each with the JSON pointer to it."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else f"/{_escaped(str(name))}"
            yield from flattened(inner, where + step)
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            is_text = isinstance(inner, str)
            yield from flattened(inner, where if is_text else f"{where}/{place}")
    else:
        yield Wrong(where, str(detail))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
