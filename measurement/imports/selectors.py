"""Which files a person may see, and which they may take over."""

from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from backbone.access.permissions import Permission
from initiatives.charter.access import InitiativeRequest
from measurement.imports.models import ImportFile, ImportFileQuerySet, ImportLine


def may_import(request: InitiativeRequest) -> None:
    """Raises PermissionDenied for whoever neither records nor fills in anything."""
    if not request.access.may(Permission.SUBMISSIONS_REVIEW) and not request.access.may(
        Permission.OWN_REPORT_EDIT
    ):
        raise PermissionDenied


def _own(request: InitiativeRequest) -> Q:
    mine = request.access.organizations(Permission.OWN_REPORT_EDIT)
    own_reports = Q(submission__expected_report__organization__in=mine)
    return Q(for_partners=False) & (own_reports | Q(uploaded_by=request.user))


def seen(request: InitiativeRequest) -> ImportFileQuerySet:
    may_import(request)
    files = ImportFile.objects.in_initiative(request.access.initiative)
    if not request.access.may(Permission.SUBMISSIONS_REVIEW):
        files = files.filter(_own(request))
    return files.select_related("run", "uploaded_by", "applied_by", "submission__expected_report__period")


def file_for(request: InitiativeRequest, file_id: UUID) -> ImportFile:
    """The file, if this person may see it: else 404."""
    file = get_object_or_404(seen(request), public_id=file_id)
    file.initiative = request.access.initiative
    if file.run:
        file.run.initiative = file.initiative
    return file


def may_take_over(request: InitiativeRequest, file: ImportFile) -> bool:
    if file.for_partners:
        return request.access.may(Permission.SUBMISSIONS_REVIEW)
    if not request.access.may(Permission.OWN_REPORT_EDIT):
        return False
    return ImportFile.objects.filter(_own(request), pk=file.pk).exists()


def file_to_take_over(request: InitiativeRequest, file_id: UUID) -> ImportFile:
    """Who may see it and may not take it over gets 403."""
    file = file_for(request, file_id)
    if not may_take_over(request, file):
        raise PermissionDenied
    return file


@dataclass(frozen=True)
class Tab:
    what: str
    label: str
    count: int


def tabs(file: ImportFile) -> list[Tab]:
    counts = {"refused": file.refused, "changed": file.changed, "new": file.new, "unchanged": file.unchanged}
    names = dict(ImportLine.What.choices)
    everything = Tab("", _("All"), sum(counts.values()))
    return [everything, *(Tab(what, str(names[what]), count) for what, count in counts.items())]
