"""Requests as the web server makes them: the database shows nothing until a view has said whose rows it wants."""

from collections.abc import Callable, Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.timezone import now

from backbone.access.permissions import Permission, Role
from backbone.access.policy import signed_in
from backbone.access.rows import every_tenant
from backbone.accounts.invitations import token_of_visit
from backbone.accounts.models import User
from initiatives.agenda.models import Outcome
from initiatives.charter import visits
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.indicators.models import Indicator
from measurement.rollups import runs
from tests.architecture.access_table import TABLE
from tests.architecture.test_access_every_url import sign_in
from tests.architecture.world import World, build
from tests.factories import agreeing, measuring, people
from tests.measurement.submissions.sending import form, url

As = Callable[[User], Client]


def show_nothing() -> None:
    """As on a connection of a web process. In an ordinary test its end undoes it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', '', false)")


@pytest.fixture
def _own_connection(transactional_db: None) -> Iterator[None]:
    yield
    connection.close()


def asked_by(person: User) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = person
    return request


@requires(Permission.INITIATIVE_VIEW)
def careless(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    """Forgets to say which initiative's indicators it wants."""
    return HttpResponse(" ".join(Indicator.objects.values_list("code", flat=True)))


@requires(Permission.INITIATIVE_VIEW)
def nosy(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    """Asks for those of all others."""
    return HttpResponse(
        " ".join(Indicator.objects.exclude(initiative=initiative).values_list("code", flat=True))
    )


@signed_in
def lost(request: HttpRequest) -> HttpResponse:
    """Asks without having an initiative."""
    return HttpResponse(" ".join(Indicator.objects.values_list("code", flat=True)))


@requires(Permission.INITIATIVE_VIEW)
def adding(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    """Stores something and then answers as the address says."""
    agreeing.outcome(initiative, "New")
    transaction.on_commit(lambda: done.append("after commit"))
    done.append("view ends")
    if request.GET["then"] == "not found":
        raise Http404
    return HttpResponse(status=422)


done: list[str] = []


def test_a_view_that_forgot_its_initiative_reads_that_of_its_address_only(
    initiative: Initiative, rita: User, stranger: User
) -> None:
    elsewhere = Initiative.objects.get(slug="elsewhere")
    measuring.indicator(initiative, "ours")
    measuring.indicator(elsewhere, "theirs")
    show_nothing()

    assert careless(asked_by(rita), slug="cradle").content == b"ours"
    assert careless(asked_by(stranger), slug="elsewhere").content == b"theirs"
    assert nosy(asked_by(rita), slug="cradle").content == b""
    assert lost(asked_by(rita)).content == b""


@pytest.mark.usefixtures("_own_connection")
@pytest.mark.parametrize(
    ("then", "kept", "happened"),
    [("422", True, ["view ends", "after commit"]), ("not found", False, ["view ends"])],
)
def test_a_refusal_keeps_what_the_view_did_and_an_exception_undoes_it(
    then: str, kept: bool, happened: list[str], rita: User
) -> None:
    done.clear()
    show_nothing()
    request = asked_by(rita)
    request.GET = {"then": then}  # type: ignore[assignment]
    if kept:
        adding(request, slug="cradle")
    else:
        with pytest.raises(Http404):
            adding(request, slug="cradle")
    connection.close()  # the next one begins with everything

    assert (Outcome.objects.exists(), done) == (kept, happened)


def test_every_page_answers_the_same_whether_or_not_the_database_holds_rows_back(db: None) -> None:
    world = build()
    clients = {role: sign_in(person) for role, person in world.cast.items()}
    answers = _answers(world, clients)
    show_nothing()

    assert _answers(world, clients) == answers


def _answers(world: World, clients: dict[Role, Client]) -> dict[str, tuple[int, int]]:
    """Of every address, to one of each side that may go there: the status, and how long the page is."""
    found = {}
    for name, address in TABLE.items():
        for role in sorted(
            address.roles & {Role.BACKBONE_DIRECTOR, Role.PARTNER_MANAGER, Role.FUNDER_VIEWER}
        ):
            with transaction.atomic():
                answer = clients[role].get(world.url(name, address, world.partner))
                transaction.set_rollback(True)
            found[f"{name} {role}"] = (answer.status_code, _length(b"".join(answer)))
    return found


def _length(content: bytes) -> int:
    """Of a workbook, that of what is packed in it: the time in it packs a little better or worse."""
    if not content.startswith(b"PK"):
        return len(content)
    with ZipFile(BytesIO(content)) as packed:
        return sum(each.file_size for each in packed.infolist())


def test_from_a_report_to_the_figure_on_the_dashboard(
    initiative: Initiative,
    alder: Organization,
    rita: User,
    data_manager: User,
    quarters: ReportingCalendar,
    as_: As,
) -> None:
    measuring.assign(measuring.indicator(initiative, "served"), [alder], quarters)
    measuring.open_(initiative, "2026-Q1")
    drafted = measuring.draft(alder, "2026-Q1", served=12)
    typed = form(drafted, served="120") | {"right": "on"}
    show_nothing()

    as_(rita).post(url("hand-in", drafted), typed)
    with every_tenant():  # what the worker begins with
        drafted.refresh_from_db()
    as_(data_manager).post(url("approve", drafted), {"version": drafted.version})
    with every_tenant():
        runs.roll_up_changed(at=now())

    page = as_(data_manager).get(reverse("measurement:dashboards:indicator", args=["cradle", "served"]))
    assert b"120" in page.content


def test_a_report_is_handed_in_by_a_signed_link(
    initiative: Initiative, alder: Organization, rita: User, quarters: ReportingCalendar
) -> None:
    measuring.assign(measuring.indicator(initiative, "served"), [alder], quarters)
    measuring.open_(initiative, "2026-Q1")
    drafted = measuring.draft(alder, "2026-Q1", served=12)
    typed = form(drafted, served="120") | {"right": "on"}
    wanted = visits.Wanted(rita, alder, drafted.expected_report.public_id)
    (link,) = visits.make(initiative=initiative, wanted=[wanted], by=None, at=now())
    visitor = Client()
    show_nothing()

    visitor.get(f"/i/cradle/link/{token_of_visit(link.public_id)}/")
    visitor.post("/i/cradle/link/")
    visitor.post(url("hand-in", drafted), typed)

    with every_tenant():
        drafted.refresh_from_db()
    assert (drafted.status, drafted.submitted_by) == ("submitted", rita)


def test_the_site_administration_shows_every_initiative(initiative: Initiative, as_: As) -> None:
    measuring.indicator(initiative, "ours")
    measuring.indicator(people.initiative("elsewhere"), "theirs")
    keeper = people.person("Kim Keeper", is_staff=True, is_superuser=True)
    show_nothing()

    page = as_(keeper).get(reverse("admin:measurement_indicator_changelist")).content.decode()

    assert "ours" in page
    assert "theirs" in page
