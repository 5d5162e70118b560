"""What every address of the API has in common: who may, within whose rows, once, and what has not changed."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backbone.access.permissions import Permission
from backbone.access.rows import only_tenant
from initiatives.charter.access import Access, access_to
from initiatives.charter.models import Initiative
from measurement.api import again
from measurement.api.asking import ApiRequest
from measurement.api.authentication import KeyAuthentication, Known, PerKey, standings
from measurement.api.problems import Kind, Trouble, answer_to
from measurement.api.sending import no_parameters

P = ParamSpec("P")
_NEEDS: Final = "needs"


class StrictJson(JSONParser):
    """Nested without end is not read, and is no fault of ours."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError as deep:
            raise ParseError(_("This is nested too deeply.")) from deep


class AlwaysJson(BaseContentNegotiation):
    """There is one way in which this API answers, whatever a program says that it takes."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return next((each for each in parsers if each.media_type == _media_type(request)), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


def _media_type(request: Request) -> str:
    return str(request.content_type or "").partition(";")[0].strip().lower()


# An address within an initiative. Each of its methods says by `reads` or `writes` what it needs. (What would stand in
# its docstring would be told to programs, of every address.)
class Endpoint(APIView):
    authentication_classes = (KeyAuthentication, SessionAuthentication)
    permission_classes = (Known,)
    throttle_classes = (PerKey,)
    parser_classes = (StrictJson,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = AlwaysJson
    metadata_class = None
    http_method_names = ("get", "head", "post", "patch")
    stated_policy = "API: a key or a signed-in person; each method states its permission"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for method in ("get", "post", "patch", "put", "delete"):
            if (handler := cls.__dict__.get(method)) and not hasattr(handler, _NEEDS):
                raise TypeError(f"{cls.__name__}.{method} states no permission: use @reads or @writes.")

    def get_exception_handler(self) -> Callable[[Exception, Any], Response | None]:
        return answer_to

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """An outsider is told 404 before anything else is."""
        super().initial(request, *args, **kwargs)
        if "slug" in kwargs:
            cast(ApiRequest, request).access = access_to(kwargs["slug"], standings(request))

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answered = super().finalize_response(request, response, *args, **kwargs)
        answered.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(answered, ("Authorization", "Cookie"))
        return answered


class Nowhere(Endpoint):
    """An address that there is not: answered as all others are."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404


Method = Callable[Concatenate[Any, ApiRequest, Initiative, P], Response]


def reads(permission: Permission) -> Callable[[Method[P]], Callable[..., Response]]:
    """For a method that looks: with an entity tag, and 304 for who has it already."""

    def decorate(method: Method[P]) -> Callable[..., Response]:
        @wraps(method)
        def guarded(view: Any, request: ApiRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> Response:
            access = _allowed(request, permission)
            with only_tenant(access.initiative.pk):
                response = method(view, request, access.initiative, *args, **kwargs)
            return unless_known(request, response)

        setattr(guarded, _NEEDS, permission)
        return guarded

    return decorate


def reads_own(method: Callable[[Any, Request], Response]) -> Callable[..., Response]:
    """For a method that looks at what whoever asks takes part in, wherever that is: no initiative's rows are shown."""

    @wraps(method)
    def guarded(view: Any, request: Request) -> Response:
        return unless_known(request, method(view, request))

    setattr(guarded, _NEEDS, None)
    return guarded


def writes(permission: Permission) -> Callable[[Method[P]], Callable[..., Response]]:
    """For a method that changes something: once for each `Idempotency-Key`. A refusal is an answer too."""

    def decorate(method: Method[P]) -> Callable[..., Response]:
        @wraps(method)
        def guarded(view: Any, request: ApiRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> Response:
            access = _allowed(request, permission)
            request._request.body  # noqa: B018 - read here, so that its size is bounded

            def answer() -> Response:
                try:
                    no_parameters(request)
                    return method(view, request, access.initiative, *args, **kwargs)
                except Exception as exc:  # noqa: BLE001 - what nobody foresaw is raised again
                    return cast(Response, view.handle_exception(exc))

            with only_tenant(access.initiative.pk):
                return again.once(request, access.initiative, answer)

        setattr(guarded, _NEEDS, permission)
        return guarded

    return decorate


def _allowed(request: ApiRequest, permission: Permission) -> Access:
    if not request.access.may(permission):
        raise PermissionDenied
    return request.access


def etag_of(data: Any) -> str:
    """Of what is told, so that nothing has to be kept in step; it saves the way, not the reading."""
    return quote_etag(hashlib.sha256(JSONRenderer().render(data)).hexdigest()[:32])


def unless_known(request: Request, response: Response) -> Response:
    etag = etag_of(response.data)
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in known or etag in (each.removeprefix("W/") for each in known):
        response = Response(status=304)
    response.headers["ETag"] = etag
    return response


def must_match(request: Request, current: Callable[[], Any]) -> None:
    """Raises Trouble where `If-Match` names another state than the one there is."""
    wanted = request.headers.get("If-Match")
    if wanted is None:
        return
    tags = parse_etags(wanted)
    if "*" not in tags and etag_of(current()) not in tags:
        raise Trouble(Kind.CHANGED, _("It has changed since you read it. Read it again."))
