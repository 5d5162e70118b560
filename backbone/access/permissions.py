"""Who may do what, as a table that a person can read. No logic lives here.

A person has a role in an organization; the organization takes part in an initiative as backbone,
partner or funder. A role counts only where the organization takes part in the fitting way: a data
manager of an organization that is a partner somewhere has no say there.
"""

from enum import StrEnum
from typing import Final


class Side(StrEnum):
    """The way in which an organization takes part in an initiative."""

    BACKBONE = "backbone"
    PARTNER = "partner"
    FUNDER = "funder"


class Role(StrEnum):
    BACKBONE_DIRECTOR = "backbone_director"
    DATA_MANAGER = "data_manager"
    FACILITATOR = "facilitator"
    PARTNER_MANAGER = "partner_manager"
    APPROVER = "approver"
    REPORTER = "reporter"
    VIEWER = "viewer"
    FUNDER_VIEWER = "funder_viewer"
    STEERING_MEMBER = "steering_member"


class Permission(StrEnum):
    # every member
    INITIATIVE_VIEW = "see the initiative, its outcomes and what its measures mean"
    RELEASES_READ = "read what was released to them"
    DASHBOARD_VIEW = "read figures of the whole initiative and of groups"
    # the backbone
    INITIATIVE_MANAGE = "change the initiative's settings"
    FIGURES_VIEW_ALL = "read each partner's own figures"
    SUBMISSIONS_VIEW_ALL = "read each partner's reports"
    SUBMISSIONS_REVIEW = "return, approve, reopen and withdraw reports"
    INDICATORS_MANAGE = "define measures, breakdowns, targets and who reports them"
    PERIODS_MANAGE = "make calendars, open and close periods"
    RELEASES_MANAGE = "build, publish and withdraw releases"
    PARTNERS_VIEW = "see who takes part, and their people"
    PARTNERS_MANAGE = "add and invite organizations and people, and group them"
    AUDIT_VIEW = "read the audit trail"
    AGENDA_EDIT = "draft and propose the common agenda, and remind those who have not answered"
    AGENDA_ADOPT = "adopt the common agenda, and say how many have to agree"
    ACTIONS_MANAGE = "write down and change the actions of every organization, and ask for their parts"
    # partners and the backbone
    AGENDA_COMMENT = "comment on a proposed agenda"
    LINKS_MANAGE = (
        "see and revoke the links that open a report without a password; partners: those of their own"
    )
    # a partner, about itself
    OWN_FIGURES_VIEW = "read the own organization's reports and figures"
    OWN_REPORT_EDIT = "fill in and hand in the own organization's reports"
    OWN_REPORT_WITHDRAW = "take back what the own organization has handed in"
    OWN_AGENDA_ANSWER = "say for the own organization whether it stands behind the agenda"
    OWN_PEOPLE_MANAGE = "invite the own organization's people and change their roles"
    # an organization, about itself
    OWN_ACTIONS_EDIT = "write down and change the own organization's actions, and say how they stand"
    OWN_COMMITMENTS_ANSWER = "say what the own organization takes on"
    OWN_KEYS_MANAGE = "make and revoke the keys with which programs act for the own organization"


_EVERYBODY: Final = frozenset(
    {Permission.INITIATIVE_VIEW, Permission.RELEASES_READ, Permission.DASHBOARD_VIEW}
)
_BACKBONE: Final = _EVERYBODY | {
    Permission.FIGURES_VIEW_ALL,
    Permission.SUBMISSIONS_VIEW_ALL,
    Permission.PARTNERS_VIEW,
    Permission.AGENDA_EDIT,
    Permission.AGENDA_COMMENT,
    Permission.ACTIONS_MANAGE,
    Permission.OWN_ACTIONS_EDIT,
    Permission.OWN_COMMITMENTS_ANSWER,
}
_DATA: Final = _BACKBONE | {
    Permission.SUBMISSIONS_REVIEW,
    Permission.INDICATORS_MANAGE,
    Permission.PERIODS_MANAGE,
    Permission.RELEASES_MANAGE,
    Permission.AUDIT_VIEW,
    Permission.LINKS_MANAGE,
}
_PARTNER: Final = _EVERYBODY | {Permission.OWN_FIGURES_VIEW, Permission.AGENDA_COMMENT}
_REPORTER: Final = _PARTNER | {Permission.OWN_REPORT_EDIT, Permission.OWN_ACTIONS_EDIT}
_APPROVER: Final = _REPORTER | {
    Permission.OWN_REPORT_WITHDRAW,
    Permission.OWN_AGENDA_ANSWER,
    Permission.OWN_COMMITMENTS_ANSWER,
}

SIDES_OF_ROLE: Final[dict[Role, frozenset[Side]]] = {
    Role.BACKBONE_DIRECTOR: frozenset({Side.BACKBONE}),
    Role.DATA_MANAGER: frozenset({Side.BACKBONE}),
    Role.FACILITATOR: frozenset({Side.BACKBONE}),
    Role.PARTNER_MANAGER: frozenset({Side.PARTNER}),
    Role.APPROVER: frozenset({Side.PARTNER}),
    Role.REPORTER: frozenset({Side.PARTNER}),
    Role.VIEWER: frozenset({Side.PARTNER}),
    Role.FUNDER_VIEWER: frozenset({Side.FUNDER}),
    Role.STEERING_MEMBER: frozenset(Side),
}

PERMISSIONS_OF_ROLE: Final[dict[Role, frozenset[Permission]]] = {
    Role.BACKBONE_DIRECTOR: _DATA
    | {
        Permission.INITIATIVE_MANAGE,
        Permission.PARTNERS_MANAGE,
        Permission.OWN_KEYS_MANAGE,
        Permission.AGENDA_ADOPT,
    },
    Role.DATA_MANAGER: _DATA,
    Role.FACILITATOR: _BACKBONE | {Permission.PARTNERS_MANAGE},
    Role.PARTNER_MANAGER: _APPROVER
    | {Permission.OWN_PEOPLE_MANAGE, Permission.OWN_KEYS_MANAGE, Permission.LINKS_MANAGE},
    Role.APPROVER: _APPROVER,
    Role.REPORTER: _REPORTER,
    Role.VIEWER: _PARTNER,
    Role.FUNDER_VIEWER: _EVERYBODY | {Permission.OWN_COMMITMENTS_ANSWER},
    Role.STEERING_MEMBER: _EVERYBODY | {Permission.AGENDA_COMMENT},
}
