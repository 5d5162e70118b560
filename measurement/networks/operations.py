"""Starting a network, coming in, saying which measure means the same, and leaving."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from backbone.celery import hint
from initiatives.charter.models import Initiative
from measurement.indicators.models import Indicator, IndicatorVersion
from measurement.networks.models import Network, NetworkCell, NetworkMatch, NetworkMeasure, NetworkMember


class NotAllowed(Exception):
    """It cannot be; the text says so to people."""


@transaction.atomic
def start_network(*, network: Network, indicators: list[Indicator], by: User | None, at: datetime) -> Network:
    """The host is the first member, with the definitions of these measures."""
    network.save()
    member = NetworkMember.objects.create(network=network, member=network.host, asked_at=at, joined_at=at)
    for indicator in indicators:
        share_measure(member=member, indicator=indicator, by=by, at=at)
    trail.record("network.started", about=network, by=by, at=at, tenant_id=network.host_id)
    return network


@transaction.atomic
def share_measure(*, member: NetworkMember, indicator: Indicator, by: User | None, at: datetime) -> None:
    """The host's definition becomes the one that all share."""
    version = indicator.version
    if not version.rules.rolls_up:
        raise NotAllowed(_("Figures of this kind are not added up, so there is nothing to share."))
    measure = NetworkMeasure.objects.create(
        network=member.network,
        name=version.name,
        definition=version.definition,
        kind=version.kind,
        unit=version.unit,
        decimals=version.decimals,
        per=version.per,
        divisor=version.divisor,
        over_time=version.over_time,
    )
    match = _match(measure, member, version, at=at)
    match.accepted_at = at
    match.save(update_fields=["accepted_at"])
    hint("measurement.copy_to_networks")


@transaction.atomic
def ask_to_join(*, network: Network, initiative: Initiative, by: User, at: datetime) -> NetworkMember:
    """Twice is the same as once. It sees no figures before the host has accepted one of its measures."""
    member, created = NetworkMember.objects.get_or_create(
        network=network, member=initiative, left_at=None, defaults={"asked_at": at}
    )
    if created:
        for tenant in (initiative.pk, network.host_id):
            details = {"initiative": str(initiative)}
            trail.record("network.asked", about=network, by=by, at=at, tenant_id=tenant, details=details)
    return member


@transaction.atomic
def propose(
    *, measure: NetworkMeasure, member: NetworkMember, indicator: Indicator, by: User, at: datetime
) -> NetworkMatch:
    """Say that the own measure means the same. Proposing another one takes the first back."""
    version = indicator.version
    if reason := why_not_the_same(measure, version):
        raise NotAllowed(reason)
    NetworkMatch.objects.filter(measure=measure, member=member).delete()
    NetworkCell.objects.filter(measure=measure, member=member).delete()
    match = _match(measure, member, version, at=at)
    details = {"measure": measure.name, "own": version.name}
    trail.record(
        "network.proposed", about=member.network, by=by, at=at, tenant_id=member.member_id, details=details
    )
    return match


def why_not_the_same(measure: NetworkMeasure, version: IndicatorVersion) -> str:
    """What tells two definitions apart that no agreement can bridge; empty where nothing does."""
    if version.kind != measure.kind or version.over_time != measure.over_time:
        return _("It is of another kind, or adds up otherwise over time: the sums would not fit together.")
    if (version.unit, version.per, version.divisor) != (measure.unit, measure.per, measure.divisor):
        return _("It is in another unit: the sums would not fit together.")
    return ""


def _match(
    measure: NetworkMeasure, member: NetworkMember, version: IndicatorVersion, *, at: datetime
) -> NetworkMatch:
    return NetworkMatch.objects.create(
        network=measure.network,
        measure=measure,
        member=member,
        indicator_number=version.indicator_id,
        version=version.number,
        name=version.name,
        definition=version.definition,
        proposed_at=at,
    )


@transaction.atomic
def accept(*, match: NetworkMatch, by: User, at: datetime) -> None:
    """By the host. From now on its sums are copied, and the initiative reads those of the others."""
    match.accepted_at = match.accepted_at or at
    match.save(update_fields=["accepted_at"])
    member = match.member
    member.joined_at = member.joined_at or at
    member.save(update_fields=["joined_at"])
    details = {"initiative": str(member.member), "measure": match.measure.name}
    for tenant in {member.member_id, member.network.host_id}:
        trail.record(
            "network.accepted", about=member.network, by=by, at=at, tenant_id=tenant, details=details
        )
    hint("measurement.copy_to_networks")


@transaction.atomic
def leave(*, member: NetworkMember, by: User, at: datetime) -> None:
    """Its sums are taken out of the network at once."""
    if member.network.host_id == member.member_id:
        raise NotAllowed(_("The network is yours: without its host there would be nobody to accept others."))
    NetworkCell.objects.filter(member=member).delete()
    NetworkMatch.objects.filter(member=member).delete()
    for tenant in (member.member_id, member.network.host_id):
        details = {"initiative": str(member.member)}
        trail.record("network.left", about=member.network, by=by, at=at, tenant_id=tenant, details=details)
    member.left_at = at
    member.save(update_fields=["left_at"])
