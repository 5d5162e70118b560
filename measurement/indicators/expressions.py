"""A small language in which one measure is computed from others. Pure.

    expression = term { ("+" | "-") term }
    term       = factor { ("*" | "/") factor }
    factor     = ["-"] ( number | code | "(" expression ")" )

Decisions. Codes may hold a hyphen, so a minus stands between spaces: "a-b" is a code, "a - b" a difference. Nothing is
ever handed to Python to run. What is not known stays not known: a missing operand or a division by 0 gives None.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _

LONGEST: Final = 500
_DEEPEST: Final = 30
_TOKEN: Final = re.compile(
    r"\s*(?:([0-9]+(?:\.[0-9]+)?(?![\w.-]))|([A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*)|([-+*/()]))"
)
_NUMBER: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{1,10})?")
_MINUS, _OPEN = "-", "("
_WIDE: Final = Context(prec=60)


class NotAnExpression(ValueError):
    """The text says so to people."""


@dataclass(frozen=True)
class Number:
    value: Decimal


@dataclass(frozen=True)
class Operand:
    code: str


@dataclass(frozen=True)
class Operation:
    sign: str
    left: "Tree"
    right: "Tree"


Tree = Number | Operand | Operation


def parse(text: str) -> Tree:
    """Raises NotAnExpression with a sentence."""
    if len(text) > LONGEST:
        raise NotAnExpression(_("Shorten it to %(limit)d characters.") % {"limit": LONGEST})
    reader = _Reader(_tokens(text))
    tree = reader.expression(0)
    if reader.token is not None:
        raise NotAnExpression(_("“%(token)s” is one too many here.") % {"token": reader.token})
    return tree


def operands(tree: Tree) -> set[str]:
    """The codes of the measures in it."""
    if isinstance(tree, Operation):
        return operands(tree.left) | operands(tree.right)
    return {tree.code} if isinstance(tree, Operand) else set()


def evaluate(tree: Tree, values: Mapping[str, Decimal | None]) -> Decimal | None:
    """Exactly, and divided once at the end. None where an operand is not known, or would divide by 0."""
    exact = _evaluate(tree, values)
    if exact is None:
        return None
    return _WIDE.divide(Decimal(exact.numerator), Decimal(exact.denominator))


def _evaluate(tree: Tree, values: Mapping[str, Decimal | None]) -> Fraction | None:
    if isinstance(tree, Number):
        return Fraction(tree.value)
    if isinstance(tree, Operand):
        known = values.get(tree.code)
        return None if known is None else Fraction(known)
    left, right = _evaluate(tree.left, values), _evaluate(tree.right, values)
    if left is None or right is None or (tree.sign == "/" and right == 0):
        return None
    result: Fraction = _OPERATIONS[tree.sign](left, right)
    return result


_OPERATIONS: Final = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}


def written(tree: Tree, words: Mapping[str, str], *, inner: bool = False) -> str:
    """The expression in signs that people read, with words or numbers in the place of codes."""
    if isinstance(tree, Number):
        return f"{tree.value:f}"
    if isinstance(tree, Operand):
        return words[tree.code]
    left, right = (written(each, words, inner=True) for each in (tree.left, tree.right))
    text = f"{left} {_SIGNS[tree.sign]} {right}"
    return f"({text})" if inner else text


_SIGNS: Final = {"+": "+", "-": "−", "*": "×", "/": "÷"}


@dataclass(frozen=True)
class Unit:
    """A product of units with their powers: people per hour is {"people": 1, "hours": -1}."""

    powers: tuple[tuple[str, int], ...] = ()

    def times(self, other: "Unit", power: int = 1) -> "Unit":
        powers = dict(self.powers)
        for name, each in other.powers:
            powers[name] = powers.get(name, 0) + power * each
        return Unit(tuple(sorted((name, each) for name, each in powers.items() if each)))

    def __str__(self) -> str:
        over = [name for name, power in self.powers for _n in range(max(power, 0))]
        under = [name for name, power in self.powers for _n in range(max(-power, 0))]
        return " / ".join([" × ".join(over) or "1", *under])


def unit_of(tree: Tree, units: Mapping[str, str]) -> Unit:
    """The unit of what it computes. Raises NotAnExpression where unlike units would be added."""
    if isinstance(tree, Number):
        return Unit()
    if isinstance(tree, Operand):
        return Unit(((units[tree.code], 1),)) if units[tree.code] else Unit()
    left, right = unit_of(tree.left, units), unit_of(tree.right, units)
    if tree.sign in "*/":
        return left.times(right, 1 if tree.sign == "*" else -1)
    if left != right:
        raise NotAnExpression(
            _("%(one)s and %(other)s cannot be added to or taken from each other.")
            % {"one": f"“{left}”", "other": f"“{right}”"}
        )
    return left


def circle(code: str, uses: Mapping[str, Iterable[str]]) -> list[str]:
    """A way along which the measure would be computed from itself; empty where there is none."""
    ways = [[code]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for following in sorted(uses.get(way[-1], ())):
            if following == code:
                return [*way, code]
            if following not in seen:
                seen.add(following)
                ways.append([*way, following])
    return []


def _tokens(text: str) -> Iterator[str]:
    place, text = 0, text.rstrip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise NotAnExpression(
                _("“%(text)s” cannot be read: use codes of measures, numbers, + - * / and brackets.")
                % {"text": text[place : place + 20].strip()}
            )
        yield found.group().strip()
        place = found.end()


class _Reader:
    def __init__(self, tokens: Iterator[str]) -> None:
        self._tokens = tokens
        self.token: str | None = None
        self._next()

    def _next(self) -> str | None:
        taken, self.token = self.token, next(self._tokens, None)
        return taken

    def expression(self, depth: int) -> Tree:
        tree = self._term(depth)
        while self.token in ("+", "-"):
            sign = self._next() or ""
            tree = Operation(sign, tree, self._term(depth))
        return tree

    def _term(self, depth: int) -> Tree:
        tree = self._factor(depth)
        while self.token in ("*", "/"):
            sign = self._next() or ""
            tree = Operation(sign, tree, self._factor(depth))
        return tree

    def _factor(self, depth: int) -> Tree:
        if depth > _DEEPEST:
            raise NotAnExpression(_("There are too many brackets in brackets."))
        token = self._next()
        if token is None:
            raise NotAnExpression(_("Something is missing at the end."))
        if token == _MINUS:
            return Operation("*", Number(Decimal(-1)), self._factor(depth + 1))
        if token == _OPEN:
            return self._bracket(depth)
        if token in ("+", "*", "/", ")"):
            raise NotAnExpression(_("Something is missing before “%(token)s”.") % {"token": token})
        return Number(Decimal(token)) if _NUMBER.fullmatch(token) else Operand(token)

    def _bracket(self, depth: int) -> Tree:
        tree = self.expression(depth + 1)
        if self._next() != ")":
            raise NotAnExpression(_("A bracket is not closed."))
        return tree
