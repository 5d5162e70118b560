from django.urls import path

from measurement.reminding import link_views, sending_views

app_name = "reminding"

urlpatterns = [
    path("link/", link_views.open_link, name="open-link"),
    path("link/leave/", link_views.leave, name="leave"),
    path("link/<str:token>/", link_views.link, name="link"),
    path("report-links/", sending_views.links, name="links"),
    path("report-links/<uuid:link_id>/revoke/", sending_views.revoke_link, name="revoke-link"),
    path("periods/<uuid:period_id>/links/", sending_views.send_links, name="send-links"),
]
