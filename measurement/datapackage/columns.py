"""Columns of a table in a package: what may stand in a cell, and how it is written."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from backbone.web.exact import ExactField

Value = str | int | bool | Decimal | date | datetime | None

_LONGEST_NUMBER: Final = 120
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_INTEGER = re.compile(r"-?[0-9]{1,18}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")
_BOOLEANS: Final = {"true": True, "false": False}


class NotReadable(ValueError):
    """The cell cannot be what its column holds; the text says so."""


def _string(text: str) -> str:
    return text


def _number(text: str) -> Decimal:
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        raise NotReadable(_("“%(text)s” is not a plain decimal number such as 1234.5.") % _shown(text))
    return Decimal(text) or Decimal(0)


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise NotReadable(_("“%(text)s” is not a whole number.") % _shown(text))
    return int(text)


def _boolean(text: str) -> bool:
    if text not in _BOOLEANS:
        raise NotReadable(_("“%(text)s” is neither true nor false.") % _shown(text))
    return _BOOLEANS[text]


def _date(text: str) -> date:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise NotReadable(_("“%(text)s” is not a date such as 2026-06-30.") % _shown(text))


def _moment(text: str) -> datetime:
    try:
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        pass
    raise NotReadable(_("“%(text)s” is not a moment in UTC such as 2026-06-30T12:00:00Z.") % _shown(text))


_READERS: Final[dict[str, Callable[[str], Value]]] = {
    "string": _string,
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "date": _date,
    "datetime": _moment,
}
_TYPES: Final["tuple[tuple[type[models.Field[Any, Any]], str], ...]"] = (
    (models.DecimalField, "number"),
    (models.BooleanField, "boolean"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.IntegerField, "integer"),
)


def _shown(text: str) -> dict[str, str]:
    return {"text": text if len(text) <= 40 else f"{text[:39]}…"}


@dataclass(frozen=True)
class Column:
    """`rules` is the field of the model, whose own validators the cell has to pass."""

    name: str
    type: str = "string"
    required: bool = True
    enum: tuple[str, ...] = ()
    longest: int | None = None
    rules: "models.Field[Any, Any] | None" = field(default=None, compare=False)

    def read(self, text: str) -> Value:
        """The value of a cell; None for an empty one. Raises NotReadable with a sentence."""
        if not text:
            if self.required:
                raise NotReadable(_("This must not be empty."))
            return None
        if "\x00" in text:
            raise NotReadable(_("There is a character in it (NUL) that no text may hold."))
        if self.enum and text not in self.enum:
            words = {**_shown(text), "known": ", ".join(self.enum)}
            raise NotReadable(_("“%(text)s” is not one of: %(known)s.") % words)
        value = _READERS[self.type](text)
        self._follow_rules(value)
        return value

    def _follow_rules(self, value: Value) -> None:
        if self.longest is not None and len(str(value)) > self.longest:
            raise NotReadable(_("This is longer than %(most)s characters.") % {"most": self.longest})
        if self.rules is None or self.enum:
            return
        try:
            self.rules.run_validators(value)
        except ValidationError as wrong:
            raise NotReadable(" ".join(wrong.messages)) from wrong


def write(value: Value) -> str:
    """The one way in which a value is written."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).replace(tzinfo=None)
        return moment.isoformat(timespec="microseconds" if moment.microsecond else "seconds") + "Z"
    return value.isoformat() if isinstance(value, date) else str(value)


def of(model: type[models.Model], name: str, *, called: str = "", required: bool | None = None) -> Column:
    """The column that holds a field of a model, with the rules of the field."""
    rules: models.Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]
    kind = next((kind for fields, kind in _TYPES if isinstance(rules, fields)), "string")
    return Column(
        name=called or name,
        type=kind,
        required=not (rules.null or rules.blank) if required is None else required,
        enum=tuple(str(value) for value, _label in rules.flatchoices if value),
        longest=rules.max_length,
        rules=None if isinstance(rules, ExactField) else rules,
    )


def fields(model: type[models.Model], names: str) -> tuple[Column, ...]:
    """The columns of several fields, their names parted by spaces."""
    return tuple(of(model, name) for name in names.split())


def code(name: str, *, required: bool = True) -> Column:
    """A column that names a row of another table."""
    return Column(name, required=required, longest=100)
