"""An index for Django, which looks for models here. Nobody else imports it."""

from initiatives.agenda.models import Outcome
from initiatives.charter.models import Change, GroupMember, Initiative, Participation, PartnerGroup
from initiatives.jobs.models import JobRun
from initiatives.partners.models import Membership, MembershipInvitation, Organization

__all__ = [
    "Change",
    "GroupMember",
    "Initiative",
    "JobRun",
    "Membership",
    "MembershipInvitation",
    "Organization",
    "Outcome",
    "Participation",
    "PartnerGroup",
]
