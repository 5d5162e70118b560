from django.urls import path

from measurement.burden import views

app_name = "burden"

urlpatterns = [
    path("reports/burden/", views.burden, name="burden"),
    path("report/burden/", views.own_burden, name="own-burden"),
]
