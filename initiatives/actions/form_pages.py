"""One way for every form here: shown, refused with what was typed, stored."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict

from backbone.web.htmx import done, render_page
from initiatives.agenda.drafting import Stale
from initiatives.agenda.tree import NotAllowed

TEMPLATE = "initiatives/actions/form.html"


@dataclass(frozen=True)
class Words:
    """What stands around a form. `done` is said when it is stored."""

    heading: str
    button: str
    done: str
    lede: str = ""


def typed(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def form_page(
    request: HttpRequest,
    form: forms.BaseForm,
    words: Words,
    *,
    store: Callable[[dict[str, Any]], object],
    back: str,
    trail: list[dict[str, str]],
    again: Callable[[], forms.BaseForm] | None = None,
) -> HttpResponse:
    """`again` makes the form anew with what was typed, on top of what somebody else has stored in the meantime."""
    context = {"form": form, "words": words, "back": back, "trail": trail}
    if request.method != "POST":
        return render_page(request, TEMPLATE, context, partials=("action-form",))
    status = 422
    if form.is_valid():
        try:
            store(form.cleaned_data)
        except Stale as stale:
            context |= {"stale": stale, "form": again() if again else form}
            status = 409
        except NotAllowed as reason:
            form.add_error(None, str(reason))
            status = 409
        else:
            messages.success(request, words.done)
            return done(request, to=back)
    return render_page(request, TEMPLATE, context, partials=("action-form",), status=status)
