from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE = 50


def paginate(
    request: HttpRequest,
    rows: QuerySet[Any] | Sequence[Any],
    *,
    per_page: int = PER_PAGE,
    count: int | None = None,
) -> Page[Any]:
    """The page of rows that the address asks for; the first or last one where it asks for nonsense.

    `count`: how many rows there are, where that is known without asking the database again.
    """
    paginator = Paginator(rows, per_page)
    if count is not None:
        paginator.count = count
    return paginator.get_page(request.GET.get("page"))
