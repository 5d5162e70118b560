"""What the database does so that nothing points from one initiative into another: for use in migrations.

A foreign key between rows of initiatives carries the initiative along: (initiative_id, x_id) must exist
together in the table pointed at. Django declares such a field with `db_constraint=False`; the constraint
is made here.
"""

from django.db.migrations.operations import RunSQL


def tenant_key(table: str) -> RunSQL:
    """Makes the table one that composite keys can point at."""
    name = f"{table}_tenant_key"
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE (initiative_id, id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def composite_key(table: str, column: str, target: str) -> RunSQL:
    name = f"{table}_{column}_in_tenant"[:63]
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (initiative_id, {column})"
        f" REFERENCES {target} (initiative_id, id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )
