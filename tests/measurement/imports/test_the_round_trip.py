"""A report goes out as a table, is filled in elsewhere, and comes back: first as a list, then into the fields."""

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.jobs.running import work_off
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.imports import applying, checking
from measurement.imports.models import ImportFile
from measurement.indicators.kinds import Kind
from measurement.submissions import workflow
from measurement.submissions.models import DraftFigure, Submission
from tests.factories import measuring
from tests.measurement.imports.conftest import Give, refusals, taken_over, told

As = Callable[[User], Client]


def drafts(report: Submission) -> dict[str, tuple[str, str, str, str]]:
    found = DraftFigure.objects.filter(submission=report).select_related("indicator", "category")
    return {
        d.indicator.code + (f"/{d.category.code}" if d.category else ""): (d.amount, d.base, d.status, d.note)
        for d in found
    }


def downloaded(client: Client, report: Submission, kind: str = "xlsx") -> bytes:
    url = reverse(f"measurement:imports:report-{kind}", args=[report.initiative.slug, report.public_id])
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return b"".join(answer)


def by_code(sheet: Any) -> dict[str, int]:
    """The row of each figure, by its codes."""
    heads = [cell.value for cell in sheet[1]]
    measure, category = heads.index("Measure code"), heads.index("Category code")
    rows = {}
    for row in sheet.iter_rows(min_row=2):
        name = row[measure].value + (f":{row[category].value}" if row[category].value else "")
        rows[name] = row[0].row
    return rows


def put(sheet: Any, code: str, heading: str, value: object) -> None:
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(by_code(sheet)[code], heads.index(heading) + 1).value = value


def saved(book: Any) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_workbook_goes_out_and_comes_back_into_the_fields(
    report: Submission, rita: User, give: Give, as_: As
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(downloaded(as_(rita), report)))
    sheet = book["Figures"]
    put(sheet, "served", "Figure", 12)
    put(sheet, "served:gender/girls", "Figure", 7)
    put(sheet, "served:gender/boys", "Figure", 5)
    put(sheet, "rate", "Figure", 45)
    put(sheet, "rate", "Out of", 50)
    put(sheet, "score", "Status", "We do not collect this")
    put(sheet, "opened", "Figure", "Yes")
    put(sheet, "opened", "Note", "Since May")

    file = give(saved(book), name="back.xlsx", submission=report)

    assert (file.state, file.problem, refusals(file)) == ("checked", "", [])
    assert (file.new, file.changed, file.unchanged, file.refused) == (6, 0, 0, 0)
    assert drafts(report) == {}
    assert taken_over(file, rita).state == "applied"
    assert drafts(report) == {
        "served": ("12", "", "", ""),
        "served/girls": ("7", "", "", ""),
        "served/boys": ("5", "", "", ""),
        "rate": ("45", "50", "", ""),
        "score": ("", "", "not_collected", ""),
        "opened": ("yes", "", "", "Since May"),
    }


def test_the_same_file_once_more_changes_nothing_and_another_number_is_a_change(
    report: Submission, rita: User, give: Give
) -> None:
    taken_over(give("measure code,figure\nserved,12\n", submission=report), rita)

    same = give("measure code,figure\nserved,12.0\n", submission=report)
    other = give("measure code,figure\nserved,13\n", submission=report)

    assert (same.new, same.changed, same.unchanged) == (0, 0, 1)
    assert not same.can_be_confirmed
    (line,) = other.lines.all()
    assert (line.what, line.before, line.after) == ("changed", "12", "13")


def test_columns_and_lines_stand_in_any_order_among_columns_of_ones_own(
    report: Submission, rita: User, give: Give
) -> None:
    content = "Our own,NOTE,Out_of,figure,Who,Measure-Code\nx,hm,50,45,Rita,rate\n,,,12,Bo,served\n"

    file = give(content, submission=report)

    assert told(file) == [
        ("new", "Line 2, column “figure”", "45 of 50; note: hm"),
        ("new", "Line 3, column “figure”", "12"),
    ]
    assert file.notes == ["These columns were not needed: “Our own”, “Who”."]


def test_a_text_goes_out_and_comes_back_as_well(report: Submission, rita: User, give: Give, as_: As) -> None:
    taken_over(give("measure code,figure,note\nserved,12,-5 than planned\n", submission=report), rita)
    content = downloaded(as_(rita), report, "csv")

    assert content.startswith(b"\xef\xbb\xbf")
    file = give(content, submission=report)

    assert (file.unchanged, file.new, file.changed, refusals(file)) == (1, 0, 0, [])


def test_levels_words_and_spread_go_the_same_way(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, rita: User, give: Give, as_: As
) -> None:
    levels = measuring.indicator(initiative, "levels", Kind.ORDINAL, levels="Low\nMiddle\nHigh", from_level=2)
    words, score = (
        measuring.indicator(initiative, "words", Kind.TEXT),
        measuring.indicator(initiative, "score", Kind.MEAN),
    )
    for each in (levels, words, score):
        measuring.assign(each, [alder], quarters)
    measuring.open_(initiative, "2026-Q1")
    report = workflow.start(expected_report=measuring.expected(alder, "2026-Q1"), at=now())
    rows = 'levels,,,3; 4; 5\nwords,"It was\na good year",,\nscore,12.5,4,2.5\n'

    file = give("measure code,figure,out of,beside it\n" + rows, submission=report)

    assert (file.new, refusals(file)) == (3, [])
    taken_over(file, rita)
    again = give(downloaded(as_(rita), report), submission=report)
    assert (again.unchanged, again.changed, refusals(again)) == (3, 0, [])


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_no_cell_of_ours_is_ever_a_formula(
    kind: str, report: Submission, rita: User, give: Give, as_: As
) -> None:
    for start in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1"):
        DraftFigure.objects.filter(submission=report).delete()
        taken_over(give(f'measure code,figure,note\nserved,12,"{start}"\n', submission=report), rita)
        content = downloaded(as_(rita), report, kind)
        if kind == "csv":
            cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
            assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))] == []
        else:
            sheet = openpyxl.load_workbook(io.BytesIO(content))["Figures"]
            assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_pressing_twice_takes_over_once(report: Submission, rita: User, give: Give, as_: As) -> None:
    file = give("measure code,figure\nserved,12\n", submission=report)
    url = reverse("measurement:imports:confirm", args=[file.initiative.slug, file.public_id])

    assert [as_(rita).post(url).status_code for _press in range(2)] == [302, 302]
    assert work_off(applying.KIND, applying.apply) == 1
    assert as_(rita).post(url).status_code == 302

    assert work_off(applying.KIND, applying.apply) == 0
    report.refresh_from_db()
    assert report.version == 2


def test_what_somebody_typed_in_the_meantime_is_not_overwritten(
    report: Submission, alder: Organization, rita: User, give: Give
) -> None:
    file = give("measure code,figure\nserved,12\nrate,\n", submission=report)
    measuring.draft(alder, "2026-Q1", served=99)

    after = taken_over(file, rita)

    assert after.state == "checked"
    assert "Nothing was taken over. Somebody else has saved this report" in after.problem
    assert drafts(report)["served"][0] == "99"


def test_with_something_refused_nothing_is_taken_over_unless_it_is_left_out(
    report: Submission, rita: User, give: Give, as_: As
) -> None:
    file = give("measure code,figure\nserved,12\nscore,many\n", submission=report)
    url = reverse("measurement:imports:confirm", args=[file.initiative.slug, file.public_id])

    assert as_(rita).post(url).status_code == 409
    assert as_(rita).post(url, {"leave_out": "on"}).status_code == 302

    work_off(applying.KIND, applying.apply)
    assert drafts(report).keys() == {"served"}


def test_a_dropped_file_is_gone(report: Submission, rita: User, give: Give, as_: As) -> None:
    file = give("measure code,figure\nserved,12\n", submission=report)
    base = [file.initiative.slug, file.public_id]

    assert as_(rita).post(reverse("measurement:imports:drop", args=base)).status_code == 302
    assert as_(rita).post(reverse("measurement:imports:confirm", args=base)).status_code == 409

    assert file.lines.count() == 0
    assert drafts(report) == {}


def test_the_whole_way_on_the_pages(initiative: Initiative, report: Submission, rita: User, as_: As) -> None:
    client = as_(rita)
    upload = reverse("measurement:imports:upload-report", args=[initiative.slug, report.public_id])
    assert upload in client.get(report.get_absolute_url()).content.decode()
    assert client.get(upload).status_code == 200

    def give(content: bytes, **headers: str) -> Any:
        return client.post(
            upload, {"file": SimpleUploadedFile("back.csv", content), "decimal_mark": ""}, headers=headers
        )

    assert client.post(upload).status_code == 422
    assert give(b"").status_code == 422
    assert give(b"", **{"HX-Request": "true", "HX-Target": "upload-form"}).status_code == 422
    answer = give(b'measure code,figure\nserved,12\nrate,"1,234"\n')
    assert answer.status_code == 302
    waiting = client.get(answer.url).content.decode()
    assert "Waiting for its turn" in waiting

    work_off(checking.KIND, checking.check)
    page = " ".join(client.get(answer.url).content.decode().split())
    assert "Line 3, column “figure”" in page
    assert "“1,234”: did you mean 1234 or 1.234?" in page
    assert "Leave out the 1 line that was refused" in page
    only = client.get(answer.url, {"what": "refused"}, headers={"HX-Request": "true", "HX-Target": "lines"})
    assert "served" not in only.content.decode().casefold()
    assert "did you mean" in only.content.decode()

    file = ImportFile.objects.get()
    client.post(
        reverse("measurement:imports:confirm", args=[initiative.slug, file.public_id]), {"leave_out": "on"}
    )
    work_off(applying.KIND, applying.apply)
    assert "Go on with the report" in client.get(answer.url).content.decode()
    listed = client.get(reverse("measurement:imports:imports", args=[initiative.slug])).content.decode()
    assert "back.csv" in listed
