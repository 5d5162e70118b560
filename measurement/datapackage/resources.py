"""The tables of a package: their columns, what tells their rows apart, and which table they name rows of."""

from typing import Final

from backbone.accounts.models import User
from initiatives.agenda.models import Outcome
from initiatives.charter.models import GroupMember, Initiative, Participation, PartnerGroup
from initiatives.partners.models import Membership, Organization
from measurement.benchmarks.models import Benchmark, BenchmarkValue
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.datapackage import agreed, stating
from measurement.datapackage.columns import Column, code, fields, of
from measurement.datapackage.shapes import Resource, to
from measurement.indicators.gaps import EquityGap
from measurement.indicators.links import OutcomeIndicator
from measurement.indicators.models import (
    Category,
    Disaggregation,
    Indicator,
    IndicatorVersion,
    SeriesBreak,
    Target,
)
from measurement.submissions.models import Assignment, DraftFigure, ExpectedReport, Observation, Submission

_ORGANIZATION: Final = to("organizations", "organization")
_INDICATOR: Final = to("indicators", "indicator")
_CALENDAR: Final = to("calendars", "calendar")
_CATEGORY: Final = to("categories", "disaggregation", "category", key=("disaggregation", "code"))
_ASSIGNED: Final = ("indicator", "organization", "calendar", "starts_on")
_REPORT: Final = ("organization", "calendar", "period")
_CELL: Final = ("indicator", *_REPORT, "disaggregation", "category")

_SHEET: Final = (
    "number effective_from name definition kind over_time base_over_time carry_periods unit decimals per"
    " multiplier whole_numbers allows_negative is_proportion counts_people plausible_low plausible_high"
    " polarity amount_label base_label levels from_level hand_in_units expression inclusion source method frequency"
)

RESOURCES: Final = (
    Resource(
        "initiative",
        fields(
            Initiative, "slug name summary source_note time_zone currency final_at_completeness closed_at"
        ),
        key=("slug",),
    ),
    Resource(
        "organizations",
        (
            code("code"),
            *fields(Organization, "name sector website"),
        ),
        key=("code",),
    ),
    Resource(
        "participations",
        (
            code("organization"),
            *fields(Participation, "side code joined_on left_on"),
        ),
        key=("organization", "side"),
        foreign_keys=(_ORGANIZATION,),
    ),
    Resource(
        "groups",
        fields(PartnerGroup, "code name kind"),
        key=("code",),
    ),
    Resource(
        "group_members",
        (
            code("group"),
            code("organization"),
            *fields(GroupMember, "joined_on left_on"),
            *(of(GroupMember, name, required=False) for name in ("recorded_at", "superseded_at")),
        ),
        key=("group", "organization", "joined_on", "recorded_at"),
        foreign_keys=(to("groups", "group"), _ORGANIZATION),
    ),
    Resource(
        "people",
        (code("organization"), of(User, "email"), of(User, "name"), of(Membership, "role")),
        key=("organization", "email", "role"),
        foreign_keys=(_ORGANIZATION,),
        optional=True,
    ),
    Resource(
        "outcomes",
        fields(Outcome, "code name statement position"),
        key=("code",),
    ),
    Resource(
        "calendars",
        fields(ReportingCalendar, "code name frequency first_month months due_after_days"),
        key=("code",),
    ),
    Resource(
        "periods",
        (
            code("calendar"),
            *fields(ReportingPeriod, "code label start end due_on state opened_at closed_at"),
        ),
        key=("calendar", "code"),
        foreign_keys=(_CALENDAR,),
    ),
    Resource(
        "indicators",
        fields(Indicator, "code level perspective tier position"),
        key=("code",),
    ),
    Resource(
        "indicator_versions",
        (
            code("indicator"),
            *fields(IndicatorVersion, _SHEET),
            of(User, "email", called="steward", required=False),
            of(User, "email", called="deputy", required=False),
        ),
        key=("indicator", "number"),
        foreign_keys=(_INDICATOR,),
        settled=True,
    ),
    Resource(
        "series_breaks",
        (code("indicator"), of(SeriesBreak, "on"), of(SeriesBreak, "note")),
        key=("indicator", "on"),
        foreign_keys=(_INDICATOR,),
    ),
    Resource(
        "outcome_indicators",
        (code("outcome"), code("indicator"), of(OutcomeIndicator, "position")),
        key=("outcome", "indicator"),
        foreign_keys=(to("outcomes", "outcome"), _INDICATOR),
    ),
    *agreed.RESOURCES,
    *stating.RESOURCES,
    Resource(
        "disaggregations",
        fields(Disaggregation, "code name adds_up"),
        key=("code",),
    ),
    Resource(
        "categories",
        (
            code("disaggregation"),
            *fields(Category, "code name position is_unknown"),
        ),
        key=("disaggregation", "code"),
        foreign_keys=(to("disaggregations", "disaggregation"),),
    ),
    Resource(
        "cross_tables",
        (code("disaggregation"), code("rows"), code("columns")),
        key=("disaggregation",),
        foreign_keys=tuple(to("disaggregations", name) for name in ("disaggregation", "rows", "columns")),
        optional=True,
        if_any=True,
    ),
    Resource(
        "cross_cells",
        (code("disaggregation"), code("category"), code("row"), code("column")),
        key=("disaggregation", "category"),
        foreign_keys=(to("cross_tables", "disaggregation", key=("disaggregation",)), _CATEGORY),
        optional=True,
        if_any=True,
    ),
    Resource(
        "category_merges",
        (
            code("disaggregation"),
            code("category"),
            code("into_disaggregation", required=False),
            code("into_category", required=False),
            *fields(Category, "starts_on ends_on"),
        ),
        key=("disaggregation", "category"),
        foreign_keys=(
            _CATEGORY,
            to("categories", "into_disaggregation", "into_category", key=("disaggregation", "code")),
        ),
        optional=True,
        if_any=True,
    ),
    Resource(
        "assignments",
        (
            code("indicator"),
            code("organization"),
            code("calendar"),
            *fields(Assignment, "starts_on ends_on"),
        ),
        key=_ASSIGNED,
        foreign_keys=(_INDICATOR, _ORGANIZATION, _CALENDAR),
    ),
    Resource(
        "assignment_breakdowns",
        (
            code("indicator"),
            code("organization"),
            code("calendar"),
            *fields(Assignment, "starts_on"),
            code("disaggregation"),
        ),
        key=(*_ASSIGNED, "disaggregation"),
        foreign_keys=(
            to("assignments", *_ASSIGNED, key=_ASSIGNED),
            to("disaggregations", "disaggregation"),
        ),
    ),
    Resource(
        "targets",
        (
            code("indicator"),
            code("organization", required=False),
            *fields(Target, "baseline_on baseline due_on value numerator denominator tolerance note"),
        ),
        key=("indicator", "organization", "due_on"),
        foreign_keys=(_INDICATOR, _ORGANIZATION),
    ),
    Resource(
        "equity_gaps",
        (
            code("indicator"),
            code("disaggregation"),
            code("category"),
            code("reference"),
            *fields(EquityGap, "measured_as baseline_on baseline due_on value note"),
        ),
        key=("indicator", "disaggregation", "category", "reference", "measured_as"),
        foreign_keys=(
            _INDICATOR,
            _CATEGORY,
            to("categories", "disaggregation", "reference", key=("disaggregation", "code")),
        ),
        optional=True,
    ),
    Resource(
        "benchmarks",
        (code("indicator"), *fields(Benchmark, "name source licence link unit")),
        key=("indicator", "name"),
        foreign_keys=(_INDICATOR,),
        optional=True,
        if_any=True,
    ),
    Resource(
        "benchmark_values",
        (code("indicator"), of(Benchmark, "name", called="benchmark"), *fields(BenchmarkValue, "on value")),
        key=("indicator", "benchmark", "on"),
        foreign_keys=(to("benchmarks", "indicator", "benchmark", key=("indicator", "name")),),
        optional=True,
        if_any=True,
    ),
    Resource(
        "reports",
        (
            code("organization"),
            code("calendar"),
            code("period"),
            *fields(ExpectedReport, "due_at"),
            of(Submission, "status", required=False),
            *fields(Submission, "saved_at submitted_at decided_at"),
        ),
        key=_REPORT,
        foreign_keys=(_ORGANIZATION, to("periods", "calendar", "period", key=("calendar", "code"))),
    ),
    Resource(
        "drafts",
        (
            *(code(name, required=name not in ("disaggregation", "category")) for name in _CELL),
            *fields(DraftFigure, "amount base status note detail"),
        ),
        key=_CELL,
        foreign_keys=(_INDICATOR, to("reports", *_REPORT, key=_REPORT), _CATEGORY),
        optional=True,
    ),
    Resource(
        "observations",
        (
            *(code(name, required=name not in ("disaggregation", "category")) for name in _CELL),
            Column("entry", "integer"),
            of(IndicatorVersion, "number", called="version"),
            *fields(Observation, "status amount base squares"),
            Column("levels", required=False),
            *fields(Observation, "low high text derived given_amount given_unit given_rate"),
            of(Observation, "received_at", required=False),
            of(Observation, "recorded_at", required=False),
            *fields(Observation, "reason note"),
        ),
        key=(*_CELL, "entry"),
        foreign_keys=(
            to("indicator_versions", "indicator", "version", key=("indicator", "number")),
            to("reports", *_REPORT, key=_REPORT),
            _CATEGORY,
        ),
        settled=True,
    ),
)
BY_NAME: Final = {resource.name: resource for resource in RESOURCES}
