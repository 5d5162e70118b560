from django.urls import path

from backbone.notifications import views

app_name = "notifications"

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_all, name="read-all"),
    path("notices/mail/", views.mail_preference, name="mail"),
    path("notices/<uuid:notice_id>/read/", views.read, name="read"),
]
