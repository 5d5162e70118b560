"""A large initiative made of numbers: generated in the database, without the rules that people go through."""

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from backbone.access.permissions import Role, Side
from initiatives.charter.models import GroupMember, Initiative, Participation, PartnerGroup
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.calendars.periods import Frequency
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Indicator
from tests.factories import measuring, people


@dataclass(frozen=True)
class Many:
    initiative: Initiative
    indicators: list[Indicator]
    partners: list[Organization]
    calendar: ReportingCalendar


def initiative_of(
    slug: str, *, partners: int, indicators: int, months: int, groups: int = 10, categories: int = 0
) -> Many:
    """One figure for every partner, indicator and month; half counts and half shares; quarters and years above."""
    made = people.initiative(slug)
    office = people.organization(f"{slug} office", made, Side.BACKBONE)
    people.member(f"{slug} manager", office, Role.DATA_MANAGER)
    last = date(2018 + (months - 1) // 12, (months - 1) % 12 + 1, 28)
    calendar = measuring.calendar(made, Frequency.MONTHLY, first=date(2018, 1, 1), last=last)
    for frequency in (Frequency.QUARTERLY, Frequency.CALENDAR_YEAR):
        measuring.calendar(made, frequency, first=date(2018, 1, 1), last=date(last.year, 12, 31))
    organizations = _partners(made, partners, groups)
    measures = [
        measuring.indicator(made, f"m{number}", Kind.RATIO if number % 2 else Kind.FLOW)
        for number in range(indicators)
    ]
    if categories:
        measuring.breakdown(made, f"{slug}-split", [f"Category {number}" for number in range(categories)])
    _figures(made, calendar)
    return Many(made, measures, organizations, calendar)


def _partners(made: Initiative, count: int, groups: int) -> list[Organization]:
    organizations = Organization.objects.bulk_create(
        Organization(name=f"{made.slug} partner {number}") for number in range(count)
    )
    Participation.objects.bulk_create(
        Participation(
            initiative=made,
            organization=each,
            side=Side.PARTNER,
            code=f"p{each.pk}",
            joined_on=date(2000, 1, 1),
        )
        for each in organizations
    )
    tags = PartnerGroup.objects.bulk_create(
        PartnerGroup(initiative=made, code=f"g{number}", name=f"Group {number}") for number in range(groups)
    )
    GroupMember.objects.bulk_create(
        GroupMember(initiative=made, group=tags[place % groups], organization=each)
        for place, each in enumerate(organizations)
    )
    return organizations


@transaction.atomic
def _figures(made: Initiative, calendar: ReportingCalendar) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL session_replication_role = replica"
        )  # no checks of keys that are right by making
        cursor.execute(
            "UPDATE measurement_reportingperiod SET state = 'open' WHERE calendar_id = %s", [calendar.pk]
        )
        cursor.execute(
            """
            INSERT INTO measurement_expectedreport (initiative_id, public_id, organization_id, period_id, due_at)
            SELECT %(initiative)s, gen_random_uuid(), o.organization_id, p.id, p.due_on + 1
            FROM initiatives_participation o CROSS JOIN measurement_reportingperiod p
            WHERE o.initiative_id = %(initiative)s AND o.side = 'partner' AND p.calendar_id = %(calendar)s
            """,
            {"initiative": made.pk, "calendar": calendar.pk},
        )
        cursor.execute(
            """
            INSERT INTO measurement_submission
                (initiative_id, public_id, expected_report_id, status, version, submitted_at, decided_at)
            SELECT initiative_id, gen_random_uuid(), id, 'approved', 2, due_at, due_at
            FROM measurement_expectedreport WHERE initiative_id = %s
            """,
            [made.pk],
        )
        cursor.execute(
            """
            INSERT INTO measurement_observation
                (initiative_id, submission_id, indicator_id, version_id, organization_id, period_id, category_id,
                 status, amount, base, text, derived, received_at, recorded_at, reason, note)
            SELECT %(initiative)s, s.id, v.indicator_id, v.id, r.organization_id, r.period_id, k.id, 'reported',
                   (r.id * 7 + v.id * 13) %% 900, CASE WHEN v.kind = 'ratio' THEN 1000 END, '', false,
                   r.due_at, r.due_at, '', ''
            FROM measurement_expectedreport r
            JOIN measurement_submission s ON s.expected_report_id = r.id
            CROSS JOIN measurement_indicatorversion v
            CROSS JOIN (
                SELECT NULL::bigint AS id
                UNION ALL SELECT id FROM measurement_category WHERE initiative_id = %(initiative)s
            ) k
            WHERE r.initiative_id = %(initiative)s AND v.initiative_id = %(initiative)s
            """,
            {"initiative": made.pk},
        )
        cursor.execute(
            """
            INSERT INTO measurement_currentfigure
                (initiative_id, expected_report_id, indicator_id, version_id, organization_id, period_id, category_id,
                 status, amount, base, text, derived, received_at, recorded_at, due_at, observation_id)
            SELECT o.initiative_id, s.expected_report_id, o.indicator_id, o.version_id, o.organization_id, o.period_id,
                   o.category_id, o.status, o.amount, o.base, '', false, o.received_at, o.recorded_at, o.received_at,
                   o.id
            FROM measurement_observation o JOIN measurement_submission s ON s.id = o.submission_id
            WHERE o.initiative_id = %s
            """,
            [made.pk],
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
