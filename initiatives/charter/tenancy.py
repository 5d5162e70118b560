"""What the database does so that nothing points from one initiative into another: for use in migrations.

A foreign key between rows of initiatives carries the initiative along: (initiative_id, x_id) must exist
together in the table pointed at. Django declares such a field with `db_constraint=False`; the constraint
is made here.

And so that nobody reads or writes past the initiative that a transaction is about (see backbone.access.rows):
policies, which hold for the owner of the tables too. They do not hold for superusers; a system check says so.
"""

from django.db.migrations.operations import RunSQL


def tenant_key(table: str) -> RunSQL:
    """Makes the table one that composite keys can point at."""
    name = f"{table}_tenant_key"
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE (initiative_id, id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def composite_key(table: str, column: str, target: str, *, goes_along: bool = False) -> RunSQL:
    """`goes_along`: rows are deleted with what they point at, also where that is deleted in SQL."""
    name = f"{table}_{column}_in_tenant"[:63]
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (initiative_id, {column})"
        f" REFERENCES {target} (initiative_id, id){' ON DELETE CASCADE' if goes_along else ''}"
        " DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


# Each SELECT is worked out once a statement, not once a row.
_EVERY = "(SELECT current_setting('app.tenant', true) = '*')"
_ONE = "(SELECT nullif(nullif(current_setting('app.tenant', true), ''), '*')::bigint)"


def row_security(table: str) -> RunSQL:
    """Lets only rows of the initiative in question be seen and written; where none is, none."""
    return _policy(table, f"{_EVERY} OR initiative_id = {_ONE}")


def row_security_through(table: str, links: dict[str, str]) -> RunSQL:
    """The same for a table without an initiative of its own: what its columns point at must be seen."""
    seen = (
        f"EXISTS (SELECT FROM {target} t WHERE t.id = {table}.{column})" for column, target in links.items()
    )
    return _policy(table, f"{_EVERY} OR ({' AND '.join(seen)})")


def row_security_shared(table: str, *, seen: str, written: str) -> RunSQL:
    """For a table that several initiatives read: which rows the one in question may see, and which it may write.

    Both are conditions in SQL, in which {one} stands for the initiative.
    """
    may_write, may_see = (f"{_EVERY} OR ({each.format(one=_ONE)})" for each in (written, seen))
    policy = _policy(table, may_write)
    return RunSQL(
        f"{policy.sql}; CREATE POLICY shared ON {table} FOR SELECT USING (nullif({may_see}, false) IS NOT NULL)",
        f"DROP POLICY shared ON {table}; {policy.reverse_sql}",
    )


def _policy(table: str, condition: str) -> RunSQL:
    """One for reading and writing. Saying "is not null" of the condition makes the planner expect every row to pass.

    Of a bare OR it would expect half of them to, in each table anew, and of a few joins it would expect nothing.
    """
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY tenant ON {table} USING (nullif({condition}, false) IS NOT NULL)",
        f"DROP POLICY tenant ON {table};"
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY",
    )
