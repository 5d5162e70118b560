from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory

from backbone.web.forms import Form, NumberField
from backbone.web.pagination import paginate


class Person(Form):
    name = forms.CharField(help_text="As people call you.")
    served = NumberField(required=False)
    reason = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    agreed = forms.BooleanField()


def component(name: str, **context: Any) -> str:
    return " ".join(render_to_string(f"_components/{name}.html", context).split())


def page(name: str, address: str = "/", **context: Any) -> str:
    request = RequestFactory().get(address)
    request.user = AnonymousUser()
    return render_to_string(name, context, request)


@pytest.mark.parametrize(
    ("status", "sign", "word"),
    [
        ("on_track", "✓", "On track"),
        ("at_risk", "!", "At risk"),
        ("off_track", "✕", "Off track"),
        ("too_early", "–", "Too early"),
        ("partial", "–", "Partial"),
        ("too_small", "–", "Too small to tell"),
        ("not_judged", "–", "Not judged"),
        ("not_started", "–", "Not in yet"),
        ("draft", "…", "Draft"),
        ("submitted", "→", "Waiting for review"),
        ("returned", "←", "Returned"),
        ("approved", "✓", "Approved"),
    ],
)
def test_a_status_is_never_told_by_colour_alone(status: str, sign: str, word: str) -> None:
    html = component("status", status=status)

    assert f'aria-hidden="true">{sign}</span> {word}</span>' in html


def test_a_report_that_is_late_is_not_marked_as_bad() -> None:
    assert "status-bad" not in component("status", status="not_started")


def test_a_status_can_say_more_precisely_what_it_is() -> None:
    assert "Partial: 2 of 5 partners" in component(
        "status", status="partial", word="Partial: 2 of 5 partners"
    )


def test_a_field_has_its_label_hint_and_error_tied_to_it() -> None:
    form = Person({})

    html = component("field", field=form["name"])

    assert '<label class="field-label" for="id_name">' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'class="form-control is-invalid"' in html


def test_choices_stand_in_a_group_with_a_legend() -> None:
    html = component("field", field=Person()["reason"])

    assert "<fieldset" in html
    assert "<legend" in html


def test_what_may_stay_empty_says_so() -> None:
    assert "(optional)" in component("field", field=Person()["served"])
    assert "(optional)" not in component("field", field=Person()["name"])


def test_the_summary_of_problems_links_each_line_to_its_field() -> None:
    html = component("form_errors", form=Person({}))

    assert 'role="alert"' in html
    assert 'tabindex="-1"' in html
    assert '<a href="#id_name">Fill in “Name”.</a>' in html
    assert '<a href="#id_reason_0">Choose “Reason”.</a>' in html


def test_a_form_without_problems_has_no_summary() -> None:
    assert component("form_errors", form=Person()) == ""


def figure(**changes: Any) -> SimpleNamespace:
    facts = {
        "name": "Children who read",
        "value": Decimal("57.25"),
        "decimals": 1,
        "unit": "%",
        "explain_url": "/how",
        "sentence": "Up from 52 to 57 %.",
        "status": "on_track",
        "points": [Decimal(52), None, Decimal(57)],
        "coverage": "9 of 11 partners, to March 2026",
    }
    return SimpleNamespace(**(facts | changes))


def test_the_number_of_a_figure_leads_to_how_it_was_made() -> None:
    html = component("figure", figure=figure())

    assert '<a href="/how" hx-get="/how" hx-target="#panel"' in html
    assert '<span class="figure-number">57.3</span>' in html
    assert "9 of 11 partners, to March 2026" in html


def test_a_figure_without_value_shows_no_number_and_no_link() -> None:
    html = component("figure", figure=figure(value=None, status="partial"))

    assert "Nothing yet" in html
    assert "/how" not in html
    assert "figure-number" not in html


def test_what_people_typed_is_escaped_everywhere_on_a_figure() -> None:
    nasty = "<script>x</script>"

    html = component("figure", figure=figure(name=nasty, sentence=nasty, unit=nasty, coverage=nasty))

    assert "<script" not in html


def test_pages_keep_the_other_choices_of_the_address() -> None:
    request = RequestFactory().get("/?state=late&page=2")
    rows = paginate(request, range(120))

    html = render_to_string("_components/pagination.html", {"page": rows}, request)

    assert "Page 2 of 3" in html
    assert 'href="/?state=late&amp;page=3"' in html


@pytest.mark.parametrize(
    ("asked", "given"), [("0", 3), ("-1", 3), ("99", 3), ("x", 1), ("", 1), ("2\x00", 1)]
)
def test_a_page_that_is_not_there_is_the_first_or_the_last(asked: str, given: int) -> None:
    request = RequestFactory().get("/", {"page": asked})

    assert paginate(request, range(120)).number == given


def test_progress_says_how_far_it_is() -> None:
    html = component("progress", label="Adding up", count=1234, total=9000)

    assert "1,234 of 9,000" in html
    assert 'value="1234" max="9000"' in html


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "refused.html"])
def test_a_page_about_an_error_has_one_heading_and_says_what_to_do(name: str) -> None:
    html = page(name, reason="It was approved at 14:02.")

    assert html.count("<h1") == 1
    assert "Go back" in html or "first page" in html


def test_the_page_of_our_own_failures_needs_no_context() -> None:
    html = render_to_string("500.html")

    assert "Something went wrong" in html
    assert 'href="/"' in html


@pytest.mark.parametrize("name", ["404.html", "refused.html", "account/password_reset_done.html"])
def test_no_page_carries_script_style_or_handler_of_its_own(name: str) -> None:
    html = page(name)

    assert " style=" not in html
    assert "<style" not in html
    assert " onclick=" not in html
    assert all("src=" in script for script in html.split("<script")[1:])


def test_pages_within_a_panel_stay_in_it() -> None:
    request = RequestFactory().get("/?page=2")
    rows = paginate(request, range(120))

    html = render_to_string("_components/pagination.html", {"page": rows, "target": "panel"}, request)

    assert 'href="/?page=3" id="panel-next" hx-get="/?page=3" hx-target="#panel"' in html
    assert 'href="/?page=1" id="panel-previous" hx-get="/?page=1" hx-target="#panel"' in html
