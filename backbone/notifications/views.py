"""The bell: what a person was told, newest first, and how often mail is to come."""

from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.policy import signed_in
from backbone.accounts.models import User
from backbone.notifications import bell
from backbone.notifications.models import MailPreference, Notification
from backbone.web.forms import Form
from backbone.web.htmx import done, render_page
from backbone.web.pagination import paginate


class MailForm(Form):
    rhythm = forms.ChoiceField(
        label=gettext_lazy("Mail about everything else"),
        choices=MailPreference.Rhythm.choices,
        widget=forms.RadioSelect,
    )


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)


@signed_in
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    page = paginate(request, Notification.objects.in_bell_of(_person(request)), per_page=25)
    return render_page(request, "notifications/notices.html", {"page": page})


@signed_in
@require_POST
def read(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark one as read, and go on to what it is about where that was pressed."""
    notice = get_object_or_404(Notification.objects.in_bell_of(_person(request)), public_id=notice_id)
    bell.mark_read(Notification.objects.filter(pk=notice.pk), at=now())
    goes_on = "go" in request.POST and url_has_allowed_host_and_scheme(notice.link, allowed_hosts=None)
    return done(request, to=notice.link if goes_on else reverse("notifications:notices"))


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    bell.mark_read(Notification.objects.in_bell_of(_person(request)), at=now())
    return done(request, to=reverse("notifications:notices"))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def mail_preference(request: HttpRequest) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = MailForm(sent, initial={"rhythm": bell.rhythm_of(_person(request))})
    if form.is_valid():
        bell.prefer(person=_person(request), rhythm=MailPreference.Rhythm(form.cleaned_data["rhythm"]))
        messages.success(request, _("Saved."))
        return done(request, to=reverse("notifications:notices"))
    return render_page(request, "notifications/mail.html", {"form": form}, status=422 if form.errors else 200)
