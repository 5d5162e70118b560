import uuid

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import backbone.web.exact
from initiatives.charter.tenancy import composite_key, row_security, tenant_key

TABLES = ("measurement_forecast", "measurement_forecastpoint")
KEYS = (
    ("measurement_forecast", "indicator_id", "measurement_indicator"),
    ("measurement_forecast", "calendar_id", "measurement_reportingcalendar"),
    ("measurement_forecast", "first_id", "measurement_reportingperiod"),
    ("measurement_forecast", "last_id", "measurement_reportingperiod"),
    ("measurement_forecastpoint", "forecast_id", "measurement_forecast"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0007_common_agenda"),
        ("measurement", "0012_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Forecast",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("figures", models.PositiveSmallIntegerField()),
                ("slope", backbone.web.exact.ExactField()),
                ("intercept", backbone.web.exact.ExactField()),
                ("made_at", models.DateTimeField()),
                (
                    "calendar",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="measurement.reportingcalendar",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="measurement.reportingperiod",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
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
                    "last",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="measurement.reportingperiod",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ForecastPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ordinal", models.IntegerField()),
                ("label", models.CharField(max_length=60)),
                ("start", models.DateField()),
                ("end", models.DateField()),
                ("value", backbone.web.exact.ExactField()),
                ("low", backbone.web.exact.ExactField()),
                ("high", backbone.web.exact.ExactField()),
                (
                    "forecast",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="measurement.forecast",
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
                "ordering": ("ordinal",),
            },
        ),
        migrations.AddConstraint(
            model_name="forecast",
            constraint=models.UniqueConstraint(fields=("indicator", "last"), name="forecast_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="forecast",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c008f740a906e666f4c23c20ccb4c556c9b143a5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8ae6f",
                    table="measurement_forecast",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="forecastpoint",
            constraint=models.UniqueConstraint(fields=("forecast", "ordinal"), name="forecast_point_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="forecastpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="55681bf314d231dd7c3988524c8684bef4b14ff5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_75d33",
                    table="measurement_forecastpoint",
                    when="BEFORE",
                ),
            ),
        ),
        tenant_key("measurement_forecast"),
        *(composite_key(*key) for key in KEYS),
        *map(row_security, TABLES),
    ]
