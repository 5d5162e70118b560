"""Reading the agenda: how it stands, each part of it, each version, and what changed between two."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import render_page
from initiatives.agenda import differences, selectors
from initiatives.agenda.forms import CommentForm
from initiatives.agenda.models import SECTIONS, AgendaVersion, AgendaVersionQuerySet, State
from initiatives.agenda.rows import row_of
from initiatives.agenda.words import KIND_NAMES, LABELS
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def agenda(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    """The status page: what was agreed, who stands behind it, and whether the curves move."""
    may_edit = request.access.may(Permission.AGENDA_EDIT)
    standing = selectors.standing_of(initiative, drafts=may_edit)
    read = standing.read
    context = {
        "standing": standing,
        "version": read,
        "texts": [each for each in selectors.sections_of(read) if each.text] if read else [],
        "shown": selectors.shown(request, selectors.tree_in_force(initiative, standing)),
        "round": selectors.round_of(read, standing.quorum, at=now()) if read else None,
        "may_edit": may_edit,
        "may_measure": request.access.may(Permission.INDICATORS_MANAGE),
        "may_answer": bool(request.access.organizations(Permission.OWN_AGENDA_ANSWER)),
        "may_adopt": request.access.may(Permission.AGENDA_ADOPT),
    }
    return render_page(request, "initiatives/agenda/agenda.html", context)


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def node(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    may_edit = request.access.may(Permission.AGENDA_EDIT)
    standing = selectors.standing_of(initiative, drafts=may_edit)
    tree, other = selectors.tree_in_force(initiative, standing), None
    if code not in tree.by_code:
        other = selectors.found_in(initiative, code, drafts=may_edit)
        if other is None:
            raise Http404
        tree = other.nodes
    found = tree.get(code)
    context = {
        "node": found,
        "kind": KIND_NAMES[found.kind],
        "above": selectors.path_to(tree, found),
        "shown": selectors.shown(request, tree, code),
        "other": other,
        "is_row": other is None or row_of(initiative, code) is not None,
        "since": selectors.agreed_since(initiative, code),
        "in_draft": bool(standing.draft and code in standing.draft.nodes.by_code),
        "trail": trail(initiative),
    }
    return render_page(request, "initiatives/agenda/node.html", context)


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def versions(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    found = _seen(request).select_related("created_by", "proposed_by", "adopted_by")
    return render_page(
        request, "initiatives/agenda/versions.html", {"versions": list(found), "trail": trail(initiative)}
    )


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def version(request: InitiativeRequest, initiative: Initiative, number: int) -> HttpResponse:
    return version_page(request, version_of(request, number))


def version_page(
    request: InitiativeRequest, found: AgendaVersion, *, form: CommentForm | None = None
) -> HttpResponse:
    comments = list(found.comments.select_related("by", "organization"))
    may_comment = request.access.may(Permission.AGENDA_COMMENT) and found.state == State.PROPOSED
    about = {"section": request.GET.get("about", "")}
    quorum = found.agenda.quorum
    context: dict[str, Any] = {
        "version": found,
        "texts": selectors.sections_of(found, comments),
        "on_the_tree": [each for each in comments if each.section == "tree"],
        "shown": selectors.shown(request, found.nodes),
        "round": selectors.round_of(found, quorum, at=now()) if found.proposed_at else None,
        "quorum": quorum,
        "form": form or (CommentForm(initial=about) if may_comment else None),
        "own": _own(request, found),
        "may_edit": request.access.may(Permission.AGENDA_EDIT),
        "may_adopt": request.access.may(Permission.AGENDA_ADOPT),
        "before": _seen(request).filter(number__lt=found.number).first(),
        "trail": [*trail(found.initiative), versions_step(found.initiative)],
    }
    status = 422 if form and form.errors else 200
    return render_page(
        request, "initiatives/agenda/version.html", context, partials=("comment-form",), status=status
    )


def _own(request: InitiativeRequest, found: AgendaVersion) -> list[Any]:
    """The reader's own organizations that may answer, as long as answers are taken."""
    return request.access.organizations(Permission.OWN_AGENDA_ANSWER) if found.is_open_for_answers else []


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def compare(request: InitiativeRequest, initiative: Initiative, number: int) -> HttpResponse:
    """What a version says otherwise than another one: than the one before it, unless the address says which."""
    after = version_of(request, number)
    others = _seen(request).exclude(pk=after.pk)
    asked = request.GET.get("from", "")
    if asked:
        before = others.filter(number=int(asked)).first() if _is_number(asked) else None
        if before is None:
            raise Http404
    else:
        before = others.filter(number__lt=number).first()
    context = {
        "before": before,
        "after": after,
        "others": list(others.order_by("number")),
        "texts": _texts(before, after) if before else [],
        "tree": differences.trees(before.nodes, after.nodes) if before else None,
        "trail": [*trail(initiative), versions_step(initiative)],
    }
    return render_page(request, "initiatives/agenda/compare.html", context)


def _texts(before: AgendaVersion, after: AgendaVersion) -> list[tuple[str, list[differences.Piece]]]:
    changed = [name for name in SECTIONS if getattr(before, name) != getattr(after, name)]
    return [
        (str(LABELS[name]), differences.texts(getattr(before, name), getattr(after, name)))
        for name in changed
    ]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4


def version_of(request: InitiativeRequest, number: int) -> AgendaVersion:
    if number > 32_767:  # more than the database can look for
        raise Http404
    return get_object_or_404(
        _seen(request).select_related("initiative", "agenda", "proposed_by", "adopted_by"), number=number
    )


def _seen(request: InitiativeRequest) -> AgendaVersionQuerySet:
    drafts = request.access.may(Permission.AGENDA_EDIT)
    return AgendaVersion.objects.in_initiative(request.access.initiative).seen(drafts=drafts)


def trail(initiative: Initiative) -> list[dict[str, str]]:
    return [{"label": _("Agenda"), "url": reverse("initiatives:agenda:agenda", args=[initiative.slug])}]


def versions_step(initiative: Initiative) -> dict[str, str]:
    return {"label": _("Versions"), "url": reverse("initiatives:agenda:versions", args=[initiative.slug])}
