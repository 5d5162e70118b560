from django.urls import path

from initiatives.charter import views

app_name = "charter"

urlpatterns = [
    path("i/<slug:slug>/", views.landing, name="landing"),
    path("i/<slug:slug>/settings/", views.settings, name="settings"),
]
