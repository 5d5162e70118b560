"""Below the periods: what was done when, and the key to the signs."""

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from django.utils.translation import gettext, ngettext

from measurement.charts import lettering, look, svg
from measurement.charts.marks import draw_dot, has_gaps
from measurement.charts.plan import Plan
from measurement.charts.references import DASHES_OF_BREAK
from measurement.charts.series import ActionMark

LANE = 21.0
MOST_LANES = 5
KEY_ROW = 22.0


def shown_actions(plan: Plan) -> list[ActionMark]:
    inside = [
        each
        for each in plan.chart.actions
        if plan.first_day <= _end(plan, each) and _start(each) < plan.last_day
    ]
    return sorted(inside, key=lambda each: (each.start, each.label))


def _start(action: ActionMark) -> float:
    return action.start.toordinal()


def _end(plan: Plan, action: ActionMark) -> float:
    return action.end.toordinal() + 1 if action.end else plan.last_day


def draw_actions(root: ET.Element, plan: Plan, top: float) -> float:
    """One lane for each action; answers where the lanes end."""
    actions = shown_actions(plan)
    if not actions:
        return top
    group = svg.add(root, "g", klass="chart-actions")
    svg.lettering(group, gettext("Actions"), x=0, y=top + 12, weight=600)
    top += 18
    for index, action in enumerate(actions[:MOST_LANES]):
        _draw_lane(group, plan, action, top + index * LANE)
    bottom = top + min(len(actions), MOST_LANES) * LANE
    more = len(actions) - MOST_LANES
    if more > 0:
        words = ngettext("and %(count)s more action", "and %(count)s more actions", more) % {"count": more}
        svg.lettering(group, words, x=plan.frame.left, y=bottom + 12)
        bottom += 18
    return bottom + 4


def _draw_lane(group: ET.Element, plan: Plan, action: ActionMark, top: float) -> None:
    left = max(plan.x(_start(action)), plan.frame.left)
    right = max(min(plan.x(_end(plan, action)), plan.frame.right), left + 5)
    lane = svg.add(group, "g", klass="chart-action")
    svg.add(lane, "title", action.label)
    svg.rule(lane, (left, plan.frame.top), (left, top + 6), colour=look.ACTION, dashes="1 4")
    svg.add(lane, "rect", x=left, y=top + 2, width=right - left, height=8, rx=2, fill=look.ACTION)
    _write_action(lane, plan, action.label, bar=(left, right), y=top + 10.5)


def _write_action(lane: ET.Element, plan: Plan, label: str, *, bar: tuple[float, float], y: float) -> None:
    """Beside its bar, on the side where there is more room."""
    left, right = bar
    after, before = plan.width - right - 8, left - 8
    if after >= min(lettering.width_of(label, look.SMALL), before):
        svg.lettering(lane, lettering.shortened(label, look.SMALL, after), x=right + 6, y=y, colour=look.INK)
    else:
        text = lettering.shortened(label, look.SMALL, before)
        svg.lettering(lane, text, x=left - 6, y=y, colour=look.INK, anchor="end")


@dataclass(frozen=True, slots=True)
class Sign:
    """One entry of the key: how to draw the sign in 22 by 12 pixels, and its meaning."""

    draw: Callable[[ET.Element, float, float], None]
    words: str


def draw_key(root: ET.Element, plan: Plan, top: float) -> float:
    """Only the signs that this chart uses, in as many rows as they need; answers where it ends."""
    signs = _signs(root, plan)
    group = svg.add(root, "g", klass="chart-key", aria_hidden="true") if signs else root
    x, y = 0.0, top
    for sign in signs:
        wide = 28 + lettering.width_of(sign.words, look.SMALL)
        if x and x + wide > plan.width:
            x, y = 0.0, y + KEY_ROW
        sign.draw(group, x, y + 11)
        svg.lettering(group, sign.words, x=x + 28, y=y + 15)
        x += wide + 18
    return y + KEY_ROW if signs else top


def _signs(root: ET.Element, plan: Plan) -> list[Sign]:
    chart = plan.chart
    used = [
        (
            any(point.partial for point in chart.curve.known()),
            Sign(_partial, gettext("Partial: not all are in yet")),
        ),
        (has_gaps(plan), Sign(_hatched(str(root.get("id"))), gettext("No data"))),
        (any(point.has_range for point in chart.curve.points), Sign(_whisker, gettext("Could lie between"))),
        (chart.limits is not None, Sign(_corridor, gettext("Comes and goes by chance"))),
        (bool(chart.breaks), Sign(_break, gettext("Measured differently from here on"))),
    ]
    return [sign for is_used, sign in used if is_used]


def _partial(parent: ET.Element, x: float, y: float) -> None:
    draw_dot(parent, x + 11, y, partial=True, radius=4)


def _hatched(element_id: str) -> Callable[[ET.Element, float, float], None]:
    def draw(parent: ET.Element, x: float, y: float) -> None:
        svg.add(
            parent,
            "rect",
            x=x,
            y=y - 6,
            width=22,
            height=12,
            fill=f"url(#{element_id}-gap)",
            stroke=look.RULE,
        )

    return draw


def _whisker(parent: ET.Element, x: float, y: float) -> None:
    bar = svg.rule(parent, (x + 11, y - 7), (x + 11, y + 7), colour=look.TEAL, wide=3)
    bar.set("stroke-opacity", "0.5")


def _corridor(parent: ET.Element, x: float, y: float) -> None:
    band = svg.add(parent, "rect", x=x, y=y - 6, width=22, height=12, fill=look.AXIS)
    band.set("fill-opacity", "0.2")


def _break(parent: ET.Element, x: float, y: float) -> None:
    svg.rule(parent, (x + 11, y - 7), (x + 11, y + 7), colour=look.GREY, wide=1.2, dashes=DASHES_OF_BREAK)
