from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingPeriod
from measurement.submissions import opening, workflow
from measurement.submissions.models import STATUS_NAMES, Message, Submission
from measurement.submissions.status import REASONS_WITHOUT_NUMBER
from tests.factories import measuring
from tests.measurement.submissions.conftest import FULL
from tests.measurement.submissions.sending import HTMX, drafted, field, form, url

SignIn = Callable[[User], Client]
RIGHT = {"right": "on"}


@pytest.fixture
def reporter(as_: SignIn, rita: User) -> Client:
    return as_(rita)


# --- beginning ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("quarter")
def test_a_report_is_begun_once_however_often_one_presses(reporter: Client, alder: Organization) -> None:
    expected = measuring.expected(alder, "2026-Q1")

    answers = [reporter.post(f"/i/cradle/report/{expected.public_id}/start/") for _press in range(2)]

    assert {answer["Location"] for answer in answers} == {Submission.objects.get().get_absolute_url()}


@pytest.mark.usefixtures("quarter")
def test_another_partners_report_cannot_be_begun(reporter: Client, birch: Organization) -> None:
    expected = measuring.expected(birch, "2026-Q1")

    assert reporter.post(f"/i/cradle/report/{expected.public_id}/start/").status_code == 404
    assert not Submission.objects.exists()


# --- the form ----------------------------------------------------------------------------------------


def test_the_form_shows_what_was_typed_the_last_figures_and_how_far_one_is(
    reporter: Client, initiative: Initiative, alder: Organization, draft: Submission
) -> None:
    measuring.open_(initiative, "2025-Q4")
    measuring.report(alder, "2025-Q4", served=80, served__girls=40, served__boys=30, passed=(30, 40))

    page = reporter.get(draft.get_absolute_url()).content.decode()

    assert 'value="100"' in page
    assert "Q4 2025: 80\u00a0people" in page
    assert "30 of 40 (75.0\u00a0%)" in page
    assert "2 of 4 figures" in page
    assert "due 30 April 2026" in page
    assert "The categories add up to 50 of 100." in page


def test_the_same_period_of_last_year_stands_beside_last_period(
    reporter: Client, initiative: Initiative, alder: Organization, draft: Submission
) -> None:
    for code, number in (("2025-Q1", 70), ("2025-Q3", 75), ("2025-Q4", 80)):
        measuring.open_(initiative, code)
        measuring.report(alder, code, served=number, served__girls=40, served__boys=30, passed=(30, 40))

    page = reporter.get(draft.get_absolute_url()).content.decode()

    assert "Q4 2025: 80\u00a0people" in page
    assert "Q1 2025: 70\u00a0people" in page
    assert "Q3 2025" not in page


def test_no_change_is_one_click_and_is_marked(
    reporter: Client, initiative: Initiative, alder: Organization, draft: Submission
) -> None:
    measuring.open_(initiative, "2025-Q4")
    measuring.report(alder, "2025-Q4", served=80, served__girls=40, served__boys=30, passed=(30, 40))
    cell = field(draft, "passed").removesuffix("-amount")

    reporter.post(url("save", draft), form(draft, served="101") | {"same": cell})

    drafts = {d.indicator.code: d for d in draft.drafts.filter(category=None).select_related("indicator")}
    assert (drafts["passed"].amount, drafts["passed"].base, drafts["passed"].same) == ("30", "40", True)
    assert drafts["served"].amount == "101"
    page = reporter.get(draft.get_absolute_url()).content.decode()
    assert 'aria-pressed="true"' in page

    draft.refresh_from_db()
    reporter.post(url("save", draft), form(draft, passed=(31, 40)))

    assert not draft.drafts.get(indicator__code="passed").same


def test_every_field_of_the_form_has_a_label(reporter: Client, draft: Submission) -> None:
    page = reporter.get(draft.get_absolute_url()).content.decode()

    for part in ("amount", "status", "note"):
        assert f'<label for="{field(draft, "served/girls", part)}"' in page
    for reason in REASONS_WITHOUT_NUMBER:
        assert str(STATUS_NAMES[reason]) in page.replace("&#x27;", "'")


def test_the_form_needs_as_many_queries_for_thirty_measures_as_for_two(
    reporter: Client,
    initiative: Initiative,
    draft: Submission,
    quarter: ReportingPeriod,
    alder: Organization,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(30):
        one = measuring.indicator(initiative, f"more-{number}")
        measuring.assign(one, [alder], quarter.calendar)

    with django_assert_max_num_queries(18):  # 16, and the two of the transaction
        assert reporter.get(draft.get_absolute_url()).status_code == 200


# --- saving ------------------------------------------------------------------------------------------


def test_saving_keeps_what_was_typed_and_comes_back_to_the_form(reporter: Client, draft: Submission) -> None:
    answer = reporter.post(url("save", draft), form(draft, served="100", served__boys="abc"))

    assert (answer.status_code, answer["Location"]) == (302, draft.get_absolute_url())
    assert drafted(draft, "served/boys") == "abc"
    assert drafted(draft, "served/girls") == "50"


def test_autosave_answers_with_the_new_version_and_the_time(reporter: Client, draft: Submission) -> None:
    answer = reporter.post(url("save", draft), form(draft, served="101"), headers=HTMX)

    words = answer.content.decode()
    assert answer.status_code == 200
    assert f'name="version" value="{draft.version + 1}"' in words
    assert "Saved " in words
    assert "<html" not in words
    assert answer["HX-Trigger"] == "draft-saved"


def test_the_same_form_sent_twice_conflicts_with_nobody(reporter: Client, draft: Submission) -> None:
    sent = form(draft, served="101")

    assert [reporter.post(url("save", draft), sent).status_code for _press in range(2)] == [302, 302]
    assert drafted(draft, "served") == "101"


def save_by_another(draft: Submission, by: User, **answers: measuring.Answer) -> None:
    draft.refresh_from_db()
    named = {name.replace("__", "/"): answer for name, answer in answers.items()}
    workflow.save_draft(
        submission=draft,
        typed=measuring.typed(draft.expected_report, named),
        version=draft.version,
        by=by,
        at=now(),
    )


def test_a_stale_save_overwrites_nothing_and_shows_both_values(
    reporter: Client, draft: Submission, approver: User
) -> None:
    stale = form(draft, served="222", passed=("1", "2"))
    save_by_another(draft, approver, served=111)

    answer = reporter.post(url("save", draft), stale)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<strong>222</strong>" in page
    assert "<strong>111</strong>" in page
    assert "Anna Approver" in page
    assert drafted(draft, "served") == "111"


def test_after_a_stale_save_one_chooses_cell_by_cell(
    reporter: Client, draft: Submission, approver: User
) -> None:
    mine = {"served": "222", "served__girls": "60"}
    save_by_another(draft, approver, served=111, served__girls=55)
    draft.refresh_from_db()
    choice = {
        field(draft, "served").replace("-amount", "-choice"): "theirs",
        field(draft, "served/girls").replace("-amount", "-choice"): "mine",
    }

    reporter.post(url("save", draft), form(draft, **mine) | choice)

    assert (drafted(draft, "served"), drafted(draft, "served/girls")) == ("111", "60")


@pytest.mark.parametrize(("side", "kept"), [("mine", "222"), ("theirs", "111")])
def test_after_a_stale_save_one_side_can_be_taken_as_a_whole(
    reporter: Client, draft: Submission, approver: User, side: str, kept: str
) -> None:
    save_by_another(draft, approver, served=111)
    draft.refresh_from_db()

    reporter.post(url("save", draft), form(draft, served="222") | {"all": side})

    assert drafted(draft, "served") == kept


def test_a_stale_autosave_says_so_in_one_line_and_keeps_the_old_version(
    reporter: Client, draft: Submission, approver: User
) -> None:
    stale = form(draft, served="222")
    save_by_another(draft, approver, served=111)

    answer = reporter.post(url("save", draft), stale, headers=HTMX)

    words = answer.content.decode()
    assert answer.status_code == 409
    assert f'value="{stale["version"]}"' in words
    assert "Somebody else has saved this report" in words
    assert "Compare both" in words


@pytest.mark.parametrize("version", ["", "two", "-1", "1.5", "9" * 40, "1\x00"])
def test_without_a_readable_version_nothing_is_overwritten(
    reporter: Client, draft: Submission, version: str
) -> None:
    answer = reporter.post(url("save", draft), form(draft, version=version, served="222"))

    assert answer.status_code == 422
    assert "222" in answer.content.decode()
    assert drafted(draft, "served") == "100"


def test_a_form_without_any_version_is_answered_and_shows_what_was_typed(
    reporter: Client, draft: Submission
) -> None:
    sent = form(draft, served="222")
    del sent["version"]

    answer = reporter.post(url("save", draft), sent)

    assert answer.status_code == 422
    assert "222" in answer.content.decode()


def test_what_cannot_be_stored_is_named_and_the_rest_is_saved(reporter: Client, draft: Submission) -> None:
    sent = form(draft, served="1" * 61, served__girls="55")

    answer = reporter.post(url("save", draft), sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Served: Shorten the text to 60 characters: it has 61." in page
    assert "1" * 61 in page
    assert drafted(draft, "served") == "100"
    assert drafted(draft, "served/girls") == "55"


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("amount", "12\x00"),
        ("base", "\x00"),
        ("note", "a\x00b"),
        ("note", "x" * 2_000_001),
        ("amount", "9" * 1_000_000),
        ("status", "suppressed"),
        ("status", "missing"),
        ("status", "x" * 100),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_bad_input_gets_an_answer_and_nothing_is_lost(
    reporter: Client, draft: Submission, part: str, text: str, htmx: bool
) -> None:
    sent = form(draft, served="101") | {field(draft, "served", part): text}

    answer = reporter.post(url("save", draft), sent, headers=HTMX if htmx else {})

    assert answer.status_code == 422
    assert drafted(draft, "served") == "100"


def test_a_note_that_is_too_long_is_shown_whole(reporter: Client, draft: Submission) -> None:
    note = field(draft, "served", "note")

    answer = reporter.post(url("save", draft), form(draft, served="101") | {note: "x" * 2001})

    page = answer.content.decode()
    assert "Shorten the text to 2000 characters: it has 2001." in page
    assert "x" * 2001 in page
    assert "maxlength" not in page.partition(f'name="{note}"')[2].partition(">")[0]


def test_ten_megabytes_are_refused_and_nothing_is_lost(reporter: Client, draft: Submission) -> None:
    sent = form(draft, served="101") | {field(draft, "served", "note"): "x" * 10_000_000}

    assert reporter.post(url("save", draft), sent).status_code == 413
    assert drafted(draft, "served") == "100"


def test_fields_of_other_cells_are_not_taken(
    reporter: Client, draft: Submission, birch: Organization
) -> None:
    other = measuring.draft(birch, "2026-Q1", served=7)
    strange = {"figure-999999-total-amount": "1", "figure-x-amount": "2", "status": "approved", "id": "1"}

    answer = reporter.post(url("save", draft), form(draft, served="101") | strange)

    draft.refresh_from_db()
    assert answer.status_code == 302
    assert (draft.status, draft.drafts.count()) == ("draft", 2)
    assert drafted(other, "served") == "7"


def test_another_partners_report_is_not_there(
    reporter: Client, quarter: ReportingPeriod, birch: Organization
) -> None:
    theirs = measuring.hand_in(birch, "2026-Q1", **FULL)

    for step in ("save", "hand-in", "say"):
        assert reporter.post(url(step, theirs), form(theirs, served="1")).status_code == 404
    assert reporter.get(theirs.get_absolute_url()).status_code == 404


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amount=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=60),
    note=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=300),
)
def test_what_was_typed_is_kept_letter_for_letter(
    reporter: Client, draft: Submission, amount: str, note: str
) -> None:
    draft.refresh_from_db()
    sent = form(draft, served=workflow.Typed(amount=amount, note=note))

    assert reporter.post(url("save", draft), sent).status_code == 302

    kept = draft.drafts.get(category=None, indicator__code="served")
    assert (kept.amount, kept.note) == (amount, note)


# --- when one may no longer save -------------------------------------------------------------------------


def test_what_was_typed_after_handing_in_elsewhere_is_shown(reporter: Client, waiting: Submission) -> None:
    answer = reporter.post(url("save", waiting), form(waiting, served="999"))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Waiting for review" in page
    assert "Rita Reporter did that on" in page
    assert "999" in page


def test_a_closed_period_says_so_and_shows_what_was_typed(
    reporter: Client, draft: Submission, quarter: ReportingPeriod, data_manager: User
) -> None:
    opening.close_period(period=quarter, by=data_manager, at=now())

    answer = reporter.post(url("save", draft), form(draft, served="999"))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Q1 2026 is closed" in page
    assert "999" in page


@pytest.mark.parametrize("step", ["save", "hand-in"])
def test_what_was_sent_after_the_session_had_ended_is_back_after_signing_in(
    draft: Submission, rita: User, step: str
) -> None:
    visitor = Client()

    answer = visitor.post(url(step, draft), form(draft, served="777"))
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?next={draft.get_absolute_url()}")
    visitor.force_login(rita, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = visitor.get(draft.get_absolute_url()).content.decode()
    assert 'value="777"' in page
    assert "You had been signed out" in page
    assert drafted(draft, "served") == "100"

    visitor.post(url("save", draft), form(draft, served="777"))
    assert "You had been signed out" not in visitor.get(draft.get_absolute_url()).content.decode()
    assert drafted(draft, "served") == "777"


def test_autosave_after_the_session_had_ended_says_so_in_the_page(draft: Submission) -> None:
    answer = Client().post(url("save", draft), form(draft, served="777"), headers=HTMX)

    words = answer.content.decode()
    assert answer.status_code == 200
    assert "You have been signed out. What you typed is kept." in words
    assert f'name="version" value="{draft.version}"' in words


# --- handing in ------------------------------------------------------------------------------------------


def test_a_right_report_is_handed_in(reporter: Client, draft: Submission) -> None:
    answer = reporter.post(url("hand-in", draft), form(draft, **FULL) | RIGHT)

    draft.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, url("thanks", draft))
    assert draft.status == "submitted"


@pytest.mark.parametrize("htmx", [True, False])
def test_every_problem_is_named_at_once_and_what_was_typed_stays(
    reporter: Client, draft: Submission, htmx: bool
) -> None:
    sent = form(draft, served="=SUM(A1)", served__boys="", passed=("60", "50"))

    answer = reporter.post(url("hand-in", draft), sent, headers={"HX-Request": "true"} if htmx else {})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert f'href="#{field(draft, "served")}"' in page
    assert "Served: “=SUM(A1)” is a formula" in page
    assert "Served, Boys: Give a number, or choose why there is none." in page
    assert "Passed: 60 cannot be more than 50: it is a part of it." in page
    assert 'value="=SUM(A1)"' in page
    draft.refresh_from_db()
    assert draft.status == "draft"
    assert drafted(draft, "served") == "=SUM(A1)"


def test_nobody_hands_in_without_saying_that_the_figures_are_right(
    reporter: Client, draft: Submission
) -> None:
    answer = reporter.post(url("hand-in", draft), form(draft, **FULL))

    draft.refresh_from_db()
    assert answer.status_code == 422
    assert draft.status == "draft"
    assert drafted(draft, "served/boys") == "40"


def test_who_presses_twice_hands_in_once_and_comes_to_the_report(reporter: Client, draft: Submission) -> None:
    sent = form(draft, **FULL) | RIGHT

    answers = [reporter.post(url("hand-in", draft), sent) for _press in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[1]["Location"] == url("thanks", draft)
    assert Event.objects.filter(verb="submission.submitted").count() == 1


def test_another_form_of_the_same_person_is_not_taken_for_the_one_handed_in(
    reporter: Client, draft: Submission
) -> None:
    reporter.post(url("hand-in", draft), form(draft, **FULL) | RIGHT)

    answer = reporter.post(url("hand-in", draft), form(draft, **FULL | {"served": 90}) | RIGHT)

    assert answer.status_code == 409
    assert "90" in answer.content.decode()


def test_who_hands_in_after_another_is_told_who_did_it_first(
    reporter: Client, as_: SignIn, approver: User, draft: Submission
) -> None:
    sent = form(draft, **FULL) | RIGHT
    reporter.post(url("hand-in", draft), sent)

    answer = as_(approver).post(url("hand-in", draft), sent)

    assert answer.status_code == 409
    assert "Rita Reporter did that on" in answer.content.decode()
    assert Submission.objects.get().status == "submitted"


def test_a_stale_form_cannot_be_handed_in(reporter: Client, draft: Submission, approver: User) -> None:
    stale = form(draft, **FULL) | RIGHT
    save_by_another(draft, approver, served=111)

    assert reporter.post(url("hand-in", draft), stale).status_code == 409
    assert Submission.objects.get().status == "draft"


# --- taking back, and talking ------------------------------------------------------------------------------


def test_who_may_takes_back_what_nobody_has_decided_on(
    as_: SignIn, reporter: Client, waiting: Submission, approver: User
) -> None:
    assert reporter.post(url("take-back", waiting)).status_code == 403
    assert as_(approver).post(url("take-back", waiting)).status_code == 302
    assert as_(approver).post(url("take-back", waiting)).status_code == 409

    waiting.refresh_from_db()
    assert waiting.status == "draft"


def test_both_sides_talk_under_the_report(
    as_: SignIn, reporter: Client, waiting: Submission, data_manager: User
) -> None:
    reporter.post(url("say", waiting), {"body": "Two classes more."})
    as_(data_manager).post(url("say", waiting), {"body": "Thank you."})

    page = reporter.get(waiting.get_absolute_url()).content.decode()
    assert page.index("Two classes more.") < page.index("Thank you.")


@pytest.mark.parametrize("body", ["", "   ", "a\x00b", "x" * 5001])
def test_a_message_that_cannot_be_stored_is_refused_with_what_was_written(
    reporter: Client, waiting: Submission, body: str
) -> None:
    answer = reporter.post(url("say", waiting), {"body": body})

    assert answer.status_code == 422
    assert body.strip().replace("\x00", "") in answer.content.decode().replace("\x00", "")
    assert not Message.objects.exists()


def test_a_report_cannot_be_reached_through_another_initiative(
    as_: SignIn, draft: Submission, stranger: User
) -> None:
    through = draft.get_absolute_url().replace("/cradle/", "/elsewhere/")

    assert as_(stranger).get(through).status_code == 404
