"""Trying a change on past figures: what can be tried, and the figures before and after in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.web.forms import Form, NumberField
from initiatives.charter.models import Initiative, PartnerGroup
from initiatives.partners.models import Organization
from measurement.charts.figures import plain
from measurement.dashboards.rows import FigureRow, figure_row
from measurement.dashboards.selectors import Measure
from measurement.indicators.kinds import Kind, OverTime
from measurement.indicators.models import OVER_TIME_CHOICES
from measurement.rollups.rehearsal import BeforeAndAfter, Trial
from measurement.rollups.selectors import Figure

_LONGEST_CARRY: Final = 60
_HUNDRED: Final = Decimal(100)


class TrialForm(Form):
    """What to try of one measure. Nothing that is said here is kept."""

    without = forms.TypedChoiceField(
        label=gettext_lazy("Leave out a partner"), required=False, coerce=int, empty_value=None
    )
    group = forms.ChoiceField(label=gettext_lazy("Look at the group"), required=False)
    also = forms.TypedChoiceField(
        label=gettext_lazy("Take a partner into that group"), required=False, coerce=int, empty_value=None
    )
    final_at = NumberField(
        label=gettext_lazy("Complete from, in per cent"),
        help_text=gettext_lazy("The share of partners and of volume that has to be in."),
        required=False,
        min_value=Decimal(1),
        max_value=_HUNDRED,
    )
    over_time = forms.TypedChoiceField(
        label=gettext_lazy("Over time"), required=False, coerce=OverTime, empty_value=None
    )
    carry_periods = forms.IntegerField(
        label=gettext_lazy("Carry forward for so many periods"),
        required=False,
        min_value=0,
        max_value=_LONGEST_CARRY,
    )

    def __init__(
        self,
        *args: Any,
        measure: Measure,
        groups: list[PartnerGroup],
        partners: list[Organization],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {group.code: group for group in groups}
        named = [("", _("Nobody")), *((each.pk, each.name) for each in partners)]
        rules = measure.version.rules.over_time
        self._offer("without", named)
        self._offer("also", named if groups else [])
        self._offer(
            "group", [("", _("The whole initiative")), *((g.code, g.name) for g in groups)] if groups else []
        )
        self._offer("over_time", _rules_over_time(rules) if len(rules) > 1 else [])
        if measure.version.kind != Kind.STOCK:
            del self.fields["carry_periods"]

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("also") is not None and not said.get("group") and "group" not in self.errors:
            self.add_error("group", _("Choose the group that the partner is taken into."))
        if not self.errors and not any(value is not None for name, value in said.items() if name != "group"):
            self.add_error(None, _("Choose at least one thing to try."))
        return said

    @property
    def group_looked_at(self) -> PartnerGroup | None:
        return self.groups.get(self.cleaned_data.get("group", ""))

    @property
    def trial(self) -> Trial:
        said = self.cleaned_data
        share = said.get("final_at")
        return Trial(
            without=said.get("without"),
            also=said.get("also"),
            final_at=share / _HUNDRED if share is not None else None,
            over_time=said.get("over_time"),
            carry_periods=said.get("carry_periods"),
        )


def _rules_over_time(rules: Iterable[OverTime]) -> list[tuple[str, Any]]:
    words = dict(OVER_TIME_CHOICES)
    return [("", _("As it is")), *((rule.value, words[rule.value]) for rule in rules)]


@dataclass(frozen=True)
class TriedRow:
    """A period before and after. `before` or `after` None: no figure."""

    name: str
    before: FigureRow | None
    after: FigureRow | None
    difference: str

    @property
    def is_other(self) -> bool:
        return _told(self.before) != _told(self.after)


def _told(row: FigureRow | None) -> tuple[str, str, str] | None:
    return (row.value, row.coverage, row.standing) if row else None


def tried_rows(
    pairs: Iterable[BeforeAndAfter], measure: Measure, initiative: Initiative, group: PartnerGroup | None
) -> list[TriedRow]:
    """A row for each period, the newest first."""

    def row(figure: Figure | None) -> FigureRow | None:
        return figure_row(figure.period.label, figure, measure, initiative, group) if figure else None

    rows = []
    for pair in pairs:
        before, after = row(pair.before), row(pair.after)
        named = before or after
        if named:
            rows.append(TriedRow(named.name, before, after, _difference(pair)))
    return rows[::-1]


def _difference(pair: BeforeAndAfter) -> str:
    before, after = pair.before, pair.after
    if before is None or after is None or before.shown is None or after.shown is None:
        return ""
    moved = after.shown - before.shown
    sign = "+" if moved > 0 else "−" if moved < 0 else ""
    return f"{sign}{plain(abs(moved), after.version.decimals)}"
