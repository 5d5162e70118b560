"""Somebody without a password at hand fills in one report by a link, and gets nowhere else by it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from backbone.access.permissions import Role
from backbone.accounts.models import User
from backbone.audit.models import Event
from backbone.notifications.models import Notification
from initiatives.charter import visits
from initiatives.charter.models import Initiative
from initiatives.charter.visit_models import VisitLink
from initiatives.directory import operations
from initiatives.partners.models import Membership, Organization
from measurement.calendars.models import ReportingPeriod
from measurement.reminding import links
from measurement.submissions import opening
from measurement.submissions.models import ExpectedReport, Submission
from tests.factories import measuring, people
from tests.measurement.reminding.conftest import SendLink
from tests.measurement.submissions.sending import drafted, form, url

As = Callable[[User], Client]


@pytest.fixture(autouse=True)
def no_tries_yet() -> None:
    cache.clear()


def open_by(path: str, visitor: Client | None = None) -> Client:
    """Follow the mailed link and press the button."""
    visitor = visitor or Client()
    assert visitor.get(path).status_code == 302
    assert visitor.post("/i/cradle/link/").status_code == 302
    return visitor


def submission_of(report: ExpectedReport) -> Submission:
    return Submission.objects.get(expected_report=report)


def led_to_sign_in(answer: object) -> bool:
    return getattr(answer, "status_code", 0) == 302 and reverse("account_login") in answer["Location"]  # type: ignore[index]


def test_by_a_link_a_report_is_filled_in_and_handed_in_without_a_password(
    send_link: SendLink, rita: User, report: ExpectedReport
) -> None:
    visitor = open_by(send_link(rita))
    submission = submission_of(report)

    page = visitor.get(url("report", submission))
    saved = visitor.post(url("save", submission), form(submission, served=12))
    submission.refresh_from_db()
    checked = visitor.get(url("check", submission))
    handed_in = visitor.post(url("hand-in", submission), {"version": submission.version, "right": "on"})

    assert page.status_code == checked.status_code == 200
    assert saved.status_code == handed_in.status_code == 302
    submission.refresh_from_db()
    assert (submission.status, submission.submitted_by) == ("submitted", rita)
    assert drafted(submission, "served") == "12"
    thanks = visitor.get(handed_in["Location"])
    assert thanks.status_code == 200
    assert "To your reports" not in thanks.content.decode()


def test_what_is_done_by_a_link_says_so_in_the_audit_trail_and_to_staff(
    send_link: SendLink, rita: User, report: ExpectedReport, data_manager: User, as_: As
) -> None:
    visitor = open_by(send_link(rita))
    submission = submission_of(report)
    visitor.post(url("hand-in", submission), {**form(submission, served=12), "right": "on"})

    handed_in = Event.objects.get(verb="submission.submitted")
    assert (handed_in.by, handed_in.details) == (rita, {"way": "signed link"})
    assert Event.objects.get(verb="link.made").details == {}
    assert Event.objects.filter(verb="link.opened", by=rita).count() == 1
    assert "by signed link" in as_(data_manager).get(url("report", submission)).content.decode()


def test_the_address_of_the_mail_is_left_at_once_and_told_to_nobody(send_link: SendLink, rita: User) -> None:
    path = send_link(rita)

    followed = Client().get(path)

    assert followed["Location"] == "/i/cradle/link/"
    assert followed["Referrer-Policy"] == "no-referrer"
    assert "no-store" in followed["Cache-Control"]


def test_a_scanner_of_mail_that_looks_a_hundred_times_uses_nothing_up(
    send_link: SendLink, rita: User, report: ExpectedReport
) -> None:
    path = send_link(rita)

    for _look in range(20):
        assert Client().get(path, follow=True).status_code == 200
        assert Client().head(path).status_code == 302

    assert not Submission.objects.filter(expected_report=report).exists()
    assert VisitLink.objects.get().used_at is None
    open_by(path)


def test_the_token_stands_in_no_row(send_link: SendLink, rita: User) -> None:
    token = send_link(rita).strip("/").rpartition("/")[2]

    assert len(token) == 64  # hexadecimal digits: 256 bits
    link = VisitLink.objects.get()
    assert token not in {link.token_digest, str(link.public_id)}
    assert not any(token in f"{n.body}{n.link}{n.mail_link}{n.mail_body}" for n in Notification.objects.all())


@pytest.mark.parametrize(
    "trouble", ["guessed", "malformed", "elsewhere", "expired", "revoked", "left", "inactive"]
)
def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(
    trouble: str, send_link: SendLink, rita: User, data_manager: User, initiative: Initiative
) -> None:
    path, later = send_link(rita), timedelta()
    if trouble == "guessed":
        path = f"/i/cradle/link/{'0' * 64}/"
    elif trouble == "malformed":
        path = "/i/cradle/link/%00'%22%F0%9F%92%A9/"
    elif trouble == "elsewhere":
        people.initiative("elsewhere")
        path = path.replace("/cradle/", "/elsewhere/")
    elif trouble == "expired":
        later = timedelta(days=14, seconds=1)
    elif trouble == "revoked":
        visits.revoke(link=VisitLink.objects.get(), by=data_manager, at=now())
    elif trouble == "left":
        Membership.objects.filter(person=rita).update(ended_at=now())
    else:
        User.objects.filter(pk=rita.pk).update(is_active=False)

    with time_machine.travel(now() + later):
        answer = Client().get(path)

    reference = Client().get(f"/i/cradle/link/{'1' * 64}/")
    assert answer.status_code == reference.status_code == 404
    assert answer.content == reference.content
    assert {**answer.headers} | {"Expires": "", "Content-Security-Policy": ""} == {**reference.headers} | {
        "Expires": "",
        "Content-Security-Policy": "",
    }


@pytest.mark.parametrize("trouble", ["guessed", "expired", "revoked"])
def test_a_wrong_link_costs_as_many_questions_as_any_other(
    trouble: str,
    send_link: SendLink,
    rita: User,
    data_manager: User,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    path, later = send_link(rita), timedelta()
    if trouble == "guessed":
        path = f"/i/cradle/link/{'0' * 64}/"
    elif trouble == "expired":
        later = timedelta(days=15)
    else:
        visits.revoke(link=VisitLink.objects.get(), by=data_manager, at=now())

    with time_machine.travel(now() + later), django_assert_num_queries(7):  # type: ignore[attr-defined]
        Client().get(path)


def test_a_revoked_link_shuts_out_who_is_in_already(
    send_link: SendLink, rita: User, data_manager: User, report: ExpectedReport
) -> None:
    visitor = open_by(send_link(rita))
    visits.revoke(link=VisitLink.objects.get(), by=data_manager, at=now())

    assert led_to_sign_in(visitor.get(url("report", submission_of(report))))
    assert led_to_sign_in(visitor.post(url("hand-in", submission_of(report)), {"version": 1}))


def test_a_visit_ends_after_half_a_day_and_the_link_after_a_fortnight(
    send_link: SendLink, rita: User, report: ExpectedReport
) -> None:
    path = send_link(rita)
    visitor = open_by(path)
    page = url("report", submission_of(report))

    with time_machine.travel(now() + timedelta(hours=13)):
        assert led_to_sign_in(visitor.get(page))
        assert open_by(path, visitor).get(page).status_code == 200
    with time_machine.travel(now() + timedelta(days=13, hours=23)):
        assert open_by(path, visitor).get(page).status_code == 200
    with time_machine.travel(now() + timedelta(days=14, minutes=1)):
        assert led_to_sign_in(visitor.get(page))


def test_another_report_of_the_same_organization_is_not_opened(
    send_link: SendLink, rita: User, report: ExpectedReport, initiative: Initiative, alder: Organization
) -> None:
    visitor = open_by(send_link(rita))
    measuring.open_(initiative, "2026-Q2")
    other = measuring.draft(alder, "2026-Q2", served=4)

    for step in ("report", "check", "evidence"):
        assert led_to_sign_in(visitor.get(url(step, other)))
    for step in ("save", "hand-in", "say"):
        assert led_to_sign_in(visitor.post(url(step, other), form(other, served=5)))
    assert drafted(other, "served") == "4"


def test_who_has_no_link_of_their_own_gets_nowhere_with_somebody_elses_session(
    send_link: SendLink, rita: User, bo: User, birch: Organization
) -> None:
    visitor = open_by(send_link(rita))

    assert led_to_sign_in(visitor.get(url("report", measuring.draft(birch, "2026-Q1", served=3))))


def test_a_reviewer_who_reports_too_cannot_approve_by_a_link(
    send_link: SendLink, rita: User, backbone_organization: Organization, report: ExpectedReport
) -> None:
    operations.join(
        person=rita, organization=backbone_organization, role=Role.DATA_MANAGER, by=None, at=now()
    )
    visitor = open_by(send_link(rita))
    submission = submission_of(report)
    visitor.post(url("hand-in", submission), {**form(submission, served=12), "right": "on"})

    page = visitor.get(url("report", submission))

    assert "approve" not in page.content.decode()
    assert led_to_sign_in(visitor.post(url("approve", submission)))
    submission.refresh_from_db()
    assert submission.status == "submitted"


def test_leaving_ends_the_visit(send_link: SendLink, rita: User, report: ExpectedReport) -> None:
    visitor = open_by(send_link(rita))

    left = visitor.post("/i/cradle/link/leave/")

    assert left.status_code == 200
    assert led_to_sign_in(visitor.get(url("report", submission_of(report))))


def test_who_is_signed_in_as_somebody_else_is_asked_to_sign_out_first(
    send_link: SendLink, rita: User, bo: User, as_: As, report: ExpectedReport
) -> None:
    browser = as_(bo)
    asked = browser.get(send_link(rita), follow=True)

    assert "signed in as Bo Birch" in asked.content.decode()
    browser.post("/i/cradle/link/")
    browser.post("/i/cradle/link/")
    assert browser.get(url("report", submission_of(report))).status_code == 200


def test_who_is_signed_in_already_goes_on_as_they_are(
    send_link: SendLink, rita: User, as_: As, report: ExpectedReport
) -> None:
    browser = open_by(send_link(rita), as_(rita))

    assert browser.get(url("report", submission_of(report))).status_code == 200
    assert browser.get("/i/cradle/our-figures/").status_code == 200


def test_tries_without_end_are_stopped_and_the_right_link_too(send_link: SendLink, rita: User) -> None:
    guesser = Client()
    answers = [guesser.get(f"/i/cradle/link/{number:064x}/").status_code for number in range(70)]

    assert answers[:60] == [404] * 60
    assert set(answers[60:]) == {429}
    assert Client().get(send_link(rita)).status_code == 429


def test_staff_send_links_to_several_and_see_when_they_were_used(
    spring: ReportingPeriod, data_manager: User, rita: User, bo: User, as_: As
) -> None:
    staff = as_(data_manager)
    page = f"/i/cradle/periods/{spring.public_id}/links/"

    assert staff.post(page).status_code == 422
    keys = [each.key for each in links.addressees(spring, at=now())]
    assert staff.post(page, {"to": [*keys, "nonsense"]}).status_code == 302
    listed = staff.get("/i/cradle/report-links/").content.decode()

    assert "Rita Reporter" in listed
    assert "Bo Birch" in listed
    assert listed.count("never") == 2


def test_a_partners_manager_sees_and_revokes_those_of_the_own_organization_only(
    send_link: SendLink, rita: User, bo: User, manager: User, as_: As
) -> None:
    send_link(rita), send_link(bo)
    alders, birches = VisitLink.objects.get(person=rita), VisitLink.objects.get(person=bo)

    browser = as_(manager)
    listed = browser.get("/i/cradle/report-links/").content.decode()
    assert "Rita Reporter" in listed
    assert "Bo Birch" not in listed
    assert browser.post(f"/i/cradle/report-links/{birches.public_id}/revoke/").status_code == 404
    assert browser.post(f"/i/cradle/report-links/{alders.public_id}/revoke/").status_code == 302
    alders.refresh_from_db()
    assert alders.revoked_by == manager


def test_who_has_handed_in_or_gone_is_not_offered_a_link(
    spring: ReportingPeriod, alder: Organization, bo: User
) -> None:
    measuring.hand_in(alder, "2026-Q1", served=3)
    Membership.objects.filter(person=bo).update(ended_at=now())

    assert links.addressees(spring, at=now()) == []


def test_links_to_a_closed_period_are_not_sent_and_those_sent_only_show_the_report(
    send_link: SendLink, spring: ReportingPeriod, rita: User, data_manager: User, report: ExpectedReport
) -> None:
    path = send_link(rita)
    chosen = links.addressees(spring, at=now())
    opening.close_period(period=spring, by=data_manager, at=now())
    spring.refresh_from_db()

    with pytest.raises(links.NotSent):
        links.send(period=spring, chosen=chosen, by=data_manager, at=now())
    visitor = open_by(path)
    submission = submission_of(report)
    assert visitor.get(url("report", submission)).status_code == 200
    assert visitor.post(url("save", submission), form(submission, served=12)).status_code == 409
