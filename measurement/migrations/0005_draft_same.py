from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0004_contributors"),
    ]

    operations = [
        migrations.AddField("draftfigure", "same", models.BooleanField(db_default=False, default=False)),
    ]
