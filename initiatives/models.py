"""An index for Django, which looks for models here. Nobody else imports it."""

from initiatives.agenda.models import (
    AgendaVersion,
    Comment,
    CommonAgenda,
    Endorsement,
    Goal,
    Outcome,
    Strategy,
)
from initiatives.charter.models import Change, GroupMember, Initiative, Participation, PartnerGroup
from initiatives.charter.visit_models import VisitLink
from initiatives.jobs.models import JobRun
from initiatives.partners.models import Membership, MembershipInvitation, Organization

__all__ = [
    "AgendaVersion",
    "Change",
    "Comment",
    "CommonAgenda",
    "Endorsement",
    "Goal",
    "GroupMember",
    "Initiative",
    "JobRun",
    "Membership",
    "MembershipInvitation",
    "Organization",
    "Outcome",
    "Participation",
    "PartnerGroup",
    "Strategy",
    "VisitLink",
]
