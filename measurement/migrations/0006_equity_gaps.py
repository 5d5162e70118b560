import uuid

import django.db.models.deletion
from django.db import migrations, models

import backbone.web.exact
from initiatives.charter.tenancy import composite_key, row_security

TABLE = "measurement_equitygap"
KEYS = (
    ("indicator_id", "measurement_indicator"),
    ("category_id", "measurement_category"),
    ("reference_id", "measurement_category"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0006_dated_groups"),
        ("measurement", "0005_draft_same"),
    ]

    operations = [
        migrations.CreateModel(
            name="EquityGap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "measured_as",
                    models.CharField(
                        choices=[
                            ("difference", "Difference: the one minus the other"),
                            ("ratio", "Ratio: the one over the other"),
                        ],
                        max_length=10,
                        verbose_name="measured as",
                    ),
                ),
                ("baseline_on", models.DateField(blank=True, null=True, verbose_name="baseline date")),
                ("baseline", backbone.web.exact.ExactField(blank=True, null=True, verbose_name="baseline")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="target date")),
                ("value", backbone.web.exact.ExactField(blank=True, null=True, verbose_name="target")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "category",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="measurement.category",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="measurement.indicator",
                    ),
                ),
                (
                    "initiative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="initiatives.initiative",
                    ),
                ),
                (
                    "reference",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="measurement.category",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indicator", "category", "reference", "measured_as"), name="gap_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("category", models.F("reference")), _negated=True),
                        name="gap_of_two_categories",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("baseline", None), ("baseline_on", None), ("due_on", None), ("value", None)
                            ),
                            models.Q(
                                ("baseline__isnull", False),
                                ("baseline_on__isnull", False),
                                ("due_on__gt", models.F("baseline_on")),
                                ("due_on__isnull", False),
                                ("value__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="gap_target_whole",
                    ),
                ],
            },
        ),
        *(composite_key(TABLE, *key) for key in KEYS),
        row_security(TABLE),
    ]
