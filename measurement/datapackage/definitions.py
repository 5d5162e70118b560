"""What has to hold of an initiative's partners, calendars and measures in a package, beyond single cells."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from backbone.access.permissions import SIDES_OF_ROLE, Role, Side
from measurement.calendars.periods import Frequency, Rule, Span, next_span, spans_between
from measurement.datapackage import agreed_rules, breakdowns, stating_rules
from measurement.datapackage.problems import Findings
from measurement.datapackage.tables import Row, Table
from measurement.indicators.expressions import NotAnExpression, circle, operands, parse
from measurement.indicators.kinds import MOST_LEVELS, RULES, Kind
from measurement.indicators.units import NotAUnit, settled_units

Tables = Mapping[str, Table]
_Wrong = Iterator[tuple[Row, str, str]]


def check(tables: Tables, findings: Findings) -> None:
    for name, rule in _CHECKS:
        if name in tables:
            for row, column, sentence in rule(tables):
                findings.add(tables[name].file, row.line, column, sentence)
    if tables["initiative"].whole and len(tables["initiative"].rows) != 1:
        findings.add(tables["initiative"].file, None, "", _("There has to be exactly one initiative."))


def sides(tables: Tables) -> dict[str, set[str]]:
    """How each organization takes part."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in tables["participations"].rows:
        found[row.organization].add(row.side)
    return found


def _initiative(tables: Tables) -> _Wrong:
    for row in tables["initiative"].rows:
        if not 0 < Decimal(row.final_at_completeness) <= 1:
            yield row, "final_at_completeness", _("This is a share: above 0, and 1 at most.")


def _organizations(tables: Tables) -> _Wrong:
    """Their codes here are those of their participations, or what is written could not be found again."""
    codes: dict[str, dict[str, str]] = defaultdict(dict)
    for row in tables["participations"].rows:
        codes[row.organization][row.side] = row.code
    for row in tables["organizations"].rows:
        taken = codes[row.code]
        side = Side.PARTNER.value if Side.PARTNER in taken else min(taken, default="")
        if not taken:
            yield row, "code", _("This organization takes no part: participations.csv does not name it.")
        elif row.code not in (taken[side], f"{taken[side]}@{side}"):
            yield row, "code", _("It is called “%(code)s” in participations.csv.") % {"code": taken[side]}


def _participations(tables: Tables) -> _Wrong:
    seen = set()
    for row in tables["participations"].rows:
        if row.left_on and row.left_on <= row.joined_on:
            yield row, "left_on", _("It cannot leave before it has joined.")
        if (row.side, row.code) in seen:
            yield row, "code", _("Another organization has this code.")
        seen.add((row.side, row.code))


def _people(tables: Tables) -> _Wrong:
    part = sides(tables)
    for row in tables["people"].rows:
        if row.email != row.email.lower():
            yield row, "email", _("Write e-mail addresses in small letters.")
        if not part[row.organization] & {side.value for side in SIDES_OF_ROLE[Role(row.role)]}:
            yield row, "role", _("The organization does not take part in a way that knows this role.")


def _calendars(tables: Tables) -> _Wrong:
    for row in tables["calendars"].rows:
        for column in ("first_month", "months"):
            if not 1 <= int(getattr(row, column)) <= 12:
                yield row, column, _("This is a number from 1 to 12.")


def rule_of(row: Row) -> Rule | None:
    try:
        return Rule(Frequency(row.frequency), first_month=int(row.first_month), months=int(row.months))
    except ValueError:
        return None


def _periods(tables: Tables) -> _Wrong:
    rules = {row.code: rule_of(row) for row in tables["calendars"].rows}
    before: dict[str, Span] = {}
    for row in sorted(tables["periods"].rows, key=lambda row: (row.calendar, row.start)):
        rule = rules.get(row.calendar)
        if rule is not None:
            yield from _period(row, rule, before)
        if bool(row.opened_at) != (row.state != "planned"):
            yield row, "opened_at", _("A period has this exactly when it has been opened.")
        if bool(row.closed_at) != (row.state == "closed"):
            yield row, "closed_at", _("A period has this exactly when it is closed.")


def _period(row: Row, rule: Rule, before: dict[str, Span]) -> _Wrong:
    start, end = date.fromisoformat(row.start), date.fromisoformat(row.end)
    spans = spans_between(rule, start, end) if start <= end else []
    if [(span.start, span.end, span.code) for span in spans] != [(start, end, row.code)]:
        yield row, "code", _("This is not a period of its calendar: look at its code, start and end.")
        return
    earlier = before.get(row.calendar)
    if earlier is not None and next_span(rule, earlier) != spans[0]:
        yield row, "start", _("Between this period and the one before, others are missing.")
    before[row.calendar] = spans[0]


def _indicators(tables: Tables) -> _Wrong:
    defined = {row.indicator for row in tables["indicator_versions"].rows}
    for row in tables["indicators"].rows:
        if tables["indicator_versions"].whole and row.code not in defined:
            yield row, "code", _("This indicator has no version.")


def _versions(tables: Tables) -> _Wrong:
    known = {row.email for row in tables["people"].rows} if "people" in tables else set()
    before: dict[str, Row] = {}
    rows = tables["indicator_versions"].rows
    for row in sorted(rows, key=lambda row: (row.indicator, int(row.number))):
        yield from _version(row, before.get(row.indicator))
        before[row.indicator] = row
        for column in ("steward", "deputy"):
            if getattr(row, column) and getattr(row, column) not in known:
                yield row, column, _("This person is not in people.csv.")


def _version(row: Row, before: Row | None) -> _Wrong:
    if int(row.number) != (int(before.number) + 1 if before else 1):
        yield row, "number", _("The versions of an indicator are numbered from 1, without a gap.")
    if before and row.effective_from == before.effective_from:
        yield row, "effective_from", _("Two versions cannot begin on one day.")
    if row.over_time not in RULES[Kind(row.kind)].over_time:
        allowed = ", ".join(RULES[Kind(row.kind)].over_time)
        yield row, "over_time", _("A measure of this kind allows: %(rules)s.") % {"rules": allowed}
    yield from _units(row)
    yield from _expression(row)
    names = row.levels.splitlines()
    if row.kind == Kind.ORDINAL and not (
        2 <= len(names) <= MOST_LEVELS and 1 <= int(row.from_level or 0) <= len(names)
    ):
        yield (
            row,
            "levels",
            _("A rubric has 2 to %(most)s levels, and counts from one of them.") % {"most": MOST_LEVELS},
        )
    for column in ("per", "multiplier"):
        if Decimal(getattr(row, column)) <= 0:
            yield row, column, _("This has to be above 0.")


def _expression(row: Row) -> _Wrong:
    if row.kind == Kind.DERIVED:
        try:
            parse(row.expression)
        except NotAnExpression as sentence:
            yield row, "expression", str(sentence)


def _computed(tables: Tables) -> _Wrong:
    """Only from measures that are there, and never from itself."""
    uses: dict[str, set[str]] = {}
    for row in tables["indicator_versions"].rows:
        with suppress(NotAnExpression):
            uses[row.indicator] = operands(parse(row.expression)) if row.kind == Kind.DERIVED else set()
    for row in tables["indicator_versions"].rows:
        if row.kind != Kind.DERIVED:
            continue
        for code in sorted(uses.get(row.indicator, set()) - uses.keys()):
            yield row, "expression", _("There is no measure with the code “%(code)s”.") % {"code": code[:60]}
        if way := circle(row.indicator, uses):
            sentence = _("It would be computed from itself: %(way)s.")
            yield row, "expression", sentence % {"way": " → ".join(way)}


def _units(row: Row) -> _Wrong:
    try:
        settled_units(Kind(row.kind), row.hand_in_units, own=row.unit)
    except NotAUnit as sentence:
        yield row, "hand_in_units", str(sentence)


def _categories(tables: Tables) -> _Wrong:
    unknown = set()
    for row in tables["categories"].rows:
        if row.is_unknown == "true" and row.disaggregation in unknown:
            yield row, "is_unknown", _("Only one category can stand for those not known.")
        if row.is_unknown == "true":
            unknown.add(row.disaggregation)


def _assignments(tables: Tables) -> _Wrong:
    part = sides(tables)
    for row in tables["assignments"].rows:
        if row.ends_on and row.ends_on < row.starts_on:
            yield row, "ends_on", _("It cannot end before it begins.")
        if tables["participations"].whole and Side.PARTNER not in part[row.organization]:
            yield row, "organization", _("Only a partner can be asked for figures.")


def _targets(tables: Tables) -> _Wrong:
    for row in tables["targets"].rows:
        if row.due_on <= row.baseline_on:
            yield row, "due_on", _("The target has to be due after the date of its baseline.")


def _gaps(tables: Tables) -> _Wrong:
    kinds = {row.indicator: Kind(row.kind) for row in tables["indicator_versions"].rows}
    for row in tables["equity_gaps"].rows:
        known = [bool(each) for each in (row.baseline_on, row.baseline, row.due_on, row.value)]
        if row.category == row.reference:
            yield row, "reference", _("Choose two different categories.")
        if row.indicator in kinds and not RULES[kinds[row.indicator]].has_base:
            yield row, "indicator", _("A gap can be told of shares, rates and averages only.")
        if any(known) and not all(known):
            yield row, "value", _("A target needs a baseline, a target, and the days of both.")
        elif row.due_on and row.due_on <= row.baseline_on:
            yield row, "due_on", _("The target has to be due after the date of its baseline.")


def _benchmarks(tables: Tables) -> _Wrong:
    newest = {
        row.indicator: row
        for row in sorted(tables["indicator_versions"].rows, key=lambda row: int(row.number))
    }
    for row in tables["benchmarks"].rows:
        if row.indicator in newest and row.unit != newest[row.indicator].unit:
            yield row, "unit", _("A series in another unit than its measure cannot stand beside it.")


_CHECKS: Final[tuple[tuple[str, Callable[[Tables], _Wrong]], ...]] = (
    ("initiative", _initiative),
    ("organizations", _organizations),
    ("participations", _participations),
    ("people", _people),
    ("calendars", _calendars),
    ("periods", _periods),
    ("indicators", _indicators),
    ("indicator_versions", _versions),
    ("indicator_versions", _computed),
    ("categories", _categories),
    ("cross_tables", breakdowns.cross_tables),
    ("cross_cells", breakdowns.cross_cells),
    ("category_merges", breakdowns.merges),
    ("assignments", _assignments),
    ("targets", _targets),
    ("equity_gaps", _gaps),
    ("benchmarks", _benchmarks),
    ("exchange_rates", stating_rules.rates),
    ("population_figures", stating_rules.populations),
    ("overlaps", stating_rules.overlaps),
    ("goals", agreed_rules.codes_of("goals", "outcomes")),
    ("strategies", agreed_rules.codes_of("strategies", "goals", "outcomes")),
    ("agenda_versions", agreed_rules.versions),
    ("agenda_nodes", agreed_rules.nodes),
)
