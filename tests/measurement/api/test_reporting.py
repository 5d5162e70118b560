"""A program fills in a report, hands it in, and reads what became of it."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils.timezone import now

from backbone.audit.models import Event
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators.kinds import Kind
from measurement.rollups import runs
from measurement.submissions.models import Submission
from tests.factories import measuring
from tests.measurement.api.programs import Program

FIGURES = [
    {"indicator": "served", "amount": "100"},
    {"indicator": "served", "category": "gender/girls", "amount": 50},
    {"indicator": "served", "category": "gender/boys", "amount": "40"},
    {"indicator": "passed", "amount": 45, "base": 50.0},
]


def due(program: Program) -> str:
    """The address of Alder's report, begun."""
    (expected,) = program.get("expected-reports/?status=not_started").json()["results"]
    begun = program.post(f"expected-reports/{expected['id']}/start/")
    assert begun.status_code == 200, begun.content
    return str(begun.headers["Location"])


def figure(report: dict[str, object], name: str, category: str | None = None) -> dict[str, object]:
    figures: list[dict[str, object]] = report["figures"]  # type: ignore[assignment]
    return next(each for each in figures if (each["indicator"], each["category"]) == (name, category))


def test_a_program_fills_in_and_hands_in_and_staffs_program_approves(
    quarter: ReportingPeriod, initiative: Initiative, program: Program, desk: Program, reader: Program
) -> None:
    where = due(program)
    begun = program.get(where).json()
    typed = program.patch(f"{where}figures/", {"version": begun["version"], "figures": FIGURES}).json()
    assert (typed["answered"], typed["asked"]) == (4, 4)
    assert figure(typed, "served", "gender/unknown")["given"] == {
        "status": "reported", "amount": "10", "base": None, "low": None, "high": None, "levels": None, "text": "",
        "handed_in": None, "derived": True,
    }  # fmt: skip

    handed = program.post(f"{where}submit/", {"version": typed["version"], "right": True})
    assert (handed.status_code, handed.json()["status"]) == (200, "submitted")
    approved = desk.post(f"reports/{begun['id']}/approve/", {"version": handed.json()["version"]})
    assert (approved.status_code, approved.json()["status"]) == (200, "approved")

    runs.roll_up_changed(at=now())
    cell = desk.get("cells/served/quarterly/2026-Q1/").json()
    assert (cell["value"], cell["completeness"]) == ("100", {"received": 1, "expected": 2})
    assert cell["how"]["contributors"] == 1
    parts = desk.get(cell["parts"]).json()["results"]
    assert [(each["organization"]["name"], each["amount"]) for each in parts] == [("Alder School", "100")]
    # One of two: who may not see each partner's figures is told no sum, but the own part.
    own = reader.get("cells/served/quarterly/2026-Q1/").json()
    assert (own["value"], own["too_few_partners"], own["completeness"]["received"]) == (None, True, 1)
    assert [each["amount"] for each in reader.get(own["parts"]).json()["results"]] == ["100"]


def test_every_step_names_the_key_in_the_audit_trail(
    quarter: ReportingPeriod, program: Program, waiting: Submission
) -> None:
    answer = program.post(f"reports/{waiting.public_id}/take-back/")

    assert answer.json()["status"] == "draft"
    step = Event.objects.get(verb="submission.taken_back")
    assert step.by is not None
    assert str(step.by).startswith("Key “report of Alder School” (bb_")
    assert not step.by.is_active


def test_a_stale_save_is_told_both_values_and_overwrites_nothing(
    program: Program, draft: Submission, alder: Organization
) -> None:
    where = f"reports/{draft.public_id}/figures/"
    seen = draft.version
    program.patch(where, {"version": seen, "figures": [{"indicator": "served", "amount": "101"}]})

    late = {"indicator": "served", "amount": "99", "note": "Mine"}
    answer = program.patch(where, {"version": seen, "figures": [late]})

    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    told = answer.json()
    assert told["type"] == "/api/#stale"
    assert told["detail"].startswith("Somebody else has saved this report")
    assert told["version"] == seen + 1
    assert told["conflicts"] == [
        {
            "pointer": "/figures/0",
            "indicator": "served",
            "category": None,
            "mine": {"amount": "99", "base": "", "status": "", "note": "Mine", "detail": ""},
            "theirs": {"amount": "101", "base": "", "status": "", "note": "", "detail": ""},
        }
    ]
    assert draft.drafts.get(indicator__code="served", category=None).amount == "101"


def test_what_cannot_be_kept_is_pointed_at_in_the_words_of_the_pages(
    program: Program, draft: Submission
) -> None:
    body = {
        "version": draft.version,
        "figures": [
            {"indicator": "passed", "amount": "7", "base": "8"},
            {"indicator": "served", "status": "lost", "note": "a\0b"},
            {"indicator": "nowhere", "amount": "1"},
            {"indicator": "passed", "amount": "8"},
        ],
    }
    answer = program.patch(f"reports/{draft.public_id}/figures/", body)

    assert answer.status_code == 422
    assert {each["pointer"]: each["detail"] for each in answer.json()["errors"]} == {
        "/figures/2": "This report asks for no such figure.",
        "/figures/3": "It is given more than once.",
        "/figures/1/status": "Served: Choose a reason from the list.",
        "/figures/1/note": "Served: The text holds a character that cannot be stored. Type it again,"
        " without copying.",
    }
    assert not draft.drafts.filter(indicator__code="passed").exists()


def test_what_cannot_be_handed_in_is_pointed_at_in_the_report(program: Program, draft: Submission) -> None:
    where = f"reports/{draft.public_id}/"
    answer = program.post(f"{where}submit/", {"version": draft.version, "right": True})

    assert answer.status_code == 422
    report = program.get(where).json()
    errors = answer.json()["errors"]
    assert {(each["indicator"], each["category"]) for each in errors} == {
        ("served", "gender/boys"),
        ("passed", None),
    }
    for each in errors:
        place = int(each["pointer"].split("/")[2])
        assert report["figures"][place]["indicator"] == each["indicator"]
        assert each["detail"].endswith("Give a number, or choose why there is none.")


def test_nothing_is_handed_in_that_was_not_looked_at_or_not_attested(
    program: Program, draft: Submission
) -> None:
    where = f"reports/{draft.public_id}/submit/"
    unseen = program.post(where, {"version": draft.version - 1, "right": True})
    unsure = program.post(where, {"version": draft.version, "right": False})

    assert (unseen.status_code, unseen.json()["type"]) == (409, "/api/#stale")
    assert unsure.status_code == 422
    assert unsure.json()["errors"] == [
        {"pointer": "/right", "detail": "Tick that the figures are right, to hand the report in."}
    ]


def test_a_report_comes_back_with_its_question(program: Program, desk: Program, waiting: Submission) -> None:
    where = f"reports/{waiting.public_id}/return/"
    silent = desk.post(where, {"message": " "})
    asked = desk.post(where, {"message": "Are 100 right?"})
    again = desk.post(where, {"message": "Are 100 right?"})

    assert silent.json()["errors"][0]["pointer"] == "/message"
    assert asked.json()["status"] == "returned"
    assert (again.status_code, again.json()["type"]) == (409, "/api/#wrong-state")
    assert [each["body"] for each in program.get(f"reports/{waiting.public_id}/").json()["messages"]] == [
        "Are 100 right?"
    ]


def test_a_closed_period_takes_nothing_more(
    program: Program, draft: Submission, quarter: ReportingPeriod, data_manager: object
) -> None:
    ReportingPeriod.objects.filter(pk=quarter.pk).update(state="closed")
    body = {"version": draft.version, "figures": [{"indicator": "served", "amount": "101"}]}

    answer = program.patch(f"reports/{draft.public_id}/figures/", body)

    assert answer.status_code == 409
    assert "is closed" in answer.json()["detail"]


@pytest.mark.parametrize("step", ["approve", "return"])
def test_a_partners_key_does_not_review(program: Program, waiting: Submission, step: str) -> None:
    assert program.post(f"reports/{waiting.public_id}/{step}/", {"version": 2}).status_code == 403


def test_observations_tell_corrections_too(
    desk: Program, alder: Organization, quarter: ReportingPeriod
) -> None:
    full: dict[str, Any] = {"served": 100, "served__girls": 50, "served__boys": 40, "passed": (45, 50)}
    first = measuring.report(alder, "2026-Q1", **full)
    measuring.correct(first, **full | {"passed": (46, 50)})

    rows = desk.get("observations/?indicator=passed").json()["results"]

    assert [(row["amount"], row["reason"], bool(row["corrects"])) for row in rows] == [
        ("46", "Please look again.", True),
        ("45", "", False),
    ]


def test_kinds_with_more_than_numbers_come_and_go_too(
    initiative: Initiative,
    alder: Organization,
    quarters: ReportingCalendar,
    data_manager: object,
    program: Program,
) -> None:
    """A rubric's levels, words, hours handed in as minutes."""
    measuring.assign(
        measuring.indicator(
            initiative, "rubric", Kind.ORDINAL, per=Decimal(100), unit="%", levels="Low\nHigh", from_level=2
        ),
        [alder],
        quarters,
    )
    measuring.assign(measuring.indicator(initiative, "words", Kind.TEXT, unit=""), [alder], quarters)
    hours = measuring.indicator(initiative, "hours", unit="hours", hand_in_units="minutes = 1/60")
    measuring.assign(hours, [alder], quarters)
    measuring.open_(initiative, "2026-Q1")
    where = due(program)
    figures = [
        {"indicator": "rubric", "detail": "3\n1"},
        {"indicator": "words", "detail": "All is well."},
        {"indicator": "hours", "amount": "90", "detail": "minutes"},
    ]

    typed = program.patch(f"{where}figures/", {"version": 1, "figures": figures}).json()
    wrong = program.patch(
        f"{where}figures/",
        {"version": typed["version"], "figures": [{"indicator": "rubric", "detail": "3\n-1"}]},
    ).json()
    refused = program.post(f"{where}submit/", {"version": wrong["version"], "right": True}).json()

    assert figure(typed, "rubric")["given"]["levels"] == ["3", "1"]  # type: ignore[index]
    assert figure(typed, "words")["given"]["text"] == "All is well."  # type: ignore[index]
    given: dict[str, object] = figure(typed, "hours")["given"]  # type: ignore[assignment]
    assert (given["amount"], given["handed_in"]) == ("1.5", {"amount": "90", "unit": "minutes"})
    assert [each["pointer"].rpartition("/")[2] for each in refused["errors"]] == ["detail"]


def test_what_is_computed_from_others_is_told_where_it_is_asked_for(
    initiative: Initiative,
    alder: Organization,
    quarters: ReportingCalendar,
    data_manager: object,
    desk: Program,
) -> None:
    for code in ("spent", "helped"):
        measuring.assign(measuring.indicator(initiative, code), [alder], quarters)
    measuring.indicator(initiative, "cost", Kind.DERIVED, expression="spent / helped", unit="USD per person")
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", spent=300, helped=120)
    runs.roll_up_changed(at=now())

    listed = desk.get("cells/?indicator=cost&totals=true").json()
    one = desk.get("cells/cost/quarterly/2026-Q1/").json()

    assert [(each["indicator"], each["value"]) for each in listed["results"]] == [("cost", "2.5")]
    assert (one["indicator"], one["value"], one["unit"]) == ("cost", "2.5", "USD per person")
    assert one["how"]["computed_from"] == [
        {"indicator": "helped", "value": "120"},
        {"indicator": "spent", "value": "300"},
    ]
    assert {each["indicator"] for each in desk.get("cells/").json()["results"]} == {"spent", "helped"}
