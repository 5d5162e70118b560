from django.urls import path

from measurement.dashboards import trying_views, views

app_name = "dashboards"

urlpatterns = [
    path("today/", views.today, name="today"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/<slug:code>/", views.indicator, name="indicator"),
    path("dashboard/<slug:code>/try/", trying_views.try_change, name="try-change"),
    path("dashboard/<slug:code>/<slug:calendar>/<str:period>/how/", views.how, name="how"),
]
