"""Which measures tell about which part of the agenda."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.actions.models import Action
from initiatives.agenda.models import AgreedNode, Goal, Outcome, Strategy
from initiatives.charter.models import TenantRow
from measurement.indicators.models import Indicator


class NodeIndicator(TenantRow):
    """Which indicators tell about a part of the agenda. Whether one is core or contributing, it says itself."""

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="%(class)s_links", db_constraint=False
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ("position", "pk")
        verbose_name = _("measure")
        verbose_name_plural = _("measures")


class GoalIndicator(NodeIndicator):
    """Which indicators tell how far a goal is reached."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="indicator_links", db_constraint=False)

    class Meta(NodeIndicator.Meta):
        constraints = (models.UniqueConstraint(fields=["goal", "indicator"], name="goal_indicator_once"),)

    def __str__(self) -> str:
        return f"{self.goal}: {self.indicator}"


class OutcomeIndicator(NodeIndicator):
    """Which indicators tell whether an outcome comes about."""

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="indicator_links", db_constraint=False)

    class Meta(NodeIndicator.Meta):
        constraints = (
            models.UniqueConstraint(fields=["outcome", "indicator"], name="outcome_indicator_once"),
        )

    def __str__(self) -> str:
        return f"{self.outcome}: {self.indicator}"


class StrategyIndicator(NodeIndicator):
    """Which indicators tell whether a strategy does what it should."""

    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="indicator_links", db_constraint=False
    )

    class Meta(NodeIndicator.Meta):
        constraints = (
            models.UniqueConstraint(fields=["strategy", "indicator"], name="strategy_indicator_once"),
        )

    def __str__(self) -> str:
        return f"{self.strategy}: {self.indicator}"


class ActionIndicator(NodeIndicator):
    """Which indicators an action is meant to move."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="indicator_links", db_constraint=False)

    class Meta(NodeIndicator.Meta):
        constraints = (models.UniqueConstraint(fields=["action", "indicator"], name="action_indicator_once"),)

    def __str__(self) -> str:
        return f"{self.action}: {self.indicator}"


Links = dict[type[AgreedNode] | type[Action], tuple[type[NodeIndicator], str]]

# By the part of the agenda: its links, and the name of the field that leads back to it.
LINKS: Links = {
    Goal: (GoalIndicator, "goal"),
    Outcome: (OutcomeIndicator, "outcome"),
    Strategy: (StrategyIndicator, "strategy"),
}
# The same, and an action's, which are put on and taken off in the same way.
EVERY_LINK: Links = {**LINKS, Action: (ActionIndicator, "action")}
