"""How rows may be looked at in the site administration, which is for superusers and for emergencies."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import SimpleTemplateResponse

from backbone.access.rows import every_tenant

View = TypeVar("View", bound=Callable[..., Any])


def showing_every_tenant(view: View) -> View:
    """A view of the site administration in which no row is held back.

    Its pages are filled in after the view, so that is done here, while the rows can still be seen.
    """

    @wraps(view)
    def whole(*args: Any, **kwargs: Any) -> Any:
        with every_tenant():
            response = view(*args, **kwargs)
            return response.render() if isinstance(response, SimpleTemplateResponse) else response

    return cast(View, whole)


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Looks and changes nothing: for what the database keeps as it is, and for what only operations write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
