from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0010_visit_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="initiative",
            name="licence",
            field=models.CharField(
                blank=True, db_default="", max_length=120, verbose_name="licence of what is published"
            ),
        ),
    ]
