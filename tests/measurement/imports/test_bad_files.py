"""Files that cannot be taken, or not as they are: each is answered by a sentence that says what to do."""

from collections.abc import Callable

import pytest

from measurement.imports.models import ImportFile
from measurement.submissions.models import Submission
from tests.measurement.imports import broken
from tests.measurement.imports.conftest import Give, refusals, told

HEADS = "measure code,figure,out of,status,note\n"

NOT_TAKEN: list[tuple[str, Callable[[], bytes], str]] = [
    ("blank", lambda: b" \n ", "This file is empty."),
    ("headings only", HEADS.encode, "There are headings in this file, and nothing below them."),
    ("macros", broken.with_macros, "This workbook contains macros"),
    ("macros by type", broken.macro_type, "This workbook contains macros"),
    ("external links", broken.with_links, "takes values from other files (external links)"),
    ("password", broken.encrypted_workbook, "protected by a password"),
    ("zip with password", broken.encrypted_zip, "protected by a password"),
    ("xls", broken.old_workbook, "a workbook of an old kind (.xls)"),
    ("xlsb", broken.binary_workbook, "a binary workbook (.xlsb)"),
    ("ods", broken.open_document, "an OpenDocument file"),
    ("bomb", broken.bomb, "unpacks to far more than a table of figures needs"),
    ("bomb that lies", broken.lying_bomb, "damaged or no Excel workbook"),
    ("thousands of parts", broken.many_parts, "damaged or no Excel workbook"),
    ("entities", broken.with_doctype, "declares XML types or entities"),
    ("entity from outside", lambda: broken.with_external_entity("utf-8"), "declares XML types or entities"),
    ("the same in UTF-16", lambda: broken.with_external_entity("utf-16"), "declares XML types or entities"),
    ("half a workbook", lambda: broken.PLAIN[: len(broken.PLAIN) // 2], "damaged or no Excel workbook"),
    ("no workbook", lambda: b"PK\x03\x04 and nothing else", "damaged or no Excel workbook"),
    ("broken sheet", lambda: broken.repacked(broken.PLAIN, {broken.SHEET: b"<worksheet><c r="}), "damaged"),
    ("no sheet", lambda: broken.repacked(broken.PLAIN, {broken.SHEET: None}), "damaged"),
    ("odd reference", lambda: broken.repacked(broken.PLAIN, {broken.SHEET: b'<w><c r="?"/></w>'}), "damaged"),
    ("a cell far right", broken.far_cell, "has something in column 16384. At most 200 columns are read."),
    ("a cell far down", broken.deep_cell, "This file has more than 5,000 rows with figures."),
    ("two sheets", broken.two_sheets, "Several sheets could be meant: “Q2”, “Q1”."),
    ("5,001 rows", (HEADS + "served,1\n" * 5001).encode, "This file has more than 5,000 rows"),
    ("pdf", lambda: b"%PDF-1.7 ...", "This is no table."),
    ("picture", lambda: b"\x89PNG\r\n\x1a\n", "This is no table."),
    (
        "web page",
        lambda: b"<html><table><tr><td>served</td></tr></table>",
        "This is a web page or a document",
    ),
    ("binary", lambda: b"abc" * 100 + b"\0\1\2", "This file holds characters that no table has."),
    ("other language", lambda: b"Kennzahl;Zahl\nserved;12\n", "Missing: “measure code”, “figure”."),
    ("no numbers", lambda: b"measure code,note\nserved,x\n", "Missing: “figure”."),
    (
        "one name twice",
        lambda: b"measure code,figure,figure\nserved,1,2\n",
        "Two columns are called “figure”.",
    ),
    ("open quotation", (HEADS + 'served,"12\n').encode, "look for a quotation mark that is opened"),
    ("endless cell", (HEADS + "served," + "9" * 30_000 + "\n").encode, "cannot be read as a row"),
]


@pytest.mark.parametrize(
    ("make", "sentence"), [(m, s) for _n, m, s in NOT_TAKEN], ids=[n for n, _m, _s in NOT_TAKEN]
)
def test_a_file_that_cannot_be_taken_is_answered_by_what_to_do(
    make: Callable[[], bytes], sentence: str, report: Submission, give: Give
) -> None:
    file = give(make(), submission=report)

    assert file.state == ImportFile.State.REFUSED
    assert sentence in file.problem
    assert file.lines.count() == 0
    assert not file.can_be_confirmed


LINES: list[tuple[str, str]] = [
    ('served,"1,234"', "Line 2, column “figure”: “1,234”: did you mean 1234 or 1.234?"),
    ("served,1.234", "Line 2, column “figure”: “1.234”: did you mean 1234 or 1.234?"),
    ('served,"1.234,5"', "Line 2, column “figure”: “1.234,5” is not a number we can read: write 1234.5."),
    ("served,(12)", "Line 2, column “figure”: “(12)” is not a number we can read: write -12."),
    ("served,12%", "Line 2, column “figure”: “12%” is not a number we can read: write 12."),
    ("served,12 people", "Line 2, column “figure”: “12 people” is not a number we can read"),
    ("served,1e3", "Line 2, column “figure”: “1e3” is not a number we can read"),
    ("served,2026-03-04", "Line 2, column “figure”: “2026-03-04” is not a number we can read"),
    ("served,=6*2", "Line 2, column “figure”: “=6*2” is a formula: write the number that it gives."),
    ("served,#REF!", "Line 2, column “figure”: “#REF!” is not a number we can read"),
    ("served,٣", "Line 2, column “figure”: “٣” is not a number we can read"),
    ("served,,,perhaps", "Line 2, column “status”: “perhaps” is no status that we know."),
    ("rate,1,2,withheld", "Line 2, column “status”: Rate: There is a number and a reason why there is none."),
    ("nothing,1", "Line 2, column “measure code”: “nothing” is no measure that is known here."),
    (",1", "Line 2, column “measure code”: There is nothing in this field"),
    ("served,1\nserved,2", "Line 3: This figure stands in the file already: Line 2."),
    ("served,<" + "9" * 70, "Line 2, column “figure”: Shorten the text to 60 characters: it has 71."),
    ("served,1,,," + "x" * 2001, "Line 2, column “note”: Shorten the text to 2000 characters: it has 2001."),
]


@pytest.mark.parametrize(("lines", "sentence"), LINES, ids=[line[:30] for line, _sentence in LINES])
def test_a_line_that_cannot_be_read_is_refused_with_its_place(
    lines: str, sentence: str, report: Submission, give: Give
) -> None:
    file = give(HEADS + lines + "\n", submission=report)

    assert file.state == ImportFile.State.CHECKED
    (refusal,) = refusals(file)
    assert refusal.startswith(sentence)


@pytest.mark.parametrize(
    ("make", "sentences"),
    [
        (
            broken.formulas,
            [
                "Sheet “Q2”, cell B2: This is a formula. Put its value there: copy the cell, and “paste as values”.",
                "Sheet “Q2”, cell C3: This is a formula. Put its value there: copy the cell, and “paste as values”.",
            ],
        ),
        (
            broken.merged,
            ["Sheet “Q2”, cell B2: This cell is merged with others. Unmerge them, and fill in each."] * 1
            + ["Sheet “Q2”, cell B3: This cell is merged with others. Unmerge them, and fill in each."],
        ),
        (
            broken.percentage,
            [
                "Sheet “Q2”, cell B2: This cell shows a percentage, so it could be two numbers. Format it as a number."
            ],
        ),
        *(
            (
                lambda since_1904=since_1904: broken.dates(since_1904=since_1904),
                [
                    (
                        "Sheet “Q2”, cell B2: This is a date (12 March 2026), where a number belongs. "
                        "Format the cell as a number and type it again."
                    )
                ],
            )
            for since_1904 in (False, True)
        ),
        (
            lambda: broken.book([("served", "1,234")]),
            ["Sheet “Q2”, cell B2: “1,234”: did you mean 1234 or 1.234?"],
        ),
        (
            lambda: broken.book([("served", True)]),
            ["Sheet “Q2”, cell B2: This is TRUE or FALSE, where a number belongs."],
        ),
        (
            lambda: broken.book([("served", 1e15)]),
            ["Sheet “Q2”, cell B2: The number is too long: at most 14 digits before the decimals."],
        ),
    ],
)
def test_a_cell_of_a_workbook_is_refused_by_sheet_and_cell(
    make: Callable[[], bytes], sentences: list[str], report: Submission, give: Give
) -> None:
    file = give(make(), name="q2.xlsx", submission=report)

    assert file.problem == ""
    assert refusals(file) == sentences
    assert file.new == 0


@pytest.mark.parametrize(
    "content",
    [
        (HEADS + "served,12\n").encode("utf-8-sig"),
        (HEADS + "served,12\n").encode("utf-16"),
        (HEADS + "served,12\n").encode("utf-16-le"),
        (HEADS + "served,12\n").encode("utf-16-be"),
        (HEADS + "served,12,,,Señor – ½\n").encode("cp1252"),
        HEADS.replace(",", ";").encode() + b"served;12;;;\n",
        HEADS.replace(",", "\t").encode() + b"served\t12\n",
        b"sep=;\n" + HEADS.replace(",", ";").encode() + b"served;12\n",
        (HEADS + "served,12\n").replace("\n", "\r\n").encode(),
        ("Our school,,\nFirst quarter,,\n\n" + HEADS + "served, 12 \n").encode(),
        (HEADS + "served,12.00\n").encode(),
        (HEADS + "Served,12\n").encode(),
        b'\xef\xbb\xbf"Measure code","Figure"\r\n"served","12"\r\n',
        broken.PLAIN,
        broken.book([("served", "12")]),
        broken.hidden_sheet(),
    ],
)
def test_files_as_programs_save_them_are_read_alike(content: bytes, report: Submission, give: Give) -> None:
    file = give(content, submission=report)

    assert (file.problem, refusals(file), file.new) == ("", [], 1)
    assert file.lines.values_list("typed__amount", flat=True).get() == "12"


def test_a_hidden_sheet_is_told_of_and_not_read(report: Submission, give: Give) -> None:
    file = give(broken.hidden_sheet(), submission=report)

    assert file.notes == ["Sheet “Old” is hidden, so it was not read."]


@pytest.mark.parametrize("since_1904", [False, True])
def test_a_period_that_a_program_took_for_a_date_is_found_by_its_first_day(
    since_1904: bool, report: Submission, give: Give
) -> None:
    file = give(broken.period_as_date(since_1904=since_1904), submission=report)

    assert (refusals(file), file.new) == ([], 1)


def test_the_report_of_another_period_is_not_filled_in_by_mistake(report: Submission, give: Give) -> None:
    file = give("measure code,period,figure\nserved,2026-Q2,12\n", submission=report)

    assert refusals(file) == [
        "Line 2, column “period”: This line is about 2026-Q2, and this report about Q1 2026."
    ]


@pytest.mark.parametrize(("mark", "value"), [("en", "1.234"), ("es", "1234")])
def test_whoever_says_how_decimals_are_written_is_not_asked(
    mark: str, value: str, report: Submission, give: Give
) -> None:
    file = give("measure code;figure;out of\nscore;1.234;4\n", submission=report, decimal_mark=mark)

    assert told(file)[0][0] == "new"
    assert file.lines.values_list("typed__amount", flat=True).get() == value
