"""What a curve says, in one sentence: where it went, since when, and whether that is more than chance.

Each sentence is translated whole, since no language lets itself be glued together from halves.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from measurement.charts import figures
from measurement.judgement.reasons import Polarity


class Verdict(StrEnum):
    """What may be said of a movement. Without a verdict only the movement itself is told."""

    IMPROVED = "improved"
    WORSENED = "worsened"
    NO_CLEAR_CHANGE = "no_clear_change"
    TOO_EARLY = "too_early"
    PARTIAL = "partial"
    TOO_SMALL = "too_small"


@dataclass(frozen=True, slots=True)
class Count:
    """So many of so many: periods known of periods needed, partners that reported of partners expected."""

    have: int
    need: int


@dataclass(frozen=True, slots=True)
class Movement:
    """The value now and the one that it is compared with; `since` names the latter's period."""

    latest: Decimal | None
    earlier: Decimal | None = None
    since: str = ""
    unit: str = ""
    decimals: int = 0
    polarity: Polarity = Polarity.NEUTRAL


_MOVED: dict[tuple[bool, str], Promise] = {
    (True, ""): gettext_lazy("Up from %(earlier)s to %(latest)s since %(since)s"),
    (False, ""): gettext_lazy("Down from %(earlier)s to %(latest)s since %(since)s"),
    (True, "sure"): gettext_lazy("Up from %(earlier)s to %(latest)s since %(since)s; more than chance"),
    (False, "sure"): gettext_lazy("Down from %(earlier)s to %(latest)s since %(since)s; more than chance"),
    (True, "better"): gettext_lazy(
        "Up from %(earlier)s to %(latest)s since %(since)s, the right way; more than chance"
    ),
    (False, "better"): gettext_lazy(
        "Down from %(earlier)s to %(latest)s since %(since)s, the right way; more than chance"
    ),
    (True, "worse"): gettext_lazy(
        "Up from %(earlier)s to %(latest)s since %(since)s, the wrong way; more than chance"
    ),
    (False, "worse"): gettext_lazy(
        "Down from %(earlier)s to %(latest)s since %(since)s, the wrong way; more than chance"
    ),
}


def finding(
    movement: Movement,
    verdict: Verdict | None = None,
    *,
    partners: Count | None = None,
    periods: Count | None = None,
) -> str:
    """The sentence above a chart and beside a number, without a full stop.

    What cannot be judged is said instead of a movement, so that nobody takes noise or half a total for news.
    """
    if verdict is Verdict.PARTIAL:
        return _partial(partners)
    if movement.latest is None:
        return gettext("No figures yet")
    if verdict is Verdict.TOO_EARLY:
        return _too_early(periods)
    if verdict is Verdict.TOO_SMALL:
        return gettext("Too small to tell")
    return _moved(movement, movement.latest, verdict)


def _partial(partners: Count | None) -> str:
    if partners is None:
        return gettext("Partial: not all partners are in yet")
    return ngettext(
        "Partial: %(have)s of %(need)s partner", "Partial: %(have)s of %(need)s partners", partners.need
    ) % {"have": partners.have, "need": partners.need}


def _too_early(periods: Count | None) -> str:
    if periods is None:
        return gettext("Too early to say")
    return ngettext(
        "Too early to say: %(have)s of %(need)s period",
        "Too early to say: %(have)s of %(need)s periods",
        periods.need,
    ) % {"have": periods.have, "need": periods.need}


def _moved(movement: Movement, latest: Decimal, verdict: Verdict | None) -> str:
    if movement.earlier is None:
        return gettext("%(latest)s, the first figure") % {"latest": _shown(movement, latest)}
    words = {
        "earlier": _shown(movement, movement.earlier),
        "latest": _shown(movement, latest),
        "since": movement.since,
    }
    if verdict is Verdict.NO_CLEAR_CHANGE:
        return _unclear(words)
    if words["earlier"] == words["latest"]:
        return gettext("%(latest)s, the same as in %(since)s") % words
    rose = latest > movement.earlier
    return str(_MOVED[rose, _manner(movement.polarity, verdict, rose=rose)]) % words


def _unclear(words: dict[str, str]) -> str:
    if words["earlier"] == words["latest"]:
        return gettext("%(latest)s, the same as in %(since)s: no clear change") % words
    return gettext("From %(earlier)s to %(latest)s since %(since)s: no clear change") % words


def _manner(polarity: Polarity, verdict: Verdict | None, *, rose: bool) -> str:
    """Better and worse are said except where up is better and it went up, which needs no comment."""
    if verdict is None:
        return ""
    if verdict is Verdict.WORSENED:
        return "worse"
    return "sure" if rose and polarity is not Polarity.LOWER else "better"


def _shown(movement: Movement, value: Decimal) -> str:
    return figures.with_unit(value, movement.decimals, movement.unit)
