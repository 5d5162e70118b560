"""People, invited and changed: the same acts from the backbone's desk and from a partner's own."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.permissions import Permission, Role
from backbone.web.htmx import done, refused, render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from initiatives.directory import members
from initiatives.directory.desk import Desk, own_desk, own_desks, staff_desk
from initiatives.directory.forms import InviteForm, RoleForm
from initiatives.directory.operations import Refused
from initiatives.directory.roles import MEANINGS
from initiatives.partners.models import ROLE_NAMES

_PAGE = ["GET", "HEAD", "POST"]


@requires(Permission.OWN_PEOPLE_MANAGE)
@require_safe
def own_people(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    desks = own_desks(request, initiative)
    roles = [(ROLE_NAMES[role], MEANINGS[role]) for role in desks[0].given]
    return render_page(request, "initiatives/directory/own_people.html", {"desks": desks, "roles": roles})


@requires(Permission.PARTNERS_MANAGE)
@require_http_methods(_PAGE)
def invite(request: InitiativeRequest, initiative: Initiative, organization_id: UUID) -> HttpResponse:
    return _invite(request, staff_desk(request, initiative, organization_id))


@requires(Permission.OWN_PEOPLE_MANAGE)
@require_http_methods(_PAGE)
def own_invite(request: InitiativeRequest, initiative: Initiative, organization_id: UUID) -> HttpResponse:
    return _invite(request, own_desk(request, initiative, organization_id))


def _invite(request: InitiativeRequest, desk: Desk) -> HttpResponse:
    form = InviteForm(request.POST if request.method == "POST" else None, roles=desk.given)
    if form.is_valid():
        try:
            members.invite_member(
                initiative=desk.initiative,
                organization=desk.organization,
                email=form.cleaned_data["email"],
                role=Role(form.cleaned_data["role"]),
                among=desk.given,
                by=request.user,
                at=now(),
            )
            messages.success(request, _("%(email)s is invited.") % form.cleaned_data)
            return done(request, to=desk.back)
        except Refused as reason:
            form.add_error("email", str(reason))
    context = {"form": form, "desk": desk}
    return render_page(
        request, "initiatives/directory/invite.html", context, status=422 if form.errors else 200
    )


@requires(Permission.PARTNERS_MANAGE)
@require_http_methods(_PAGE)
def change_role(
    request: InitiativeRequest, initiative: Initiative, organization_id: UUID, membership_id: UUID
) -> HttpResponse:
    return _change_role(request, staff_desk(request, initiative, organization_id), membership_id)


@requires(Permission.OWN_PEOPLE_MANAGE)
@require_http_methods(_PAGE)
def own_change_role(
    request: InitiativeRequest, initiative: Initiative, organization_id: UUID, membership_id: UUID
) -> HttpResponse:
    return _change_role(request, own_desk(request, initiative, organization_id), membership_id)


def _change_role(request: InitiativeRequest, desk: Desk, membership_id: UUID) -> HttpResponse:
    membership = desk.membership(membership_id)
    sent = request.POST if request.method == "POST" else None
    form = RoleForm(sent, roles=desk.given, initial={"role": membership.role})
    if form.is_valid():
        try:
            members.change_role(
                initiative=desk.initiative,
                membership=membership,
                role=Role(form.cleaned_data["role"]),
                among=desk.given,
                by=request.user,
                at=now(),
            )
            messages.success(request, _("The role of %(person)s is changed.") % {"person": membership.person})
            return done(request, to=desk.back)
        except Refused as reason:
            form.add_error("role", str(reason))
    context = {"form": form, "desk": desk, "membership": membership}
    return render_page(
        request, "initiatives/directory/change_role.html", context, status=422 if form.errors else 200
    )


@requires(Permission.PARTNERS_MANAGE)
@require_http_methods(_PAGE)
def end_membership(
    request: InitiativeRequest, initiative: Initiative, organization_id: UUID, membership_id: UUID
) -> HttpResponse:
    return _end(request, staff_desk(request, initiative, organization_id), membership_id)


@requires(Permission.OWN_PEOPLE_MANAGE)
@require_http_methods(_PAGE)
def own_end_membership(
    request: InitiativeRequest, initiative: Initiative, organization_id: UUID, membership_id: UUID
) -> HttpResponse:
    return _end(request, own_desk(request, initiative, organization_id), membership_id)


def _end(request: InitiativeRequest, desk: Desk, membership_id: UUID) -> HttpResponse:
    """Asks first, by name, and says what stays."""
    membership = desk.membership(membership_id)
    if request.method != "POST":
        context = {"desk": desk, "membership": membership}
        return render_page(request, "initiatives/directory/end_membership.html", context)
    try:
        members.end(initiative=desk.initiative, membership=membership, by=request.user, at=now())
    except Refused as reason:
        return refused(request, reason)
    messages.success(
        request,
        _("%(person)s is no longer %(role)s of %(organization)s.")
        % {
            "person": membership.person,
            "role": membership.get_role_display(),
            "organization": desk.organization,
        },
    )
    return done(request, to=desk.back)


@requires(Permission.PARTNERS_MANAGE)
@require_POST
def resend(
    request: InitiativeRequest, initiative: Initiative, organization_id: UUID, invitation_id: UUID
) -> HttpResponse:
    return _answer(request, staff_desk(request, initiative, organization_id), invitation_id, members.resend)


@requires(Permission.OWN_PEOPLE_MANAGE)
@require_POST
def own_resend(
    request: InitiativeRequest, initiative: Initiative, organization_id: UUID, invitation_id: UUID
) -> HttpResponse:
    return _answer(request, own_desk(request, initiative, organization_id), invitation_id, members.resend)


@requires(Permission.PARTNERS_MANAGE)
@require_POST
def withdraw(
    request: InitiativeRequest, initiative: Initiative, organization_id: UUID, invitation_id: UUID
) -> HttpResponse:
    return _answer(request, staff_desk(request, initiative, organization_id), invitation_id, members.withdraw)


@requires(Permission.OWN_PEOPLE_MANAGE)
@require_POST
def own_withdraw(
    request: InitiativeRequest, initiative: Initiative, organization_id: UUID, invitation_id: UUID
) -> HttpResponse:
    return _answer(request, own_desk(request, initiative, organization_id), invitation_id, members.withdraw)


def _answer(
    request: InitiativeRequest, desk: Desk, invitation_id: UUID, act: Callable[..., None]
) -> HttpResponse:
    invited = desk.invited(invitation_id)
    try:
        act(initiative=desk.initiative, invited=invited, by=request.user, at=now())
    except Refused as reason:
        return refused(request, reason)
    said = {
        members.resend: _("The invitation is on its way to %(email)s again."),
        members.withdraw: _("The invitation of %(email)s is taken back."),
    }
    messages.success(request, said[act] % {"email": invited.invitation.email})
    return done(request, to=desk.back)
