from django.urls import path

from measurement.planning import assigning_views, locking_views, merging_views, views

app_name = "planning"

urlpatterns = [
    path("periods/", views.periods, name="periods"),
    path("periods/<uuid:period_id>/", views.period, name="period"),
    path("periods/<uuid:period_id>/open/", views.open_period, name="open-period"),
    path("periods/<uuid:period_id>/close/", views.close_period, name="close-period"),
    path("periods/<uuid:period_id>/reopen/", views.reopen_period, name="reopen-period"),
    path("periods/<uuid:period_id>/lock/", locking_views.lock, name="lock-period"),
    path("periods/<uuid:period_id>/unlock/", locking_views.unlock, name="unlock-period"),
    path("periods/<uuid:period_id>/due/", views.change_due_date, name="change-due-date"),
    path("periods/calendars/new/", views.add_calendar, name="add-calendar"),
    path("periods/calendars/<uuid:calendar_id>/", views.calendar, name="calendar"),
    path("periods/calendars/<uuid:calendar_id>/more/", views.add_periods, name="add-periods"),
    path("indicators/<slug:code>/partners/", assigning_views.assignments, name="assignments"),
    path("indicators/<slug:code>/partners/add/", assigning_views.assign, name="assign"),
    path("breakdowns/<uuid:breakdown_id>/merges/", merging_views.merges, name="merges"),
    path(
        "breakdowns/<uuid:breakdown_id>/merges/new/", merging_views.merge_categories, name="merge-categories"
    ),
    path("breakdowns/<uuid:breakdown_id>/merges/places/", merging_views.nest, name="nest"),
    path(
        "assignments/<uuid:assignment_id>/breakdowns/",
        assigning_views.change_breakdowns,
        name="change-breakdowns",
    ),
    path("assignments/<uuid:assignment_id>/end/", assigning_views.end_assignment, name="end-assignment"),
]
