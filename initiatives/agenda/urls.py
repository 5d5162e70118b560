from django.urls import path

from initiatives.agenda import views

app_name = "agenda"

urlpatterns = [
    path("i/<slug:slug>/outcomes/", views.outcomes, name="outcomes"),
    path("i/<slug:slug>/outcomes/new/", views.add_outcome, name="add-outcome"),
    path("i/<slug:slug>/outcomes/<uuid:outcome_id>/", views.outcome, name="outcome"),
    path("i/<slug:slug>/outcomes/<uuid:outcome_id>/move/", views.move_outcome, name="move-outcome"),
    path("i/<slug:slug>/outcomes/<uuid:outcome_id>/remove/", views.remove_outcome, name="remove-outcome"),
]
