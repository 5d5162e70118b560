from django.urls import path

from initiatives.jobs import views

app_name = "jobs"

urlpatterns = [
    path("i/<slug:slug>/work/", views.works, name="works"),
    path("i/<slug:slug>/work/<uuid:work_id>/", views.work, name="work"),
    path("i/<slug:slug>/work/<uuid:work_id>/stop/", views.cancel, name="stop-work"),
]
