"""Alder's quarter, as in the tests of reports, and programs with keys."""

import pytest

from backbone.access.permissions import Side
from backbone.accounts.models import User
from initiatives.partners.models import Organization
from measurement.api.scopes import Scope
from tests.measurement.api.programs import Program, key
from tests.measurement.submissions.conftest import draft, quarter, waiting

__all__ = ["draft", "quarter", "waiting"]


@pytest.fixture
def program(alder: Organization, manager: User) -> Program:
    """Hands in Alder's reports."""
    return key(alder, Scope.REPORT, by=manager)[1]


@pytest.fixture
def reader(alder: Organization, manager: User) -> Program:
    """Reads what Alder may read."""
    return key(alder, Scope.READ, by=manager)[1]


@pytest.fixture
def desk(backbone_organization: Organization, director: User) -> Program:
    """Reviews."""
    return key(backbone_organization, Scope.REVIEW, by=director, side=Side.BACKBONE)[1]
