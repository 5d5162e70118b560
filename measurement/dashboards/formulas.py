"""The formula of a figure with its numbers put in: "84 ÷ 160 × 100 = 52.5 %"."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from backbone.web.numbers import MAX_DECIMALS, format_number
from measurement.dashboards import apart, cards
from measurement.dashboards.ranges import range_words
from measurement.indicators.expressions import operands, written
from measurement.indicators.kinds import Kind, OverTime
from measurement.judgement.small_numbers import GroupSize
from measurement.rollups.explain import Explanation
from measurement.rollups.figures import tree_of
from measurement.rollups.kinds import in_unit
from measurement.rollups.paces import pace_of
from measurement.rollups.selectors import Figure
from measurement.submissions.components import spread_of
from measurement.submissions.wording import level_or_above

_RULES: Final[dict[Kind, Promise]] = {
    Kind.RATIO: gettext_lazy("All upper numbers together, divided by all lower numbers together."),
    Kind.RATE: gettext_lazy("All events together, divided by all exposure together."),
    Kind.MEAN: gettext_lazy("The sum of everything measured, divided by the number of cases."),
    Kind.ORDINAL: gettext_lazy(
        "Counts are added up level by level; how many are at the declared level or above, of all."
    ),
    Kind.POPULATION: gettext_lazy("As its source has it; never added up from partners."),
    Kind.MEDIAN: gettext_lazy("Values of this kind cannot be added up, neither of partners nor of periods."),
    Kind.TEXT: gettext_lazy("Words of partners are listed."),
    Kind.MILESTONE: gettext_lazy("How many have reached it, of those that answered yes or no."),
    Kind.MONEY: gettext_lazy("All amounts added up."),
    Kind.STOCK: gettext_lazy("Everybody's level at the end of the period, added up."),
    Kind.PEAK: gettext_lazy("Everybody's highest level within the period, added up."),
    Kind.UNIQUE_PEOPLE: gettext_lazy(
        "At least as many people as the largest figure counts, at most as many as all figures together."
    ),
    Kind.CUMULATIVE: gettext_lazy("Everybody's figure since the beginning of the year, added up."),
}
_ADDED_UP: Final = gettext_lazy("All figures added up.")
_OVER_TIME: Final[dict[OverTime, Promise]] = {
    OverTime.LAST: gettext_lazy("Of a longer period the last level counts."),
    OverTime.AVERAGE: gettext_lazy(
        "Of a longer period each partner's average counts; the averages are added up."
    ),
    OverTime.MAX: gettext_lazy("Of a longer period the highest value counts."),
}
_AMOUNTS: Final[dict[Kind, Promise]] = {
    Kind.RATIO: gettext_lazy("Upper number"),
    Kind.RATE: gettext_lazy("Events"),
    Kind.MEAN: gettext_lazy("Sum of everything measured"),
    Kind.MILESTONE: gettext_lazy("Reached"),
}
_BASES: Final[dict[Kind, Promise]] = {
    Kind.RATIO: gettext_lazy("Lower number"),
    Kind.RATE: gettext_lazy("Exposure"),
    Kind.MILESTONE: gettext_lazy("Answered yes or no"),
}
_NOT_KNOWN: Final = "?"
_DECIMALS_OF_SPREAD: Final = 4
_CASES: Final = gettext_lazy("Number of cases")


@dataclass(frozen=True)
class Line:
    label: str
    text: str


@dataclass(frozen=True)
class Formula:
    """`rules` in words, `main` with the sums, `lines` with what the sums are made of."""

    rules: list[str]
    main: str
    lines: list[Line]


def formula_of(explanation: Explanation) -> Formula:
    figure = explanation.figure
    if figure.too_few_partners:
        return Formula(_rules(explanation), _("Fewer than 3 partners are in it, so it is not shown."), [])
    if figure.operands:
        return _computed(explanation)
    if apart.is_apart(figure):
        return Formula(_rules(explanation), apart.words(figure), [])
    if figure.version.rules.has_base:
        lines = [*_lines(explanation), *_beside(figure), *_in_a_year(figure)]
        return Formula(_rules(explanation), _division(figure), lines)
    return Formula(_rules(explanation), _sum(explanation), list(_of_those_known(figure)))


def _of_those_known(figure: Figure) -> Iterable[Line]:
    """A category that does not make the total with others is a share of the people whose answer is known."""
    base, based = figure.cell.base, figure.cell.based
    if figure.cell.category_id is None or not base or based is None or figure.value is None:
        return
    share = format_number(based * 100 / base, 1, language=get_language() or "en")
    yield Line(_("Of those whose answer is known"), f"{exact(based)} ÷ {exact(base)} × 100 ≈ {share}\u00a0%")


def _computed(explanation: Explanation) -> Formula:
    """The expression with the numbers of its measures, and under it which number is whose."""
    figure, parts = explanation.figure, explanation.figure.operands
    tree = tree_of(figure.version.expression)
    codes = operands(tree)
    numbers = dict.fromkeys(codes, _NOT_KNOWN) | {
        code: exact(part.shown) for code, part in parts.items() if part.shown is not None
    }
    names = {code: parts[code].version.name if code in parts else code for code in codes}
    lines = [
        Line(names[code], f"{cards.shown(part)}, {cards.in_of_expected(part)}")
        for code, part in parts.items()
    ]
    main = (
        f"{written(tree, numbers)} {result(figure)}" if figure.value is not None else written(tree, numbers)
    )
    return Formula([written(tree, names)], main, lines)


def _beside(figure: Figure) -> Iterable[Line]:
    """What is kept beside the two sums: counts by level, and how far scores spread."""
    cell = figure.cell
    if levels := apart.levels_line(figure):
        yield Line(_("By level"), levels)
    spread = spread_of(cell.amount, cell.base, cell.squares) if figure.kind is Kind.MEAN else None
    if spread is None or cell.squares is None:
        return
    squares, amount, base = (exact(each or Decimal(0)) for each in (cell.squares, cell.amount, cell.base))
    shown = format_number(spread, _DECIMALS_OF_SPREAD, language=get_language() or "en")
    words = f"√(({squares} − {amount}² ÷ {base}) ÷ ({base} − 1)) ≈ {shown}"
    yield Line(_("Standard deviation"), words)


def amount_label(figure: Figure) -> str:
    version = figure.version
    if figure.kind is Kind.ORDINAL:
        return level_or_above(version)
    own = version.amount_label if figure.kind is not Kind.MEAN else ""
    return own or str(_AMOUNTS.get(figure.kind, _("Value")))


def base_label(figure: Figure) -> str:
    if not figure.version.rules.has_base:
        return ""
    return figure.version.base_label or str(_BASES.get(figure.kind, _CASES))


def exact(value: Decimal) -> str:
    """A component as it is kept, with all the decimals that people could have typed."""
    decimals = -int(value.normalize().as_tuple().exponent)
    return format_number(value, min(max(decimals, 0), MAX_DECIMALS), language=get_language() or "en")


def result(figure: Figure) -> str:
    """The value in its unit, rounded as it is shown; with the sign that says whether it was rounded."""
    value = figure.shown
    if value is None:
        return ""
    decimals = figure.version.decimals
    shown = format_number(value, decimals, language=get_language() or "en")
    sign = "=" if value == round(value, decimals) else "≈"
    return f"{sign} {shown}\u00a0{figure.version.unit}" if figure.version.unit else f"{sign} {shown}"


def _rules(explanation: Explanation) -> list[str]:
    figure = explanation.figure
    rules = [str(_RULES.get(figure.kind, _ADDED_UP))]
    over_time = OverTime(figure.version.over_time)
    if not figure.reported and over_time in _OVER_TIME:
        rules.append(str(_OVER_TIME[over_time]))
    return rules


def _division(figure: Figure) -> str:
    cell, per = figure.cell, figure.version.per
    if cell.amount is None or cell.base is None:
        return _("There are no figures yet.")
    if not cell.base:
        return _("Nobody had a case, so there is nothing to divide.")
    division = f"{exact(cell.amount)} ÷ {exact(cell.base)}" + (f" × {exact(per)}" if per != 1 else "")
    if figure.size is GroupSize.TOO_SMALL:
        return division + ": " + _("fewer than 10 cases, so no percentage is shown")
    return f"{division} {result(figure)}"


def _sum(explanation: Explanation) -> str:
    figure = explanation.figure
    if figure.range:
        return _between(explanation)
    if figure.value is None:
        return _("There are no figures yet.")
    if stated := _as_stated(figure):
        return stated
    if len(explanation.steps) > 1 and figure.version.over_time == OverTime.MAX and not explanation.more_terms:
        values = ", ".join(exact(amount) for amount in _amounts(explanation))
        return _("The highest of %(values)s") % {"values": values} + f" {result(figure)}"
    if not explanation.terms or _is_no_plain_sum(explanation):
        return _counted(explanation) + f" {result(figure)}"
    return f"{_added(explanation, _amounts(explanation))} {result(figure)}"


def _as_stated(figure: Figure) -> str:
    """What staff have stated, with its source: a figure of a population, or people counted more than once."""
    if figure.kind is Kind.POPULATION:
        return result(figure)
    if figure.overlap is None or figure.cell.amount is None:
        return ""
    return f"{exact(figure.cell.amount)} − {exact(figure.overlap)} {result(figure)}"


def _amounts(explanation: Explanation) -> list[Decimal]:
    """The summands in the measure's unit."""
    divisor = explanation.figure.version.divisor
    return [in_unit(term.amount, divisor) for term in explanation.terms]


def _between(explanation: Explanation) -> str:
    """“20 + 15 + (0 to 4) = 35 to 39 people”: what is too small to give stands in brackets."""
    cell = explanation.figure.cell
    if explanation.figure.kind is Kind.UNIQUE_PEOPLE:
        return f"{_counted(explanation)}: {range_words(explanation.figure)}"
    known, divisor = _amounts(explanation), explanation.figure.version.divisor
    if not known or _is_no_plain_sum(explanation):
        known = [in_unit(cell.amount, divisor)] if cell.amount is not None else []
    low, high = (in_unit(end or Decimal(0), divisor) for end in (cell.withheld_low, cell.withheld_high))
    ends = {"low": exact(low), "high": exact(high)}
    withheld = _("(%(low)s to %(high)s)") % ends
    sums = [_added(explanation, known), withheld] if known else [withheld]
    return f"{' + '.join(sums)} = {range_words(explanation.figure)}"


def _is_no_plain_sum(explanation: Explanation) -> bool:
    over_time = OverTime(explanation.figure.version.over_time)
    return len(explanation.steps) > 1 and over_time in (OverTime.AVERAGE, OverTime.MAX)


def _counted(explanation: Explanation) -> str:
    figures = explanation.figure.cell.figures
    return ngettext("%(count)s figure", "%(count)s figures", figures) % {"count": exact(Decimal(figures))}


def _lines(explanation: Explanation) -> Iterable[Line]:
    """What the two sums of a division are made of, where there is more than one summand."""
    figure, terms = explanation.figure, explanation.terms
    if len(terms) + explanation.more_terms < 2 or figure.cell.amount is None or figure.cell.base is None:
        return
    amounts, bases = [term.amount for term in terms], [term.base or Decimal(0) for term in terms]
    yield Line(amount_label(figure), f"{_added(explanation, amounts)} = {exact(figure.cell.amount)}")
    if not _only_last_base(explanation):
        yield Line(base_label(figure), f"{_added(explanation, bases)} = {exact(figure.cell.base)}")


def _in_a_year(figure: Figure) -> Iterable[Line]:
    pace = pace_of(figure)
    if pace is None:
        return
    year = format_number(pace.in_a_year, figure.version.decimals, language=get_language() or "en")
    words = _("%(events)s ÷ %(days)s days × %(all)s days = %(year)s") % {
        "events": exact(pace.events),
        "days": pace.days,
        "all": pace.days_of_year,
        "year": year,
    }
    yield Line(_("At this pace in a whole year"), words)


def _only_last_base(explanation: Explanation) -> bool:
    return len(explanation.steps) > 1 and explanation.figure.version.base_over_time == OverTime.LAST


def _added(explanation: Explanation, values: list[Decimal]) -> str:
    """The summands; a negative one stands in brackets, and what does not fit is counted."""
    shown = [f"({exact(value)})" if value < 0 else exact(value) for value in values]
    if explanation.more_terms:
        shown.append(
            ngettext("… (%(count)s more)", "… (%(count)s more)", explanation.more_terms)
            % {"count": exact(Decimal(explanation.more_terms))}
        )
    return " + ".join(shown)
