from django.contrib import admin

from backbone.access.admin import ReadOnly
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
from initiatives.exchange.models import Appeal, Deal, Listing, Pledge
from initiatives.jobs.models import JobRun
from initiatives.partners.models import Membership, MembershipInvitation, Organization


@admin.register(Initiative)
class InitiativeAdmin(ReadOnly):
    """Its settings have their own page, which keeps the record and lets what is due follow the time zone."""

    list_display = ("name", "slug", "time_zone", "created_at", "closed_at")
    search_fields = ("name", "slug")


@admin.register(Organization)
class OrganizationAdmin(ReadOnly):
    list_display = ("name", "sector", "created_at")
    list_filter = ("sector",)
    search_fields = ("name",)


@admin.register(Participation)
class ParticipationAdmin(ReadOnly):
    list_display = ("organization", "initiative", "side", "code", "joined_on", "left_on")
    list_select_related = ("organization", "initiative")
    list_filter = ("side", "initiative")
    search_fields = ("organization__name", "code")


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    list_display = ("person", "organization", "role", "created_at", "ended_at")
    list_select_related = ("person", "organization")
    list_filter = ("role",)
    search_fields = ("person__email", "person__name", "organization__name")


@admin.register(MembershipInvitation)
class MembershipInvitationAdmin(ReadOnly):
    list_display = ("invitation", "organization", "role")
    list_select_related = ("invitation", "organization")
    search_fields = ("invitation__email", "organization__name")


@admin.register(PartnerGroup)
class PartnerGroupAdmin(ReadOnly):
    list_display = ("name", "initiative", "kind", "code")
    list_select_related = ("initiative",)
    list_filter = ("initiative",)
    search_fields = ("name", "code")


@admin.register(GroupMember)
class GroupMemberAdmin(ReadOnly):
    list_display = (
        "organization",
        "group",
        "initiative",
        "joined_on",
        "left_on",
        "recorded_at",
        "superseded_at",
    )
    list_select_related = ("organization", "group", "initiative")
    search_fields = ("organization__name", "group__name")


@admin.register(Change)
class ChangeAdmin(ReadOnly):
    list_display = ("at", "organization", "what", "initiative")
    list_select_related = ("organization", "initiative")


@admin.register(Goal, Outcome, Strategy)
class AgreedNodeAdmin(ReadOnly):
    list_display = ("name", "initiative", "code", "position")
    list_select_related = ("initiative",)
    list_filter = ("initiative",)


@admin.register(JobRun)
class JobRunAdmin(ReadOnly):
    list_display = ("title", "initiative", "state", "started_by", "created_at", "finished_at", "attempts")
    list_select_related = ("initiative", "started_by")
    list_filter = ("state", "kind")


@admin.register(CommonAgenda)
class CommonAgendaAdmin(ReadOnly):
    list_display = ("initiative", "quorum")
    list_select_related = ("initiative",)


@admin.register(AgendaVersion)
class AgendaVersionAdmin(ReadOnly):
    list_display = ("number", "initiative", "state", "proposed_at", "adopted_at")
    list_select_related = ("initiative",)
    list_filter = ("state", "initiative")


@admin.register(Endorsement)
class EndorsementAdmin(ReadOnly):
    list_display = ("organization", "version", "answer", "by", "at")
    list_select_related = ("organization", "version", "by")
    list_filter = ("answer", "initiative")


@admin.register(Comment)
class CommentAdmin(ReadOnly):
    list_display = ("version", "section", "by", "at")
    list_select_related = ("version", "by")
    list_filter = ("initiative",)


@admin.register(Action)
class ActionAdmin(ReadOnly):
    list_display = ("name", "organization", "state", "starts_on", "ends_on", "initiative")
    list_select_related = ("organization", "initiative")
    list_filter = ("state", "initiative")
    search_fields = ("name", "organization__name")


@admin.register(Milestone)
class MilestoneAdmin(ReadOnly):
    list_display = ("name", "action", "due_on", "done_on")
    list_select_related = ("action",)


@admin.register(Wait)
class WaitAdmin(ReadOnly):
    list_display = ("action", "needs")
    list_select_related = ("action", "needs")


@admin.register(Commitment)
class CommitmentAdmin(ReadOnly):
    list_display = ("organization", "action", "state", "asked_at")
    list_select_related = ("organization", "action")
    list_filter = ("state", "initiative")


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    list_display = ("action", "state", "by", "at")
    list_select_related = ("action", "by")


@admin.register(Listing)
class ListingAdmin(ReadOnly):
    list_display = ("name", "side", "kind", "organization", "posted_at", "closed_at")
    list_select_related = ("organization",)
    list_filter = ("side", "kind", "initiative")


@admin.register(Deal)
class DealAdmin(ReadOnly):
    list_display = ("listing", "organization", "state", "asked_at")
    list_select_related = ("listing", "organization")


@admin.register(Appeal)
class AppealAdmin(ReadOnly):
    list_display = ("name", "organization", "goal", "unit", "due_on", "closed_at")
    list_select_related = ("organization",)


@admin.register(Pledge)
class PledgeAdmin(ReadOnly):
    list_display = ("appeal", "organization", "amount", "state", "made_at")
    list_select_related = ("appeal", "organization")
