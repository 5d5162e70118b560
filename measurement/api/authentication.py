"""Who asks: an organization's key, or the person who is signed in; and how often."""

from time import time
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from django.utils.timezone import now
from django.utils.translation import gettext as _
from redis import RedisError
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from backbone.accounts.models import User
from initiatives.charter.access import Standing, standings_in
from measurement.api.keys import recognised, standings_of_key
from measurement.api.models import ApiKey

_WINDOW: Final = 60  # seconds


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer bb_…`"""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        key = recognised(text.strip(), at=now()) if scheme.lower() == "bearer" else None
        if key is None:
            raise AuthenticationFailed(_("This key is not known, has expired or was revoked."))
        return key.account, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class Known(BasePermission):
    """A key or a person: nobody else reads anything."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, ApiKey) or getattr(request.user, "is_authenticated", False)


def standings(request: Request) -> list[Standing]:
    """What whoever asks may do, initiative by initiative."""
    if isinstance(request.auth, ApiKey):
        return standings_of_key(request.auth, at=now())
    return [*standings_in(request._request)]


class PerKey(BaseThrottle):
    """So many requests a minute for each key and each person, counted where all web processes see it.

    Without the cache nothing is counted: being open is better than being closed to everybody.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        name = f"api/{request.user.pk}/{int(time()) // _WINDOW}"
        try:
            cache.add(name, 0, timeout=2 * _WINDOW)
            return bool(cache.incr(name) <= settings.API_REQUESTS_A_MINUTE)
        except (RedisError, ValueError):
            return True

    def wait(self) -> float:
        return _WINDOW - time() % _WINDOW + 1
