from django.urls import path

from measurement.reminding import feed_views, later_views, link_views, sending_views

app_name = "reminding"

urlpatterns = [
    path("link/", link_views.open_link, name="open-link"),
    path("link/leave/", link_views.leave, name="leave"),
    path("link/<str:token>/", link_views.link, name="link"),
    path("calendar/", feed_views.calendar_page, name="calendar"),
    path("calendar/make/", feed_views.make_feed, name="make-feed"),
    path("calendar/revoke/", feed_views.revoke_feed, name="revoke-feed"),
    path("calendar/<str:token>.ics", feed_views.feed, name="feed"),
    path("report-links/", sending_views.links, name="links"),
    path("report-links/<uuid:link_id>/revoke/", sending_views.revoke_link, name="revoke-link"),
    path("periods/<uuid:period_id>/links/", sending_views.send_links, name="send-links"),
    path("periods/calendars/<uuid:calendar_id>/reminders/", later_views.schedule, name="schedule"),
    path("report/<uuid:expected_id>/later/", later_views.later, name="later"),
    path("report/<uuid:expected_id>/later/snooze/", later_views.snooze, name="snooze"),
    path("report/<uuid:expected_id>/later/ask/", later_views.ask, name="ask"),
]
