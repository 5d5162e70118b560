from django.urls import include, path

app_name = "measurement"

urlpatterns = [
    path("", include("measurement.api.urls", namespace="api")),
    path("", include("measurement.starting.urls", namespace="starting")),
    path("", include("measurement.publishing.urls", namespace="publishing")),
    path("i/<slug:slug>/", include("measurement.indicators.urls", namespace="indicators")),
    path("i/<slug:slug>/", include("measurement.benchmarks.urls", namespace="benchmarks")),
    path("i/<slug:slug>/", include("measurement.networks.urls", namespace="networks")),
    path("i/<slug:slug>/", include("measurement.rates.urls", namespace="rates")),
    path("i/<slug:slug>/", include("measurement.stated.urls", namespace="stated")),
    path("i/<slug:slug>/", include("measurement.planning.urls", namespace="planning")),
    path("i/<slug:slug>/", include("measurement.imports.urls", namespace="imports")),
    path("i/<slug:slug>/", include("measurement.submissions.urls", namespace="submissions")),
    path("i/<slug:slug>/", include("measurement.reports.urls", namespace="reports")),
    path("i/<slug:slug>/", include("measurement.feedback.urls", namespace="feedback")),
    path("i/<slug:slug>/", include("measurement.burden.urls", namespace="burden")),
    path("i/<slug:slug>/", include("measurement.releases.urls", namespace="releases")),
    path("i/<slug:slug>/", include("measurement.reminding.urls", namespace="reminding")),
    path("i/<slug:slug>/", include("measurement.dashboards.urls", namespace="dashboards")),
]
