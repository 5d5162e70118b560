import uuid

import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from initiatives.charter.tenancy import composite_key, row_security, tenant_key

POINTED_AT = (
    "initiatives_agendaversion",
    "initiatives_commonagenda",
    "initiatives_goal",
    "initiatives_strategy",
)

KEYS = (
    ("initiatives_outcome", "goal_id", "initiatives_goal"),
    ("initiatives_strategy", "outcome_id", "initiatives_outcome"),
    ("initiatives_agendaversion", "agenda_id", "initiatives_commonagenda"),
    ("initiatives_endorsement", "version_id", "initiatives_agendaversion"),
    ("initiatives_comment", "version_id", "initiatives_agendaversion"),
)

TABLES = (
    *POINTED_AT,
    "initiatives_comment",
    "initiatives_endorsement",
)


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0006_dated_groups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgendaVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "Proposed"),
                            ("adopted", "Adopted"),
                            ("superseded", "Superseded"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("problem", models.TextField(blank=True, verbose_name="the problem")),
                ("boundaries", models.TextField(blank=True, verbose_name="the boundaries")),
                ("vision", models.TextField(blank=True, verbose_name="our vision")),
                ("measurable_goals", models.TextField(blank=True, verbose_name="what we want to achieve")),
                ("principles", models.TextField(blank=True, verbose_name="our principles")),
                ("learning", models.TextField(blank=True, verbose_name="how we learn")),
                ("priorities", models.TextField(blank=True, verbose_name="priorities for now")),
                ("tree", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                ("proposed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answers_due_on",
                    models.DateField(blank=True, null=True, verbose_name="answers are asked for by"),
                ),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("adopted_at", models.DateTimeField(blank=True, null=True)),
                ("superseded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "adopted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_by",
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
                    "proposed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-number",),
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "section",
                    models.CharField(
                        choices=[
                            ("problem", "problem"),
                            ("boundaries", "boundaries"),
                            ("vision", "vision"),
                            ("measurable_goals", "measurable_goals"),
                            ("principles", "principles"),
                            ("learning", "learning"),
                            ("priorities", "priorities"),
                            ("tree", "tree"),
                        ],
                        max_length=20,
                        verbose_name="about",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("text", models.TextField(verbose_name="your comment")),
                (
                    "by",
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
                    "organization",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="initiatives.organization",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="initiatives.agendaversion",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="CommonAgenda",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "quorum",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="share of the partners that has to agree, in percent",
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
        migrations.AddField(
            model_name="agendaversion",
            name="agenda",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="initiatives.commonagenda",
            ),
        ),
        migrations.CreateModel(
            name="Endorsement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[("yes", "Yes"), ("reservations", "Yes, with reservations"), ("no", "No")],
                        max_length=12,
                        verbose_name="our answer",
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="in your own words")),
                ("at", models.DateTimeField()),
                (
                    "by",
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
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="endorsements",
                        to="initiatives.organization",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="endorsements",
                        to="initiatives.agendaversion",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Goal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.SlugField(max_length=60, verbose_name="code")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("statement", models.TextField(blank=True, verbose_name="what we want to see")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place in the list")),
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
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="outcome",
            name="goal",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outcomes",
                to="initiatives.goal",
            ),
        ),
        migrations.CreateModel(
            name="Strategy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.SlugField(max_length=60, verbose_name="code")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("statement", models.TextField(blank=True, verbose_name="what we want to see")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="place in the list")),
                (
                    "initiative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="initiatives.initiative",
                    ),
                ),
                (
                    "outcome",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="strategies",
                        to="initiatives.outcome",
                    ),
                ),
            ],
            options={
                "ordering": ("position", "pk"),
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="comment",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ac8dfd7252bbdbb746a46d90364236b2ab623a95",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_e6724",
                    table="initiatives_comment",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="commonagenda",
            constraint=models.UniqueConstraint(fields=("initiative",), name="agenda_once"),
        ),
        migrations.AddConstraint(
            model_name="commonagenda",
            constraint=models.CheckConstraint(
                condition=models.Q(("quorum__gte", 1), ("quorum__lte", 100)), name="agenda_quorum_is_a_share"
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaversion",
            constraint=models.UniqueConstraint(
                fields=("initiative", "number"), name="agenda_version_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")), fields=("initiative",), name="agenda_one_draft"
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")), fields=("initiative",), name="agenda_one_proposed"
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "adopted")), fields=("initiative",), name="agenda_one_adopted"
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("proposed_at", None), ("state", "draft")),
                    models.Q(models.Q(("state", "draft"), _negated=True), ("proposed_at__isnull", False)),
                    _connector="OR",
                ),
                name="agenda_version_proposed_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "adopted"), _negated=True),
                    ("adopted_at__isnull", False),
                    _connector="OR",
                ),
                name="agenda_version_adopted_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "superseded"), ("superseded_at__isnull", False)),
                    models.Q(models.Q(("state", "superseded"), _negated=True), ("superseded_at", None)),
                    _connector="OR",
                ),
                name="agenda_version_superseded_at",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agendaversion",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen_once_proposed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state <> 'draft' AND ((OLD.problem, OLD.boundaries, OLD.vision, OLD.measurable_goals, OLD.principles, OLD.learning, OLD.priorities, OLD.tree, OLD.number, OLD.agenda_id, OLD.proposed_at, OLD.proposed_by_id) IS DISTINCT FROM (NEW.problem, NEW.boundaries, NEW.vision, NEW.measurable_goals, NEW.principles, NEW.learning, NEW.priorities, NEW.tree, NEW.number, NEW.agenda_id, NEW.proposed_at, NEW.proposed_by_id) OR array_position(ARRAY['draft', 'proposed', 'adopted', 'superseded'], NEW.state::text) < array_position(ARRAY['draft', 'proposed', 'adopted', 'superseded'], OLD.state::text)))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="f605ed9e2b61af7eac2ae36ac4f4189dcff9a04e",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_once_proposed_fd2f1",
                    table="initiatives_agendaversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agendaversion",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_once_proposed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state <> 'draft')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="b8c32761fdd6f6f9ee1f3f1bb58ab2b328673afe",
                    operation="DELETE",
                    pgid="pgtrigger_kept_once_proposed_7a3f2",
                    table="initiatives_agendaversion",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="endorsement",
            index=models.Index(fields=["version", "organization", "-at"], name="endorsement_of_version"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="endorsement",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="bf1a6e8c7e1f532242d5912c164e58da0c6c9430",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_29402",
                    table="initiatives_endorsement",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.UniqueConstraint(fields=("initiative", "code"), name="goal_code_once"),
        ),
        migrations.AddConstraint(
            model_name="strategy",
            constraint=models.UniqueConstraint(fields=("initiative", "code"), name="strategy_code_once"),
        ),
        *map(tenant_key, POINTED_AT),
        *(composite_key(*key) for key in KEYS),
        *map(row_security, TABLES),
    ]
