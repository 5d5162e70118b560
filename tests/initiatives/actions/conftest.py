from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.actions.models import Action
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from tests.factories import acting, people

As = Callable[[User], Client]
HTMX = {"HX-Request": "true", "HX-Target": "action-form"}


@pytest.fixture
def visits(initiative: Initiative, alder: Organization) -> Action:
    """An action of Alder, long enough not to be late."""
    return acting.action(initiative, alder, "Home visits", ends_on=date(2099, 12, 31))


@pytest.fixture
def ada(birch: Organization) -> User:
    """Somebody who may say what Birch takes on."""
    return people.member("Ada Approver", birch, Role.APPROVER)


def page(name: str, initiative: Initiative, *args: object) -> str:
    return reverse(f"initiatives:actions:{name}", args=[initiative.slug, *args])


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def typed(of: Organization, **fields: object) -> dict[str, object]:
    """What a person types to write down an action."""
    said = {"name": "Story hour", "starts_on": "2026-02-01", "ends_on": "2026-05-31"}
    return said | {"organization": str(of.public_id)} | fields
