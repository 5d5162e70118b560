from django.urls import path

from measurement.dashboards import views

app_name = "dashboards"

urlpatterns = [
    path("today/", views.today, name="today"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/<slug:code>/", views.indicator, name="indicator"),
    path("dashboard/<slug:code>/<slug:calendar>/<str:period>/how/", views.how, name="how"),
]
