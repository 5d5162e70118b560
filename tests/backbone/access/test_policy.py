import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from backbone.access import checks
from backbone.access.permissions import PERMISSIONS_OF_ROLE, SIDES_OF_ROLE, Permission, Role, Side
from backbone.access.policy import public, signed_in


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


def another(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


class Addresses:
    """Stands in for the project's resolver."""

    def __init__(self, *url_patterns: URLPattern) -> None:
        self.url_patterns = url_patterns


def test_a_view_that_states_no_policy_stops_the_project_from_starting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    addresses = Addresses(
        path("forgotten/", plain),
        path("open/", public("to try")(another)),
        path("mine/", signed_in(plain)),
    )
    monkeypatch.setattr(checks, "get_resolver", lambda: addresses)

    problems = checks.every_view_states_its_policy(None)

    assert [problem.msg for problem in problems] == ["The view at 'forgotten/' states no policy."]


def test_the_project_itself_states_all_its_policies() -> None:
    assert checks.every_view_states_its_policy(None) == []


def test_every_role_has_its_sides_and_its_permissions() -> None:
    assert set(SIDES_OF_ROLE) == set(PERMISSIONS_OF_ROLE) == set(Role)
    assert all(SIDES_OF_ROLE[role] and PERMISSIONS_OF_ROLE[role] for role in Role)


def test_every_permission_is_held_by_somebody() -> None:
    assert frozenset().union(*PERMISSIONS_OF_ROLE.values()) == set(Permission)


def test_only_the_backbone_reads_each_partners_own_figures() -> None:
    of_all = {Permission.FIGURES_VIEW_ALL, Permission.SUBMISSIONS_VIEW_ALL, Permission.SUBMISSIONS_REVIEW}

    readers = {role for role in Role if PERMISSIONS_OF_ROLE[role] & of_all}

    assert all(SIDES_OF_ROLE[role] == {Side.BACKBONE} for role in readers)
