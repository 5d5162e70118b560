"""What the pages of the exchange read."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db.models import Q, QuerySet, Sum

from initiatives.charter.models import Initiative
from initiatives.exchange.models import Appeal, Listing, Pledge, Side

_MATCHES: Final = 10
_LOOKED_AT: Final = 500


def listings(
    initiative: Initiative,
    *,
    q: str = "",
    side: str = "",
    kind: str = "",
    tag: str = "",
    closed: bool = False,
) -> QuerySet[Listing]:
    rows = Listing.objects.in_initiative(initiative).select_related("initiative", "organization")
    if not closed:
        rows = rows.filter(closed_at=None)
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(description__icontains=q))
    if side:
        rows = rows.filter(side=side)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(tags__contains=[tag]) if tag else rows


def matches(listing: Listing) -> list[Listing]:
    """What others offer for a request, or ask for of an offer: of the same kind or with a tag in common, best first."""
    other = Side.REQUEST if listing.side == Side.OFFER else Side.OFFER
    rows = (
        Listing.objects.in_initiative(listing.initiative)
        .filter(Q(kind=listing.kind) | Q(tags__overlap=listing.tags), side=other, closed_at=None)
        .exclude(organization=listing.organization)
        .select_related("initiative", "organization")[:_LOOKED_AT]
    )

    def closeness(each: Listing) -> tuple[int, bool]:
        return len(set(each.tags) & set(listing.tags)), each.kind == listing.kind

    return sorted(rows, key=closeness, reverse=True)[:_MATCHES]


@dataclass(frozen=True)
class Progress:
    """How far an appeal is: `promised` holds what is kept, too."""

    appeal: Appeal
    promised: Decimal
    kept: Decimal

    @property
    def share(self) -> int:
        """In whole percent, never more than 100."""
        return min(100, int(self.promised * 100 / self.appeal.goal))


def appeals(initiative: Initiative) -> list[Progress]:
    """Those that are open, in one query."""
    open_ones = Appeal.objects.filter(initiative=initiative, closed_at=None)
    return [_progress(each) for each in _with_sums(open_ones)]


def progress_of(appeal: Appeal) -> Progress:
    return _progress(_with_sums(Appeal.objects.filter(pk=appeal.pk)).get())


def _with_sums(rows: QuerySet[Appeal]) -> QuerySet[Appeal]:
    states = Pledge.State
    return rows.select_related("initiative", "organization").annotate(
        promised=Sum("pledges__amount", filter=~Q(pledges__state=states.WITHDRAWN)),
        kept=Sum("pledges__amount", filter=Q(pledges__state=states.KEPT)),
    )


def _progress(row: Appeal) -> Progress:
    sums = vars(row)
    return Progress(row, sums["promised"] or Decimal(0), sums["kept"] or Decimal(0))
