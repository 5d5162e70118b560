"""Two figures of one measure compared partner by partner: like for like, and what of the change is mix.

Decisions. What is compared like for like is told as a sentence for those who may read every partner's figures. Others
read it only where at least three partners are compared and at least three left out: from the sums of everybody and of
those in both periods anyone could work out the figure of one or two. No partner is ever named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from measurement.dashboards.signs import difference, points_or_unit, signed, with_unit
from measurement.indicators.kinds import Kind
from measurement.judgement import mix
from measurement.judgement.like_for_like import LikeForLike, compare_ratios, compare_sums
from measurement.judgement.mix import Mix
from measurement.judgement.ratios import Ratio
from measurement.judgement.small_numbers import GroupSize, group_size
from measurement.rollups.selectors import Figure

FEWEST_TOLD: Final = 3
Parts = Mapping[str, Ratio]


@dataclass(frozen=True)
class Compared:
    """`like_for_like` None: the same partners are in both figures, or nothing can be compared."""

    earlier: Figure
    latest: Figure
    like_for_like: LikeForLike | None
    mix: Mix | None

    @property
    def may_be_told(self) -> bool:
        """Whether nobody could work out a single partner's figure from it."""
        found = self.like_for_like
        return bool(found and min(len(found.partners), len(found.left_out)) >= FEWEST_TOLD)


def compare(earlier: Figure, latest: Figure, parts: Mapping[int, Parts]) -> Compared | None:
    """None where partners do not report the two periods themselves."""
    if earlier.period.pk not in parts or latest.period.pk not in parts:
        return None
    before, after = parts[earlier.period.pk], parts[latest.period.pk]
    return Compared(
        earlier,
        latest,
        _like_for_like(latest, before, after) if before.keys() != after.keys() else None,
        _mix(earlier, latest, before, after),
    )


def _like_for_like(latest: Figure, before: Parts, after: Parts) -> LikeForLike | None:
    if not latest.version.rules.rolls_up:
        return None
    if not latest.version.rules.has_base:
        found = compare_sums(_amounts(before), _amounts(after))
        return found if found.change is not None else None
    found = compare_ratios(before, after)
    if found.change is None or (latest.kind is Kind.RATIO and _too_small(found, before, after)):
        return None
    return found


def _amounts(parts: Parts) -> dict[str, Decimal | None]:
    return {partner: ratio.numerator for partner, ratio in parts.items()}


def _too_small(found: LikeForLike, *sides: Parts) -> bool:
    """There is no percentage of fewer than ten cases, of some partners no more than of all."""
    cases = [Ratio.total(side[partner] for partner in found.partners).denominator for side in sides]
    return group_size(max(min(cases), Decimal(0))) is GroupSize.TOO_SMALL


def _mix(earlier: Figure, latest: Figure, before: Parts, after: Parts) -> Mix | None:
    """Only of complete figures with enough cases, and only where it changes how the change is read."""
    if not latest.version.rules.has_base or latest.is_partial or earlier.is_partial:
        return None
    if earlier.size is not GroupSize.ENOUGH or latest.size is not GroupSize.ENOUGH:
        return None
    found = mix.decompose(before, after)
    return found if _matters(found) else None


def _matters(found: Mix) -> bool:
    if found.change is None or found.by_rates is None or found.by_mix is None:
        return False
    return found.by_rates * found.by_mix < 0 or abs(found.by_mix) * 2 > abs(found.change)


def short(compared: Compared) -> str:
    """Like for like: +10.0 %, 2 of 3 partners."""
    found = compared.like_for_like
    if found is None:
        return ""
    return _("Like for like: %(change)s, %(known)s of %(all)s partners") % {
        "change": _change(compared.latest, found),
        "known": len(found.partners),
        "all": len(found.partners) + len(found.left_out),
    }


def long(compared: Compared) -> str:
    """The same with the two values and the period compared with."""
    return _("%(short)s. %(values)s") % {"short": short(compared), "values": values(compared)}


def values(compared: Compared) -> str:
    """What the partners in both were at, and are."""
    found = compared.like_for_like
    if found is None or found.before is None or found.after is None:
        return ""
    version = compared.latest.version
    per = version.per if version.rules.has_base else 1 / version.divisor
    return _("The partners in both: from %(before)s to %(after)s since %(since)s.") % {
        "before": with_unit(found.before * per, compared.latest.version),
        "after": with_unit(found.after * per, compared.latest.version),
        "since": compared.earlier.period.label,
    }


def not_told(compared: Compared) -> str:
    """For who may not read it: that partners changed, and no number."""
    found = compared.like_for_like
    if found is None:
        return ""
    return _(
        "Not the same partners are in as in %(since)s: %(known)s of %(all)s are in both. The change among them is"
        " not told, since it would give away single partners' figures."
    ) % {
        "since": compared.earlier.period.label,
        "known": len(found.partners),
        "all": len(found.partners) + len(found.left_out),
    }


def mix_line(compared: Compared) -> str:
    """Of −28.5 points, the partners' own rates give +6.9 and the mix of partners −35.4."""
    found, version = compared.mix, compared.latest.version
    if found is None or found.change is None or found.by_rates is None or found.by_mix is None:
        return ""
    return _(
        "Of the change of %(change)s since %(since)s, the partners' own rates give %(rates)s and the mix of"
        " partners (who had how many cases) gives %(mix)s."
    ) % {
        "change": difference(found.change * version.per, version),
        "since": compared.earlier.period.label,
        "rates": signed(found.by_rates * version.per, max(version.decimals, 1)),
        "mix": signed(found.by_mix * version.per, max(version.decimals, 1)),
    }


def _change(latest: Figure, found: LikeForLike) -> str:
    """In per cent of what it was; of percentages in points, and from nothing in the unit."""
    version = latest.version
    change = found.change or Decimal(0)
    if version.rules.has_base and (points_or_unit(version) != version.unit or found.relative is None):
        return difference(change * version.per, version)
    if found.relative is None:
        return difference(change, version)
    return f"{signed(found.relative * 100, 1)}\u00a0%"
