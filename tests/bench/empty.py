"""A page with nothing on it, behind the same sign-in, access, row security and frame as every other."""

from django.http import HttpResponse
from django.urls import include, path

from backbone.access.permissions import Permission
from backbone.web.htmx import render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative


@requires(Permission.INITIATIVE_VIEW)
def empty(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    return render_page(request, "base.html")


urlpatterns = [path("i/<slug:slug>/empty/", empty), path("", include("backbone.urls"))]
