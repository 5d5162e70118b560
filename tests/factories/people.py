"""People and organizations for tests, all reached through the operations that people use."""

from datetime import date

from django.utils.timezone import now

from backbone.access.permissions import Role, Side
from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.directory import operations
from initiatives.partners.models import Organization

PASSWORD = "correct horse battery staple"


def person(name: str, **fields: object) -> User:
    email = f"{name.lower().replace(' ', '.')}@example.org"
    return User.objects.create_user(email, PASSWORD, name=name, **fields)


def initiative(slug: str = "cradle", **fields: object) -> Initiative:
    values = {"name": slug.title(), "time_zone": "America/Detroit", **fields}
    return Initiative.objects.create(slug=slug, **values)


def organization(
    name: str, where: Initiative, side: Side = Side.PARTNER, joined_on: date = date(2020, 1, 1)
) -> Organization:
    made = Organization.objects.create(name=name)
    operations.take_part(
        initiative=where,
        organization=made,
        side=side,
        code=name.lower().replace(" ", "-"),
        joined_on=joined_on,
        by=None,
        at=now(),
    )
    return made


def member(name: str, of: Organization, role: Role) -> User:
    somebody = person(name)
    operations.join(person=somebody, organization=of, role=role, by=None, at=now())
    return somebody
