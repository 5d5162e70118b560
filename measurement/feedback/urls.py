from django.urls import path

from measurement.feedback import views

app_name = "feedback"

urlpatterns = [
    path("report/<uuid:report_id>/became/", views.became, name="became"),
]
