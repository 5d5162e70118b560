"""Offers, requests and appeals: posted, matched, agreed, pledged."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from backbone.access.permissions import Role
from backbone.accounts.models import User
from backbone.notifications.models import Notification
from initiatives.actions.models import Commitment
from initiatives.charter.models import Initiative
from initiatives.exchange import selectors
from initiatives.exchange.models import Appeal, Deal, Listing, Pledge
from initiatives.partners.models import Organization
from tests.factories import acting, people

As = Callable[[User], Client]
BOTH = pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "action-form"}])


@pytest.fixture
def ada(birch: Organization) -> User:
    """Somebody who may say what Birch takes on."""
    return people.member("Ada Approver", birch, Role.APPROVER)


def page(name: str, initiative: Initiative, *args: object) -> str:
    return reverse(f"initiatives:exchange:{name}", args=[initiative.slug, *args])


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def typed(of: Organization, **fields: object) -> dict[str, object]:
    said = {"name": "A hall for evenings", "kind": "space", "mode": "give", "tags": "hall, Evenings, hall"}
    return said | {"organization": str(of.public_id)} | fields


@BOTH
def test_a_partner_offers_something_and_everybody_finds_it(
    initiative: Initiative, alder: Organization, rita: User, funder: User, as_: As, headers: dict[str, str]
) -> None:
    as_(rita).post(page("add", initiative, "offer"), typed(alder), headers=headers)

    made = Listing.objects.get()
    assert (made.organization, made.side, made.tags) == (alder, "offer", ["hall", "evenings"])
    assert "A hall for evenings" in text_of(
        as_(funder).get(page("exchange", initiative), {"tag": "evenings"})
    )
    assert "A hall for evenings" not in text_of(
        as_(funder).get(page("exchange", initiative), {"kind": "data"})
    )


@BOTH
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"mode": "lend"}, "Say until when it can be borrowed."),
        ({"tags": ",".join("abcdefghijk")}, "At most 10 tags"),
        ({"name": "x\0"}, "cannot be stored"),
        ({"organization": "nonsense"}, "not a valid UUID"),
        ({"description": "x" * 10_001}, "Shorten the text"),
    ],
)
def test_what_does_not_fit_is_said(
    initiative: Initiative,
    alder: Organization,
    rita: User,
    as_: As,
    headers: dict[str, str],
    wrong: dict[str, Any],
    sentence: str,
) -> None:
    answer = as_(rita).post(page("add", initiative, "offer"), typed(alder) | wrong, headers=headers)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not Listing.objects.exists()


def test_what_is_lent_has_an_end_in_the_database_too(initiative: Initiative, alder: Organization) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        acting.listing(initiative, alder, mode="lend")


def test_matches_are_of_the_other_side_and_of_others_best_first(
    initiative: Initiative, alder: Organization, birch: Organization
) -> None:
    wanted = acting.listing(initiative, alder, "A room", side="request", tags=["hall", "evenings"])
    one = acting.listing(initiative, birch, "One tag", kind="goods", tags=["hall"])
    two = acting.listing(initiative, birch, "Two tags", kind="goods", tags=["evenings", "hall"])
    kind = acting.listing(initiative, birch, "Same kind")
    acting.listing(initiative, birch, "Nothing in common", kind="data", tags=["figures"])
    acting.listing(initiative, birch, "Same side", side="request", tags=["hall"])
    acting.listing(initiative, alder, "Our own", tags=["hall"])

    assert selectors.matches(wanted) == [two, one, kind]


@pytest.mark.parametrize(("side", "giver"), [("offer", "Alder School"), ("request", "Birch Charity")])
def test_agreeing_commits_whoever_gives(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    manager: User,
    ada: User,
    as_: As,
    side: str,
    giver: str,
) -> None:
    posted = acting.listing(initiative, alder, side=side, mode="lend", until="2027-01-31")
    said = {"organization": str(birch.public_id), "words": "On Mondays."}
    as_(ada).post(page("respond", initiative, posted.public_id), said)
    deal = Deal.objects.get()
    assert Notification.objects.filter(person=manager, body="On Mondays.").exists()

    as_(manager).post(page("answer", initiative, deal.public_id), {"answer": "yes"})

    made = Commitment.objects.get()
    assert (made.organization.name, made.state, str(made.until)) == (giver, "accepted", "2027-01-31")
    assert made.towards in {alder, birch}
    assert made.towards != made.organization
    assert Notification.objects.filter(person=ada, subject__startswith="Agreed").exists()
    assert as_(manager).post(page("answer", initiative, deal.public_id)).status_code == 409


def test_only_who_posted_it_agrees(
    initiative: Initiative, alder: Organization, birch: Organization, ada: User, facilitator: User, as_: As
) -> None:
    deal = acting.deal(acting.listing(initiative, alder), birch)

    for person in (ada, facilitator):
        answer = as_(person).post(page("answer", initiative, deal.public_id), {"answer": "yes"})
        assert answer.status_code == 404


def test_nobody_answers_the_own_offer_or_twice_or_one_that_is_closed(
    initiative: Initiative, alder: Organization, birch: Organization, manager: User, ada: User, as_: As
) -> None:
    posted = acting.listing(initiative, alder)
    url = page("respond", initiative, posted.public_id)
    theirs = {"organization": str(birch.public_id)}

    assert as_(manager).post(url, {"organization": str(alder.public_id)}).status_code == 409
    assert as_(ada).post(url, theirs).status_code == 302
    assert as_(ada).post(url, theirs).status_code == 409
    as_(manager).post(page("close", initiative, posted.public_id))
    answer = as_(ada).post(url, theirs)
    assert answer.status_code == 409
    assert "has been closed" in text_of(answer)


def test_partners_and_funders_pledge_and_may_take_it_back(
    initiative: Initiative, alder: Organization, funder: User, ada: User, birch: Organization, as_: As
) -> None:
    appeal = acting.appeal(initiative, alder)
    fund = Organization.objects.get(name="Fund")
    for person, organization, amount in ((funder, fund, "150"), (ada, birch, "20.5")):
        said = {"organization": str(organization.public_id), "amount": amount}
        assert as_(person).post(page("pledge", initiative, appeal.public_id), said).status_code == 302
    assert selectors.progress_of(appeal).share == 85

    first, second = Pledge.objects.order_by("pk")
    assert as_(ada).post(page("settle", initiative, first.public_id)).status_code == 404
    as_(funder).post(page("settle", initiative, first.public_id), {"kept": "no"})
    as_(ada).post(page("settle", initiative, second.public_id), {"kept": "yes"})

    progress = selectors.progress_of(appeal)
    assert (str(progress.promised), str(progress.kept), progress.share) == ("20.50", "20.50", 10)
    assert "Taken back" in text_of(as_(ada).get(appeal.get_absolute_url()))
    assert as_(ada).post(page("settle", initiative, second.public_id)).status_code == 409


@pytest.mark.parametrize("amount", ["0", "-5", "=1+1", "1e9", "", "9" * 40])
def test_a_pledge_is_a_number_above_nothing(
    initiative: Initiative, alder: Organization, birch: Organization, ada: User, as_: As, amount: str
) -> None:
    appeal = acting.appeal(initiative, alder)
    said = {"organization": str(birch.public_id), "amount": amount}

    assert as_(ada).post(page("pledge", initiative, appeal.public_id), said).status_code == 422
    assert not Pledge.objects.exists()


def test_more_than_asked_for_is_a_full_bar(
    initiative: Initiative, alder: Organization, birch: Organization
) -> None:
    appeal = acting.appeal(initiative, alder)
    acting.pledge(appeal, birch, "900")

    assert selectors.progress_of(appeal).share == 100


def test_what_is_elsewhere_is_not_found(initiative: Initiative, rita: User, as_: As) -> None:
    elsewhere = people.initiative("elsewhere")
    foreign = people.organization("Foreign", elsewhere)
    client = as_(rita)

    assert (
        client.get(page("listing", initiative, acting.listing(elsewhere, foreign).public_id)).status_code
        == 404
    )
    assert (
        client.get(page("appeal", initiative, acting.appeal(elsewhere, foreign).public_id)).status_code == 404
    )
    assert client.get(page("add", initiative, "nonsense")).status_code == 404


@pytest.mark.parametrize("count", [3, 30])
def test_the_page_asks_the_database_no_more_for_many_than_for_few(
    initiative: Initiative,
    alder: Organization,
    rita: User,
    as_: As,
    count: int,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(count):
        partner = people.organization(f"Partner {number}", initiative)
        acting.deal(acting.listing(initiative, alder, tags=["hall"]), partner)
        acting.listing(initiative, partner, side="request", tags=["hall"])
        acting.pledge(acting.appeal(initiative, alder), partner, "5")
    urls = [page("exchange", initiative)]
    urls += [model.objects.filter(organization=alder)[0].get_absolute_url() for model in (Listing, Appeal)]
    client = as_(rita)

    for url in urls:
        with django_assert_max_num_queries(16):
            assert client.get(url).status_code == 200
