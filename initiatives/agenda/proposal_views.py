"""From a draft to an agenda: proposed, commented on, answered, adopted."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused, render_page
from initiatives.agenda import deciding, drafting, selectors
from initiatives.agenda.forms import AnswerForm, CommentForm, ProposeForm, QuorumForm
from initiatives.agenda.models import AgendaVersion, Answer
from initiatives.agenda.tree import NotAllowed
from initiatives.agenda.views import trail, version_of, version_page, versions_step
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization


@requires(Permission.AGENDA_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    draft = drafting.draft_of(initiative)
    if draft is None:
        raise Http404
    form = ProposeForm(initiative.today(now()), _typed(request))
    if not (request.method == "POST" and form.is_valid()):
        standing = selectors.standing_of(initiative, drafts=True)
        context = {"form": form, "version": draft, "standing": standing, "trail": trail(initiative)}
        return _form_page(request, "propose", context, form)
    due = form.cleaned_data["answers_due_on"]
    try:
        deciding.propose(version=draft, answers_due_on=due, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("Version %(number)s is proposed. The partners are asked.") % _number(draft))
    return done(request, to=draft.get_absolute_url())


@requires(Permission.AGENDA_COMMENT)
@require_POST
def comment(request: InitiativeRequest, initiative: Initiative, number: int) -> HttpResponse:
    found = version_of(request, number)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return version_page(request, found, form=form)
    said = form.cleaned_data
    for_whom = request.access.organizations(Permission.AGENDA_COMMENT)[0]
    try:
        deciding.comment(
            version=found, section=said["section"], text=said["text"], organization=for_whom,
            by=request.user, at=now(),
        )  # fmt: skip
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("Your comment is there for everybody to read."))
    return done(request, to=f"{found.get_absolute_url()}#about-{said['section']}")


@requires(Permission.OWN_AGENDA_ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(
    request: InitiativeRequest, initiative: Initiative, number: int, organization_id: UUID
) -> HttpResponse:
    own, found = _own(request, organization_id), version_of(request, number)
    last = found.endorsements.filter(organization=own).last()
    form = AnswerForm(_typed(request), initial={"answer": last.answer, "words": last.words} if last else None)
    if not (request.method == "POST" and form.is_valid()):
        step = {"label": str(found), "url": found.get_absolute_url()}
        context = {"form": form, "version": found, "organization": own, "last": last}
        context |= {"trail": [*trail(initiative), step]}
        return _form_page(request, "answer", context, form)
    said = form.cleaned_data
    try:
        deciding.endorse(
            version=found, organization=own, answer=Answer(said["answer"]), words=said["words"],
            by=request.user, at=now(),
        )  # fmt: skip
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("Thank you. The answer of %(who)s is recorded.") % {"who": own})
    return done(request, to=found.get_absolute_url())


@requires(Permission.AGENDA_EDIT)
@require_POST
def remind(request: InitiativeRequest, initiative: Initiative, number: int) -> HttpResponse:
    found = version_of(request, number)
    try:
        partners = deciding.remind(version=found, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    sentence = ngettext("%(count)s partner is reminded.", "%(count)s partners are reminded.", partners)
    messages.success(request, sentence % {"count": partners})
    return done(request, to=found.get_absolute_url())


@requires(Permission.AGENDA_ADOPT)
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: InitiativeRequest, initiative: Initiative, number: int) -> HttpResponse:
    found = version_of(request, number)
    if request.method != "POST":
        standing = selectors.standing_of(initiative, drafts=True)
        context = {
            "version": found,
            "standing": standing,
            "round": selectors.round_of(found, standing.quorum, at=now()),
            "trail": [*trail(initiative), versions_step(initiative)],
        }
        return render_page(request, "initiatives/agenda/adopt.html", context)
    try:
        deciding.adopt(version=found, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("Version %(number)s is adopted.") % _number(found))
    return done(request, to=reverse("initiatives:agenda:agenda", args=[initiative.slug]))


@requires(Permission.AGENDA_ADOPT)
@require_http_methods(["GET", "HEAD", "POST"])
def quorum(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    form = QuorumForm(_typed(request), initial={"percent": selectors.quorum_of(initiative)})
    if not (request.method == "POST" and form.is_valid()):
        return _form_page(request, "quorum", {"form": form, "trail": trail(initiative)}, form)
    deciding.change_quorum(
        initiative=initiative, percent=form.cleaned_data["percent"], by=request.user, at=now()
    )
    messages.success(request, _("The share that has to agree is saved."))
    return done(request, to=reverse("initiatives:agenda:agenda", args=[initiative.slug]))


def _own(request: InitiativeRequest, organization_id: UUID) -> Organization:
    own = request.access.organizations(Permission.OWN_AGENDA_ANSWER)
    found = next((each for each in own if each.public_id == organization_id), None)
    if found is None:
        raise Http404
    return found


def _number(version: AgendaVersion) -> dict[str, int]:
    return {"number": version.number}


def _typed(request: InitiativeRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _form_page(
    request: InitiativeRequest,
    name: str,
    context: dict[str, object],
    form: ProposeForm | AnswerForm | QuorumForm,
) -> HttpResponse:
    return render_page(
        request,
        f"initiatives/agenda/{name}.html",
        context,
        partials=("proposal-form",),
        status=422 if form.errors else 200,
    )
