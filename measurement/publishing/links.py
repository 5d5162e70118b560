"""Links to one release: made, exchanged for a cookie, revoked.

A token has 256 bits of chance in it, so one fast hash is enough to keep it by. Looking a link up uses nothing up:
whoever previews a link for a chat opens it, too.
"""

import hashlib
from datetime import datetime, timedelta
from secrets import token_urlsafe
from time import time
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from backbone.access.rows import every_tenant
from backbone.accounts.models import User
from backbone.audit import trail
from measurement.publishing.models import LinkUse, ShareLink
from measurement.releases.models import Release

LASTS: Final = timedelta(days=90)
REQUESTS_A_MINUTE: Final = 60
PASSCODES_AN_HOUR: Final = 20
_SALT: Final = "measurement.publishing.links"


class Refused(Exception):
    """It was not done. The text says why to people."""


@transaction.atomic
def make(
    *, release: Release, name: str, passcode: str = "", by: User | None, at: datetime
) -> tuple[ShareLink, str]:
    """The link's row, and its token, which is known only now."""
    if release.published_at is None or release.withdrawn_at is not None:
        raise Refused(_("Only a published release can be shared."))
    token = token_urlsafe(32)
    made = ShareLink.objects.create(
        initiative_id=release.initiative_id,
        release=release,
        name=name,
        digest=_digest(token),
        passcode=make_password(passcode) if passcode else "",
        made_at=at,
        made_by=by,
        expires_at=at + LASTS,
    )
    trail.record("share_link.made", about=made, by=by, at=at, details={"release": release.number})
    return made, token


@transaction.atomic
def revoke(*, link: ShareLink, by: User, at: datetime) -> None:
    """From now on it opens nothing. Twice is the same as once."""
    held = ShareLink.objects.select_for_update(of=("self",), no_key=True).get(pk=link.pk)
    if held.revoked_at is None:
        held.revoked_at, held.revoked_by = at, by
        held.save(update_fields=["revoked_at", "revoked_by"])
        trail.record("share_link.revoked", about=held, by=by, at=at)


def with_token(token: str, *, at: datetime) -> ShareLink | None:
    """The link that it opens. Whatever is wrong with it, as much is done to find out."""
    return _working(at, digest=_digest(token))


def with_cookie(public_id: UUID, cookie: str, *, at: datetime) -> tuple[ShareLink | None, bool]:
    """The link, if this cookie was given for it, and whether its passcode was."""
    try:
        said = signing.loads(cookie, salt=_SALT)
    except signing.BadSignature:
        said = {}
    link = _working(at, public_id=public_id)
    if link is None or said.get("link") != link.digest:
        return None, False
    return link, not link.passcode or bool(said.get("passcode") == _digest(link.passcode))


def cookie_for(link: ShareLink, *, with_passcode: bool = False) -> str:
    said = {"link": link.digest, "passcode": _digest(link.passcode) if with_passcode else ""}
    return signing.dumps(said, salt=_SALT)


def opens(link: ShareLink, passcode: str) -> bool:
    return check_password(passcode, link.passcode)


def too_often(link: ShareLink) -> bool:
    return _counted(f"share/{link.pk}/{int(time()) // 60}", 60) > REQUESTS_A_MINUTE


def guessed_too_often(link: ShareLink) -> bool:
    return _counted(f"share-passcode/{link.pk}/{int(time()) // 3600}", 3600) > PASSCODES_AN_HOUR


def note_use(link: ShareLink, page: str, *, at: datetime) -> None:
    LinkUse.objects.create(initiative_id=link.initiative_id, link=link, at=at, page=page[:200])


def _working(at: datetime, **which: object) -> ShareLink | None:
    with every_tenant():
        rows = ShareLink.objects.select_related("initiative", "release")
        link = rows.filter(**which).first()
    readable = (Release.State.PUBLISHED, Release.State.SUPERSEDED)
    return link if link and link.works(at) and link.release.state in readable else None


def _counted(name: str, lasts: int) -> int:
    """Where all web processes see it. Without the cache nothing is counted: better open than closed to everybody."""
    try:
        cache.add(name, 0, timeout=2 * lasts)
        return int(cache.incr(name))
    except (RedisError, ValueError):
        return 0


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
