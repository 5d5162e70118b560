"""What a person sees who opens an address that only takes what a form sends, as when going there again."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

Answer = Callable[[HttpRequest], HttpResponse]


def explain_wrong_method(get_response: Answer) -> Answer:
    """Middleware: in place of an empty page a sentence, and the way to the page that the form stands on."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if (
            response.status_code != HTTPStatus.METHOD_NOT_ALLOWED
            or request.method != "GET"
            or response.content
        ):
            return response
        page = render(request, "405.html", {"above": page_above(request.path)}, status=response.status_code)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    return answer


def page_above(path: str) -> str:
    """The nearest address further up that there is."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        break
    return path
