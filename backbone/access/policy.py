"""How a view states who may use it. A view that states nothing stops the project from starting."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")

POLICY: Final = "stated_policy"

# Views of other people's packages cannot be decorated; what each may do stands here, by URL name or prefix.
OTHER_PEOPLES_VIEWS: Final[dict[str, str]] = {
    "account_": "django-allauth: sign-in, sign-out and password, which check for themselves",
    "mfa_": "django-allauth: second factor of the signed-in person",
    "admin:": "Django's admin: superusers only",
}


def state(view: Callable[P, HttpResponse], policy: str) -> Callable[P, HttpResponse]:
    """Write the policy on the view, where the check and the access test read it."""
    setattr(view, POLICY, policy)
    return view


def public(reason: str) -> Callable[[Callable[P, HttpResponse]], Callable[P, HttpResponse]]:
    """Open to everybody, and says why."""
    return lambda view: state(view, f"public: {reason}")


def signed_in(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Open to every person who has signed in, whatever their organization."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, *args, **kwargs)

    return state(cast(Any, login_required(guarded)), "signed in")
