from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

from backbone.web.exact import ExactField

# Counts by level are added up level by level. Strict, so figures without levels cost nothing and change nothing.
_ADD_LEVELS = """
    CREATE FUNCTION measurement_add_levels(one numeric[], other numeric[]) RETURNS numeric[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT array_agg(coalesce(a, 0) + coalesce(b, 0) ORDER BY place)
        FROM unnest(one, other) WITH ORDINALITY AS pair(a, b, place)
    $$;
    CREATE AGGREGATE measurement_sum_levels(numeric[]) (
        SFUNC = measurement_add_levels, STYPE = numeric[], COMBINEFUNC = measurement_add_levels, PARALLEL = SAFE
    );
"""
_FORGET_LEVELS = """
    DROP AGGREGATE measurement_sum_levels(numeric[]);
    DROP FUNCTION measurement_add_levels(numeric[], numeric[]);
"""


def _of_figures(model: str) -> list[migrations.AddField]:
    return [
        migrations.AddField(model, "levels", ArrayField(ExactField(), null=True)),
        migrations.AddField(model, "given_amount", ExactField(null=True)),
        migrations.AddField(
            model, "given_unit", models.CharField(max_length=40, blank=True, default="", db_default="")
        ),
        migrations.AddField(model, "given_rate", ExactField(null=True)),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("measurement", "0009_measures_of_the_agenda"),
    ]

    operations = [
        migrations.AddField(
            "indicatorversion",
            "levels",
            models.TextField("levels, the lowest first, one a line", blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "indicatorversion",
            "from_level",
            models.PositiveSmallIntegerField("counted from level", null=True, blank=True),
        ),
        migrations.AddField(
            "indicatorversion",
            "hand_in_units",
            models.TextField("other units that may be handed in", blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "indicatorversion",
            "expression",
            models.CharField("computed as", max_length=500, blank=True, default=""),
            preserve_default=False,
        ),
        *_of_figures("observation"),
        *_of_figures("currentfigure"),
        migrations.AddField(
            "draftfigure",
            "detail",
            models.CharField(max_length=5000, blank=True, default="", db_default=""),
        ),
        migrations.AddField("leaf", "levels", ArrayField(ExactField(), null=True)),
        migrations.AddField("cell", "levels", ArrayField(ExactField(), null=True)),
        migrations.RunSQL(_ADD_LEVELS, _FORGET_LEVELS),
    ]
