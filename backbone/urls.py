from django.contrib import admin
from django.urls import include, path

from backbone import views

handler400 = views.bad_request

urlpatterns = [
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("accounts/email/", views.closed, name="account_email"),
    path("accounts/", include("allauth.urls")),
    path("site-administration/", admin.site.urls),
    path("", include("backbone.notifications.urls")),
    path("", include("initiatives.urls")),
    path("", include("measurement.urls")),
]
