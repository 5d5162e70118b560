from django.db import migrations

from initiatives.charter.tenancy import composite_key, tenant_key

POINTED_AT = (
    "measurement_category",
    "measurement_disaggregation",
    "measurement_expectedreport",
    "measurement_indicator",
    "measurement_indicatorversion",
    "measurement_reportingcalendar",
    "measurement_reportingperiod",
    "measurement_submission",
)

KEYS = (
    ("measurement_reportingperiod", "calendar_id", "measurement_reportingcalendar"),
    ("measurement_periodpart", "whole_id", "measurement_reportingperiod"),
    ("measurement_periodpart", "part_id", "measurement_reportingperiod"),
    ("measurement_indicatorversion", "indicator_id", "measurement_indicator"),
    ("measurement_seriesbreak", "indicator_id", "measurement_indicator"),
    ("measurement_category", "disaggregation_id", "measurement_disaggregation"),
    ("measurement_outcomeindicator", "outcome_id", "initiatives_outcome"),
    ("measurement_outcomeindicator", "indicator_id", "measurement_indicator"),
    ("measurement_target", "indicator_id", "measurement_indicator"),
    ("measurement_assignment", "indicator_id", "measurement_indicator"),
    ("measurement_assignment", "calendar_id", "measurement_reportingcalendar"),
    ("measurement_expectedreport", "period_id", "measurement_reportingperiod"),
    ("measurement_submission", "expected_report_id", "measurement_expectedreport"),
    ("measurement_observation", "indicator_id", "measurement_indicator"),
    ("measurement_observation", "version_id", "measurement_indicatorversion"),
    ("measurement_observation", "period_id", "measurement_reportingperiod"),
    ("measurement_observation", "category_id", "measurement_category"),
    ("measurement_observation", "submission_id", "measurement_submission"),
    ("measurement_currentfigure", "indicator_id", "measurement_indicator"),
    ("measurement_currentfigure", "version_id", "measurement_indicatorversion"),
    ("measurement_currentfigure", "period_id", "measurement_reportingperiod"),
    ("measurement_currentfigure", "category_id", "measurement_category"),
    ("measurement_currentfigure", "expected_report_id", "measurement_expectedreport"),
    ("measurement_draftfigure", "submission_id", "measurement_submission"),
    ("measurement_draftfigure", "indicator_id", "measurement_indicator"),
    ("measurement_draftfigure", "category_id", "measurement_category"),
    ("measurement_message", "submission_id", "measurement_submission"),
    ("measurement_dirtykey", "indicator_id", "measurement_indicator"),
    ("measurement_dirtykey", "period_id", "measurement_reportingperiod"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0002_tenant_keys"),
        ("measurement", "0001_initial"),
    ]

    operations = [*map(tenant_key, POINTED_AT), *(composite_key(*key) for key in KEYS)]
