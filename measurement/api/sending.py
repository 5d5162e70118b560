"""What programs send: parameters from an allowlist, bodies with known members only, and pages of rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from measurement.api.problems import Kind, Trouble, Wrong, flattened

MOST_PER_PAGE: Final = 100
_LAST_PAGE: Final = 1_000_000


class Asked(serializers.Serializer[Any]):
    """The parameters of an address. Those of a list inherit from `Paged`."""


class Paged(Asked):
    page = serializers.IntegerField(min_value=1, max_value=_LAST_PAGE, default=1)
    per_page = serializers.IntegerField(min_value=1, max_value=MOST_PER_PAGE, default=50)


class Body(serializers.Serializer[Any]):
    """What is sent to change something. A member that nobody knows is refused, not overlooked."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = [name for name in data if name not in self.fields] if isinstance(data, Mapping) else []
        if unknown:
            raise serializers.ValidationError({name: [_("There is no such member.")] for name in unknown})
        return super().to_internal_value(data)


def asked(request: Request, shape: type[Asked] = Asked) -> dict[str, Any]:
    """The parameters, read. Raises Trouble for those that nobody knows, that come twice, or that make no sense."""
    sent = request.query_params
    reader = shape(data=sent.dict())
    wrong = [Wrong(name, _("There is no such parameter.")) for name in sent if name not in reader.fields]
    wrong += [Wrong(name, _("It is given more than once.")) for name in sent if len(sent.getlist(name)) > 1]
    if not reader.is_valid():
        wrong += [Wrong(each.where[1:], each.sentence) for each in flattened(reader.errors)]
    if wrong:
        raise Trouble(Kind.WRONG_PARAMETER, wrong[0].sentence, wrong=wrong)
    return dict(reader.validated_data)


def no_parameters(request: Request) -> None:
    asked(request)


def sent(request: Request, shape: type[Body]) -> dict[str, Any]:
    """The body, read. Raises Trouble that points at everything in it that is wrong."""
    reader = shape(data=request.data)
    if not reader.is_valid():
        wrong = list(flattened(reader.errors))
        raise Trouble(Kind.NOT_RIGHT, wrong[0].sentence, wrong=wrong)
    return dict(reader.validated_data)


def page_of(
    request: Request,
    rows: QuerySet[Any] | Sequence[Any],
    choice: Mapping[str, Any],
    shown: Callable[[Iterable[Any]], list[Any]],
) -> Response:
    """One page of rows in their order; an empty one after the last."""
    paginator = Paginator(rows, choice["per_page"])
    number = choice["page"]
    there = number <= paginator.num_pages
    here = request.build_absolute_uri()
    return Response(
        {
            "count": paginator.count,
            "page": number,
            "pages": paginator.num_pages,
            "next": replace_query_param(here, "page", number + 1) if number < paginator.num_pages else None,
            "results": shown(paginator.page(number).object_list) if there else [],
        }
    )
