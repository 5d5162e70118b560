from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from tests.factories import people

As = Callable[[User], Client]
HTMX = {"HX-Request": "true", "HX-Target": "draft-form"}


@pytest.fixture
def approver(birch: Organization) -> User:
    """Somebody who may answer for Birch."""
    return people.member("Ada Approver", birch, Role.APPROVER)


def page(name: str, initiative: Initiative, *args: object) -> str:
    return reverse(f"initiatives:agenda:{name}", args=[initiative.slug, *args])
