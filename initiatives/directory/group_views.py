"""Groups of partners: places and tags."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused, render_page
from backbone.web.pagination import paginate
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import GroupMember, Initiative, PartnerGroup
from initiatives.directory import grouping, operations, selectors
from initiatives.directory.forms import GroupForm, LeaveGroupForm, PutIntoGroupForm
from initiatives.directory.operations import Refused
from initiatives.partners.models import Organization

FORM = "initiatives/directory/form.html"


@requires(Permission.PARTNERS_VIEW)
@require_safe
def groups(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    context = {
        "page": paginate(request, selectors.groups(initiative, on=initiative.today(now())), per_page=100),
        "may_manage": request.access.may(Permission.PARTNERS_MANAGE),
    }
    return render_page(request, "initiatives/directory/groups.html", context)


@requires(Permission.PARTNERS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_group(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    back = reverse("initiatives:directory:groups", args=[initiative.slug])
    return _edit(request, PartnerGroup(initiative=initiative), heading=_("Make a group"), back=back)


@requires(Permission.PARTNERS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_group(request: InitiativeRequest, initiative: Initiative, group_id: UUID) -> HttpResponse:
    found = _group(initiative, group_id)
    return _edit(request, found, heading=_("Change %(name)s") % {"name": found}, back=_url(initiative, found))


def _edit(request: InitiativeRequest, group: PartnerGroup, *, heading: str, back: str) -> HttpResponse:
    form = GroupForm(request.POST if request.method == "POST" else None, instance=group)
    if form.is_valid():
        try:
            operations.save_group(group=form.instance, by=request.user, at=now())
        except Refused as reason:
            return refused(request, reason)
        return done(request, to=_url(group.initiative, form.instance))
    context = {"form": form, "heading": heading, "button": _("Save"), "back": back}
    return render_page(request, FORM, context, status=422 if form.errors else 200)


@requires(Permission.PARTNERS_VIEW)
@require_safe
def group(request: InitiativeRequest, initiative: Initiative, group_id: UUID) -> HttpResponse:
    return _page(request, _group(initiative, group_id))


def _page(
    request: InitiativeRequest, group: PartnerGroup, *, form: PutIntoGroupForm | None = None
) -> HttpResponse:
    today = group.initiative.today(now())
    context = {
        "group": group,
        "page": paginate(request, selectors.members_of(group), per_page=100),
        "size": GroupMember.objects.on(today).filter(group=group).count(),
        "today": today,
        "may_manage": request.access.may(Permission.PARTNERS_MANAGE),
        "form": form or PutIntoGroupForm(organizations=_candidates(group)),
    }
    return render_page(
        request, "initiatives/directory/group.html", context, status=422 if form and form.errors else 200
    )


@requires(Permission.PARTNERS_MANAGE)
@require_POST
def put_into_group(request: InitiativeRequest, initiative: Initiative, group_id: UUID) -> HttpResponse:
    found = _group(initiative, group_id)
    form = PutIntoGroupForm(request.POST, organizations=_candidates(found))
    if not form.is_valid():
        return _page(request, found, form=form)
    try:
        member = grouping.put_into_group(group=found, **form.cleaned_data, by=request.user, at=now())
    except Refused as reason:
        form.add_error("joined_on", str(reason))
        return _page(request, found, form=form)
    messages.success(request, _("%(name)s is in this group now.") % {"name": member.organization})
    return done(request, to=_url(initiative, found))


@requires(Permission.PARTNERS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def take_out_of_group(
    request: InitiativeRequest, initiative: Initiative, group_id: UUID, organization_id: UUID
) -> HttpResponse:
    """Asks from which day on, and whether it belonged there at all."""
    found = _group(initiative, group_id)
    rows = GroupMember.objects.standing().select_related("group", "organization")
    member = get_object_or_404(rows, group=found, organization__public_id=organization_id, left_on=None)
    form = LeaveGroupForm(
        request.POST if request.method == "POST" else None, initial={"on": initiative.today(now())}
    )
    if form.is_valid():
        try:
            return _taken_out(request, initiative, member, form)
        except Refused as reason:
            form.add_error("on", str(reason))
    context = {
        "form": form,
        "heading": _("%(name)s leaves the group %(group)s") % {"name": member.organization, "group": found},
        "button": _("Take it out"),
        "back": _url(initiative, found),
    }
    return render_page(request, FORM, context, status=422 if form.errors else 200)


def _taken_out(
    request: InitiativeRequest, initiative: Initiative, member: GroupMember, form: LeaveGroupForm
) -> HttpResponse:
    if form.cleaned_data["by_mistake"]:
        grouping.take_out_of_group(member=member, by=request.user, at=now())
    else:
        grouping.leave_group(member=member, on=form.cleaned_data["on"], by=request.user, at=now())
    messages.success(request, _("%(name)s is no longer in this group.") % {"name": member.organization})
    return done(request, to=_url(initiative, member.group))


def _candidates(group: PartnerGroup) -> QuerySet[Organization]:
    return selectors.not_in_group(group, on=group.initiative.today(now()))


def _group(initiative: Initiative, public_id: UUID) -> PartnerGroup:
    rows = PartnerGroup.objects.filter(initiative=initiative).select_related("initiative")
    return get_object_or_404(rows, public_id=public_id)


def _url(initiative: Initiative, group: PartnerGroup) -> str:
    return reverse("initiatives:directory:group", args=[initiative.slug, group.public_id])
