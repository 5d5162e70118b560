import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from initiatives.charter.tenancy import composite_key, row_security, tenant_key


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0008_job_run_key"),
        ("measurement", "0011_benchmarks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("key", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField()),
                (
                    "decimal_mark",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "I do not know: ask me where it matters"),
                            ("en", "With a point: 1234.5"),
                            ("es", "With a comma: 1234,5"),
                        ],
                        max_length=2,
                    ),
                ),
                ("for_partners", models.BooleanField(default=False)),
                ("reason", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "Being checked"),
                            ("refused", "Not readable"),
                            ("checked", "Checked, not taken over"),
                            ("applied", "Taken over"),
                            ("dropped", "Dropped"),
                        ],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("problem", models.TextField(blank=True)),
                ("notes", models.JSONField(default=list)),
                ("new", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("unchanged", models.PositiveIntegerField(default=0)),
                ("refused", models.PositiveIntegerField(default=0)),
                ("uploaded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("checked_at", models.DateTimeField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                (
                    "applied_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="initiatives.jobrun",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="measurement.submission",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-uploaded_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="ImportLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("changed", "Changed"),
                            ("unchanged", "Unchanged"),
                            ("refused", "Refused"),
                        ],
                        max_length=10,
                    ),
                ),
                ("place", models.CharField(max_length=300)),
                ("about", models.TextField(blank=True)),
                ("before", models.TextField(blank=True)),
                ("after", models.TextField(blank=True)),
                ("sentence", models.TextField(blank=True)),
                ("figure", models.BigIntegerField(null=True)),
                ("seen", models.BigIntegerField(null=True)),
                ("typed", models.JSONField(null=True)),
                ("said", models.JSONField(null=True)),
                (
                    "file",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="measurement.importfile",
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
                "ordering": ("number", "pk"),
            },
        ),
        migrations.AddConstraint(
            model_name="importfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "applied"), _negated=True),
                    ("applied_at__isnull", False),
                    _connector="OR",
                ),
                name="import_applied_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="importfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("for_partners", False), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="import_for_partners_has_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="importline",
            index=models.Index(fields=["file", "what", "number"], name="import_line_by_what"),
        ),
        tenant_key("measurement_importfile"),
        composite_key("measurement_importfile", "submission_id", "measurement_submission"),
        composite_key("measurement_importfile", "run_id", "initiatives_jobrun"),
        composite_key("measurement_importline", "file_id", "measurement_importfile"),
        row_security("measurement_importfile"),
        row_security("measurement_importline"),
    ]
