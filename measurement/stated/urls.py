from django.urls import path

from measurement.stated import views

app_name = "stated"

urlpatterns = [
    path("indicators/<slug:code>/population/", views.population, name="population"),
    path("indicators/<slug:code>/overlaps/", views.overlaps, name="overlaps"),
]
