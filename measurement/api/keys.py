"""Keys of organizations: made, recognised, revoked.

A key is `bb_` with a prefix that is shown and a secret of 256 bits that is not. With that much chance in it one fast
hash is enough: nobody guesses it, however many tries a second.
"""

import hashlib
import re
from datetime import datetime, timedelta
from secrets import compare_digest, token_hex
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backbone.access.permissions import Side
from backbone.accounts.models import User
from backbone.audit import trail
from initiatives.charter.access import Standing
from initiatives.charter.models import Initiative, Participation
from initiatives.partners.models import Organization
from measurement.api.models import ApiKey
from measurement.api.scopes import PERMISSIONS_OF_SCOPE, Scope

_SHAPE: Final = re.compile(r"(bb_[0-9a-f]{8})_[0-9a-f]{64}")
# A key that is used all the time is written down no more often than this.
_USE_NOTED_EVERY: Final = timedelta(minutes=1)


class Refused(Exception):
    """It was not done. The text says why to people."""


@transaction.atomic
def make(
    *,
    initiative: Initiative,
    organization: Organization,
    side: Side,
    scope: Scope,
    name: str,
    expires_at: datetime | None = None,
    by: User,
    at: datetime,
) -> tuple[ApiKey, str]:
    """The key's row, and the key itself, which is known only now. Raises Refused where the name is taken."""
    prefix = f"bb_{token_hex(4)}"
    secret = f"{prefix}_{token_hex(32)}"
    try:
        with transaction.atomic():
            made = ApiKey.objects.create(
                organization=organization,
                side=side,
                scope=scope,
                name=name,
                prefix=prefix,
                digest=_digest(secret),
                account=_account(name, prefix, organization),
                made_at=at,
                made_by=by,
                expires_at=expires_at,
            )
    except IntegrityError as taken:
        raise Refused(
            _("There is a key of this name already. Revoke it first, or choose another name.")
        ) from taken
    details = {"scope": scope.value, "side": side.value, "organization": str(organization.public_id)}
    trail.record("key.made", about=made, by=by, at=at, tenant_id=initiative.pk, details=details)
    return made, secret


def _account(name: str, prefix: str, organization: Organization) -> User:
    """Who its steps are taken by: it has no password, no mail and no role, and cannot sign in."""
    called = _("Key “%(name)s” (%(prefix)s) of %(organization)s") % {
        "name": name,
        "prefix": prefix,
        "organization": organization,
    }
    return User.objects.create_user(f"{prefix}@keys.invalid", None, name=called[:200], is_active=False)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def revoke(*, initiative: Initiative, key: ApiKey, by: User, at: datetime) -> ApiKey:
    """From now on it opens nothing. Twice is the same as once."""
    locked = ApiKey.objects.select_for_update(of=("self",), no_key=True).get(pk=key.pk)
    if locked.revoked_at is None:
        locked.revoked_at, locked.revoked_by = at, by
        locked.save(update_fields=["revoked_at", "revoked_by"])
        trail.record("key.revoked", about=locked, by=by, at=at, tenant_id=initiative.pk)
    return locked


def recognised(text: str, *, at: datetime) -> ApiKey | None:
    """The key, if there is one that works; its use is noted."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        return None
    key = ApiKey.objects.select_related("organization", "account").filter(prefix=shape[1]).first()
    if key is None or not compare_digest(key.digest, _digest(text)) or not key.works(at):
        return None
    if key.used_at is None or key.used_at + _USE_NOTED_EVERY <= at:
        ApiKey.objects.filter(pk=key.pk).update(used_at=at)
    return key


def standings_of_key(key: ApiKey, *, at: datetime) -> list[Standing]:
    """Wherever its organization takes part now in the way for which the key was made."""
    side = Side(key.side)
    rows = (
        Participation.objects.filter(organization=key.organization_id, side=side)
        .select_related("initiative", "organization")
        .order_by("initiative__name", "initiative_id", "pk")
    )
    allowed = PERMISSIONS_OF_SCOPE.get((side, Scope(key.scope)), frozenset())
    return [Standing(row.initiative, row.organization, side, allowed) for row in rows if row.is_current(at)]
