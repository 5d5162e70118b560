from django.urls import path

from measurement.rates import views

app_name = "rates"

urlpatterns = [path("exchange-rates/", views.rates, name="rates")]
