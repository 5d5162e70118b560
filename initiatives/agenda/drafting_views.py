"""Writing a draft: its texts and its tree."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.forms import Form
from backbone.web.htmx import done, refused, render_page
from initiatives.agenda import drafting, rows, selectors
from initiatives.agenda.forms import NodeForm, SectionForm, UnderForm
from initiatives.agenda.models import SECTIONS, AgendaVersion
from initiatives.agenda.tree import Gone, Kind, Node, NotAllowed
from initiatives.agenda.views import trail
from initiatives.agenda.words import ADD, EXAMPLES, KIND_NAMES, LABELS
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative


@requires(Permission.AGENDA_EDIT)
@require_POST
def start(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    drafting.start(initiative=initiative, by=request.user, at=now())
    return done(request, to=_draft_url(initiative))


@requires(Permission.AGENDA_EDIT)
@require_safe
def draft(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    found = drafting.draft_of(initiative)
    context = {
        "version": found,
        "texts": selectors.sections_of(found) if found else [],
        "shown": selectors.shown(request, found.nodes) if found else None,
        "trail": trail(initiative),
    }
    return render_page(request, "initiatives/agenda/draft.html", context)


@requires(Permission.AGENDA_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    found = _draft(initiative)
    if request.method != "POST":
        return render_page(
            request, "initiatives/agenda/discard.html", {"version": found, "trail": _trail(initiative)}
        )
    try:
        drafting.discard(version=found, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("The draft is discarded."))
    return done(request, to=reverse("initiatives:agenda:agenda", args=[initiative.slug]))


@requires(Permission.AGENDA_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: InitiativeRequest, initiative: Initiative, name: str) -> HttpResponse:
    if name not in SECTIONS:
        raise Http404
    found = _draft(initiative)
    stands = getattr(found, name)
    form = SectionForm(name, _typed(request), initial={"text": stands, "seen": drafting.mark(stands)})
    context = {"form": form, "label": LABELS[name], "trail": _trail(initiative)}
    if not (request.method == "POST" and form.is_valid()):
        return _form_page(request, "section", context, status=422 if form.errors else 200)
    said = form.cleaned_data
    try:
        drafting.write(
            version=found, section=name, text=said["text"], seen=said["seen"], by=request.user, at=now()
        )
    except drafting.Stale as stale:
        again = {"text": said["text"], "seen": drafting.mark(stale.theirs)}
        return _stale(request, "section", stale, context, SectionForm(name, initial=again))
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("“%(what)s” is saved.") % {"what": LABELS[name]})
    return done(request, to=_draft_url(initiative))


@requires(Permission.AGENDA_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: InitiativeRequest, initiative: Initiative, kind: str) -> HttpResponse:
    if kind not in set(Kind):
        raise Http404
    found, of = _draft(initiative), Kind(kind)
    under = request.GET.get("under", "")
    above = found.nodes.by_code.get(under)
    form = NodeForm(_typed(request))
    context = {"form": form, "heading": ADD[of], "hint": EXAMPLES[of], "above": above}
    if not (request.method == "POST" and form.is_valid()):
        context |= {"trail": _trail(initiative)}
        return _form_page(request, "add_node", context, status=422 if form.errors else 200)
    said = form.cleaned_data
    try:
        made = drafting.add(
            version=found, kind=of, name=said["name"], statement=said["statement"], under=under,
            by=request.user, at=now(),
        )  # fmt: skip
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("“%(name)s” is added.") % {"name": made.name})
    return done(request, to=_draft_url(initiative, made.code))


@requires(Permission.AGENDA_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_node(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    found = _draft(initiative)
    node = _node(found, code)
    seen = drafting.mark(node.name, node.statement)
    form = NodeForm(_typed(request), initial={"name": node.name, "statement": node.statement, "seen": seen})
    context = {
        "form": form,
        "node": node,
        "kind": KIND_NAMES[node.kind],
        "under": UnderForm(found.nodes, code) if node.kind is not Kind.GOAL else None,
        "trail": _trail(initiative),
    }
    if not (request.method == "POST" and form.is_valid()):
        return _form_page(request, "edit_node", context, status=422 if form.errors else 200)
    return _reword(request, found, node, form, context)


def _reword(
    request: InitiativeRequest, found: AgendaVersion, node: Node, form: NodeForm, context: dict[str, object]
) -> HttpResponse:
    said = form.cleaned_data
    try:
        drafting.reword(
            version=found, code=node.code, name=said["name"], statement=said["statement"], seen=said["seen"],
            by=request.user, at=now(),
        )  # fmt: skip
    except drafting.Stale as stale:
        stands = found.nodes.get(node.code)
        again = {**said, "seen": drafting.mark(stands.name, stands.statement)}
        return _stale(request, "edit_node", stale, context, NodeForm(initial=again))
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("“%(name)s” is saved.") % {"name": said["name"]})
    return done(request, to=_draft_url(found.initiative, node.code))


@requires(Permission.AGENDA_EDIT)
@require_POST
def shift(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    up = request.POST.get("direction") == "up"
    return _do(
        request,
        initiative,
        code,
        lambda found: drafting.shift(version=found, code=code, up=up, by=request.user, at=now()),
    )


@requires(Permission.AGENDA_EDIT)
@require_POST
def put_under(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    parent = request.POST.get("parent", "")
    return _do(
        request,
        initiative,
        code,
        lambda found: drafting.put_under(version=found, code=code, parent=parent, by=request.user, at=now()),
    )


def _do(
    request: InitiativeRequest, initiative: Initiative, code: str, change: Callable[[AgendaVersion], None]
) -> HttpResponse:
    found = _draft(initiative)
    _node(found, code)
    try:
        change(found)
    except NotAllowed as reason:
        return refused(request, reason)
    return done(request, to=_draft_url(initiative, code))


@requires(Permission.AGENDA_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    found = _draft(initiative)
    node = _node(found, code)
    if request.method != "POST":
        row = rows.row_of(initiative, code)
        context = {
            "node": node,
            "held": found.nodes.children(code),
            "used": rows.what_rests_on(row) if row else [],
            "trail": _trail(initiative),
        }
        return render_page(request, "initiatives/agenda/remove_node.html", context)
    try:
        drafting.remove(version=found, code=code, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("“%(name)s” is removed.") % {"name": node.name})
    return done(request, to=_draft_url(initiative))


def _form_page(
    request: InitiativeRequest, name: str, context: dict[str, object], *, status: int
) -> HttpResponse:
    return render_page(
        request, f"initiatives/agenda/{name}.html", context, partials=("draft-form",), status=status
    )


def _stale(
    request: InitiativeRequest, name: str, stale: drafting.Stale, context: dict[str, object], form: Form
) -> HttpResponse:
    """Both texts, and the form with one's own, to be saved once more on purpose."""
    return _form_page(request, name, {**context, "stale": stale, "form": form}, status=409)


def _draft(initiative: Initiative) -> AgendaVersion:
    found = drafting.draft_of(initiative)
    if found is None:
        raise Http404
    return found


def _node(found: AgendaVersion, code: str) -> Node:
    try:
        return found.nodes.get(code)
    except Gone as gone:
        raise Http404 from gone


def _typed(request: InitiativeRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _draft_url(initiative: Initiative, code: str = "") -> str:
    url = reverse("initiatives:agenda:draft", args=[initiative.slug])
    return f"{url}#node-{code}" if code else url


def _trail(initiative: Initiative) -> list[dict[str, str]]:
    return [*trail(initiative), {"label": _("Draft"), "url": _draft_url(initiative)}]
