from django.db import migrations, models

# No figure counts twice in one group. Ranges of one number stand for equality, which needs no extension.
ONE_AT_A_TIME = migrations.RunSQL(
    """
    ALTER TABLE initiatives_groupmember ADD CONSTRAINT group_member_once_at_a_time EXCLUDE USING gist (
        int8range(group_id, group_id, '[]') WITH &&,
        int8range(organization_id, organization_id, '[]') WITH &&,
        daterange(joined_on, left_on) WITH &&
    ) WHERE (superseded_at IS NULL)
    """,
    "ALTER TABLE initiatives_groupmember DROP CONSTRAINT group_member_once_at_a_time",
)


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0005_job_runs")]

    operations = [
        migrations.RemoveConstraint(model_name="groupmember", name="group_member_once"),
        migrations.AddField(
            model_name="groupmember",
            name="joined_on",
            field=models.DateField(blank=True, null=True, verbose_name="in it since"),
        ),
        migrations.AddField(
            model_name="groupmember",
            name="left_on",
            field=models.DateField(blank=True, null=True, verbose_name="first day without it"),
        ),
        migrations.AddField(
            model_name="groupmember", name="recorded_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="groupmember", name="superseded_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddConstraint(
            model_name="groupmember",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("joined_on", None),
                    ("left_on", None),
                    ("left_on__gt", models.F("joined_on")),
                    _connector="OR",
                ),
                name="group_member_leaves_after_joining",
            ),
        ),
        migrations.AddIndex(
            model_name="groupmember",
            index=models.Index(fields=["organization", "group"], name="group_member_of"),
        ),
        ONE_AT_A_TIME,
    ]
