import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction

from backbone.audit.models import Event, Seal

# In which way somebody is here, where that is not by having signed in: stands in the entries of what they do.
_way: ContextVar[str] = ContextVar("way", default="")

_ONE_SEALER = 7_301_946  # any number of our own: the advisory lock that the only writer of seals holds


@contextmanager
def by_way_of(way: str) -> Iterator[None]:
    """What is recorded meanwhile says so: {"way": "signed link"}."""
    token = _way.set(way)
    try:
        yield
    finally:
        _way.reset(token)


def _with_way(details: dict[str, Any] | None) -> dict[str, Any]:
    way = _way.get()
    return {**(details or {}), "way": way} if way else details or {}


def record(
    verb: str,
    *,
    about: models.Model,
    by: models.Model | None,
    at: datetime,
    tenant_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Write what happened, in the transaction of what happened.

    The tenant is taken from the object's `initiative_id`-like attribute `tenant_id` unless given.
    """
    Event.objects.create(
        tenant_id=tenant_id if tenant_id is not None else getattr(about, "tenant_id", None),
        verb=verb,
        about_type=about._meta.label_lower,
        about_id=str(getattr(about, "public_id", about.pk)),
        about_name=str(about)[:300],
        by_id=by.pk if by else None,
        at=at,
        details=_with_way(details),
    )


def record_each(
    verb: str,
    *,
    about: Iterable[models.Model],
    by: models.Model | None,
    at: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    """The same of many objects at once, each in an entry of its own."""
    Event.objects.bulk_create(
        (
            Event(
                tenant_id=getattr(each, "tenant_id", None),
                verb=verb,
                about_type=each._meta.label_lower,
                about_id=str(getattr(each, "public_id", each.pk)),
                about_name=str(each)[:300],
                by_id=by.pk if by else None,
                at=at,
                details=_with_way(details),
            )
            for each in about
        ),
        batch_size=2000,
    )


def link(previous: str, event: Event) -> str:
    """The hash of an event's content behind the hash of the seal before."""
    content = [
        previous,
        event.pk,
        event.tenant_id,
        event.verb,
        event.about_type,
        event.about_id,
        event.about_name,
        event.by_id,
        event.at.astimezone(UTC).isoformat(),
        event.details,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@transaction.atomic
def seal(*, at_most: int = 10_000) -> int:
    """Chain the events that have no seal yet, and return how many. One sealer at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_SEALER])
        if not cursor.fetchone()[0]:
            return 0
    last = Seal.objects.order_by("-position").first()
    position, previous = (last.position, last.hash) if last else (0, "")
    seals = []
    for event in Event.objects.filter(seal=None).order_by("pk")[:at_most]:
        position, previous = position + 1, link(previous, event)
        seals.append(Seal(position=position, event=event, hash=previous))
    Seal.objects.bulk_create(seals)
    return len(seals)


def first_broken(seals: Iterable[Seal]) -> Seal | None:
    """The first seal that does not fit what it seals, or does not follow the one before."""
    position, previous = 0, ""
    for each in seals:
        position, previous = position + 1, link(previous, each.event)
        if (each.position, each.hash) != (position, previous):
            return each
    return None


def verify() -> Seal | None:
    """Walk the whole chain; None when nothing was tampered with."""
    return first_broken(Seal.objects.select_related("event").order_by("position").iterator(chunk_size=2000))
