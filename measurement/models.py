"""An index for Django, which looks for models here. Nobody else imports it."""

from measurement.api.models import ApiKey, KeptAnswer
from measurement.benchmarks.models import Benchmark, BenchmarkValue
from measurement.calendars.models import PeriodPart, ReportingCalendar, ReportingPeriod
from measurement.forecasting.models import Forecast, ForecastPoint
from measurement.imports.models import ImportFile, ImportLine
from measurement.indicators.gaps import EquityGap
from measurement.indicators.links import ActionIndicator, GoalIndicator, OutcomeIndicator, StrategyIndicator
from measurement.indicators.models import (
    Category,
    Disaggregation,
    Indicator,
    IndicatorVersion,
    SeriesBreak,
    Target,
)
from measurement.indicators.reads import MeasureRead
from measurement.networks.models import (
    Network,
    NetworkCell,
    NetworkMatch,
    NetworkMeasure,
    NetworkMember,
)
from measurement.publishing.models import LinkUse, PublicPage, ShareLink
from measurement.rates.models import ExchangeRate
from measurement.releases.models import Release, ReleaseCell, Restatement
from measurement.reminding.models import (
    AskedColleague,
    FeedAddress,
    Reminder,
    ReminderMail,
    ReminderSchedule,
    Snooze,
)
from measurement.rollups.models import Cell, Leaf, RollUpRun
from measurement.stated.models import Overlap, PopulationFigure
from measurement.submissions.entry_models import (
    Attestation,
    Evidence,
    Query,
    Sitting,
    TimeSpent,
)
from measurement.submissions.models import (
    Assignment,
    CurrentFigure,
    DirtyKey,
    DraftFigure,
    ExpectedReport,
    Message,
    Observation,
    Submission,
)

__all__ = [
    "ActionIndicator",
    "ApiKey",
    "AskedColleague",
    "Assignment",
    "Attestation",
    "Benchmark",
    "BenchmarkValue",
    "Category",
    "Cell",
    "CurrentFigure",
    "DirtyKey",
    "Disaggregation",
    "DraftFigure",
    "EquityGap",
    "Evidence",
    "ExchangeRate",
    "ExpectedReport",
    "FeedAddress",
    "Forecast",
    "ForecastPoint",
    "GoalIndicator",
    "ImportFile",
    "ImportLine",
    "Indicator",
    "IndicatorVersion",
    "KeptAnswer",
    "Leaf",
    "LinkUse",
    "MeasureRead",
    "Message",
    "Network",
    "NetworkCell",
    "NetworkMatch",
    "NetworkMeasure",
    "NetworkMember",
    "Observation",
    "OutcomeIndicator",
    "Overlap",
    "PeriodPart",
    "PopulationFigure",
    "PublicPage",
    "Query",
    "Release",
    "ReleaseCell",
    "Reminder",
    "ReminderMail",
    "ReminderSchedule",
    "ReportingCalendar",
    "ReportingPeriod",
    "Restatement",
    "RollUpRun",
    "SeriesBreak",
    "ShareLink",
    "Sitting",
    "Snooze",
    "StrategyIndicator",
    "Submission",
    "Target",
    "TimeSpent",
]
