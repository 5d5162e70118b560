from django.db import migrations

from initiatives.charter.tenancy import row_security, row_security_through

TABLES = (
    "measurement_assignment",
    "measurement_category",
    "measurement_cell",
    "measurement_currentfigure",
    "measurement_dirtykey",
    "measurement_disaggregation",
    "measurement_draftfigure",
    "measurement_expectedreport",
    "measurement_indicator",
    "measurement_indicatorversion",
    "measurement_leaf",
    "measurement_message",
    "measurement_observation",
    "measurement_outcomeindicator",
    "measurement_periodpart",
    "measurement_reportingcalendar",
    "measurement_reportingperiod",
    "measurement_rolluprun",
    "measurement_seriesbreak",
    "measurement_submission",
    "measurement_target",
)

THROUGH = (
    (
        "measurement_assignment_disaggregations",
        {"assignment_id": "measurement_assignment", "disaggregation_id": "measurement_disaggregation"},
    ),
)


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0003_row_security"),
        ("measurement", "0002_tenant_keys"),
    ]

    operations = [*map(row_security, TABLES), *(row_security_through(*each) for each in THROUGH)]
