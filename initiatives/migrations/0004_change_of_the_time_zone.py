import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0003_row_security")]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="organization",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="initiatives.organization",
            ),
        ),
        migrations.AlterField(
            model_name="change",
            name="what",
            field=models.CharField(
                choices=[
                    ("joined", "joined"),
                    ("left", "left"),
                    ("regrouped", "changed group"),
                    ("time_zone", "has another time zone"),
                ],
                max_length=10,
            ),
        ),
    ]
