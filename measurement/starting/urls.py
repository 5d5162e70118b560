from django.urls import path

from measurement.starting import views

app_name = "starting"

urlpatterns = [path("start/", views.start, name="start")]
