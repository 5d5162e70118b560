"""Kind questions in words."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measurement.indicators.models import IndicatorVersion
from measurement.judgement.doubts import Doubt
from measurement.submissions.components import Components
from measurement.submissions.entry_models import Query
from measurement.submissions.wording import exact, figure_words, read_value

_SENTENCES = {
    Doubt.OUTLIER: gettext_lazy(
        "%(value)s is unusual for you: so far it was between %(low)s and %(high)s. Is it right?"
    ),
    Doubt.SLIP: gettext_lazy("%(value)s, and last time it was %(last)s. Is it right?"),
    Doubt.FROM_ZERO: gettext_lazy("%(value)s, and so far it was always 0. Is it right?"),
    Doubt.TO_ZERO: gettext_lazy("It is 0 now, and last time it was %(last)s. Is it right?"),
    Doubt.NO_PERCENTAGE: gettext_lazy("%(value)s is no usual percentage. Is it right?"),
    Doubt.IMPLAUSIBLE: gettext_lazy("%(value)s is outside of what is usual here%(range)s. Is it right?"),
    Doubt.PART_ABOVE_TOTAL: gettext_lazy("%(value)s is more than the total of %(total)s. Is it right?"),
    Doubt.PARTS_ABOVE_TOTAL: gettext_lazy(
        "The categories add up to %(sum)s, more than the total of %(value)s. Is it right?"
    ),
    Doubt.SHARE: gettext_lazy(
        "%(value)s is unusual for so many cases: from %(low)s to %(high)s would be. Is it right?"
    ),
    Doubt.ALL_THE_SAME: gettext_lazy("Every figure of this report is the same as last time. Is it right?"),
}
_TIMES_WORTH_SAYING = 2


def sentence(query: Query, version: IndicatorVersion, unit: str) -> str:
    """ "1,010 children is 10 times last time (101). Is it right?" """
    doubt, facts = Doubt(query.doubt), {name: Decimal(number) for name, number in query.facts.items()}
    components = _components(query)
    value = figure_words(version, components, unit)
    if doubt is Doubt.OUTLIER and (times := _times(read_value(version, components), facts["last"])):
        words = _("%(value)s is %(times)s times what it was last time (%(last)s). Is it right?")
        return words % {"value": value, "times": times, "last": exact(facts["last"])}
    if doubt is Doubt.SHARE:
        facts = {name: round(share * 100, 1) for name, share in facts.items()}
    named = {name: exact(number) + (" %" if doubt is Doubt.SHARE else "") for name, number in facts.items()}
    return str(_SENTENCES[doubt]) % {"value": value, "range": _range(facts), **named}


def _components(query: Query) -> Components:
    amount, _slash, base = query.about.partition("/")
    return Components(Decimal(amount), Decimal(base) if base else None)


def _times(value: Decimal | None, last: Decimal) -> str:
    if value is None or last <= 0 or value < _TIMES_WORTH_SAYING * last:
        return ""
    return exact(Decimal(round(value / last)))


def _range(facts: dict[str, Decimal]) -> str:
    low, high = facts.get("low"), facts.get("high")
    if low is not None and high is not None:
        return _(" (%(low)s to %(high)s)") % {"low": exact(low), "high": exact(high)}
    if low is not None:
        return _(" (%(low)s or more)") % {"low": exact(low)}
    return _(" (%(high)s or less)") % {"high": exact(high)} if high is not None else ""
