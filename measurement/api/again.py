"""A change that is sent twice happens once: `Idempotency-Key`.

The answer is kept in the transaction of the change, so there is never one without the other, and a worker that dies
leaves neither. Who holds the lock of a key is at work; the lock ends with the transaction.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from django.db import connection
from django.utils.timezone import now
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.utils import json

from initiatives.charter.models import Initiative
from measurement.api.asking import ApiRequest
from measurement.api.models import KeptAnswer
from measurement.api.problems import Kind, Trouble

LASTS: Final = timedelta(hours=24)
# The number of a lock, in SQL, from its name: so long that nobody else's locks are met.
LOCK: Final = "hashtextextended('measurement.api/' || %s, 0)"
_LONGEST: Final = 255
_HEADERS: Final = ("Location", "ETag")
# Not an answer to the change but to who asks, or how often.
_NOT_KEPT: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


def once(request: ApiRequest, initiative: Initiative, answer: Callable[[], Response]) -> Response:
    """The kept answer where there is one, else the answer, kept for a day. Inside a transaction."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return answer()
    if not 0 < len(key) <= _LONGEST:
        raise Trouble(Kind.NOT_READ, _("An Idempotency-Key has 1 to 255 characters."))
    told = _digest(key.encode())
    _lock(lock_name(initiative.pk, request.user.pk, key))
    kept = KeptAnswer.objects.filter(initiative=initiative, by=request.user, key_digest=told)
    found = kept.filter(at__gt=now() - LASTS).first()
    if found:
        return _told_again(request, found)
    response = answer()
    if response.status_code not in _NOT_KEPT:
        kept.delete()
        _keep(request, initiative, told, response)
    return response


def lock_name(initiative_id: int, by_id: int, key: str) -> str:
    return f"{initiative_id}/{by_id}/{_digest(key.encode())}"


def _lock(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({LOCK})", [name])
        if not cursor.fetchone()[0]:
            raise Trouble(Kind.IN_FLIGHT, _("The same request is being worked on. Ask again in a moment."))


def _told_again(request: ApiRequest, kept: KeptAnswer) -> Response:
    if kept.request_digest != _of_request(request):
        raise Trouble(
            Kind.KEY_REUSED, _("This Idempotency-Key was used for another request. Take a new one for this.")
        )
    return Response(
        json.loads(kept.body),
        kept.status,
        headers=kept.headers | {"Idempotent-Replayed": "true"},
        content_type=kept.content_type or None,
    )


def _keep(request: ApiRequest, initiative: Initiative, told: str, response: Response) -> None:
    KeptAnswer.objects.create(
        initiative=initiative,
        by=request.user,
        key_digest=told,
        request_digest=_of_request(request),
        status=response.status_code,
        content_type=response.content_type or "",
        headers={name: response.headers[name] for name in _HEADERS if name in response.headers},
        body=JSONRenderer().render(response.data).decode(),
        at=now(),
    )


def _of_request(request: ApiRequest) -> str:
    asked: Any = request._request
    return _digest(b"\n".join([asked.method.encode(), asked.get_full_path().encode(), asked.body]))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def forget(*, at: datetime) -> int:
    """Remove the answers that are older than a day, and return how many."""
    return KeptAnswer.objects.filter(at__lte=at - LASTS).delete()[0]
