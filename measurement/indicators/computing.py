"""Whether a measure can be computed as somebody has written it: from measures that are there, never from itself."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from initiatives.charter.models import Initiative
from measurement.indicators.expressions import NotAnExpression, Tree, circle, operands, parse, unit_of
from measurement.indicators.kinds import RULES, Kind
from measurement.indicators.models import IndicatorVersion


def why_not_computed(initiative: Initiative, code: str, expression: str) -> str:
    """Why the measure with that code cannot be computed so; empty where it can. One query."""
    versions = IndicatorVersion.objects.filter(initiative=initiative).select_related("indicator")
    newest = {each.indicator.code: each for each in versions.order_by("number")}
    try:
        tree = parse(expression)
        _check(tree, code, newest)
        unit_of(tree, {each: newest[each].unit for each in operands(tree)})
    except NotAnExpression as sentence:
        return str(sentence)
    return ""


def _check(tree: Tree, code: str, newest: dict[str, IndicatorVersion]) -> None:
    used = operands(tree)
    if not used:
        raise NotAnExpression(_("Name at least one measure by its code."))
    for each in sorted(used):
        if each != code and each not in newest:
            raise NotAnExpression(_("There is no measure with the code “%(code)s”.") % {"code": each[:60]})
        if each != code and not RULES[Kind(newest[each].kind)].rolls_up:
            raise NotAnExpression(
                _("“%(name)s” has no one figure to compute with.") % {"name": newest[each].name}
            )
    uses: dict[str, Iterable[str]] = {
        each: operands(parse(version.expression))
        for each, version in newest.items()
        if version.kind == Kind.DERIVED and version.expression
    }
    way = circle(code, {**uses, code: used})
    if way:
        raise NotAnExpression(_("It would be computed from itself: %(way)s.") % {"way": " → ".join(way)})
