from django.urls import path

from measurement.imports import views

app_name = "imports"

_REPORT = "reports/<uuid:report_id>/"
_FILE = "imports/<uuid:file_id>/"

urlpatterns = [
    path(f"{_REPORT}figures.xlsx", views.report_file, {"kind": "xlsx"}, name="report-xlsx"),
    path(f"{_REPORT}figures.csv", views.report_file, {"kind": "csv"}, name="report-csv"),
    path(f"{_REPORT}upload/", views.upload_report, name="upload-report"),
    path("imports/", views.imports, name="imports"),
    path(_FILE, views.import_, name="import"),
    path(f"{_FILE}confirm/", views.confirm, name="confirm"),
    path(f"{_FILE}check-again/", views.check_again, name="check-again"),
    path(f"{_FILE}drop/", views.drop, name="drop"),
]
