"""People of a package: accounts without a password, and their roles. Who has an account already keeps it."""

from collections.abc import Mapping
from datetime import datetime

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.directory.operations import join
from initiatives.partners.models import Organization
from measurement.datapackage.tables import Row


def make_accounts(rows: list[Row]) -> None:
    """Nobody can sign in with them before having asked for a new password by e-mail."""
    for email, name in {row.email: row.name for row in rows}.items():
        if User.objects.with_email(email) is None:
            User.objects.create_user(email, name=name)


def give_roles(rows: list[Row], organizations: Mapping[str, int], *, by: User | None, at: datetime) -> None:
    for row in rows:
        join(
            person=User.objects.get(email=row.email),
            organization=Organization.objects.get(pk=organizations[row.organization]),
            role=Role(row.role),
            by=by,
            at=at,
        )
