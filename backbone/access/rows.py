"""Which rows the database shows: those of one tenant, of all, or none.

The policies of the tables hold rows back (see `row_security` in initiatives.charter.tenancy); here it is said for
whom. What is said counts for one transaction, so nothing of it reaches the next user of a pooled connection.

Decisions. A process that serves people begins with nothing: a view that forgot to say whose rows it reads gets an
empty page, not somebody else's figures. Workers and management commands begin with everything (see settings).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection, transaction

SETTING: Final = "app.tenant"
EVERY: Final = "*"


@contextmanager
def only_tenant(tenant_id: int) -> Iterator[None]:
    """A transaction in which rows of other tenants can be neither read nor written.

    Hooks of `transaction.on_commit` run after its end, outside of it. Inside another transaction, what
    was visible before is visible again afterwards.
    """
    with _showing(str(tenant_id)):
        yield


@contextmanager
def every_tenant() -> Iterator[None]:
    """The same for all rows: for whoever looks after the whole installation."""
    with _showing(EVERY):
        yield


@contextmanager
def _showing(tenants: str) -> Iterator[None]:
    inner = connection.in_atomic_block
    with transaction.atomic():
        before = _show(tenants)
        yield
        # The end of a transaction, and going back to a savepoint, both undo the setting; keeping a savepoint does not.
        if inner and not connection.needs_rollback:
            _show(before)


def _show(tenants: str) -> str:
    """Set what is visible until the end of the transaction, and return what was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting(%s, true), ''), set_config(%s, %s, true)",
            [SETTING, SETTING, tenants],
        )
        before: str = cursor.fetchone()[0]
    return before
