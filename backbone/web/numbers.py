"""Numbers as people write and read them: exact decimals in and out, rounded once and only for showing.

Decisions: a comma and a point mean what they mean in the reader's language, and nothing is guessed. What
could be read in two ways is refused with a sentence that shows how to write it. What comes out of a file or a
clipboard was written nobody knows where: a mark that another manner of writing would read as another number is
refused there, with both numbers. Only the digits 0 to 9 count; there are no exponents, and nothing stands after
the number.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from django.utils.translation import gettext as _

MAX_DIGITS = 20
MAX_DECIMALS = 6
_MAX_WHOLE = MAX_DIGITS - MAX_DECIMALS
_LONGEST_TEXT = 80
_WIDE = Context(prec=100, rounding=ROUND_HALF_UP)  # sums of many figures outgrow the 28 digits of the default
_MINUS_SIGNS = str.maketrans({"−": "-", "–": "-"})
_SPACES = re.compile(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9]{3}(?![0-9]))")
_BRACKETS = re.compile(r"\(\s*([0-9.,]+)\s*\)")
_PERCENT = re.compile(r"([+-]?[0-9.,]+)\s*%")
_ZERO_GROUPED = re.compile(r"[+-]?0[0-9]*[.,][0-9]{3}")  # nobody groups a number that begins with 0
_FORMULA = re.compile(r"[=@]|[+-](?=[A-Za-z(@=])")


class NumberNotRead(ValueError):
    """The text is no number; `sentence` says so to the person who wrote it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class _Marks:
    decimal: str
    group: str
    shortest_grouped: int  # digits before the decimal mark from which they are grouped

    @property
    def shape(self) -> re.Pattern[str]:
        group, decimal = re.escape(self.group), re.escape(self.decimal)
        whole = rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}})+|[0-9]+"
        return re.compile(rf"([+-]?)(?:({whole})(?:{decimal}([0-9]*))?|{decimal}([0-9]+))")


_ENGLISH = _Marks(decimal=".", group=",", shortest_grouped=4)
_MARKS = {
    "en": _ENGLISH,
    "es": _Marks(decimal=",", group=".", shortest_grouped=5),
    "es-mx": _ENGLISH,
    "es-us": _ENGLISH,
}


def _marks(language: str) -> _Marks:
    code = language.lower().replace("_", "-")
    return _MARKS.get(code) or _MARKS.get(code.split("-")[0]) or _ENGLISH


def read_number(text: str, *, language: str = "en", from_elsewhere: bool = False) -> Decimal:
    """The exact decimal that a person wrote, or `NumberNotRead` with a sentence for that person.

    `from_elsewhere`: pasted or uploaded, so that the language of the page says nothing about its marks.
    """
    marks = _marks(language)
    written = text.strip().translate(_MINUS_SIGNS)
    if not written:
        raise NumberNotRead(_("Write a number, such as %(example)s.") % {"example": _example(marks)})
    if _FORMULA.match(written):
        raise NumberNotRead(
            _("“%(text)s” is a formula: write the number that it gives.") % {"text": _short(text)}
        )
    found = marks.shape.fullmatch(_without_group_spaces(written)) if len(written) <= _LONGEST_TEXT else None
    if found is None:
        raise NumberNotRead(_not_a_number(text, marks))
    sign, whole, decimals, bare_decimals = found.groups()
    number = _exact(sign, (whole or "0").replace(marks.group, ""), decimals or bare_decimals or "")
    if from_elsewhere:
        _must_be_clear(written, number, marks)
    return number


def _must_be_clear(written: str, number: Decimal, marks: _Marks) -> None:
    """Raises NumberNotRead where the other manner of writing reads another number."""
    suggested = _in_other_marks(written, marks)
    if suggested and Decimal(suggested.replace(marks.decimal, ".")) != number:
        language = next(code for code, known in _MARKS.items() if known == marks)
        mine = write_number(number, language=language)
        first, second = sorted([mine, suggested], key=len)
        raise NumberNotRead(
            _("“%(text)s”: did you mean %(first)s or %(second)s?")
            % {"text": _short(written), "first": first, "second": second}
        )


def write_number(value: Decimal, *, language: str = "en") -> str:
    """The number as it stands in a field, exact and ungrouped, so that `read_number` reads it back."""
    plain = f"{value:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace(".", _marks(language).decimal)


def format_number(value: Decimal, decimals: int, *, language: str = "en") -> str:
    """The number as it is shown: rounded once, half away from zero, with thousands separators."""
    if not value.is_finite():
        raise ValueError(f"{value} cannot be shown as a number")
    if not decimals and value.adjusted() < MAX_DIGITS and value == value.to_integral_value():
        return ("-" if value < 0 else "") + _grouped(str(abs(int(value))), _marks(language))
    rounded = value.quantize(Decimal(1).scaleb(-decimals), context=_WIDE)
    sign = "-" if rounded < 0 else ""  # a rounded -0.4 is 0, without a sign
    whole, _point, rest = f"{rounded.copy_abs():f}".partition(".")
    marks = _marks(language)
    return sign + _grouped(whole, marks) + (marks.decimal + rest if rest else "")


def _grouped(whole: str, marks: _Marks) -> str:
    if len(whole) < marks.shortest_grouped:
        return whole
    return f"{int(whole):,}".replace(",", marks.group)


def _without_group_spaces(written: str) -> str:
    """A space may part thousands, if it parts all of them: "1 234 567", never "12 34" or "1 234,567"."""
    parts = re.split(r"[.,]", written, maxsplit=1)[0].split()
    if len(parts) > 1 and len(parts[0].lstrip("+-")) <= 3:
        return _SPACES.sub("", written)
    return written


def _exact(sign: str, whole: str, decimals: str) -> Decimal:
    whole = whole.lstrip("0") or "0"
    decimals = decimals.rstrip("0")
    if len(whole) > _MAX_WHOLE:
        raise NumberNotRead(
            _("The number is too long: at most %(count)s digits before the decimals.") % {"count": _MAX_WHOLE}
        )
    if len(decimals) > MAX_DECIMALS:
        raise NumberNotRead(
            _("The number has too many decimals: round it to at most %(count)s.") % {"count": MAX_DECIMALS}
        )
    number = Decimal(f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}")
    return number or Decimal(0)  # there is no minus zero


def _not_a_number(text: str, marks: _Marks) -> str:
    return _("“%(text)s” is not a number we can read: write %(example)s.") % {
        "text": _short(text),
        "example": _suggestion(text, marks)
        or _("digits only, such as %(example)s") % {"example": _example(marks)},
    }


def _suggestion(text: str, marks: _Marks) -> str:
    """The same number, where only its dress is wrong: "1.234,5" becomes "1234.5", "(12)" "-12", "12 %" "12"."""
    written = text.strip().translate(_MINUS_SIGNS)
    if len(written) > _LONGEST_TEXT:
        return ""
    if in_brackets := _BRACKETS.fullmatch(written):
        return _plain(f"-{in_brackets[1]}", marks)
    if in_percent := _PERCENT.fullmatch(written):
        return _plain(in_percent[1], marks)
    return _in_other_marks(written, marks)


def _plain(written: str, marks: _Marks) -> str:
    return written if marks.shape.fullmatch(written) else _in_other_marks(written, marks)


def _in_other_marks(written: str, marks: _Marks) -> str:
    """The number as the other manner of writing reads it, in the reader's marks; "" where it reads none."""
    other = next(m for m in _MARKS.values() if m.decimal != marks.decimal)
    found = other.shape.fullmatch(written) if len(written) <= _LONGEST_TEXT else None
    if found is None or _ZERO_GROUPED.match(written):
        return ""
    sign, whole, decimals, bare_decimals = found.groups()
    rest = decimals or bare_decimals or ""
    return sign + (whole or "0").replace(other.group, "") + (marks.decimal + rest if rest else "")


def _example(marks: _Marks) -> str:
    return f"1234{marks.decimal}5"


def _short(text: str) -> str:
    shown = "".join(char for char in text.strip()[:31] if char.isprintable())
    return shown if len(text.strip()) <= 30 else shown[:30] + "…"


_QUOTIENT = Decimal(1).scaleb(-15)
_LONG = Context(prec=200, rounding=ROUND_HALF_UP)


def exact_text(value: Decimal) -> str:
    """For programs: every digit that is known, without an exponent. What was divided has 15 decimals."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -15:
        value = value.quantize(_QUOTIENT, context=_LONG)
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
