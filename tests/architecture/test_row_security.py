"""The third wall between initiatives: the database shows and takes only rows of the one that is asked for.

Each table is tried with rows of two initiatives in it, so a new table fails here until it has a policy, and until
`everything` puts rows into it.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import DatabaseError, ProgrammingError, connection, models, transaction
from django.utils.timezone import now

from backbone.access.permissions import Role, Side
from backbone.access.rows import only_tenant
from backbone.accounts.models import User
from initiatives.actions.models import Action, State
from initiatives.agenda import deciding
from initiatives.agenda.models import AgreedNode, Outcome
from initiatives.charter import visits
from initiatives.charter.models import Initiative, PartnerGroup
from initiatives.directory import grouping
from initiatives.directory import operations as directory
from initiatives.jobs import operations as jobs
from initiatives.jobs.running import work_off
from initiatives.partners.models import Organization
from measurement.api.models import KeptAnswer
from measurement.benchmarks import operations as benchmarks
from measurement.benchmarks.models import Benchmark
from measurement.calendars.models import ReportingPeriod
from measurement.forecasting.models import Forecast, ForecastPoint
from measurement.imports import checking
from measurement.imports import operations as imports
from measurement.indicators import linking, operations
from measurement.indicators.gaps import EquityGap
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Category, SeriesBreak, Target
from measurement.indicators.reads import note_read
from measurement.publishing.models import LinkUse, PublicPage, ShareLink
from measurement.rates.models import ExchangeRate
from measurement.rates.operations import set_rate
from measurement.releases import operations as releases
from measurement.releases.models import ReleaseCell, Restatement
from measurement.reminding import feeds, later, schedules
from measurement.reminding.models import FeedAddress, Reminder, ReminderMail
from measurement.reminding.moments import Moment
from measurement.rollups import runs
from measurement.stated import operations as stating
from measurement.stated.models import Overlap, PopulationFigure
from measurement.submissions import workflow
from measurement.submissions.entry_models import TimeSpent
from measurement.submissions.models import Submission
from tests.factories import acting, agreeing, measuring, people

# From it is read which initiatives a person may enter at all, before there is one to ask for.
OPEN = {"initiatives_participation"}
MODELS: list[type[models.Model]] = [
    model
    for app in ("initiatives", "measurement")
    for model in apps.get_app_config(app).get_models()
    if any(field.name == "initiative" for field in model._meta.local_fields)
    and model._meta.db_table not in OPEN
]
TABLES = [model._meta.db_table for model in MODELS]
# What several initiatives read: see tests/measurement/networks.
OF_NETWORKS = ("measurement_networkcell", "measurement_networkmatch", "measurement_networkmeasure")
THROUGH = "measurement_assignment_disaggregations"
# What the database keeps as it is, whoever asks.
APPEND_ONLY = {
    "initiatives_comment",
    "initiatives_endorsement",
    "initiatives_entry",
    "measurement_observation",
    "measurement_forecast",
    "measurement_forecastpoint",
    "measurement_overlap",
    "measurement_populationfigure",
}


def everything(slug: str) -> Initiative:
    """An initiative with a row in every table."""
    made = people.initiative(slug)
    office = people.organization(f"Office of {slug}", made, Side.BACKBONE)
    reviewer = people.member(f"Reviewer of {slug}", office, Role.DATA_MANAGER)
    partners = [people.organization(f"{name} of {slug}", made) for name in ("Alder", "Birch")]
    for partner in partners:
        people.member(f"Reporter of {partner}", partner, Role.REPORTER)
    group = directory.save_group(
        group=PartnerGroup(initiative=made, code="east", name="East"), by=None, at=now()
    )
    grouping.put_into_group(group=group, organization=partners[0], by=None, at=now())
    breakdown = measuring.breakdown(made, "gender", ["Girls", "Boys"])
    served = measuring.indicator(made, "served")
    measuring.assign(served, partners, measuring.calendar(made), by_=[breakdown])
    measuring.open_(made, "2025-Q4")
    measuring.report(partners[0], "2025-Q4", served=1, served__girls=1, served__boys=0)
    measuring.open_(made, "2026-Q1")
    _worked_at(measuring.draft(partners[0], "2026-Q1", served=12), reviewer)
    measuring.report(partners[0], "2026-Q1", served=12, served__girls=7, served__boys=5)
    returned = measuring.hand_in(partners[1], "2026-Q1", served=8, served__girls=4, served__boys=4)
    workflow.return_(submission=returned, message="Really?", by=reviewer, at=now())
    _judged(made, served)
    _stated(made)
    content = ContentFile(b"measure code,figure,period code\nserved,12,2026-Q1\n", name="figures.csv")
    imports.take_in(initiative=made, content=content, submission=returned, by=reviewer, at=now())
    work_off(checking.KIND, checking.check)
    jobs.start(initiative=made, kind="tests.nothing", title="Read a file", by=reviewer, at=now())
    _answered(made, reviewer)
    _released(made, served)
    _asked(made, partners[0], reviewer)
    return made


def _released(made: Initiative, served: Any) -> None:
    """Two releases, of which the second shows a figure otherwise than the first."""
    first, second = (
        releases.ask_for(initiative=made, title="Spring", audience="public", asked={}, by=None, at=now())
        for _each in range(2)
    )
    about = {
        "initiative": made,
        "release": second,
        "indicator": served,
        "period": ReportingPeriod.objects.get(initiative=made, code="2026-Q1"),
    }
    ReleaseCell.objects.create(
        **about, state="shown", standing="final", received=1, expected=1, version_number=1, value=Decimal(12)
    )
    Restatement.objects.create(**about, previous=first, old=Decimal(11), new=Decimal(12), why="corrected")
    link = ShareLink.objects.create(
        initiative=made, release=second, name="Board", digest=made.slug, made_at=now(), expires_at=now()
    )
    LinkUse.objects.create(initiative=made, link=link, at=now(), page="")
    PublicPage.objects.create(initiative=made)


def _answered(made: Initiative, by: User) -> None:
    """A program's change, kept to be answered again."""
    KeptAnswer.objects.create(
        initiative=made, by=by, key_digest="k", request_digest="r", status=200, body="{}", at=now()
    )


def _asked(made: Initiative, partner: Organization, person: User) -> None:
    """By a link to the report, and by reminders, which were put off and passed on."""
    report = measuring.expected(partner, "2026-Q1")
    visits.make(
        initiative=made, wanted=[visits.Wanted(person, partner, report.public_id)], by=person, at=now()
    )
    colleague = later.colleagues(report, of=person)[0]
    later.ask(report=report, colleague=colleague, words="", by=person, at=now())
    schedules.save(schedule=schedules.of(report.period.calendar), by=person, at=now())
    feeds.make(initiative=made, person=person, scope=FeedAddress.Scope.WHOLE, by=person, at=now())
    sent = ReminderMail.objects.create(person=person, day=now().date(), at=now())
    Reminder.objects.create(
        initiative=made,
        mail=sent,
        expected_report=report,
        person=person,
        moment=Moment.OPENED,
        day=now().date(),
    )


def _worked_at(draft: Submission, person: User) -> None:
    """For a while, with a question and a file; the factory types a moment later."""
    measuring.evidence(draft, by=person)
    TimeSpent.objects.create(
        initiative=draft.initiative, submission=draft, indicator=draft.drafts.all()[0].indicator, seconds=60
    )


def _stated(made: Initiative) -> None:
    """What staff state, each with its source, and that a measure's page was read."""
    period = ReportingPeriod.objects.get(initiative=made, code="2026-Q1")
    census = measuring.indicator(made, "people", Kind.POPULATION)
    note_read(made, "people", at=now())
    reached = measuring.indicator(made, "reached", Kind.UNIQUE_PEOPLE)
    figure = PopulationFigure(
        initiative=made,
        indicator=census,
        period=period,
        amount=Decimal(9),
        as_of=period.start,
        source="Census",
    )
    stating.state_population(figure=figure, by=None, at=now())
    overlap = Overlap(
        initiative=made, indicator=reached, period=period, people=Decimal(1), source="Both lists."
    )
    stating.state_overlap(overlap=overlap, by=None, at=now())
    rate = ExchangeRate(
        initiative=made, currency="EUR", into="USD", on=period.start, rate=Decimal(1), source="A bank"
    )
    set_rate(rate=rate, by=None, at=now())


def _judged(made: Initiative, served: Any) -> None:
    target = Target(
        initiative=made,
        indicator=served,
        baseline_on=date(2025, 1, 1),
        baseline=Decimal(1),
        due_on=date(2027, 1, 1),
        value=Decimal(2),
    )
    operations.set_target(target=target, by=None, at=now())
    girls, boys = Category.objects.filter(initiative=made)
    EquityGap.objects.create(
        initiative=made, indicator=served, category=girls, reference=boys, measured_as="difference"
    )
    for node in _agreed(made):
        linking.link(node=node, indicator=served, by=None, at=now())
    linking.link(node=_acted(made), indicator=served, by=None, at=now())
    benchmark = Benchmark(
        initiative=made, indicator=served, name="State", source="Census", licence="CC0", unit="people"
    )
    benchmarks.save_benchmark(benchmark=benchmark, values={date(2025, 12, 31): Decimal(7)}, by=None, at=now())
    _expected(made, served)
    SeriesBreak.objects.create(initiative=made, indicator=served, on=date(2026, 1, 1), note="A new register.")


def _agreed(made: Initiative) -> list[AgreedNode]:
    """An agenda that was answered, commented on and proposed again."""
    director, partner = (
        people.person(f"Director of {made.slug}"),
        Organization.objects.get(name=f"Alder of {made.slug}"),
    )
    goal = agreeing.goal(made, "Ready children")
    outcome = agreeing.outcome(made, "Ready for school", under=goal.code)
    strategy = agreeing.strategy(made, "Home visits", under=outcome.code)
    proposal = agreeing.propose(made, by=director)
    agreeing.say(proposal, partner)
    deciding.comment(
        version=proposal, section="vision", text="Good.", organization=partner, by=director, at=now()
    )
    agreeing.draft(made)
    return [goal, outcome, strategy]


def _acted(made: Initiative) -> Action:
    """An action with a step, a partner that takes part, something that it waits for, and a story."""
    alder = Organization.objects.get(name=f"Alder of {made.slug}")
    action = acting.action(made, alder, "Home visits")
    acting.milestone(action)
    acting.wait(action, acting.action(made, alder, "Training"))
    acting.asked(action, alder)
    acting.say(action, State.UNDER_WAY)
    acting.deal(acting.listing(made, alder), Organization.objects.get(name=f"Birch of {made.slug}"))
    acting.pledge(acting.appeal(made, alder), alder)
    return action


def _expected(made: Initiative, served: Any) -> None:
    period = ReportingPeriod.objects.get(initiative=made, code="2026-Q1")
    forecast = Forecast.objects.create(
        initiative=made,
        indicator=served,
        calendar=period.calendar,
        first=period,
        last=period,
        figures=6,
        slope=1,
        intercept=1,
        made_at=now(),
    )
    days = {"label": "Q2 2026", "start": date(2026, 4, 1), "end": date(2026, 6, 30)}
    ForecastPoint.objects.create(
        initiative=made, forecast=forecast, ordinal=period.ordinal + 1, value=1, low=0, high=2, **days
    )


@pytest.fixture
def two(db: None) -> tuple[Initiative, Initiative]:
    """Added up, and then with something to add up again: a period that opened, and a partner that joined."""
    both = everything("here"), everything("there")
    runs.roll_up_changed(at=now())
    for made in both:
        measuring.open_(made, "2026-Q2")
        people.organization(f"Cedar of {made.slug}", made)
    return both


@pytest.fixture
def here(two: tuple[Initiative, Initiative]) -> Initiative:
    return two[0]


@pytest.fixture
def there(two: tuple[Initiative, Initiative]) -> Initiative:
    return two[1]


def ask(statement: str, *values: int | str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def do(statement: str, *values: int | str) -> int:
    """How many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def why_not(statement: str) -> str:
    """The first line of what the database answers to a statement that it refuses."""
    try:
        with transaction.atomic():
            return f"it took {do(statement)}"
    except DatabaseError as refusal:
        return str(refusal).splitlines()[0]


def seen(table: str) -> set[int]:
    return {row[0] for row in ask(f"SELECT DISTINCT initiative_id FROM {table}")}


def show_nothing() -> None:
    """As for a view that never said whose rows it wants. The end of the test's transaction undoes it."""
    ask("SELECT set_config('app.tenant', '', false)")


def copied(table: str, initiative: Initiative) -> str:
    """A statement that stores some row once more, as one of the initiative."""
    columns = [
        name
        for (name,) in ask(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_identity = 'NO'",
            table,
        )
    ]
    values = [str(initiative.pk) if name == "initiative_id" else f'"{name}"' for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} LIMIT 1"


@pytest.mark.django_db
def test_every_table_with_an_initiative_has_a_policy_that_holds_for_its_owner_too() -> None:
    found = ask(
        """
        SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid
        WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.polcmd = '*' AND p.polpermissive
          AND p.polroles = '{0}' AND pg_get_expr(p.polqual, p.polrelid) LIKE '%%app.tenant%%'
        """
    )
    assert sorted(table for (table,) in found) == sorted([*TABLES, THROUGH, *OF_NETWORKS])


def test_with_nothing_asked_for_there_is_nothing_to_see(here: Initiative, there: Initiative) -> None:
    assert {table: seen(table) for table in TABLES} == {table: {here.pk, there.pk} for table in TABLES}
    pairs = ask(f"SELECT count(*) FROM {THROUGH}")

    show_nothing()

    assert {table: seen(table) for table in TABLES} == {table: set() for table in TABLES}
    assert [model for model in MODELS if model._base_manager.exists()] == []
    assert (pairs, ask(f"SELECT count(*) FROM {THROUGH}")) == ([(4,)], [(0,)])


def test_in_one_initiative_no_row_of_another_is_read(here: Initiative, there: Initiative) -> None:
    with only_tenant(here.pk):
        assert {table: seen(table) for table in TABLES} == {table: {here.pk} for table in TABLES}
        assert [model for model in MODELS if model._base_manager.filter(initiative=there).exists()] == []
        assert ask(f"SELECT count(*) FROM {THROUGH}") == [(2,)]


def test_in_one_initiative_no_row_of_another_is_changed_or_deleted(
    here: Initiative, there: Initiative
) -> None:
    touched = {}
    with only_tenant(here.pk):
        for table in TABLES:
            touched[table] = [
                do(f"UPDATE {table} SET initiative_id = initiative_id WHERE initiative_id = %s", there.pk),
                do(f"DELETE FROM {table} WHERE initiative_id = %s", there.pk),
            ]
        for model in MODELS:
            touched[model._meta.db_table] += [
                model._base_manager.filter(initiative=there).update(initiative=here),
                model._base_manager.filter(initiative=there)._raw_delete("default"),
            ]
        own = {
            table: do(f"UPDATE {table} SET initiative_id = initiative_id")
            for table in set(TABLES) - APPEND_ONLY
        }

    assert touched == {table: [0, 0, 0, 0] for table in TABLES}
    assert [table for table, rows in own.items() if rows == 0] == []


def test_in_one_initiative_no_row_is_put_into_another(here: Initiative, there: Initiative) -> None:
    with only_tenant(here.pk):
        assert {table: why_not(copied(table, there)) for table in TABLES} == {
            table: f'new row violates row-level security policy for table "{table}"' for table in TABLES
        }
        moved = {
            table: why_not(f"UPDATE {table} SET initiative_id = {there.pk}")
            for table in set(TABLES) - APPEND_ONLY
        }
    assert {table: why for table, why in moved.items() if "row-level security policy" not in why} == {}


def test_objects_are_not_put_into_another_initiative_either(here: Initiative, there: Initiative) -> None:
    outcome = Outcome(initiative=there, code="theirs", name="Theirs")
    with (
        only_tenant(here.pk),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        outcome.save()


def test_breakdowns_of_another_initiative_cannot_be_tied_to_ones_own(
    here: Initiative, there: Initiative
) -> None:
    (own,) = ask("SELECT min(id) FROM measurement_assignment WHERE initiative_id = %s", here.pk)[0]
    (theirs,) = ask("SELECT min(id) FROM measurement_disaggregation WHERE initiative_id = %s", there.pk)[0]
    with only_tenant(here.pk):
        assert do(f"DELETE FROM {THROUGH} WHERE disaggregation_id = %s", theirs) == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            do(f"INSERT INTO {THROUGH} (assignment_id, disaggregation_id) VALUES (%s, %s)", own, theirs)


def test_something_that_is_no_initiative_is_an_error_and_not_a_way_in(here: Initiative) -> None:
    ask("SELECT set_config('app.tenant', 'all', true)")
    with pytest.raises(DatabaseError, match="invalid input syntax"), transaction.atomic():
        seen("measurement_indicator")
