from django.urls import path

from initiatives.exchange import appeal_views, views

app_name = "exchange"

_EXCHANGE = "i/<slug:slug>/exchange/"
_LISTING = f"{_EXCHANGE}<uuid:listing_id>/"
_APPEAL = f"{_EXCHANGE}appeals/<uuid:appeal_id>/"

urlpatterns = [
    path(_EXCHANGE, views.exchange, name="exchange"),
    path(f"{_EXCHANGE}add/<slug:side>/", views.add, name="add"),
    path(_LISTING, views.listing, name="listing"),
    path(f"{_LISTING}close/", views.close, name="close"),
    path(f"{_LISTING}respond/", views.respond, name="respond"),
    path(f"{_EXCHANGE}answers/<uuid:deal_id>/", views.answer, name="answer"),
    path(f"{_EXCHANGE}appeals/add/", appeal_views.add, name="add-appeal"),
    path(_APPEAL, appeal_views.appeal, name="appeal"),
    path(f"{_APPEAL}close/", appeal_views.close, name="close-appeal"),
    path(f"{_APPEAL}pledge/", appeal_views.pledge, name="pledge"),
    path(f"{_EXCHANGE}pledges/<uuid:pledge_id>/", appeal_views.settle, name="settle"),
]
