from django.urls import path

from measurement.benchmarks import views

app_name = "benchmarks"

_OF = "indicators/<slug:code>/benchmarks/"

urlpatterns = [
    path(_OF, views.benchmarks, name="benchmarks"),
    path(_OF + "new/", views.save_benchmark, name="add-benchmark"),
    path(_OF + "<uuid:benchmark_id>/", views.save_benchmark, name="change-benchmark"),
    path(_OF + "<uuid:benchmark_id>/remove/", views.remove_benchmark, name="remove-benchmark"),
]
