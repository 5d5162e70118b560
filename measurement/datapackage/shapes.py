"""What a table of a package is: its columns, what tells its rows apart, and which tables they name rows of."""

from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from measurement.datapackage.columns import Column


@dataclass(frozen=True)
class ForeignKey:
    fields: tuple[str, ...]
    resource: str
    reference: tuple[str, ...]


@dataclass(frozen=True)
class Resource:
    """`optional` tables may be absent; `if_any` ones are, where they would be empty. `settled` rows are never changed:
    a different one is refused."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...] = ()
    optional: bool = False
    settled: bool = False
    if_any: bool = False

    @cached_property
    def row(self) -> Callable[..., Any]:
        """Makes a row with the cells as written, by name, and the line on which it stands."""
        return namedtuple(self.name, [*self.header, "line"])  # noqa: PYI024

    @property
    def path(self) -> str:
        return f"{self.name}.csv"

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]

    def getter(self, names: tuple[str, ...]) -> Callable[[Any], tuple[str, ...]]:
        """Reads these cells of a row, as a tuple."""
        places = tuple(self.header.index(name) for name in names)
        return lambda row: tuple(row[place] for place in places)


def to(resource: str, *fields: str, key: tuple[str, ...] = ("code",)) -> ForeignKey:
    return ForeignKey(fields, resource, key)
