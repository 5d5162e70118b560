"""The cast: one initiative, its backbone, two partners with a reporter each, a funder, and a stranger."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from backbone.access.permissions import Role, Side
from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from tests.factories import measuring, people


@pytest.fixture
def initiative(db: None) -> Initiative:
    return people.initiative("cradle", name="Cradle to Career")


@pytest.fixture
def backbone_organization(initiative: Initiative) -> Organization:
    return people.organization("Backbone Office", initiative, Side.BACKBONE)


@pytest.fixture
def director(backbone_organization: Organization) -> User:
    return people.member("Dora Director", backbone_organization, Role.BACKBONE_DIRECTOR)


@pytest.fixture
def data_manager(backbone_organization: Organization) -> User:
    return people.member("Dana Data", backbone_organization, Role.DATA_MANAGER)


@pytest.fixture
def facilitator(backbone_organization: Organization) -> User:
    return people.member("Felix Facilitator", backbone_organization, Role.FACILITATOR)


@pytest.fixture
def alder(initiative: Initiative) -> Organization:
    """A partner with a reporter."""
    made = people.organization("Alder School", initiative)
    people.member("Rita Reporter", made, Role.REPORTER)
    return made


@pytest.fixture
def birch(initiative: Initiative) -> Organization:
    """Another partner with a reporter."""
    made = people.organization("Birch Charity", initiative)
    people.member("Bo Birch", made, Role.REPORTER)
    return made


@pytest.fixture
def rita(alder: Organization) -> User:
    return User.objects.get(name="Rita Reporter")


@pytest.fixture
def bo(birch: Organization) -> User:
    return User.objects.get(name="Bo Birch")


@pytest.fixture
def manager(alder: Organization) -> User:
    """The person who administers Alder's own people."""
    return people.member("Mara Manager", alder, Role.PARTNER_MANAGER)


@pytest.fixture
def funder(initiative: Initiative) -> User:
    made = people.organization("Fund", initiative, Side.FUNDER)
    return people.member("Fay Funder", made, Role.FUNDER_VIEWER)


@pytest.fixture
def stranger(db: None) -> User:
    """Director of another initiative: must see nothing of this one."""
    elsewhere = people.initiative("elsewhere")
    other = people.organization("Other Office", elsewhere, Side.BACKBONE)
    return people.member("Sam Stranger", other, Role.BACKBONE_DIRECTOR)


@pytest.fixture
def quarters(initiative: Initiative) -> ReportingCalendar:
    """Quarters of 2025 and 2026."""
    return measuring.calendar(initiative, first=date(2025, 1, 1), last=date(2026, 12, 31))


@pytest.fixture
def as_(client: Client) -> Callable[[User], Client]:
    """A client in which this person is signed in."""

    def sign_in(person: User) -> Client:
        made = Client()
        made.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return made

    return sign_in
