"""What is kept of pages that were drawn, and by what browsers know that theirs is still right.

A release never changes, so what is drawn from it stays right until the words or the drawing change: both are in the
key. Without the cache every page is drawn anew.
"""

import hashlib
import json
from collections.abc import Callable
from functools import cache as once
from pathlib import Path
from typing import Any, Final, cast

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from redis.exceptions import RedisError

from initiatives.charter.access import InitiativeRequest
from measurement.publishing.ways import Door, Way

_KEPT: Final = 7 * 24 * 3600  # seconds
_HERE: Final = Path(__file__).resolve().parent


@once
def _look() -> str:
    """The mark of all that draws: after an update nothing old is shown."""
    folders = (_HERE, _HERE.parent / "charts", Path(settings.BASE_DIR) / "templates")
    files = sorted(
        path for folder in folders for path in folder.rglob("*.*") if path.suffix in {".py", ".html"}
    )
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def mark(way: Way, *about: object) -> str:
    """Changes with every bit of what a page about this says."""
    initiative = way.initiative
    others = [(each.number, each.state) for each in way.others]
    said: list[Any] = [
        way.release.hash,
        way.release.title,
        way.release.state,
        others,
        way.door.value,
        way.place,
    ]
    said += [initiative.name, initiative.source_note, initiative.time_zone, get_language(), _look(), about]
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


def kept(name: str, make: Callable[[], Any]) -> Any:
    try:
        found = cache.get(f"publishing/{name}")
    except RedisError:
        return make()
    if found is None:
        found = make()
        try:
            cache.set(f"publishing/{name}", found, timeout=_KEPT)
        except RedisError:
            return found
    return found


def tag_of(request: HttpRequest, way: Way, name: str) -> str:
    """Of the whole answer: inside, the frame is about the person, too. Not asked while a message waits."""
    if way.door is not Door.INSIDE:
        return f'"{name}"'
    access = cast(InitiativeRequest, request).access
    get_token(request)  # so that the first page of a session has the tag of the second
    frame = [request.user.pk, request.META.get("CSRF_COOKIE"), sorted(access.permissions)]
    return f'"{hashlib.sha256(json.dumps([name, frame], default=str).encode()).hexdigest()}"'


def patch(response: HttpResponse, way: Way, tag: str) -> None:
    """Who may keep the answer, and for how long before asking whether it is still right."""
    if way.door is Door.SHARED:
        patch_cache_control(response, no_store=True, private=True)
        return
    response["ETag"] = tag
    if way.door is Door.PUBLIC:
        patch_cache_control(response, public=True, max_age=60)
    else:
        patch_cache_control(response, private=True, no_cache=True)
