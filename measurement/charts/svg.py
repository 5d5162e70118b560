"""Elements of SVG. The standard library writes them out, so that text is escaped in one place.

XML cannot hold control characters at all, escaped or not, so they are taken out of every text and attribute.
"""

import re
import unicodedata
from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString, mark_safe

from measurement.charts import look

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_BREAKS = re.compile(r"[ \t\n\r\f\v\x85\u2028\u2029]+")  # and not the space that keeps a number with its unit


def clean(text: str) -> str:
    """Text on one line, without the characters that no XML document may contain."""
    spaced = _BREAKS.sub(" ", str(text))
    return "".join(letter for letter in spaced if _allowed(letter))


def _allowed(letter: str) -> bool:
    """No controls, no halves of characters, and nothing that turns the direction of the text after it."""
    code = ord(letter)
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return False
    if 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
        return False
    return unicodedata.category(letter) not in {"Cc", "Cs"}


def number(value: float) -> str:
    """A coordinate with one decimal at most, so that the same chart is always the same text."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def add(parent: ET.Element, tag: str, text: str = "", **attributes: str | float) -> ET.Element:
    """Append an element; `stroke_width=2` becomes `stroke-width="2"`, `klass` becomes `class`."""
    child = ET.SubElement(parent, tag)
    for name, value in attributes.items():
        key = "class" if name == "klass" else name.replace("_", "-")
        child.set(key, clean(value) if isinstance(value, str) else number(value))
    if text:
        child.text = clean(text)
    return child


def drawing(
    *, element_id: str, title: str, description: str, width: float, height: float, klass: str
) -> ET.Element:
    """An empty picture with its name and description, whose ids start with the given one."""
    if not _ID.fullmatch(element_id):
        raise ValueError(f"not usable as an id: {element_id!r}")
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "id": element_id,
            "class": clean(klass),
        },
    )
    for name, value in {"width": width, "height": height}.items():
        root.set(name, number(value))
    root.set("viewBox", f"0 0 {number(width)} {number(height)}")
    root.set("role", "img")
    root.set("aria-labelledby", f"{element_id}-title")
    root.set("font-family", look.FONT)
    add(root, "title", title or " ", id=f"{element_id}-title")
    if description:
        root.set("aria-describedby", f"{element_id}-desc")
        add(root, "desc", description, id=f"{element_id}-desc")
    return root


def hatching(root: ET.Element, name: str, *, colour: str = look.HATCH) -> str:
    """Define diagonal hatching, and answer the paint that refers to it."""
    hatch_id = f"{root.get('id')}-{name}"
    pattern = add(
        add(root, "defs"),
        "pattern",
        id=hatch_id,
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    rule(pattern, (0, 0), (0, 6), colour=colour, wide=1.2)
    return f"url(#{hatch_id})"


def rule(
    parent: ET.Element,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    colour: str,
    wide: float = 1,
    dashes: str = "",
) -> ET.Element:
    """A straight line."""
    (x1, y1), (x2, y2) = start, end
    element = add(parent, "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=wide)
    if dashes:
        element.set("stroke-dasharray", dashes)
    return element


def track(
    parent: ET.Element, places: list[tuple[float, float]], *, colour: str, wide: float, dashes: str = ""
) -> ET.Element:
    """A line through places, never filled."""
    element = add(parent, "path", d=path_of(places), fill="none", stroke=colour, stroke_width=wide)
    element.set("stroke-linejoin", "round")
    element.set("stroke-linecap", "round")
    if dashes:
        element.set("stroke-dasharray", dashes)
    return element


def path_of(places: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{number(x)},{number(y)}" for x, y in places)


def lettering(
    parent: ET.Element,
    text: str,
    *,
    x: float,
    y: float,
    size: float = look.SMALL,
    colour: str = look.GREY,
    anchor: str = "start",
    weight: int = 400,
    halo: bool = False,
) -> ET.Element:
    """Write a line of text; a halo keeps it legible where it lies over lines."""
    element = add(
        parent, "text", text, x=x, y=y, font_size=size, fill=colour, text_anchor=anchor, font_weight=weight
    )
    if halo:
        for name, value in {
            "stroke": look.PAPER,
            "stroke-width": "4",
            "stroke-linejoin": "round",
        }.items():
            element.set(name, value)
        element.set("paint-order", "stroke")
    return element


def written(root: ET.Element) -> SafeString:
    """The picture as text for a page. It is safe: only `ElementTree` has put text into it, escaped."""
    return mark_safe(ET.tostring(root, encoding="unicode"))  # noqa: S308
