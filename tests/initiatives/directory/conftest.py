import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.notifications import outbox


@pytest.fixture
def staff(as_: Callable[[User], Client], director: User) -> Client:
    return as_(director)


@pytest.fixture
def own(as_: Callable[[User], Client], manager: User) -> Client:
    """The browser of the person who manages Alder's people."""
    return as_(manager)


@pytest.fixture
def mailed_link() -> Callable[[], str]:
    """Sends what waits, and answers the path of the last mail's link."""

    def read() -> str:
        outbox.send_waiting(at=now())
        found = re.search(r"http://localhost:8000(/\S+)", str(mail.outbox[-1].body))
        assert found
        return found[1]

    return read
