"""Files beside figures: who may put them there, who may have them, and what is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backbone.accounts.models import User
from backbone.audit.models import Event
from backbone.web import files
from measurement.submissions import evidence
from measurement.submissions.entry_models import Evidence
from measurement.submissions.models import Submission
from tests.factories import measuring
from tests.measurement.submissions.sending import field, url

SignIn = Callable[[User], Client]


def put(client: Client, draft: Submission, name: str, content: bytes) -> Any:
    figure = field(draft, "served").removesuffix("-amount")
    sent = {"figure": figure, "file": SimpleUploadedFile(name, content)}
    return client.post(url("add-evidence", draft), sent)


def address(draft: Submission) -> str:
    return f"{url('evidence', draft)}{Evidence.objects.get().public_id}/"


def test_a_file_stands_beside_its_figure_and_is_given_out_as_an_attachment(
    as_: SignIn, rita: User, data_manager: User, draft: Submission
) -> None:
    answer = put(as_(rita), draft, "../list of names.PDF", b"%PDF-1.7 names")

    assert answer.status_code == 302
    kept = Evidence.objects.get()
    assert kept.name == "list of names.PDF"
    assert "names" not in kept.key
    assert "list of names.PDF" in as_(rita).get(draft.get_absolute_url()).content.decode()
    for person in (rita, data_manager):
        got = as_(person).get(address(draft))
        assert b"".join(got.streaming_content) == b"%PDF-1.7 names"  # type: ignore[attr-defined]
        assert got["Content-Disposition"].startswith("attachment")


def test_nobody_else_gets_it(as_: SignIn, bo: User, funder: User, draft: Submission, rita: User) -> None:
    put(as_(rita), draft, "list.pdf", b"names")

    assert as_(bo).get(address(draft)).status_code == 404
    assert as_(funder).get(address(draft)).status_code == 403


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("page.html", b"<script>", "of a kind that we do not take"),
        ("run.exe", b"MZ", "of a kind that we do not take"),
        ("list.pdf", b"", "is empty"),
        ("list.pdf", b"x" * 2001, "too large"),
    ],
)
def test_what_we_do_not_take_is_refused_with_a_sentence(
    as_: SignIn,
    rita: User,
    draft: Submission,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: bytes,
    sentence: str,
) -> None:
    monkeypatch.setattr(evidence, "LARGEST", 2000)

    answer = put(as_(rita), draft, name, content)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Evidence.objects.exists()


def test_a_file_can_be_taken_away_as_long_as_the_report_can_be_changed(
    as_: SignIn, rita: User, draft: Submission, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    put(as_(rita), draft, "list.pdf", b"names")
    key = Evidence.objects.get().key

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        as_(rita).post(f"{address(draft)}remove/")

    assert not Evidence.objects.exists()
    with pytest.raises(files.Gone):
        files.read(key)
    assert Event.objects.filter(verb="evidence.removed").count() == 1


def test_a_file_of_a_report_that_was_handed_in_stays(as_: SignIn, rita: User, waiting: Submission) -> None:
    waiting.status = Submission.Status.DRAFT
    waiting.save()
    measuring.evidence(waiting, by=rita)
    waiting.status = Submission.Status.SUBMITTED
    waiting.save()

    assert as_(rita).post(f"{address(waiting)}remove/").status_code == 409
    assert Evidence.objects.exists()
