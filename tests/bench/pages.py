"""Pages of the demo's 550 partners: queries beyond sign-in and access, and time beside an empty page."""

from collections.abc import Iterator
from statistics import median

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils.timezone import now

from backbone.access.permissions import Permission
from initiatives.charter.models import Initiative
from initiatives.charter.people import people_who_may
from measurement.datapackage import demo
from measurement.submissions.models import Submission
from tests.bench.lines import Line, seconds

SIGN_IN_AND_ACCESS = 4
# (what, URL name, who reads it, the most queries)
PAGES = (
    ("dashboard", "measurement:dashboards:dashboard", Permission.SUBMISSIONS_REVIEW, 5),
    ("today", "measurement:dashboards:today", Permission.SUBMISSIONS_REVIEW, 12),
    ("review queue", "measurement:submissions:review-queue", Permission.SUBMISSIONS_REVIEW, 12),
    ("approving many", "measurement:submissions:approve-many", Permission.SUBMISSIONS_REVIEW, 12),
    ("what reporting costs", "measurement:burden:burden", Permission.SUBMISSIONS_REVIEW, 12),
    ("partners", "initiatives:directory:partners", Permission.PARTNERS_MANAGE, 12),
    ("your report", "measurement:submissions:your-report", Permission.OWN_REPORT_EDIT, 12),
    ("our figures", "measurement:submissions:our-figures", Permission.OWN_REPORT_EDIT, 12),
)


def lines() -> Iterator[Line]:
    made = demo.prepare(at=now())
    initiative = Initiative.objects.get(slug="michigan")
    if not made:  # the package was loaded to measure the loading
        demo.bring_to_life(initiative, at=now())
    with override_settings(ROOT_URLCONF="tests.bench.empty"):
        staff = _client(initiative, Permission.SUBMISSIONS_REVIEW)
        empty = _time(staff, f"/i/{initiative.slug}/empty/")
    for what, name, permission, most in PAGES:
        client, address = _client(initiative, permission), reverse(name, args=[initiative.slug])
        yield Line(f"{what}: queries", _queries(client, address), "queries", goal=most, judged_by="value")
        yield Line(f"{what}: time beside an empty page", _time(client, address), "ms", empty, 3)
    submission = Submission.objects.in_initiative(initiative).order_by("-pk")[0]
    client = _client(initiative, Permission.SUBMISSIONS_REVIEW)
    address = submission.get_absolute_url()
    yield Line(
        "one report on the desk: queries", _queries(client, address), "queries", goal=12, judged_by="value"
    )
    yield Line("one report on the desk: time beside an empty page", _time(client, address), "ms", empty, 3)


def _client(initiative: Initiative, permission: Permission) -> Client:
    person = people_who_may(permission, initiative=initiative)[0]
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _queries(client: Client, address: str) -> float:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    asked = [
        query["sql"]
        for query in captured
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]
    return max(len(asked) - SIGN_IN_AND_ACCESS, 0)


def _time(client: Client, address: str) -> float:
    client.get(address)
    return median(seconds(lambda: client.get(address)) for _ in range(15)) * 1000
