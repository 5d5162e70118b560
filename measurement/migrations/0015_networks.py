import uuid
from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models

import backbone.web.exact
import measurement.networks.models
from initiatives.charter.tenancy import row_security_shared

_HOSTED = "network_id IN (SELECT n.id FROM measurement_network n WHERE n.host_id = {one})"
_OWN = "member_id IN (SELECT o.id FROM measurement_networkmember o WHERE o.member_id = {one})"
_ASKED = (
    "network_id IN (SELECT a.network_id FROM measurement_networkmember a"
    " WHERE a.member_id = {one} AND a.left_at IS NULL)"
)
_JOINED = (
    "network_id IN (SELECT j.network_id FROM measurement_networkmember j"
    " WHERE j.member_id = {one} AND j.joined_at IS NOT NULL AND j.left_at IS NULL)"
)


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0008_job_run_key"),
        ("measurement", "0014_questions_evidence_and_time"),
    ]

    operations = [
        migrations.CreateModel(
            name="Network",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("purpose", models.TextField(blank=True, verbose_name="what it is for")),
                (
                    "code",
                    models.CharField(
                        default=measurement.networks.models.new_code, max_length=20, unique=True
                    ),
                ),
                (
                    "host",
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
            name="NetworkMeasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("definition", models.TextField(verbose_name="definition")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("flow", "Count or quantity of a period"),
                            ("stock", "Level at the end of a period"),
                            ("peak", "Highest level within a period"),
                            ("unique_people", "Different people, year to date"),
                            ("ratio", "Share or percentage"),
                            ("rate", "Rate, events by exposure"),
                            ("mean", "Average, weighted by a number of cases"),
                            ("median", "Median, index or rank"),
                            ("ordinal", "Rubric with levels"),
                            ("milestone", "Reached: yes or no"),
                            ("money", "Money"),
                            ("cumulative", "Year to date"),
                            ("text", "Words"),
                            ("population", "Whole population, from one source"),
                            ("derived", "Computed from other measures"),
                        ],
                        max_length=14,
                        verbose_name="kind",
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=40, verbose_name="unit")),
                ("decimals", models.PositiveSmallIntegerField(default=0)),
                ("per", backbone.web.exact.ExactField(default=Decimal(1))),
                ("divisor", backbone.web.exact.ExactField(default=Decimal(1))),
                ("over_time", models.CharField(max_length=8)),
                (
                    "network",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measures",
                        to="measurement.network",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "pk"),
            },
        ),
        migrations.CreateModel(
            name="NetworkMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("joined_at", models.DateTimeField(null=True)),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="initiatives.initiative",
                    ),
                ),
                (
                    "network",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="measurement.network",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NetworkMatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("indicator_number", models.BigIntegerField()),
                ("version", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("definition", models.TextField()),
                ("proposed_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                (
                    "network",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="measurement.network",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="matches",
                        to="measurement.networkmeasure",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="matches",
                        to="measurement.networkmember",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NetworkCell",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("start", models.DateField()),
                ("end", models.DateField()),
                ("label", models.CharField(max_length=60)),
                ("run", models.BigIntegerField()),
                ("sums", models.JSONField(decoder=measurement.networks.models.Exactly, null=True)),
                (
                    "network",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="measurement.network",
                    ),
                ),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cells",
                        to="measurement.networkmeasure",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="measurement.networkmember",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="networkmember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at", None)),
                fields=("network", "member"),
                name="network_member_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="networkmatch",
            constraint=models.UniqueConstraint(fields=("measure", "member"), name="network_match_once"),
        ),
        migrations.AddConstraint(
            model_name="networkcell",
            constraint=models.UniqueConstraint(
                fields=("measure", "member", "start", "end"), name="network_cell_once"
            ),
        ),
        row_security_shared("measurement_networkmeasure", seen=_ASKED, written=_HOSTED),
        row_security_shared("measurement_networkmatch", seen=_JOINED, written=f"{_OWN} OR {_HOSTED}"),
        row_security_shared("measurement_networkcell", seen=_JOINED, written=_OWN),
    ]
