import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from initiatives.charter.tenancy import composite_key

KEYS = (
    ("measurement_message", "indicator_id", "measurement_indicator"),
    ("measurement_message", "category_id", "measurement_category"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0019_reminders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="indicator",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="measurement.indicator",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="category",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="measurement.category",
            ),
        ),
        migrations.AddField(
            model_name="reportingperiod",
            name="locked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="reportingperiod",
            name="locked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="reportingperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("locked_at", None), ("state", "closed"), _connector="OR"),
                name="period_locked_is_closed",
            ),
        ),
        *(composite_key(*key) for key in KEYS),
    ]
