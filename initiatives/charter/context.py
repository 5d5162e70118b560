"""What every page shows around its content: where one is, and where one can go from here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backbone.access.permissions import Permission
from initiatives.charter.access import Access, Visit
from initiatives.charter.models import Initiative


@dataclass(frozen=True)
class Section:
    label: str
    url: str
    current: bool


# In the order of the page. One that stands here twice has two places: the first of them that fits a person counts.
_SECTIONS = (
    (_("Today"), "measurement:dashboards:today", Permission.SUBMISSIONS_VIEW_ALL),
    (_("Your report"), "measurement:submissions:your-report", Permission.OWN_FIGURES_VIEW),
    (_("Our figures"), "measurement:submissions:our-figures", Permission.OWN_FIGURES_VIEW),
    (_("Our actions"), "initiatives:actions:ours", Permission.OWN_FIGURES_VIEW),
    (_("Agenda"), "initiatives:agenda:agenda", Permission.AGENDA_EDIT),
    (_("Actions"), "initiatives:actions:actions", Permission.ACTIONS_MANAGE),
    (_("Exchange"), "initiatives:exchange:exchange", Permission.ACTIONS_MANAGE),
    (_("Partners"), "initiatives:directory:partners", Permission.PARTNERS_VIEW),
    (_("Indicators"), "measurement:indicators:indicators", Permission.SUBMISSIONS_VIEW_ALL),
    (_("Periods"), "measurement:planning:periods", Permission.SUBMISSIONS_VIEW_ALL),
    (_("Reports"), "measurement:submissions:review-queue", Permission.SUBMISSIONS_VIEW_ALL),
    (_("Overview"), "measurement:publishing:overview", Permission.RELEASES_READ),
    (_("Dashboard"), "measurement:dashboards:dashboard", Permission.DASHBOARD_VIEW),
    (_("Releases"), "measurement:releases:releases", Permission.SUBMISSIONS_VIEW_ALL),
    (_("Agenda"), "initiatives:agenda:agenda", Permission.INITIATIVE_VIEW),
    (_("Actions"), "initiatives:actions:actions", Permission.INITIATIVE_VIEW),
    (_("Exchange"), "initiatives:exchange:exchange", Permission.INITIATIVE_VIEW),
    (_("People"), "initiatives:directory:own-people", Permission.OWN_PEOPLE_MANAGE),
    (_("Settings"), "initiatives:charter:settings", Permission.INITIATIVE_MANAGE),
)


def place(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the initiative, its sections for this person, the person's other initiatives."""
    access: Access | None = getattr(request, "access", None)
    visit: Visit | None = getattr(request, "visit", None)
    return {
        "initiative": access.initiative if access else None,
        "access": access,
        "visit": visit,
        "sections": list(sections(access, request.path)) if access and not visit else [],
        "initiatives": _initiatives(request),
    }


def sections(access: Access, path: str) -> Iterable[Section]:
    shown = set()
    for label, name, permission in _SECTIONS:
        if access.may(permission) and name not in shown:
            shown.add(name)
            url = reverse(name, args=[access.initiative.slug])
            yield Section(label=str(label), url=url, current=path.startswith(url))


def _initiatives(request: HttpRequest) -> list[dict[str, str]]:
    found: dict[int, Initiative] = {
        standing.initiative.pk: standing.initiative for standing in getattr(request, "standings", [])
    }
    return [{"name": each.name, "url": each.get_absolute_url()} for each in found.values()]


def landing(access: Access) -> str:
    """The address where this person's day begins: the first section."""
    return next(iter(sections(access, ""))).url
