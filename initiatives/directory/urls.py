from django.urls import path

from initiatives.directory import group_views, invitation_views, people_views, views

app_name = "directory"

_PARTNER = "i/<slug:slug>/partners/<uuid:organization_id>/"
_OWN = "i/<slug:slug>/people/<uuid:organization_id>/"
_PART = "i/<slug:slug>/partners/taking-part/<uuid:participation_id>/"
_GROUP = "i/<slug:slug>/partners/groups/<uuid:group_id>/"

urlpatterns = [
    path("i/<slug:slug>/partners/", views.partners, name="partners"),
    path("i/<slug:slug>/partners/add/", views.add_partner, name="add-partner"),
    path(_PARTNER, views.partner, name="partner"),
    path(_PARTNER + "edit/", views.edit_partner, name="edit-partner"),
    path(_PART + "leave/", views.leave, name="leave"),
    path(_PART + "stay/", views.stay, name="stay"),
    path(_PARTNER + "invite/", people_views.invite, name="invite"),
    path(_PARTNER + "people/<uuid:membership_id>/role/", people_views.change_role, name="change-role"),
    path(_PARTNER + "people/<uuid:membership_id>/end/", people_views.end_membership, name="end-membership"),
    path(_PARTNER + "invitations/<uuid:invitation_id>/resend/", people_views.resend, name="resend"),
    path(_PARTNER + "invitations/<uuid:invitation_id>/withdraw/", people_views.withdraw, name="withdraw"),
    path("i/<slug:slug>/people/", people_views.own_people, name="own-people"),
    path(_OWN + "invite/", people_views.own_invite, name="own-invite"),
    path(_OWN + "<uuid:membership_id>/role/", people_views.own_change_role, name="own-change-role"),
    path(_OWN + "<uuid:membership_id>/end/", people_views.own_end_membership, name="own-end-membership"),
    path(_OWN + "invitations/<uuid:invitation_id>/resend/", people_views.own_resend, name="own-resend"),
    path(_OWN + "invitations/<uuid:invitation_id>/withdraw/", people_views.own_withdraw, name="own-withdraw"),
    path("i/<slug:slug>/partners/groups/", group_views.groups, name="groups"),
    path("i/<slug:slug>/partners/groups/add/", group_views.add_group, name="add-group"),
    path(_GROUP, group_views.group, name="group"),
    path(_GROUP + "edit/", group_views.edit_group, name="edit-group"),
    path(_GROUP + "put-in/", group_views.put_into_group, name="put-into-group"),
    path(
        _GROUP + "<uuid:organization_id>/take-out/", group_views.take_out_of_group, name="take-out-of-group"
    ),
    path("invitations/<str:token>/", invitation_views.invitation_link, name="invitation-link"),
    path("invitation/", invitation_views.invitation, name="invitation"),
]
