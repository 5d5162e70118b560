"""What is wrong is said with file, row, column and a sentence, all at once, and nothing is stored."""

from collections.abc import Callable
from pathlib import Path

import pytest

from measurement.datapackage.problems import MOST
from tests.measurement.datapackage.packages import expected, figure, problems, small, spoil, write

pytestmark = pytest.mark.django_db

Change = Callable[[str], str]


def swap(old: str, new: str) -> Change:
    return lambda text: text.replace(old, new, 1)


_FIRST_PLAN = "plan,alder,quarters,2025-Q1,,,1,1,reported,1,1"
_ALDER_RATE = "rate,alder,quarters,2025-Q1,,,1,1,reported,45,50"
_ALDER_SCORE = "score,alder,quarters,2025-Q1,,,1,1,reported,-7.5,3"
_ALDER_TOTAL = "served,alder,quarters,2025-Q1,,,1,1,reported,120,"

BAD = [
    # what cannot be read
    ("observations.csv", swap("reported,45,50", "reported,4e1,50"), 6, "amount", "plain decimal number"),
    ("observations.csv", swap("reported,45,50", 'reported,"4,5",50'), 6, "amount", "plain decimal number"),
    ("observations.csv", swap("reported,45,50", "reported,NaN,50"), 6, "amount", "plain decimal number"),
    (
        "observations.csv",
        swap("reported,45,50", f"reported,{'9' * 200},50"),
        6,
        "amount",
        "plain decimal number",
    ),
    ("observations.csv", swap("reported,45,50", "gone,45,50"), 6, "status", "not one of"),
    ("observations.csv", swap("2025-04-10T09:30:00Z", "10.4.2025"), 2, "received_at", "moment in UTC"),
    ("observations.csv", swap("@home", "\x00home"), 14, "note", "NUL"),
    ("organizations.csv", swap("school", "academy"), 2, "sector", "not one of"),
    ("organizations.csv", swap("Alder School", "A" * 201), 2, "name", "longer than 200"),
    ("organizations.csv", swap("https://birch", "javascript:birch"), 3, "website", "valid URL"),
    ("organizations.csv", swap("Alder School", ""), 2, "name", "must not be empty"),
    ("participations.csv", swap("2025-01-01", "2025-02-30"), 2, "joined_on", "not a date"),
    ("initiative.csv", swap("America/Detroit", "America/Gotham"), 2, "time_zone", "time zone"),
    ("initiative.csv", swap("0.8", "1.2"), 2, "final_at_completeness", "share"),
    ("initiative.csv", swap("small", "not an address"), 2, "slug", "slug"),
    ("indicators.csv", swap("plan,", "plan b,"), 3, "code", "slug"),
    ("indicator_versions.csv", swap("false", "no"), 2, "whole_numbers", "neither true nor false"),
    ("outcomes.csv", swap(",0\n", ",1.5\n"), 2, "position", "not a whole number"),
    ("outcomes.csv", swap(",0\n", ",-1\n"), 2, "position", "greater than or equal to 0"),
    ("groups.csv", swap("north,North,place", "north,North"), 2, "", "2 cells instead of 3"),
    # whole files
    ("groups.csv", swap("kind", "sort"), 1, "", "Missing in the header: kind"),
    ("groups.csv", swap("kind", "kind,size"), 1, "", "Unknown in the header: size"),
    ("groups.csv", swap("code,name", "name,code"), 1, "", "in this order"),
    ("groups.csv", lambda _text: "", 1, "", "Missing in the header"),
    ("groups.csv", swap("North", '"Nor"th'), None, "", "not a CSV file"),
    # rows that name others
    ("group_members.csv", swap("north,alder", "north,elder"), 2, "organization", "not in organizations.csv"),
    ("outcome_indicators.csv", swap("served", "severed"), 2, "indicator", "not in indicators.csv"),
    ("observations.csv", swap("female", "femal"), 11, "disaggregation, category", "not in categories.csv"),
    (
        "observations.csv",
        swap(_ALDER_RATE, _ALDER_RATE.replace(",1,1,", ",1,2,")),
        6,
        "indicator, version",
        "not in",
    ),
    (
        "observations.csv",
        swap(_ALDER_RATE, _ALDER_RATE.replace("Q1", "Q2")),
        6,
        "organization, calendar, period",
        "not in",
    ),
    # keys
    ("groups.csv", lambda text: text + "north,Again,tag\n", 3, "code", "same key"),
    (
        "participations.csv",
        swap("birch,partner,birch", "birch,partner,alder"),
        3,
        "code",
        "Another organization",
    ),
    # agreements
    ("organizations.csv", lambda text: text + "oak,Oak,other,\n", 5, "code", "takes no part"),
    ("participations.csv", swap("fund,funder,fund", "fund,funder,fonds"), 4, "code", "called “fonds”"),
    (
        "participations.csv",
        swap("2025-01-01,", "2025-01-01,2024-12-31"),
        2,
        "left_on",
        "before it has joined",
    ),
    ("assignments.csv", swap("plan,alder", "plan,fund"), 4, "organization", "Only a partner"),
    ("assignments.csv", swap("2025-01-01,", "2025-01-01,2024-01-01"), 2, "ends_on", "before it begins"),
    ("targets.csv", swap("2026-01-01", "2025-01-01"), 2, "due_on", "after the date of its baseline"),
    ("calendars.csv", swap(",1,12,", ",13,12,"), 2, "first_month", "from 1 to 12"),
    ("periods.csv", swap("2025-03-31", "2025-03-30"), 2, "code", "not a period of its calendar"),
    ("periods.csv", swap("2025-Q3,Q3", "2025-Q4,Q3"), 4, "code", "not a period of its calendar"),
    ("periods.csv", swap("planned", "open"), 4, "opened_at", "has been opened"),
    ("indicator_versions.csv", swap("plan,1,", "plan,2,"), 3, "number", "numbered from 1"),
    ("indicator_versions.csv", swap("flow,sum", "flow,last"), 6, "over_time", "allows: sum"),
    ("indicator_versions.csv", swap("0,1,1,", "0,0,1,"), 2, "per", "above 0"),
    ("categories.csv", swap("1,false", "1,true"), 4, "is_unknown", "Only one category"),
    (
        "reports.csv",
        swap("approved,2025-04-10T09:30:00Z,2025-04-10T09:30:00Z", "approved,,"),
        2,
        "submitted_at",
        "has a time",
    ),
    # figures
    (
        "observations.csv",
        swap(_ALDER_RATE, _ALDER_RATE.replace("45,50", "51,50")),
        6,
        "amount",
        "cannot be more than 50",
    ),
    ("observations.csv", swap(_ALDER_RATE, _ALDER_RATE.replace("45,50", "45,0")), 6, "base", "cannot be 0"),
    (
        "observations.csv",
        swap(_ALDER_RATE, _ALDER_RATE.replace("45,50", "45,")),
        6,
        "base",
        "Give the number",
    ),
    (
        "observations.csv",
        swap(_ALDER_RATE, _ALDER_RATE.replace("45,50", ",")),
        6,
        "amount",
        "has to be a value",
    ),
    (
        "observations.csv",
        swap(_ALDER_RATE, _ALDER_RATE.replace("45,50", "45.5,50")),
        6,
        "amount",
        "whole number",
    ),
    ("observations.csv", swap(_ALDER_RATE, _ALDER_RATE.replace("45,50", "-1,50")), 6, "amount", "below 0"),
    ("observations.csv", swap(_ALDER_SCORE, _ALDER_SCORE.replace(",3", ",-3")), 8, "base", "below 0"),
    ("observations.csv", swap(_ALDER_SCORE, _ALDER_SCORE.replace(",3", ",0")), 8, "base", "cannot be 0"),
    (
        "observations.csv",
        swap(_ALDER_RATE, _ALDER_RATE.replace("reported", "missing")),
        6,
        "amount",
        "there is no value",
    ),
    ("observations.csv", swap("not_collected", "estimated"), 9, "amount", "has to be a value"),
    ("observations.csv", swap("withheld", "missing"), 7, "low", "Only a figure that is withheld"),
    ("observations.csv", swap("1,4,", "4,1,"), 7, "low", "between a lowest and a highest"),
    (
        "observations.csv",
        swap(_FIRST_PLAN, _FIRST_PLAN.replace("1,1,reported,1,1", "1,1,reported,2,1")),
        4,
        "amount",
        "Yes is amount 1",
    ),
    (
        "observations.csv",
        swap(_ALDER_TOTAL, _ALDER_TOTAL.replace("120,", "120,5")),
        10,
        "base",
        "one number only",
    ),
    (
        "observations.csv",
        swap(_ALDER_TOTAL, _ALDER_TOTAL.replace("120,", "119,")),
        10,
        "amount",
        "1 more than the total",
    ),
    (
        "observations.csv",
        swap(_ALDER_TOTAL, _ALDER_TOTAL.replace("120,", "121,")),
        10,
        "amount",
        "1 less than the total",
    ),
    ("observations.csv", swap("rate,alder", "rate,birch"), 7, "indicator, organization", "same key"),
    ("observations.csv", swap(",2,1,reported,80", ",3,1,reported,80"), 14, "entry", "without a gap"),
    (
        "observations.csv",
        swap("2025-04-20T00:00:00Z", "2025-04-12T09:30:00Z"),
        15,
        "entry",
        "before the entry",
    ),
    ("observations.csv", swap("2025-04-10T09:30:00Z", ""), 2, "recorded_at", "needs the times"),
    (
        "reports.csv",
        swap(
            "birch,quarters,2025-Q1,2025-05-01T04:00:00Z,approved",
            "birch,quarters,2025-Q1,2025-05-01T04:00:00Z,",
        ),
        5,
        "entry",
        "has no status",
    ),
    ("assignments.csv", swap("rate,alder,quarters,2025-01-01,\n", ""), 6, "organization", "not assigned"),
]


@pytest.mark.parametrize(("file", "change", "row", "column", "words"), BAD, ids=range(len(BAD)))
def test_a_bad_row_is_named(
    package: Path, file: str, change: Change, row: int | None, column: str, words: str
) -> None:
    spoil(package, file, change)

    found = problems(package)

    assert any(
        problem.row == row and problem.column.startswith(column) and words in problem.sentence
        for problem in found
    ), "\n".join(map(str, found))
    # What is wrong is seldom more than one thing, and never a flood.
    assert len(found) <= 14


def test_a_problem_is_said_in_one_line(package: Path) -> None:
    spoil(package, "observations.csv", swap("reported,45,50", "reported,51,50"))

    assert [str(problem) for problem in problems(package)] == [
        "observations.csv, row 6, column “amount”: 51 cannot be more than 50: it is a part of it."
    ]


def test_several_problems_are_said_all_in_one_go(package: Path) -> None:
    spoil(package, "groups.csv", swap("place", "planet"))
    spoil(package, "targets.csv", swap("2026-01-01", "2025-01-01"))
    spoil(package, "observations.csv", swap("reported,45,50", "reported,51,50"))

    assert {problem.file for problem in problems(package)} == {
        "groups.csv",
        "targets.csv",
        "observations.csv",
    }


def test_after_two_hundred_problems_it_is_enough(package: Path) -> None:
    spoil(package, "groups.csv", lambda text: text + "".join(f"g{n},Group,planet\n" for n in range(1000)))

    assert len(problems(package)) == MOST


def test_a_file_in_another_encoding_is_refused(package: Path) -> None:
    (package / "groups.csv").write_bytes("code,name,kind\nnorth,Nörd,place\n".encode("latin-1"))

    assert [(it.file, "UTF-8" in it.sentence) for it in problems(package)] == [("groups.csv", True)]


def test_a_file_that_a_spreadsheet_program_has_marked_as_utf_8_is_read(package: Path) -> None:
    (package / "groups.csv").write_bytes(b"\xef\xbb\xbf" + (package / "groups.csv").read_bytes())

    assert problems(package) == []


def test_ten_megabytes_of_text_are_no_value(package: Path) -> None:
    spoil(package, "groups.csv", swap("North", "N" * 10_000_000))

    assert [(it.file, it.row) for it in problems(package)] == [("groups.csv", None)]


def test_a_missing_table_and_a_strange_one_are_named(package: Path) -> None:
    spoil(package, "datapackage.json", swap('"name": "targets"', '"name": "dreams"'))

    assert sorted(it.sentence for it in problems(package)) == [
        "The table “targets” is missing.",
        "“dreams” is not a table that we know.",
    ]


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"resources": 5}', '{"resources": [{}]}', "[" * 100_000, '{"resources": []}']
)
def test_what_is_no_descriptor_is_refused(package: Path, content: str) -> None:
    (package / "datapackage.json").write_text(content)

    assert [it.file for it in problems(package)] == ["datapackage.json"]


def test_a_path_that_leads_out_of_the_package_is_refused(package: Path, tmp_path: Path) -> None:
    (tmp_path / "groups.csv").write_text("code,name,kind\n")
    spoil(package, "datapackage.json", swap('"path": "groups.csv"', '"path": "../groups.csv"'))

    assert [("points out" in it.sentence) for it in problems(package) if it.row is None] == [True]


def test_a_link_that_leads_out_of_the_package_is_refused(package: Path, tmp_path: Path) -> None:
    (package / "groups.csv").rename(tmp_path / "groups.csv")
    (package / "groups.csv").symlink_to(tmp_path / "groups.csv")

    assert any("points out" in it.sentence for it in problems(package))


def test_an_implausible_figure_is_loaded_as_it_is(tmp_path: Path) -> None:
    tables = small()
    tables["indicator_versions"][3].update(plausible_low=0, plausible_high=100)
    tables["observations"].append(figure("served", "birch", 9_999_999, entry=3))

    tables["observations"][-1]["recorded_at"] = tables["observations"][5]["recorded_at"]
    assert problems(write(tmp_path / "package", tables)) == []


def test_nothing_can_be_recorded_as_expected_only(tmp_path: Path) -> None:
    tables = small()
    tables["observations"][7] = expected("places", "birch", status="reported")

    assert [
        "Nothing is recorded yet" in it.sentence for it in problems(write(tmp_path / "package", tables))
    ] == [True]


def test_categories_without_their_total_are_refused(tmp_path: Path) -> None:
    tables = small()
    del tables["observations"][0]

    found = problems(write(tmp_path / "package", tables))
    assert [("no total" in it.sentence) for it in found] == [True]


def test_a_period_in_between_must_not_be_missing(tmp_path: Path) -> None:
    tables = small()
    del tables["periods"][1]

    found = problems(write(tmp_path / "package", tables))
    assert ["others are missing" in it.sentence for it in found] == [True]
