from django.urls import path

from measurement.api import (
    definition_views,
    description,
    endpoint,
    figure_views,
    key_views,
    report_views,
)

app_name = "api"

_V1 = "api/v1/"
_IN = f"{_V1}initiatives/<slug:slug>/"
_REPORT = f"{_IN}reports/<uuid:report_id>/"
_CELL = f"{_IN}cells/<slug:code>/<slug:calendar>/<str:period>/"
_KEYS = "i/<slug:slug>/keys/"

urlpatterns = [
    path("api/", description.about, name="about"),
    path(f"{_V1}openapi.json", description.openapi, name="openapi"),
    path(f"{_V1}initiatives/", definition_views.Initiatives.as_view(), name="initiatives"),
    path(_IN, definition_views.OneInitiative.as_view(), name="initiative"),
    path(f"{_IN}indicators/", definition_views.Indicators.as_view(), name="indicators"),
    path(f"{_IN}indicators/<slug:code>/", definition_views.OneIndicator.as_view(), name="indicator"),
    path(f"{_IN}breakdowns/", definition_views.Breakdowns.as_view(), name="breakdowns"),
    path(f"{_IN}calendars/", definition_views.Calendars.as_view(), name="calendars"),
    path(f"{_IN}periods/", definition_views.Periods.as_view(), name="periods"),
    path(f"{_IN}groups/", definition_views.Groups.as_view(), name="groups"),
    path(f"{_IN}partners/", definition_views.Partners.as_view(), name="partners"),
    path(f"{_IN}expected-reports/", report_views.ExpectedReports.as_view(), name="expected-reports"),
    path(f"{_IN}expected-reports/<uuid:expected_id>/start/", report_views.Start.as_view(), name="start"),
    path(f"{_IN}reports/", report_views.Reports.as_view(), name="reports"),
    path(_REPORT, report_views.Report.as_view(), name="report"),
    path(f"{_REPORT}figures/", report_views.Figures.as_view(), name="figures"),
    path(f"{_REPORT}submit/", report_views.Submit.as_view(), name="submit"),
    path(f"{_REPORT}take-back/", report_views.TakeBack.as_view(), name="take-back"),
    path(f"{_REPORT}return/", report_views.Return.as_view(), name="return"),
    path(f"{_REPORT}approve/", report_views.Approve.as_view(), name="approve"),
    path(f"{_IN}observations/", figure_views.Observations.as_view(), name="observations"),
    path(f"{_IN}cells/", figure_views.Cells.as_view(), name="cells"),
    path(_CELL, figure_views.OneCell.as_view(), name="cell"),
    path(f"{_CELL}parts/", figure_views.Parts.as_view(), name="parts"),
    path(f"{_V1}<path:rest>", endpoint.Nowhere.as_view(), name="nowhere"),
    path(_KEYS, key_views.keys, name="keys"),
    path(f"{_KEYS}make/", key_views.make_key, name="make-key"),
    path(f"{_KEYS}<uuid:key_id>/revoke/", key_views.revoke_key, name="revoke-key"),
]
