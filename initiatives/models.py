"""An index for Django, which looks for models here. Nobody else imports it."""

from initiatives.actions.models import Action, Commitment, Entry, Milestone, Wait
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
from initiatives.exchange.models import Appeal, Deal, Listing, Pledge
from initiatives.jobs.models import JobRun
from initiatives.partners.models import Membership, MembershipInvitation, Organization

__all__ = [
    "Action",
    "AgendaVersion",
    "Appeal",
    "Change",
    "Comment",
    "Commitment",
    "CommonAgenda",
    "Deal",
    "Endorsement",
    "Entry",
    "Goal",
    "GroupMember",
    "Initiative",
    "JobRun",
    "Listing",
    "Membership",
    "MembershipInvitation",
    "Milestone",
    "Organization",
    "Outcome",
    "Participation",
    "PartnerGroup",
    "Pledge",
    "Strategy",
    "VisitLink",
    "Wait",
]
