"""What people say about a key that they make."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from backbone.access.permissions import Side
from backbone.web.days import DayField
from backbone.web.forms import Form
from initiatives.charter.access import Standing
from initiatives.charter.models import Initiative
from measurement.api.scopes import PERMISSIONS_OF_SCOPE, Scope

_MEANINGS = {
    (Side.PARTNER, Scope.READ): _("Read your own reports and figures, and what everybody sees"),
    (Side.PARTNER, Scope.REPORT): _("Read the same, fill in your reports, hand them in and take them back"),
    (Side.BACKBONE, Scope.READ): _("Read everything, each partner's reports and figures included"),
    (Side.BACKBONE, Scope.REVIEW): _("Read everything, return and approve reports"),
}


class KeyForm(Form):
    """`held`: for which organizations, and on which side, the person makes keys."""

    name = forms.CharField(
        label=_("What is it for?"),
        max_length=100,
        help_text=_("The name of the program, say. It stands beside everything that is done with the key."),
    )
    scope = forms.ChoiceField(label=_("What may it do?"), widget=forms.RadioSelect)
    expires_on = DayField(
        label=_("Until when does it work?"),
        required=False,
        help_text=_("To the end of that day. Without a day it works until somebody revokes it."),
    )

    def __init__(self, *args: Any, held: Sequence[Standing], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held, self.today = held, today
        self.fields["scope"].choices = [  # type: ignore[attr-defined]
            (_key(standing, scope), self._words(standing, scope))
            for standing in held
            for side, scope in PERMISSIONS_OF_SCOPE
            if side is standing.side
        ]

    def _words(self, standing: Standing, scope: Scope) -> str:
        words = str(_MEANINGS[standing.side, scope])
        return f"{standing.organization}: {words}" if len(self.held) > 1 else words

    def clean_expires_on(self) -> date | None:
        day: date | None = self.cleaned_data["expires_on"]
        if day and day < self.today:
            raise forms.ValidationError(_("This day is over. Choose a later one, or none."))
        return day

    def wanted(self, initiative: Initiative) -> dict[str, Any]:
        """What the operation is told."""
        chosen = self.cleaned_data["scope"]
        standing = next(each for each in self.held if chosen.startswith(_key(each, "")))
        return {
            "organization": standing.organization,
            "side": standing.side,
            "scope": Scope(chosen.rpartition("/")[2]),
            "name": self.cleaned_data["name"],
            "expires_at": _end_of(self.cleaned_data["expires_on"], initiative),
        }


def _key(standing: Standing, scope: str) -> str:
    organization: UUID = standing.organization.public_id
    return f"{organization}/{standing.side}/{scope}"


def _end_of(day: date | None, initiative: Initiative) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time(), initiative.zone)
