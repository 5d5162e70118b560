"""A breakdown as horizontal bars, each with its value beside it."""

from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from measurement.charts import figures, lettering, look, svg
from measurement.charts.scales import Scale

ROW, STACKED_ROW, BAR = 32.0, 46.0, 18.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One category. `share` is in per cent; `note` says why there is no value, or what to know about it."""

    label: str
    value: Decimal | None
    share: Decimal | None = None
    unknown: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if any(number is not None and not number.is_finite() for number in (self.value, self.share)):
            raise ValueError("a chart shows finite numbers only; what is not known is None")


@dataclass(frozen=True, slots=True)
class BarChart:
    """A breakdown in the order in which it is to be read. `title` is the finding, as a sentence."""

    title: str
    bars: tuple[Bar, ...]
    description: str = ""
    unit: str = ""
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where the bars lie; on a narrow picture the names stand above them."""

    chart: BarChart
    width: float
    left: float
    right: float
    scale: Scale

    @property
    def stacked(self) -> bool:
        return self.width < look.NARROW

    def x(self, value: Decimal) -> float:
        return self.left + self.scale.share(value) * (self.right - self.left)

    @property
    def height(self) -> float:
        return STACKED_ROW if self.stacked else ROW


def bars_svg(chart: BarChart, *, width: int = 720, element_id: str, klass: str = "chart") -> SafeString:
    """Draw the bars from zero, always. Unknown is hatched; what has no value has words instead of a bar."""
    root = svg.drawing(
        element_id=element_id,
        title=chart.title,
        description=chart.description or description_of(chart),
        width=width,
        height=40,
        klass=klass,
    )
    if not chart.bars:
        svg.lettering(root, gettext("No figures yet."), x=0, y=25, size=look.TEXT)
        return svg.written(root)
    rows = _rows(chart, width)
    height = rows.height * len(chart.bars) + 4
    root.set("height", svg.number(height))
    root.set("viewBox", f"0 0 {width} {svg.number(height)}")
    _draw(root, rows, height)
    return svg.written(root)


def description_of(chart: BarChart) -> str:
    return "; ".join(f"{bar.label}: {_value_text(chart, bar, with_unit=True)}" for bar in chart.bars)


def _rows(chart: BarChart, width: float) -> _Rows:
    values = [bar.value for bar in chart.bars if bar.value is not None]
    low, high = min([Decimal(0), *values]), max([Decimal(0), *values])
    scale = Scale((low, high if high > low else low + 1), zoomed=False)
    names = max(lettering.width_of(bar.label, look.TEXT) for bar in chart.bars)
    texts = max(lettering.width_of(_value_text(chart, bar), look.TEXT) for bar in chart.bars)
    left = 0.0 if width < look.NARROW else min(names + 14, width * 0.36)
    before = min(texts + 8, width * 0.2) if low < 0 else 0.0
    return _Rows(chart, width, left + before, max(width - texts - 12, width * 0.5), scale)


def _draw(root: ET.Element, rows: _Rows, height: float) -> None:
    paint = svg.hatching(root, "unknown") if any(bar.unknown for bar in rows.chart.bars) else ""
    for index, bar in enumerate(rows.chart.bars):
        _draw_bar(root, rows, bar, top=index * rows.height, unknown_paint=paint)
    if rows.stacked and rows.scale.low == 0:
        return  # the names stand where the line would be
    zero = rows.x(Decimal(0))
    svg.rule(root, (zero, 0), (zero, height), colour=look.AXIS)


def _draw_bar(root: ET.Element, rows: _Rows, bar: Bar, *, top: float, unknown_paint: str) -> None:
    group = svg.add(root, "g", klass="chart-bar")
    name_y = top + 15 if rows.stacked else top + 21
    bar_top = top + 22 if rows.stacked else top + 7
    _write_name(group, rows, bar, name_y)
    zero = rows.x(Decimal(0))
    end = rows.x(bar.value) if bar.value is not None else zero
    if bar.value is not None:
        rect = svg.add(
            group, "rect", x=min(zero, end), y=bar_top, width=abs(end - zero), height=BAR, fill=look.TEAL
        )
        if bar.unknown:
            rect.set("fill", unknown_paint)
            rect.set("stroke", look.AXIS)
    _write_value(group, rows, bar, end=end, y=bar_top + 14)


def _write_name(group: ET.Element, rows: _Rows, bar: Bar, y: float) -> None:
    room = rows.width if rows.stacked else rows.width * 0.36 - 14
    text = lettering.shortened(bar.label, look.TEXT, room)
    svg.lettering(group, text, x=0, y=y, size=look.TEXT, colour=look.INK)


def _write_value(group: ET.Element, rows: _Rows, bar: Bar, *, end: float, y: float) -> None:
    text = _value_text(rows.chart, bar)
    colour, weight = (look.GREY, 400) if bar.value is None else (look.INK, 600)
    if bar.value is not None and bar.value < 0:
        svg.lettering(group, text, x=end - 8, y=y, size=look.TEXT, colour=colour, weight=weight, anchor="end")
        return
    text = lettering.shortened(text, look.TEXT, rows.width - end - 8)
    svg.lettering(group, text, x=end + 8, y=y, size=look.TEXT, colour=colour, weight=weight)


def _value_text(chart: BarChart, bar: Bar, *, with_unit: bool = False) -> str:
    """`420 · 42.1 %`, and what is said about it."""
    show = figures.with_unit if with_unit else figures.with_sign
    parts = [show(bar.value, chart.decimals, chart.unit)] if bar.value is not None else []
    if bar.share is not None:
        parts.append(figures.with_sign(bar.share, 1, figures.PERCENT))
    if bar.note:
        parts.append(bar.note)
    return " · ".join(parts) or gettext("no data")
