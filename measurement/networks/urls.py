from django.urls import path

from measurement.networks import views

app_name = "networks"

_ONE = "networks/<uuid:network_id>/"

urlpatterns = [
    path("networks/", views.networks, name="networks"),
    path("networks/start/", views.start_network, name="start-network"),
    path("networks/join/", views.join_network, name="join-network"),
    path(_ONE, views.network, name="network"),
    path(_ONE + "measures/<uuid:measure_id>/propose/", views.propose, name="propose"),
    path(_ONE + "proposals/<uuid:match_id>/accept/", views.accept, name="accept"),
    path(_ONE + "leave/", views.leave, name="leave"),
]
