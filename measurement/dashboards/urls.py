from django.urls import path

from measurement.dashboards import agenda_views, trying_views, views

app_name = "dashboards"

urlpatterns = [
    path("today/", views.today, name="today"),
    path("agenda/map/", agenda_views.strategy_map, name="strategy-map"),
    path("agenda/nodes/<slug:code>/curves/", agenda_views.node_curves, name="node-curves"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/<slug:code>/", views.indicator, name="indicator"),
    path("dashboard/<slug:code>/try/", trying_views.try_change, name="try-change"),
    path("dashboard/<slug:code>/<slug:calendar>/<str:period>/how/", views.how, name="how"),
]
