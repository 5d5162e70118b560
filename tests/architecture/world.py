"""One object of each kind that an address can name: of a partner here, of another partner, of elsewhere."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils.timezone import now

from backbone.access.permissions import Role, Side
from backbone.accounts.models import User
from initiatives.charter import visits
from initiatives.charter.models import Initiative, Participation, PartnerGroup
from initiatives.directory import grouping, members, operations
from initiatives.jobs import operations as jobs
from initiatives.partners.models import Membership, Organization
from measurement.api import keys
from measurement.api.scopes import Scope
from measurement.benchmarks import operations as benchmarks
from measurement.benchmarks.models import Benchmark
from measurement.calendars.models import ReportingPeriod
from measurement.imports import operations as imports
from measurement.indicators import operations as indicators
from measurement.indicators.gaps import EquityGap
from measurement.indicators.models import Indicator, Target
from measurement.networks import operations as networks
from measurement.networks.models import Network, NetworkMatch
from measurement.publishing.models import ShareLink
from measurement.releases import operations as releases
from measurement.rollups import runs
from measurement.submissions import approving
from measurement.submissions.models import Assignment
from tests.architecture.access_table import Address
from tests.factories import acting, agreeing, measuring, people

Objects = dict[str, object]


@dataclass(frozen=True)
class World:
    initiative: Initiative
    cast: dict[Role, User]  # each role once; the partner's people are those of the partner
    stranger: User  # of another initiative, with every right there
    partner: Objects
    other_partner: Objects
    elsewhere: Objects

    def url(self, name: str, address: Address, objects: Objects) -> str:
        ids = [each[1:] if each.startswith("=") else objects[each] for each in address.objects]
        slug = [self.initiative.slug] if address.in_initiative else []
        return reverse(name, args=[*slug, *ids])


def build() -> World:
    here, there = people.initiative("cradle"), people.initiative("elsewhere")
    cast = _backbone(here, "") | _funder(here)
    stranger = _backbone(there, " elsewhere")[Role.BACKBONE_DIRECTOR]
    alder, birch = (people.organization(name, here) for name in ("Alder School", "Birch Charity"))
    foreign = people.organization("Foreign School", there)
    for role in (Role.PARTNER_MANAGER, Role.APPROVER, Role.REPORTER, Role.VIEWER):
        cast[role] = people.member(f"Alder {role}", alder, role)
    reporters = {
        alder: cast[Role.REPORTER],
        birch: people.member("Birch reporter", birch, Role.REPORTER),
        foreign: people.member("Foreign reporter", foreign, Role.REPORTER),
    }
    ours = _definitions(here, "", [alder, birch])
    theirs = _definitions(there, "-elsewhere", [foreign])
    runs.roll_up_changed(at=now())
    return World(
        initiative=here,
        cast=cast,
        stranger=stranger,
        partner=ours | _of_partner(here, alder, reporters[alder], cast[Role.BACKBONE_DIRECTOR]),
        other_partner=ours | _of_partner(here, birch, reporters[birch], cast[Role.BACKBONE_DIRECTOR]),
        elsewhere=theirs | _of_partner(there, foreign, reporters[foreign], stranger),
    )


def _backbone(where: Initiative, suffix: str) -> dict[Role, User]:
    office = people.organization(f"Office{suffix}", where, Side.BACKBONE)
    roles = (Role.BACKBONE_DIRECTOR, Role.DATA_MANAGER, Role.FACILITATOR, Role.STEERING_MEMBER)
    return {role: people.member(f"{role}{suffix}", office, role) for role in roles}


def _funder(where: Initiative) -> dict[Role, User]:
    fund = people.organization("Fund", where, Side.FUNDER)
    return {Role.FUNDER_VIEWER: people.member("Fund viewer", fund, Role.FUNDER_VIEWER)}


def _definitions(where: Initiative, suffix: str, partners: list[Organization]) -> Objects:
    served = measuring.indicator(where, f"served{suffix}")
    breakdown = measuring.breakdown(where, f"gender{suffix}", ["Girls", "Boys"])
    calendar = measuring.calendar(where, code=f"quarters{suffix}")
    measuring.assign(served, partners, calendar)
    measuring.open_(where, "2026-Q1")
    group = operations.save_group(
        group=PartnerGroup(initiative=where, code=f"east{suffix}", name="East"), by=None, at=now()
    )
    for partner in partners:
        grouping.put_into_group(group=group, organization=partner, by=None, at=now())
    target = Target(
        initiative=where,
        indicator=served,
        baseline_on=date(2025, 1, 1),
        baseline=Decimal(1),
        due_on=date(2027, 1, 1),
        value=Decimal(2),
    )
    girls, boys = breakdown.categories.all()
    gap = EquityGap.objects.create(
        initiative=where, indicator=served, category=girls, reference=boys, measured_as="difference"
    )
    benchmark = Benchmark(
        initiative=where, indicator=served, name="State", source="Census", licence="CC0", unit="people"
    )
    saved = benchmarks.save_benchmark(
        benchmark=benchmark, values={date(2025, 12, 31): Decimal(7)}, by=None, at=now()
    )
    return {
        "gap": gap.public_id,
        "benchmark": saved.public_id,
        **_network(where, served),
        "indicator": served.code,
        **_releases(where, numbers=2 if suffix else 1),
        "breakdown": breakdown.public_id,
        "category": "girls" if not suffix else "no-such-category",
        "calendar": calendar.public_id,
        "calendar code": calendar.code,
        "period": ReportingPeriod.objects.get(initiative=where, code="2026-Q1").public_id,
        "period code": "2026-Q1",
        "group": group.public_id,
        "target": indicators.set_target(target=target, by=None, at=now()).pk,
        **_agenda(where, suffix),
    }


def _agenda(where: Initiative, suffix: str) -> Objects:
    """A proposal, and a draft of what comes after it; elsewhere one version more, whose number is not known here."""
    outcome = agreeing.outcome(where, f"Ready for school{suffix}")
    director = people.person(f"Proposer{suffix}")
    proposal = agreeing.propose(where, by=director)
    if suffix:
        agreeing.draft(where)
        proposal = agreeing.propose(where, by=director)
        agreeing.draft(where)
        proposal = agreeing.propose(where, by=director)
    agreeing.draft(where)
    return {"node": outcome.code, "version": proposal.number}


def _network(where: Initiative, served: Indicator) -> Objects:
    network = Network(host=where, name=f"Network of {where}")
    networks.start_network(network=network, indicators=[served], by=None, at=now())
    match = NetworkMatch.objects.get(network=network)
    return {
        "network": network.public_id,
        "network measure": match.measure.public_id,
        "network match": match.public_id,
    }


def _releases(where: Initiative, *, numbers: int) -> Objects:
    """The last of so many: what has that number here has none elsewhere."""
    release = [
        releases.ask_for(initiative=where, title="Spring", audience="public", asked={}, by=None, at=now())
        for _each in range(numbers)
    ][-1]
    link = ShareLink.objects.create(
        initiative=where, release=release, name="Board", digest=where.slug, made_at=now(), expires_at=now()
    )
    return {"release": release.number, "share link": link.public_id}


def _of_partner(where: Initiative, partner: Organization, reporter: User, director: User) -> Objects:
    invited = members.invite_member(
        initiative=where,
        organization=partner,
        email=f"guest.of.{partner.pk}@example.org",
        role=Role.VIEWER,
        among=[Role.VIEWER],
        by=director,
        at=now(),
    )
    key, _secret = keys.make(
        initiative=where,
        organization=partner,
        side=Side.PARTNER,
        scope=Scope.READ,
        name="School software",
        by=reporter,
        at=now(),
    )
    answers: dict[str, Any] = {Assignment.objects.get(organization=partner).indicator.code: 12}
    report = measuring.draft(partner, "2026-Q1", **answers)
    action = acting.action(where, partner, f"Home visits of {partner}")
    needs = acting.action(where, partner, f"Training of {partner}")
    listing, appeal = acting.listing(where, partner), acting.appeal(where, partner)
    office = Organization.objects.get(participations__initiative=where, participations__side=Side.BACKBONE)
    return {
        "action": action.public_id,
        "milestone": acting.milestone(action).public_id,
        "wait": acting.wait(action, needs).public_id,
        "commitment": acting.asked(action, partner).public_id,
        "listing": listing.public_id,
        "deal": acting.deal(listing, office).public_id,
        "appeal": appeal.public_id,
        "pledge": acting.pledge(appeal, partner).public_id,
        "import": imports.take_in(
            initiative=where,
            content=ContentFile(b"measure code,figure\n", name="figures.csv"),
            submission=report,
            by=reporter,
            at=now(),
        ).public_id,
        "organization": partner.public_id,
        "participation": Participation.objects.get(organization=partner).public_id,
        "membership": Membership.objects.get(organization=partner, person=reporter).public_id,
        "invitation": invited.invitation.public_id,
        "key": key.public_id,
        "assignment": Assignment.objects.get(organization=partner).public_id,
        "expected": measuring.expected(partner, "2026-Q1").public_id,
        "report": report.public_id,
        "link": visits.make(
            initiative=where,
            wanted=[visits.Wanted(reporter, partner, measuring.expected(partner, "2026-Q1").public_id)],
            by=director,
            at=now(),
        )[0].public_id,
        "evidence": measuring.evidence(report, by=reporter).public_id,
        "approving": approving.approve_many(
            initiative=where, seen={}, title="Approve 2 reports", by=reporter, at=now()
        ).public_id,
        "work": jobs.start(
            initiative=where, kind="tests.nothing", title="Read a file", by=reporter, at=now()
        ).public_id,
    }
