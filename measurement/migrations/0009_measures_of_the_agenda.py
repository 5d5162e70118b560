import django.db.models.deletion
from django.db import migrations, models

from initiatives.charter.tenancy import composite_key, row_security

TABLES = (
    "measurement_goalindicator",
    "measurement_strategyindicator",
)

KEYS = (
    ("measurement_goalindicator", "goal_id", "initiatives_goal"),
    ("measurement_goalindicator", "indicator_id", "measurement_indicator"),
    ("measurement_strategyindicator", "strategy_id", "initiatives_strategy"),
    ("measurement_strategyindicator", "indicator_id", "measurement_indicator"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0007_common_agenda"),
        ("measurement", "0008_breakdowns_of_every_shape"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="outcomeindicator",
            options={
                "ordering": ("position", "pk"),
                "verbose_name": "measure",
                "verbose_name_plural": "measures",
            },
        ),
        migrations.AlterField(
            model_name="outcomeindicator",
            name="indicator",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(class)s_links",
                to="measurement.indicator",
            ),
        ),
        migrations.CreateModel(
            name="GoalIndicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "goal",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="indicator_links",
                        to="initiatives.goal",
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
                    models.UniqueConstraint(fields=("goal", "indicator"), name="goal_indicator_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StrategyIndicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
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
                (
                    "strategy",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="indicator_links",
                        to="initiatives.strategy",
                    ),
                ),
            ],
            options={
                "verbose_name": "measure",
                "verbose_name_plural": "measures",
                "ordering": ("position", "pk"),
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(fields=("strategy", "indicator"), name="strategy_indicator_once")
                ],
            },
        ),
        *(composite_key(*key) for key in KEYS),
        *map(row_security, TABLES),
    ]
