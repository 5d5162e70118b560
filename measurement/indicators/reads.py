"""On which days somebody has looked at a measure: one of the traces that tell whether it is used."""

from datetime import datetime

from django.db import connection, models

from initiatives.charter.models import Initiative, TenantRow
from measurement.indicators.models import Indicator


class MeasureRead(TenantRow):
    """Somebody has read the page of the measure's figures on that day. Who, and how often, is not kept."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="reads", db_constraint=False)
    on = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["indicator", "on"], name="measure_read_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.indicator_id} on {self.on}"


def note_read(initiative: Initiative, code: str, *, at: datetime) -> None:
    """Twice a day is the same as once: who comes later finds the row of the day, and waits for nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO measurement_measureread (initiative_id, indicator_id, "on")
            SELECT initiative_id, id, %s FROM measurement_indicator WHERE initiative_id = %s AND code = %s
            ON CONFLICT (indicator_id, "on") DO NOTHING
            """,
            [initiative.today(at), initiative.pk, code],
        )
