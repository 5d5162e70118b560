import django.db.models.deletion
from django.db import migrations, models

from initiatives.charter.tenancy import composite_key, row_security


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0012_actions"),
        ("measurement", "0021_measure_reads"),
    ]

    operations = [
        migrations.CreateModel(
            name="ActionIndicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "action",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="indicator_links",
                        to="initiatives.action",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_links",
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
            ],
            options={
                "verbose_name": "measure",
                "verbose_name_plural": "measures",
                "ordering": ("position", "pk"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("action", "indicator"), name="action_indicator_once")
                ],
            },
        ),
        composite_key("measurement_actionindicator", "action_id", "initiatives_action"),
        composite_key("measurement_actionindicator", "indicator_id", "measurement_indicator"),
        row_security("measurement_actionindicator"),
    ]
