"""For whom rows are shown is said for one transaction; what was said before counts again afterwards."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from backbone.access.rows import every_tenant, only_tenant


def shown() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.tenant', true)")
        return str(cursor.fetchone()[0])


@pytest.fixture
def _own_connection(transactional_db: None) -> Iterator[None]:
    """One that begins with nothing, as that of a web process does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', '', false)")
    yield
    connection.close()


@pytest.mark.usefixtures("_own_connection")
def test_what_is_shown_ends_with_the_transaction_whether_it_is_kept_or_not() -> None:
    with only_tenant(7):
        assert shown() == "7"
    after_it_was_kept = shown()
    with pytest.raises(RuntimeError), only_tenant(7):
        raise RuntimeError
    assert (after_it_was_kept, shown()) == ("", "")


@pytest.mark.usefixtures("_own_connection")
def test_what_waits_for_the_commit_happens_outside() -> None:
    seen = []
    with only_tenant(7):
        transaction.on_commit(lambda: seen.append(shown()))
        assert seen == []
    assert seen == [""]


@pytest.mark.django_db
def test_inside_another_transaction_what_was_shown_before_is_shown_again() -> None:
    with only_tenant(7):
        with every_tenant():
            assert shown() == "*"
        after_it_was_kept = shown()
        with pytest.raises(RuntimeError), only_tenant(8):
            raise RuntimeError
        assert (after_it_was_kept, shown()) == ("7", "7")


@pytest.mark.django_db
def test_a_transaction_that_is_given_up_inside_leaves_what_was_shown_before() -> None:
    with only_tenant(7):
        with only_tenant(8):
            transaction.set_rollback(True)
        assert shown() == "7"


@pytest.mark.django_db
def test_a_statement_that_failed_inside_is_told_and_leaves_what_was_shown_before() -> None:
    with only_tenant(7):
        with pytest.raises(DatabaseError), only_tenant(8), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert shown() == "7"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "begins_with"), [("import backbone.wsgi", ""), ("import backbone.asgi", ""), ("", "*")]
)
def test_a_process_that_serves_people_begins_with_no_rows_and_every_other_with_all(
    start: str, begins_with: str
) -> None:
    program = f"""
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backbone.settings")
{start}
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT coalesce(current_setting('app.tenant', true), '')")
    print(repr(cursor.fetchone()[0]))
"""
    own = {"TENANT_SCOPED", "DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in own}
    said = subprocess.run(
        [sys.executable, "-c", program],
        env={**kept, "SECRET_KEY": "of tests only", "LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == repr(begins_with)
