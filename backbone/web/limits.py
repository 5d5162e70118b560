"""How often somebody unknown may try something: counted by the address that they come from."""

import hashlib

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

_MINUTE = 60  # seconds


def tried_too_often(request: HttpRequest, *, what: str, a_minute: int) -> bool:
    """Count this try. Behind a proxy the address is the one that a trusted proxy names."""
    address = hashlib.sha256(str(get_adapter(request).get_client_ip(request)).encode()).hexdigest()[:32]
    key = f"tries:{what}:{address}"
    if cache.add(key, 1, _MINUTE):
        return False
    try:
        return cache.incr(key) > a_minute
    except ValueError:  # its minute has just ended
        return False
