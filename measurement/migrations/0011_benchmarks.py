import uuid

import django.db.models.deletion
from django.db import migrations, models

import backbone.web.exact
from initiatives.charter.tenancy import composite_key, row_security, tenant_key

TABLES = ("measurement_benchmark", "measurement_benchmarkvalue")
KEYS = (
    ("measurement_benchmark", "indicator_id", "measurement_indicator"),
    ("measurement_benchmarkvalue", "benchmark_id", "measurement_benchmark"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0006_dated_groups"),
        ("measurement", "0010_levels_and_units"),
    ]

    operations = [
        migrations.CreateModel(
            name="Benchmark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                ("licence", models.CharField(max_length=120, verbose_name="licence")),
                ("link", models.URLField(blank=True, max_length=300, verbose_name="where it can be read")),
                ("unit", models.CharField(blank=True, max_length=40, verbose_name="unit")),
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
            ],
            options={
                "ordering": ("name", "pk"),
            },
        ),
        migrations.CreateModel(
            name="BenchmarkValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(verbose_name="on")),
                ("value", backbone.web.exact.ExactField(verbose_name="value")),
                (
                    "benchmark",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values",
                        to="measurement.benchmark",
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
                "ordering": ("on",),
            },
        ),
        migrations.AddConstraint(
            model_name="benchmark",
            constraint=models.UniqueConstraint(fields=("indicator", "name"), name="benchmark_name_once"),
        ),
        migrations.AddConstraint(
            model_name="benchmarkvalue",
            constraint=models.UniqueConstraint(fields=("benchmark", "on"), name="benchmark_value_once"),
        ),
        tenant_key("measurement_benchmark"),
        *(composite_key(*key) for key in KEYS),
        *map(row_security, TABLES),
    ]
