from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.utils.translation import override

from backbone.web.forms import LONGEST_TEXT, ErrorLine, Form, NumberField, error_lines


class Report(Form):
    name = forms.CharField(max_length=20, help_text="As on its letters.")
    served = NumberField(label="Children served", min_value=Decimal(0), max_value=Decimal("1000.5"))
    note = forms.CharField(required=False, widget=forms.Textarea)
    reason = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    right = forms.BooleanField(label="These are right")


def filled(**changes: Any) -> Report:
    return Report({"name": "Alder", "served": "12", "reason": "a", "right": "on"} | changes)


def errors_of(form: Report, name: str) -> list[str]:
    assert not form.is_valid()
    return [str(sentence) for sentence in form.errors[name]]


def test_a_filled_form_gives_exact_decimals_and_stripped_text() -> None:
    form = filled(name="  Alder  ", served="1,000.10")

    assert not form.errors
    assert form.cleaned_data["name"] == "Alder"
    assert form.cleaned_data["served"] == Decimal("1000.10")


def test_the_summary_names_each_missing_field_in_the_order_of_the_page() -> None:
    assert error_lines(Report({})) == [
        ErrorLine("Fill in “Name”.", "id_name"),
        ErrorLine("Fill in “Children served”.", "id_served"),
        ErrorLine("Choose “Reason”.", "id_reason_0"),
        ErrorLine("Tick “These are right”.", "id_right"),
    ]


def test_the_summary_starts_with_what_is_about_the_whole_form() -> None:
    form = filled(name="")
    form.is_valid()
    form.add_error(None, "The period has been closed.")

    assert error_lines(form)[0] == ErrorLine("The period has been closed.")
    assert error_lines(form)[1].field_id == "id_name"


def test_the_summary_of_several_forms_keeps_their_fields_apart() -> None:
    lines = error_lines(*(Report({}, prefix=prefix) for prefix in ("2026", "2027")))

    assert [line.field_id for line in lines].count("id_2026-served") == 1
    assert [line.field_id for line in lines].count("id_2027-served") == 1


def test_nul_bytes_are_refused_with_a_sentence() -> None:
    assert errors_of(filled(note="a\x00b"), "note") == [
        "The text holds a character that cannot be stored. Type it again, without copying."
    ]


def test_text_without_end_is_refused_and_its_length_told() -> None:
    assert errors_of(filled(note="x" * 10_000_000), "note") == [
        f"Shorten the text to {LONGEST_TEXT} characters: it has 10000000."
    ]
    assert errors_of(filled(name="x" * 21), "name") == ["Shorten the text to 20 characters: it has 21."]


def test_two_forms_do_not_share_what_was_added_to_their_fields() -> None:
    validators = len(Report().fields["note"].validators)

    assert len(Report().fields["note"].validators) == validators
    assert Report.base_fields["note"].error_messages["required"] == "This field is required."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("-1", "Write 0 or more."),
        ("1000.6", "Write 1,000.5 or less."),
        ("1.234,5", "“1.234,5” is not a number we can read: write 1234.5."),
        ("=SUM(A1)", "“=SUM(A1)” is a formula: write the number that it gives."),
        ("5\x006", "“56” is not a number we can read: write digits only, such as 1234.5."),
    ],
)
def test_a_number_that_does_not_fit_is_answered_in_a_sentence(text: str, sentence: str) -> None:
    form = filled(served=text)

    assert errors_of(form, "served") == [sentence]
    assert form["served"].value() == text


def test_a_stored_number_stands_in_its_field_as_its_reader_writes_it() -> None:
    with override("es"):
        assert Report(initial={"served": Decimal("1234.500")})["served"].value() == "1234,5"
    assert Report(initial={"served": Decimal("1234.500")})["served"].value() == "1234.5"


@pytest.mark.parametrize(
    ("initial", "typed", "changed"),
    [
        (Decimal("12.0"), "12", False),
        (Decimal("12.0"), "12.5", True),
        (None, "", False),
        (None, "0", True),
        (Decimal(0), "", True),
        (Decimal(1), "many", True),
    ],
)
def test_a_number_has_changed_when_its_value_has(initial: Decimal | None, typed: str, changed: bool) -> None:
    assert NumberField(required=False).has_changed(initial, typed) is changed


def test_hint_and_error_are_tied_to_their_input() -> None:
    form = filled(name="")
    form.is_valid()

    html = form["name"].as_widget()

    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_no_browser_is_asked_to_cut_off_what_is_too_long() -> None:
    form = filled(name="x" * 21)

    assert errors_of(form, "name") == ["Shorten the text to 20 characters: it has 21."]
    assert 'value="' + "x" * 21 in str(form["name"])
    assert "maxlength" not in str(form["name"]) + str(form["note"])
