"""From a draft to what everybody stands behind: proposed, commented on, answered by each partner, adopted."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from backbone.access.permissions import Permission
from backbone.accounts.models import User
from backbone.audit import trail
from backbone.notifications import outbox
from backbone.web.dates import long_date
from initiatives.agenda import rows
from initiatives.agenda.answers import Progress, progress_of
from initiatives.agenda.drafting import agenda_of, plain
from initiatives.agenda.models import (
    SECTIONS,
    AgendaVersion,
    Answer,
    Comment,
    CommonAgenda,
    Endorsement,
    State,
)
from initiatives.agenda.tree import NotAllowed
from initiatives.charter.models import Initiative
from initiatives.charter.people import people_who_may
from initiatives.partners.models import Organization

_REMIND_AGAIN_AFTER = timedelta(days=1)


@transaction.atomic
def change_quorum(*, initiative: Initiative, percent: int, by: User, at: datetime) -> None:
    agenda = agenda_of(initiative)
    if agenda.quorum == percent:
        return
    was, agenda.quorum = agenda.quorum, percent
    agenda.save(update_fields=["quorum"])
    trail.record(
        "agenda.quorum_changed", about=agenda, by=by, at=at, details={"was": was, "percent": percent}
    )


@transaction.atomic
def propose(*, version: AgendaVersion, answers_due_on: date | None = None, by: User, at: datetime) -> None:
    """From now on the text stays as it is. A proposal that was open before is superseded."""
    agenda_of(version.initiative)
    draft = _locked(version, (State.DRAFT,))
    if not any(getattr(draft, name) for name in SECTIONS) and not draft.tree:
        raise NotAllowed(_("There is nothing in this draft yet: write something before it is proposed."))
    _supersede(draft, State.PROPOSED, at=at)
    draft.state, draft.proposed_at, draft.proposed_by = State.PROPOSED, at, by
    draft.answers_due_on = answers_due_on
    draft.save(update_fields=["state", "proposed_at", "proposed_by", "answers_due_on"])
    trail.record("agenda.proposed", about=draft, by=by, at=at, details={"number": draft.number})
    _ask(draft, list(people_who_may(Permission.OWN_AGENDA_ANSWER, initiative=draft.initiative)), at=at)


@transaction.atomic
def comment(
    *,
    version: AgendaVersion,
    section: str,
    text: str,
    organization: Organization | None,
    by: User,
    at: datetime,
) -> Comment:
    proposal = _locked(version, (State.PROPOSED,))
    made = Comment.objects.create(
        initiative=proposal.initiative,
        version=proposal,
        section=section,
        organization=organization,
        by=by,
        at=at,
        text=plain(text),
    )
    details = {"number": proposal.number, "section": section}
    trail.record("agenda.commented", about=proposal, by=by, at=at, details=details)
    _tell_proposer(
        proposal, subject=_("A comment on %(what)s") % {"what": proposal}, body=made.text, by=by, at=at
    )
    return made


@transaction.atomic
def endorse(
    *,
    version: AgendaVersion,
    organization: Organization,
    answer: Answer,
    words: str,
    by: User | None,
    at: datetime,
) -> Endorsement:
    """What a partner says to a proposal, or to what is adopted. An earlier answer stays in the record."""
    asked = _locked(version, (State.PROPOSED, State.ADOPTED))
    last = asked.endorsements.filter(organization=organization).last()
    said = (answer, plain(words))
    if last and (last.answer, last.words) == said:
        return last
    made = Endorsement.objects.create(
        initiative=asked.initiative,
        version=asked,
        organization=organization,
        answer=answer,
        words=said[1],
        by=by,
        at=at,
    )
    details = {"number": asked.number, "organization": str(organization), "answer": answer.value}
    trail.record("agenda.endorsed", about=asked, by=by, at=at, details=details)
    if answer != Answer.YES:
        subject = _("%(organization)s: %(answer)s") % {
            "organization": organization,
            "answer": made.get_answer_display(),
        }
        _tell_proposer(asked, subject=subject, body=made.words, by=by, at=at)
    return made


@transaction.atomic
def remind(*, version: AgendaVersion, by: User, at: datetime) -> int:
    """Ask those once more who have not answered, at most once a day; how many partners that were."""
    proposal = _locked(version, (State.PROPOSED,))
    if proposal.reminded_at and at - proposal.reminded_at < _REMIND_AGAIN_AFTER:
        raise NotAllowed(_("They have been reminded within the last day. Give them some time to answer."))
    missing = progress_of(proposal, at=at).missing
    people = people_who_may(Permission.OWN_AGENDA_ANSWER, initiative=proposal.initiative)
    _ask(
        proposal,
        list(people.filter(memberships__organization__in=missing, memberships__ended_at=None)),
        at=at,
    )
    proposal.reminded_at = at
    proposal.save(update_fields=["reminded_at"])
    trail.record("agenda.reminded", about=proposal, by=by, at=at, details={"partners": len(missing)})
    return len(missing)


@transaction.atomic
def adopt(*, version: AgendaVersion, by: User | None, at: datetime) -> None:
    """Raises NotAllowed with who is missing, where too few agree. The version before is superseded."""
    agenda = agenda_of(version.initiative)
    proposal = _locked(version, (State.PROPOSED,))
    _enough_agree(progress_of(proposal, at=at), agenda)
    _supersede(proposal, State.ADOPTED, at=at)
    proposal.state, proposal.adopted_at, proposal.adopted_by = State.ADOPTED, at, by
    proposal.save(update_fields=["state", "adopted_at", "adopted_by"])
    rows.follow(proposal)
    trail.record("agenda.adopted", about=proposal, by=by, at=at, details={"number": proposal.number})
    outbox.tell(
        people_who_may(Permission.AGENDA_COMMENT, initiative=proposal.initiative),
        subject=_("Our common agenda is adopted"),
        body=_("%(what)s of %(initiative)s is what we all work by from today on.")
        % {"what": proposal, "initiative": proposal.initiative},
        link=proposal.get_absolute_url(),
        at=at,
        tenant_id=proposal.initiative_id,
    )


def _enough_agree(progress: Progress, agenda: CommonAgenda) -> None:
    needed = progress.needed(agenda.quorum)
    if progress.agree >= needed > 0:
        return
    if not progress.partners:
        raise NotAllowed(_("No partner takes part yet, so nobody can agree."))
    sentence = _("%(agree)s of %(partners)s partners agree, and %(needed)s have to.") % {
        "agree": progress.agree,
        "partners": progress.partners,
        "needed": needed,
    }
    if progress.missing:
        names = ", ".join(str(each) for each in progress.missing[:20])
        more = len(progress.missing) - 20
        more_words = _(" and %(more)s more") % {"more": more} if more > 0 else ""
        sentence += " " + _("Not answered yet: %(names)s.") % {"names": names + more_words}
    raise NotAllowed(sentence)


def _supersede(by: AgendaVersion, state: State, *, at: datetime) -> None:
    for before in AgendaVersion.objects.filter(initiative=by.initiative_id, state=state).exclude(pk=by.pk):
        before.state, before.superseded_at = State.SUPERSEDED, at
        before.save(update_fields=["state", "superseded_at"])


def _locked(version: AgendaVersion, states: tuple[State, ...]) -> AgendaVersion:
    """Raises NotAllowed unless it is in one of these states."""
    found = AgendaVersion.objects.select_for_update(no_key=True).filter(pk=version.pk).first()
    if found is None:
        raise NotAllowed(_("This draft has been discarded in the meantime."))
    if found.state not in states:
        raise NotAllowed(_why_not(found))
    return found


def _why_not(version: AgendaVersion) -> str:
    words = {"number": version.number}
    if version.state == State.DRAFT:
        return _("Version %(number)s is still a draft: it has to be proposed first.") % words
    if version.state == State.PROPOSED:
        return _("Version %(number)s has been proposed already.") % words
    if version.state == State.ADOPTED:
        return _("Version %(number)s has been adopted already.") % words
    newer = AgendaVersion.objects.filter(
        initiative=version.initiative_id, number__gt=version.number, state__in=(State.PROPOSED, State.ADOPTED)
    ).first()
    sentence = _("Version %(number)s has been superseded.") % words
    return (
        f"{sentence} " + _("Read version %(newer)s instead.") % {"newer": newer.number} if newer else sentence
    )


def _ask(version: AgendaVersion, people: list[User], *, at: datetime) -> None:
    body = _(
        "Please read it and say whether your organization stands behind it: yes, with reservations, or no."
    )
    if version.answers_due_on:
        body += " " + _("Answers are asked for by %(day)s.") % {"day": long_date(version.answers_due_on)}
    outbox.tell(
        {person.pk: person for person in people}.values(),
        subject=_("Does your organization stand behind our agenda?"),
        body=body,
        link=version.get_absolute_url(),
        at=at,
        tenant_id=version.initiative_id,
    )


def _tell_proposer(version: AgendaVersion, *, subject: str, body: str, by: User | None, at: datetime) -> None:
    if version.proposed_by is None or version.proposed_by == by:
        return
    outbox.tell(
        [version.proposed_by],
        subject=subject,
        body=body,
        link=version.get_absolute_url(),
        at=at,
        tenant_id=version.initiative_id,
    )
