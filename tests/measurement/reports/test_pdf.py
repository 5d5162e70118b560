"""The PDF of a release: made by a worker, tagged, with what the pages say and nothing that they hide."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from backbone.accounts.models import User
from backbone.web import files
from initiatives.jobs.models import JobRun
from initiatives.jobs.running import work_off
from measurement.releases.selectors import SYMBOL, hidden_phrase
from measurement.reports import printing
from measurement.reports.answers import is_printed
from tests.measurement.reports.conftest import Published

HTMX = {"HX-Request": "true"}


def url(published: Published, name: str, *more: str) -> str:
    where = [published.scene.initiative.slug, published.release.number]
    return reverse(f"measurement:reports:{name}", args=[*where, *more])


def body(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_publishing_has_the_pdf_made_and_readers_get_it(
    published: Published, as_: Callable[[User], Client], data_manager: User
) -> None:
    client = as_(data_manager)
    assert "Make the PDF" in client.get(url(published, "files")).content.decode()
    assert client.get(url(published, "file", "pdf")).status_code == 404

    assert work_off(printing.KIND, printing.make) == 1

    run = JobRun.objects.get(kind=printing.KIND)
    assert (run.state, run.result) == (JobRun.State.DONE, url(published, "files"))
    assert "Make the PDF" not in client.get(url(published, "files")).content.decode()
    answer = client.get(url(published, "file", "pdf"))
    assert answer.headers["Content-Type"] == "application/pdf"
    _says_what_it_has_to(PdfReader(io.BytesIO(body(answer))), published)
    again = client.get(url(published, "file", "pdf"), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def _says_what_it_has_to(pdf: PdfReader, published: Published) -> None:
    root: Any = pdf.trailer["/Root"]
    text = "\n".join(page.extract_text() for page in pdf.pages)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert (
        b'pdfuaid:part="1"' in root["/Metadata"].get_data()
        or b"<pdfuaid:part>1<" in root["/Metadata"].get_data()
    )
    assert pdf.metadata is not None
    assert pdf.metadata.title == published.release.title
    assert published.release.hash in text
    assert "CC BY 4.0" in text
    assert published.scene.initiative.name in text
    assert hidden_phrase() in text
    hidden = sum(1 for each in published.reading.measures[0].cells if each.state == "hidden")
    assert text.count(SYMBOL) == hidden + 1  # and where the symbol is explained


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_asked_for_twice_it_is_made_once(
    published: Published, as_: Callable[[User], Client], data_manager: User, headers: dict[str, str]
) -> None:
    client = as_(data_manager)

    for _each in range(2):
        assert client.post(url(published, "make-pdf"), headers=headers).status_code in {200, 302}
    assert JobRun.objects.filter(kind=printing.KIND).count() == 1
    work_off(printing.KIND, printing.make)
    client.post(url(published, "make-pdf"), headers=headers)
    assert JobRun.objects.filter(kind=printing.KIND).count() == 1


def test_another_licence_is_another_pdf(published: Published) -> None:
    work_off(printing.KIND, printing.make)
    assert is_printed(published.release)

    published.release.initiative.licence = "All rights reserved"

    assert not is_printed(published.release)


def test_what_is_kept_under_a_key_is_kept_once() -> None:
    files.keep_as(b"one", key="releases/a.pdf")
    files.keep_as(b"other", key="releases/a.pdf")

    with files.read("releases/a.pdf") as kept:
        assert kept.read() == b"one"
    files.remove("releases/a.pdf")
