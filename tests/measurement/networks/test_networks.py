"""Initiatives that share a definition: joining, totals over them, who is missing, and what nobody else may see."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils.timezone import now

from backbone.access.permissions import Role, Side
from backbone.access.rows import only_tenant
from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import Initiative
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Indicator
from measurement.networks import copying, selectors
from measurement.networks.models import Network, NetworkCell, NetworkMatch, NetworkMeasure, NetworkMember
from measurement.rollups import runs
from measurement.rollups.models import Cell
from measurement.submissions.models import Submission
from tests.factories import measuring, people
from tests.measurement.dashboards.conftest import at_most, text

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]
FACTS: dict[str, object] = {"unit": "%", "decimals": 1}


def town(name: str, figures: list[tuple[int, int]], *, unit: str = "%", opened: bool = True) -> Initiative:
    """An initiative in which so many partners have reported the share of those who passed in one quarter."""
    made = people.initiative(name.lower(), name=name)
    office = people.organization(f"Office of {name}", made, Side.BACKBONE)
    people.member(f"Manager of {name}", office, Role.DATA_MANAGER)
    passed = measuring.indicator(made, "passed", Kind.RATIO, unit=unit, decimals=1)
    partners = [people.organization(f"{name} {number}", made) for number in range(max(len(figures), 1))]
    for partner in partners:
        people.member(f"Reporter of {partner}", partner, Role.REPORTER)
    measuring.assign(passed, partners, measuring.calendar(made))
    if opened:
        measuring.open_(made, "2026-Q1")
    for partner, figure in zip(partners, figures, strict=False):
        measuring.report(partner, "2026-Q1", passed=figure)
    return made


def manager(where: Initiative) -> User:
    return User.objects.get(name=f"Manager of {where.name}")


@pytest.fixture
def north() -> Initiative:
    return town("Northtown", [(10, 20), (20, 40), (15, 40)])  # 45 of 100


@pytest.fixture
def south() -> Initiative:
    return town("Southtown", [(30, 60), (30, 100), (24, 60), (0, 40)])  # 84 of 260


@pytest.fixture
def network(north: Initiative, as_: As) -> Network:
    form = {"name": "Towns that read", "purpose": "To learn from each other.", "measures": ["passed"]}
    answer = as_(manager(north)).post(f"/i/{north.slug}/networks/start/", form)
    assert answer.status_code == 302
    return Network.objects.get()


def page(network: Network, where: Initiative) -> str:
    return f"/i/{where.slug}/networks/{network.public_id}/"


def ask(network: Network, where: Initiative, as_: As) -> None:
    client = as_(manager(where))
    client.post(f"/i/{where.slug}/networks/join/", {"code": network.code})
    measure = NetworkMeasure.objects.get()
    client.post(f"{page(network, where)}measures/{measure.public_id}/propose/", {"measure": "passed"})


def accept_all(network: Network, as_: As) -> None:
    for match in NetworkMatch.objects.filter(accepted_at=None):
        as_(manager(network.host)).post(f"{page(network, network.host)}proposals/{match.public_id}/accept/")
    runs.roll_up_changed(at=now())
    copying.copy_to_networks()


def figure(network: Network, label: str = "Q1 2026") -> selectors.NetworkFigure:
    (read,) = selectors.read(network)
    return next(each for each in read.figures if each.label == label)


def test_a_network_adds_up_what_its_initiatives_agreed_on(
    network: Network, north: Initiative, south: Initiative, as_: As
) -> None:
    ask(network, south, as_)
    accept_all(network, as_)

    found = figure(network)
    assert (found.sums.amount, found.sums.base) == (Decimal(129), Decimal(360))
    assert found.value
    assert round(found.value, 4) == Decimal("35.8333")  # never the mean of 45.0 and 32.3
    assert [part.initiative for part in found.parts] == ["Northtown", "Southtown"]
    words = text(as_(manager(south)).get(page(network, south)))
    assert "Q1 2026 35.8 % 2 of 2 initiatives – (45 + 84) / (100 + 260)" in words
    assert "Northtown: 45.0 % (45 / 100), 3 of 3 figures" in words


def test_nothing_is_seen_before_the_host_has_accepted(
    network: Network, north: Initiative, south: Initiative, as_: As
) -> None:
    runs.roll_up_changed(at=now())
    copying.copy_to_networks()
    ask(network, south, as_)

    words = text(as_(manager(south)).get(page(network, south)))
    assert "You see the figures of the others when the host has accepted" in words
    assert "45" not in words
    assert "Southtown: Passed" in text(as_(manager(north)).get(page(network, north)))


def test_an_initiative_of_which_nothing_is_in_is_missing_by_name(network: Network, as_: As) -> None:
    quiet = town("Quiettown", [])
    ask(network, quiet, as_)
    accept_all(network, as_)

    found = figure(network)
    assert (found.value, found.missing, found.is_partial) == (Decimal(45), ["Quiettown"], True)
    assert "1 of 2 initiatives Quiettown" in text(as_(manager(quiet)).get(page(network, quiet)))


def test_sums_of_two_partners_stay_at_home(network: Network, as_: As) -> None:
    small = town("Smalltown", [(7, 10), (8, 10)])
    ask(network, small, as_)
    accept_all(network, as_)

    found = figure(network)
    assert found.value == 45
    assert [(part.initiative, part.value, part.too_few) for part in found.parts] == [
        ("Northtown", Decimal(45), False),
        ("Smalltown", None, True),
    ]
    assert NetworkCell.objects.filter(member__member=small).exclude(sums=None).count() == 0


def test_a_correction_arrives_and_leaving_takes_everything_out(
    network: Network, north: Initiative, south: Initiative, as_: As
) -> None:
    ask(network, south, as_)
    accept_all(network, as_)
    first = Submission.objects.filter(initiative=south).earliest("pk")
    measuring.correct(first, passed=(31, 60))
    runs.roll_up_changed(at=now())
    assert (copying.copy_to_networks() > 0, copying.copy_to_networks()) == (True, 0)
    assert figure(network).sums.amount == 130

    as_(manager(south)).post(f"{page(network, south)}leave/")

    assert figure(network).sums.amount == 45
    assert as_(manager(south)).get(page(network, south)).status_code == 404
    assert set(
        Event.objects.filter(tenant_id=south.pk, verb__startswith="network.").values_list("verb", flat=True)
    ) == {
        "network.asked",
        "network.proposed",
        "network.accepted",
        "network.left",
    }


def test_rebuilding_changes_nothing_in_a_network(
    network: Network, north: Initiative, south: Initiative, as_: As
) -> None:
    ask(network, south, as_)
    accept_all(network, as_)
    before = figure(network)
    for each in (north, south):
        runs.rebuild(initiative=each, at=now())
    copying.copy_to_networks()
    assert figure(network).sums == before.sums


def test_what_cannot_be_the_same_is_not_offered(network: Network, as_: As) -> None:
    other = town("Othertown", [(1, 2)], unit="per cent")
    as_(manager(other)).post("/i/othertown/networks/join/", {"code": network.code})
    measure = NetworkMeasure.objects.get()
    address = f"{page(network, other)}measures/{measure.public_id}/propose/"

    answer = as_(manager(other)).post(address, {"measure": "passed"})

    assert answer.status_code == 422
    assert not NetworkMatch.objects.filter(member__member=other).exists()


@pytest.mark.parametrize("code", ["", "no", "\x00", "x" * 10_000])
def test_a_code_that_is_none_is_refused(network: Network, south: Initiative, as_: As, code: str) -> None:
    answer = as_(manager(south)).post(f"/i/{south.slug}/networks/join/", {"code": code})

    assert answer.status_code == 422
    assert NetworkMember.objects.count() == 1


def test_the_host_stays(network: Network, north: Initiative, as_: As) -> None:
    answer = as_(manager(north)).post(f"{page(network, north)}leave/")
    assert answer.status_code == 409
    assert NetworkMember.objects.get().left_at is None


def test_only_the_host_accepts(network: Network, south: Initiative, as_: As) -> None:
    ask(network, south, as_)
    match = NetworkMatch.objects.get(accepted_at=None)
    answer = as_(manager(south)).post(f"{page(network, south)}proposals/{match.public_id}/accept/")
    assert answer.status_code == 404


# --- the wall ------------------------------------------------------------------------------------------------------

TABLES = (NetworkMeasure, NetworkMatch, NetworkCell)


@pytest.fixture
def joined(network: Network, south: Initiative, as_: As) -> Network:
    town("Outsider", [(1, 2), (1, 2), (1, 2)])
    ask(network, south, as_)
    accept_all(network, as_)
    return network


def test_a_member_sees_the_cells_of_the_network_and_no_table_of_another_initiative(
    joined: Network, north: Initiative, south: Initiative
) -> None:
    with only_tenant(south.pk):
        assert set(NetworkCell.objects.values_list("member__member", flat=True)) == {north.pk, south.pk}
        assert set(Cell.objects.values_list("initiative", flat=True)) == {south.pk}
        assert set(Indicator.objects.values_list("initiative", flat=True)) == {south.pk}


def test_who_is_not_in_it_sees_nothing_of_it(joined: Network) -> None:
    outsider = Initiative.objects.get(slug="outsider")
    with only_tenant(outsider.pk):
        assert [table.objects.count() for table in TABLES] == [0, 0, 0]
        assert selectors.read(joined) == []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', '', true)")
        assert [table.objects.count() for table in TABLES] == [0, 0, 0]
        transaction.set_rollback(True)


def test_a_member_writes_only_its_own(joined: Network, north: Initiative, south: Initiative) -> None:
    with only_tenant(south.pk):
        assert NetworkCell.objects.filter(member__member=north).update(run=0) == 0
        assert NetworkCell.objects.filter(member__member=north)._raw_delete("default") == 0
        assert NetworkMatch.objects.filter(member__member=north)._raw_delete("default") == 0
        assert NetworkMeasure.objects.all()._raw_delete("default") == 0
        cell = NetworkCell.objects.filter(member__member=south)[0]
        cell.pk, cell.member = None, NetworkMember.objects.get(member=north)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            cell.save()


def test_a_page_costs_the_same_however_many_are_in_it(joined: Network, south: Initiative, as_: As) -> None:
    client = as_(manager(south))
    client.get(page(joined, south))
    with at_most(8):
        client.get(page(joined, south))
