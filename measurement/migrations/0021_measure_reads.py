import django.db.models.deletion
from django.db import migrations, models

from initiatives.charter.tenancy import composite_key, row_security


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0020_messages_about_figures_and_locks"),
    ]

    operations = [
        migrations.CreateModel(
            name="MeasureRead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                (
                    "indicator",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reads",
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
        ),
        migrations.AddConstraint(
            model_name="measureread",
            constraint=models.UniqueConstraint(fields=("indicator", "on"), name="measure_read_once_a_day"),
        ),
        composite_key("measurement_measureread", "indicator_id", "measurement_indicator"),
        row_security("measurement_measureread"),
    ]
