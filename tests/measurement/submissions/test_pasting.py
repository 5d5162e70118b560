"""A block from a spreadsheet: with and without names, what changes, what is refused, and the marks of its numbers."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client

from backbone.accounts.models import User
from measurement.submissions.models import Submission
from tests.factories import measuring
from tests.measurement.submissions.sending import drafted, field, url


@pytest.fixture
def reporter(as_: Callable[[User], Client], rita: User) -> Client:
    return as_(rita)


def preview(client: Client, draft: Submission, block: str, **more: str) -> Any:
    return client.post(url("paste", draft), {"block": block, **more}).context["pasted"]


def take_over(client: Client, draft: Submission, block: str, **more: str) -> int:
    """The preview's own form, sent on."""
    context = client.post(url("paste", draft), {"block": block, **more}).context
    draft.refresh_from_db()
    sent = {"version": str(draft.version), **dict(context["fields"])}
    return int(client.post(url("save", draft), sent).status_code)


def test_a_block_with_names_finds_its_fields_in_any_order(reporter: Client, draft: Submission) -> None:
    block = "\tBoys\tTotal\tGirls\nserved\t40\t100\t50\nNonsense\t1\t2\t3\n"

    pasted = preview(reporter, draft, block)

    assert [(put.slot.line.cell.label, put.before, put.value) for put in pasted.changes] == [
        ("Served, Boys", "", "40")
    ]
    assert pasted.unchanged == 2
    assert [put.sentence for put in pasted.refused] == ["“Nonsense” is no measure of this report."]
    assert take_over(reporter, draft, block) == 302
    assert drafted(draft, "served/boys") == "40"


def test_numbers_alone_go_on_from_the_field_that_they_were_pasted_into(
    reporter: Client, draft: Submission
) -> None:
    girls = field(draft, "served/girls")

    pasted = preview(reporter, draft, "55\t41\t9\t7\n", at=girls)

    assert [(put.slot.field.id, put.value) for put in pasted.changes] == [
        (girls, "55"),
        (field(draft, "served/boys"), "41"),
        (field(draft, "served/unknown"), "9"),
    ]
    assert [put.sentence for put in pasted.refused] == ["There is no field in this place of the report."]
    column = preview(reporter, draft, "101\n45\n3\n")
    assert [put.value for put in column.changes] == ["101", "45"]
    assert len(column.refused) == 1


def test_upper_and_lower_number_stand_side_by_side(reporter: Client, draft: Submission) -> None:
    take_over(reporter, draft, "passed\t45\t50\n")

    one = draft.drafts.get(indicator__code="passed")
    assert (one.amount, one.base) == ("45", "50")


def test_marks_that_can_be_read_in_two_ways_are_asked_about_once_for_the_block(
    reporter: Client, draft: Submission
) -> None:
    pasted = preview(reporter, draft, "1,234\t2.5\n")
    assert pasted.is_ambiguous
    assert next(put.sentence for put in pasted.refused) == "“1,234”: did you mean 1234 or 1.234?"

    english = preview(reporter, draft, "1,234\t20\n", manner="en")
    spanish = preview(reporter, draft, "1.234\t20\n", manner="es")

    assert next(put.value for put in english.changes) == "1234"
    assert next(put.value for put in spanish.changes) == "1234"
    assert not english.is_ambiguous


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("(12)", "write -12"), ("12%", "write 12"), ("=A1", "is a formula"), ("n/a", "is not a number")],
)
def test_what_is_no_number_is_refused_with_its_place(
    reporter: Client, draft: Submission, text: str, sentence: str
) -> None:
    pasted = preview(reporter, draft, f"served\t{text}\n")

    assert [put.where for put in pasted.refused] == ["row 1, column 2"]
    assert sentence in pasted.refused[0].sentence
    assert not pasted.changes


def test_spaces_between_thousands_and_too_small_numbers_are_read(reporter: Client, draft: Submission) -> None:
    pasted = preview(reporter, draft, "served\t1 234\t<5\n")

    assert [put.value for put in pasted.changes] == ["1234", "<5"]


@pytest.mark.parametrize("block", ["", " \n\t\n", "a\0b\t1", "1\n" * 501, "1\t" * 200_001, '"' + "x\n" * 99])
def test_what_is_no_block_is_answered_with_a_sentence(
    reporter: Client, draft: Submission, block: str
) -> None:
    answer = reporter.post(url("paste", draft), {"block": block})

    assert answer.status_code in {200, 422}
    if answer.status_code == 422:
        assert "There is a problem" in unescape(answer.content.decode())


def test_the_preview_changes_nothing_and_a_later_save_of_somebody_else_is_noticed(
    reporter: Client, draft: Submission
) -> None:
    context = reporter.post(url("paste", draft), {"block": "served\t77\n"}).context
    assert drafted(draft, "served") == "100"
    sent = {"version": str(draft.version), **dict(context["fields"])}
    measuring.draft(draft.expected_report.organization, "2026-Q1", served=88)

    answer = reporter.post(url("save", draft), sent)

    assert answer.status_code == 409
    assert drafted(draft, "served") == "88"
