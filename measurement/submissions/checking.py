"""The page before handing in: every answer once more, what is missing, the questions, and "these are right"."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from backbone.web.forms import ErrorLine, error_lines
from backbone.web.htmx import render_page
from measurement.submissions.attesting import STATEMENT
from measurement.submissions.blocks import sheet_of
from measurement.submissions.entry import beside_of
from measurement.submissions.forms import AttestationForm
from measurement.submissions.grid import Grid, grid_of
from measurement.submissions.models import Submission
from measurement.submissions.reading import read

_TEMPLATE = "measurement/submissions/check.html"


def check_page(
    request: HttpRequest,
    submission: Submission,
    grid: Grid,
    *,
    attestation: AttestationForm | None = None,
    sentence: str = "",
    status: int = 200,
) -> HttpResponse:
    """`sentence` says why the report was not handed in."""
    reading = read(grid)
    beside = beside_of(submission, grid, reading.problems)
    asked = [query for each in beside.questions.values() for query in each]
    lines = [ErrorLine(sentence)] if sentence else []
    context = {
        "submission": submission,
        "report": submission.expected_report,
        "sheet": sheet_of(submission, grid, given=reading.given, beside=beside),
        "problems": reading.problems,
        "unanswered": sum(not query.is_answered for query in asked),
        "lines": lines + (error_lines(attestation) if attestation else []),
        "attestation": attestation or AttestationForm(auto_id="attest_%s"),
        "statement": STATEMENT,
    }
    return render_page(request, _TEMPLATE, context, status=status)


def changed_meanwhile(request: HttpRequest, submission: Submission) -> HttpResponse:
    """409: somebody has saved since the page was made, so what was attested is not what would be handed in."""
    sentence = _("Somebody has changed the report since you looked at it. Look at it once more.")
    grid = grid_of(submission.expected_report, submission)
    return check_page(request, submission, grid, sentence=sentence, status=409)
