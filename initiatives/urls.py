from django.urls import include, path

from initiatives.charter import views as charter

urlpatterns = [
    path("", charter.home, name="home"),
    path(
        "",
        include(
            (
                [
                    path("", include("initiatives.charter.urls", namespace="charter")),
                    path("", include("initiatives.directory.urls", namespace="directory")),
                    path("", include("initiatives.agenda.urls", namespace="agenda")),
                    path("", include("initiatives.actions.urls", namespace="actions")),
                    path("", include("initiatives.exchange.urls", namespace="exchange")),
                    path("", include("initiatives.jobs.urls", namespace="jobs")),
                ],
                "initiatives",
            )
        ),
    ),
]
