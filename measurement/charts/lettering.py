"""How wide a text will be, near enough to keep labels apart, without loading a font."""

import unicodedata

_NARROW = set("iljtfrI.,:;'|!()[]/ \u00a0\u202f")
_WIDE = set("mwMW%@—…")


def _ems(letter: str) -> float:
    if letter in _NARROW:
        return 0.34
    if letter in _WIDE or unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    return 0.7 if letter.isupper() else 0.61


def width_of(text: str, size: float) -> float:
    """Width in pixels of a text in Inter, slightly too much rather than too little."""
    return sum(_ems(letter) for letter in text) * size


def shortened(text: str, size: float, room: float) -> str:
    """The text, cut with an ellipsis where it is wider than the room."""
    if width_of(text, size) <= room:
        return text
    kept = text
    while kept and width_of(f"{kept}…", size) > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"
