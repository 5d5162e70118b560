"""The way in for whoever was invited.

Decisions. The mailed link only looks the invitation up and leads on to a page without the token in its
address, so that no later page, log line or referrer carries it. That page has to send its own address
along when a form is posted (forms of a page that sends none are refused as forged), which is why the
token must not be in it. Looking never uses an invitation up: mail scanners look too.
"""

from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from backbone.access.policy import public
from backbone.accounts import invitations
from backbone.accounts.models import User
from backbone.web.htmx import done, refused, render_page
from initiatives.directory import members, selectors
from initiatives.directory.forms import NewAccountForm
from initiatives.directory.operations import Refused
from initiatives.partners.models import MembershipInvitation

_KEPT = "invitation"
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public("the link in an invitation's mail, whose token is the permission")
@never_cache
@require_safe
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    found = invitations.with_token(token)
    if found is None or not found.is_open(now()):
        response = closed(request)
    else:
        request.session[_KEPT] = str(found.public_id)
        response = redirect("initiatives:directory:invitation")
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


@public("where an invitation's link leads; the session holds which invitation it was")
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    invited = _invited(request)
    if invited is None:
        return closed(request)
    try:
        return _answer(request, invited) if request.method == "POST" else page(request, invited)
    except invitations.InvitationClosed:
        return closed(request)
    except Refused as reason:
        return refused(request, reason)


def _answer(request: HttpRequest, invited: MembershipInvitation) -> HttpResponse:
    if request.POST.get("act") == "sign-out":
        return _sign_out(request)
    if isinstance(request.user, User):
        members.accept(invited=invited, by=request.user, at=now())
        return _come_in(request, invited)
    if User.objects.with_email(invited.invitation.email):
        return page(request, invited)
    form = NewAccountForm(request.POST, email=invited.invitation.email)
    if not form.is_valid():
        return page(request, invited, form=form)
    person = members.accept_as_new(
        invited=invited, name=form.cleaned_data["name"], password=form.cleaned_data["password"], at=now()
    )
    login(request, person, backend=_BACKEND)
    return _come_in(request, invited)


def _sign_out(request: HttpRequest) -> HttpResponse:
    kept = request.session[_KEPT]
    logout(request)
    request.session[_KEPT] = kept
    return done(request, to=request.path)


def _come_in(request: HttpRequest, invited: MembershipInvitation) -> HttpResponse:
    request.session.pop(_KEPT, None)
    messages.success(
        request,
        _("Welcome. You are %(role)s of %(organization)s now.")
        % {"role": invited.get_role_display(), "organization": invited.organization},
    )
    there = selectors.invited_to(invited, now())
    return done(request, to=there[0].get_absolute_url())


def page(
    request: HttpRequest, invited: MembershipInvitation, *, form: NewAccountForm | None = None
) -> HttpResponse:
    """Which of the four it is: new here, to sign in first, to accept, or signed in as somebody else."""
    email = invited.invitation.email
    if isinstance(request.user, User):
        who = "self" if request.user.email == email else "somebody-else"
    else:
        who = "known" if User.objects.with_email(email) else "new"
    context = {
        "invited": invited,
        "initiatives_of_it": selectors.invited_to(invited, now()),
        "who": who,
        "form": form or NewAccountForm(email=email),
    }
    response = render_page(
        request, "initiatives/directory/invitation.html", context, status=422 if form and form.errors else 200
    )
    response["X-Robots-Tag"] = "noindex"
    return response


def _invited(request: HttpRequest) -> MembershipInvitation | None:
    """The open invitation whose link was followed in this session, if its organization still takes part."""
    rows = MembershipInvitation.objects.select_related("invitation__invited_by", "organization")
    found = (
        rows.filter(invitation__public_id=request.session[_KEPT]).first()
        if _KEPT in request.session
        else None
    )
    at = now()
    if found is None or not found.invitation.is_open(at) or not selectors.invited_to(found, at):
        return None
    return found


def closed(request: HttpRequest) -> HttpResponse:
    """One page for every link that does not work, so that it tells nothing of why."""
    response = render_page(request, "initiatives/directory/invitation_closed.html", status=404)
    response["X-Robots-Tag"] = "noindex"
    return response
