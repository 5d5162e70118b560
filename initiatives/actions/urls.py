from django.urls import path

from initiatives.actions import editing_views, part_views, step_views, views

app_name = "actions"

_ACTIONS = "i/<slug:slug>/actions/"
_ACTION = f"{_ACTIONS}<uuid:action_id>/"
_STEP = f"{_ACTION}steps/<uuid:milestone_id>/"
_PART = "i/<slug:slug>/commitments/<uuid:commitment_id>/"

urlpatterns = [
    path(_ACTIONS, views.actions, name="actions"),
    path(f"{_ACTIONS}board/", views.board, name="board"),
    path(f"{_ACTIONS}timeline/", views.timeline, name="timeline"),
    path(f"{_ACTIONS}calendar.ics", views.calendar, name="calendar"),
    path(f"{_ACTIONS}add/", editing_views.add, name="add"),
    path("i/<slug:slug>/our-actions/", views.ours, name="ours"),
    path(_ACTION, views.action, name="action"),
    path(f"{_ACTION}change/", editing_views.edit, name="edit"),
    path(f"{_ACTION}say/", editing_views.say, name="say"),
    path(f"{_ACTION}remove/", editing_views.remove, name="remove"),
    path(f"{_ACTION}steps/add/", step_views.add_milestone, name="add-milestone"),
    path(_STEP, step_views.edit_milestone, name="edit-milestone"),
    path(f"{_STEP}done/", step_views.tick, name="tick"),
    path(f"{_STEP}remove/", step_views.remove_milestone, name="remove-milestone"),
    path(f"{_ACTION}waits/add/", step_views.add_wait, name="add-wait"),
    path(f"{_ACTION}waits/<uuid:wait_id>/remove/", step_views.remove_wait, name="remove-wait"),
    path(f"{_ACTION}ask/", part_views.ask, name="ask"),
    path(f"{_ACTION}take-part/", part_views.take_part, name="take-part"),
    path(f"{_PART}answer/", part_views.answer, name="answer"),
    path(f"{_PART}settle/", part_views.settle, name="settle"),
    path(f"{_PART}withdraw/", part_views.withdraw, name="withdraw"),
]
