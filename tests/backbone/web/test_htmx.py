import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory

from backbone.web.htmx import done, refused, render_page


def asked(**headers: str) -> HttpRequest:
    request = RequestFactory().get(
        "/", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    request.user = AnonymousUser()
    return request


def page(request: HttpRequest, status: int = 200) -> str:
    response = render_page(request, "refused.html", {"reason": "Why."}, partials={"refusal"}, status=status)
    assert response.status_code == status
    assert {"HX-Request", "HX-Target"} <= {name.strip() for name in response["Vary"].split(",")}
    return response.content.decode()


def test_a_plain_browser_gets_the_whole_page() -> None:
    assert "<html" in page(asked())


def test_htmx_gets_the_partial_that_its_target_names() -> None:
    fragment = page(asked(HX_Request="true", HX_Target="refusal"), status=422)

    assert "<html" not in fragment
    assert "Why." in fragment


@pytest.mark.parametrize(
    "headers",
    [
        {"HX_Request": "true"},
        {"HX_Request": "true", "HX_Target": "elsewhere"},
        {"HX_Request": "true", "HX_Target": "refusal", "HX_History_Restore_Request": "true"},
        {"HX_Target": "refusal"},
    ],
)
def test_every_other_request_gets_the_whole_page(headers: dict[str, str]) -> None:
    assert "<html" in page(asked(**headers))


def test_done_sends_a_plain_browser_on() -> None:
    response = done(asked(), to="/next", event="report-approved")

    assert (response.status_code, response["Location"]) == (302, "/next")


def test_done_sends_htmx_on_where_nothing_is_to_be_told() -> None:
    response = done(asked(HX_Request="true"), to="/next")

    assert (response.status_code, response["HX-Redirect"]) == (200, "/next")


def test_done_tells_htmx_what_happened_and_where_to_go_if_nothing_listens() -> None:
    response = done(asked(HX_Request="true"), to="/next", event="report-approved")

    assert response.status_code == 204
    assert json.loads(response["HX-Trigger"]) == {"report-approved": {"to": "/next"}}


def test_a_refusal_is_a_page_with_its_reason() -> None:
    response = refused(asked(), ValueError("It was approved at 14:02."))

    assert response.status_code == 409
    assert "<html" in response.content.decode()
    assert "It was approved at 14:02." in response.content.decode()


def test_a_refusal_leaves_what_was_typed_where_it_is() -> None:
    response = refused(asked(HX_Request="true", HX_Target="the-form"), ValueError("<b>Stale</b>"))

    assert response.status_code == 409
    assert response["HX-Retarget"] == "#refusal"
    assert "<html" not in response.content.decode()
    assert "&lt;b&gt;Stale&lt;/b&gt;" in response.content.decode()
