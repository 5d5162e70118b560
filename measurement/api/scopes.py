"""What a key may do, as a table that a person can read. No logic lives here."""

from enum import StrEnum
from typing import Final

from backbone.access.permissions import Permission, Side


class Scope(StrEnum):
    READ = "read"
    REPORT = "report"
    REVIEW = "review"


_EVERYBODY: Final = frozenset({Permission.INITIATIVE_VIEW, Permission.DASHBOARD_VIEW})
_PARTNER: Final = _EVERYBODY | {Permission.OWN_FIGURES_VIEW}
_BACKBONE: Final = _EVERYBODY | {
    Permission.FIGURES_VIEW_ALL,
    Permission.SUBMISSIONS_VIEW_ALL,
    Permission.PARTNERS_VIEW,
}

# No scope holds more than whoever may make the key: a partner's manager, the backbone's director.
PERMISSIONS_OF_SCOPE: Final[dict[tuple[Side, Scope], frozenset[Permission]]] = {
    (Side.PARTNER, Scope.READ): _PARTNER,
    (Side.PARTNER, Scope.REPORT): _PARTNER | {Permission.OWN_REPORT_EDIT, Permission.OWN_REPORT_WITHDRAW},
    (Side.BACKBONE, Scope.READ): _BACKBONE,
    (Side.BACKBONE, Scope.REVIEW): _BACKBONE | {Permission.SUBMISSIONS_REVIEW},
}
