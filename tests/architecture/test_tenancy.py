"""Nothing points from one initiative into another: the database refuses it."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from initiatives.charter.models import Initiative, TenantRow
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.rollups.models import SumsRow
from measurement.submissions.models import Assignment
from tests.factories import measuring, people

# Sums are made from rows whose keys are checked, and are never edited: see SumsRow.
TENANT_MODELS = [
    model
    for app in ("initiatives", "measurement")
    for model in apps.get_app_config(app).get_models()
    if issubclass(model, TenantRow) and not issubclass(model, SumsRow)
]
# What points at a row by its own key alone: both tables grow with every figure, and a second index on each would cost
# more than it guards; their other keys hold the row in its initiative.
BY_ITS_OWN_KEY = {
    ("measurement_observation", "supersedes_id"),
    ("measurement_currentfigure", "observation_id"),
}


def links() -> list[tuple[str, str]]:
    return [
        (model._meta.db_table, field.column)
        for model in TENANT_MODELS
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, TenantRow)
    ]


@pytest.mark.django_db
def test_every_key_between_rows_of_initiatives_carries_the_initiative() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.conrelid::regclass::text, string_agg(a.attname, ',' ORDER BY k.place)
            FROM pg_constraint c
            CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY k(number, place)
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number
            WHERE c.contype = 'f' GROUP BY c.oid, c.conrelid
            """
        )
        composite = {(table, columns) for table, columns in cursor.fetchall()}
    bare = [
        (table, column)
        for table, column in links()
        if (table, f"initiative_id,{column}") not in composite and (table, column) not in BY_ITS_OWN_KEY
    ]
    assert bare == []


@pytest.mark.django_db
def test_the_database_refuses_a_row_that_points_into_another_initiative(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar
) -> None:
    elsewhere = people.initiative("elsewhere")
    foreign = measuring.indicator(elsewhere, "served")
    with transaction.atomic():
        Assignment.objects.create(
            initiative=initiative,
            indicator=foreign,
            organization=alder,
            calendar=quarters,
            starts_on="2025-01-01",
        )
        with pytest.raises(IntegrityError):
            connection.check_constraints()
        transaction.set_rollback(True)
