from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.permissions import Permission, Side
from backbone.web.dates import long_date
from backbone.web.htmx import done, refused, render_page
from backbone.web.pagination import paginate
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative, Participation
from initiatives.directory import operations, selectors
from initiatives.directory.desk import staff_desk
from initiatives.directory.forms import WHO, AddOrganizationForm, LeaveForm, OrganizationForm, SearchForm
from initiatives.directory.operations import Refused
from initiatives.directory.roles import sides_to_add
from initiatives.partners.models import Organization

FORM = "initiatives/directory/form.html"


@requires(Permission.PARTNERS_VIEW)
@require_safe
def partners(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    form = SearchForm(request.GET, initiative=initiative)
    sort = request.GET.get("sort", "name")
    today = initiative.today(now())
    rows = selectors.participations(initiative, on=today, sort=sort, **form.wanted())
    context = {
        "form": form,
        "page": paginate(request, rows),
        "sort": sort,
        "who": WHO[form.wanted_side()],
        "today": today,
        "may_manage": request.access.may(Permission.PARTNERS_MANAGE),
    }
    return render_page(request, "initiatives/directory/partners.html", context, partials=["found"])


@requires(Permission.PARTNERS_VIEW)
@require_safe
def partner(request: InitiativeRequest, initiative: Initiative, organization_id: UUID) -> HttpResponse:
    desk = staff_desk(request, initiative, organization_id)
    context = {
        "desk": desk,
        "organization": desk.organization,
        "participations": desk.participations,
        "may_manage": request.access.may(Permission.PARTNERS_MANAGE),
        "sides_managed": sides_to_add(request.access.permissions),
        "today": initiative.today(now()),
        "groups": selectors.groups_of(desk.organization, initiative),
    }
    return render_page(request, "initiatives/directory/partner.html", context)


@requires(Permission.PARTNERS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_partner(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    form = AddOrganizationForm(
        request.POST if request.method == "POST" else None,
        held=request.access.permissions,
        initial={"joined_on": initiative.today(now())},
    )
    if form.is_valid():
        try:
            return _add(request, initiative, form)
        except Refused as reason:
            form.add_error("name", str(reason))
    context = {
        "form": form,
        "heading": _("Add an organization"),
        "button": _("Add it"),
        "back": _list_url(initiative),
    }
    return render_page(request, FORM, context, status=422 if form.errors else 200)


def _add(request: InitiativeRequest, initiative: Initiative, form: AddOrganizationForm) -> HttpResponse:
    made = operations.add_organization(
        initiative=initiative,
        organization=form.instance,
        side=Side(form.cleaned_data["side"]),
        joined_on=form.cleaned_data["joined_on"],
        by=request.user,
        at=now(),
    )
    messages.success(
        request, _("%(name)s takes part now. Invite its people next.") % {"name": made.organization}
    )
    return done(request, to=partner_url(initiative, made.organization))


@requires(Permission.PARTNERS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_partner(request: InitiativeRequest, initiative: Initiative, organization_id: UUID) -> HttpResponse:
    organization = _organization(initiative, organization_id)
    name, back = organization.name, partner_url(initiative, organization)
    form = OrganizationForm(request.POST if request.method == "POST" else None, instance=organization)
    if form.is_valid():
        operations.edit_organization(
            initiative=initiative, organization=form.instance, by=request.user, at=now()
        )
        return done(request, to=back)
    context = {
        "form": form,
        "heading": _("Change %(name)s") % {"name": name},
        "button": _("Save"),
        "back": back,
    }
    return render_page(request, FORM, context, status=422 if form.errors else 200)


@requires(Permission.PARTNERS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: InitiativeRequest, initiative: Initiative, participation_id: UUID) -> HttpResponse:
    """Asks by name and says what stays, then lets the organization go on a day."""
    participation = _participation(request, initiative, participation_id)
    organization = participation.organization
    form = LeaveForm(
        request.POST if request.method == "POST" else None,
        organization=organization,
        joined_on=participation.joined_on,
        initial={"on": initiative.today(now())},
    )
    if form.is_valid():
        on = form.cleaned_data["on"]
        try:
            operations.leave(participation=participation, on=on, by=request.user, at=now())
        except Refused as reason:
            return refused(request, reason)
        messages.success(
            request, _("%(name)s is gone from %(day)s on.") % {"name": organization, "day": long_date(on)}
        )
        return done(request, to=partner_url(initiative, organization))
    context = {"form": form, "participation": participation, "back": partner_url(initiative, organization)}
    return render_page(
        request, "initiatives/directory/leave.html", context, status=422 if form.errors else 200
    )


@requires(Permission.PARTNERS_MANAGE)
@require_POST
def stay(request: InitiativeRequest, initiative: Initiative, participation_id: UUID) -> HttpResponse:
    participation = _participation(request, initiative, participation_id)
    operations.stay(participation=participation, by=request.user, at=now())
    messages.success(request, _("%(name)s takes part again.") % {"name": participation.organization})
    return done(request, to=partner_url(initiative, participation.organization))


def partner_url(initiative: Initiative, organization: Organization) -> str:
    return reverse("initiatives:directory:partner", args=[initiative.slug, organization.public_id])


def _list_url(initiative: Initiative) -> str:
    return reverse("initiatives:directory:partners", args=[initiative.slug])


def _organization(initiative: Initiative, public_id: UUID) -> Organization:
    here = Participation.objects.in_initiative(initiative)
    return get_object_or_404(Organization, public_id=public_id, pk__in=here.values("organization"))


def _participation(request: InitiativeRequest, initiative: Initiative, public_id: UUID) -> Participation:
    """Only who may add a backbone may let one go."""
    rows = Participation.objects.in_initiative(initiative).select_related("organization")
    found = get_object_or_404(rows, public_id=public_id)
    if Side(found.side) not in sides_to_add(request.access.permissions):
        raise PermissionDenied
    return found
