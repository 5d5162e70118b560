"""What happens to a release: asked for, built, published, withdrawn."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from initiatives.charter.models import Initiative
from initiatives.jobs import operations as jobs
from initiatives.jobs.models import JobRun
from measurement.releases.models import Release

# Tasks by name: their code is for workers only.
BUILD: Final = "measurement.build_releases"
PRINT: Final = "measurement.print_releases"
State = Release.State


class NotAllowed(Exception):
    """The text says why to people."""


@transaction.atomic
def ask_for(
    *, initiative: Initiative, title: str, audience: str, asked: dict[str, Any], by: User | None, at: datetime
) -> Release:
    """A draft with the next number, and a run that builds it."""
    Initiative.objects.select_for_update().get(pk=initiative.pk)  # numbers are given one after the other
    last = Release.objects.in_initiative(initiative).aggregate(last=Max("number"))["last"] or 0
    release = Release.objects.create(
        initiative=initiative,
        number=last + 1,
        title=title,
        audience=audience,
        asked=asked,
        created_by=by,
        created_at=at,
    )
    trail.record("release.asked_for", about=release, by=by, at=at, details={"audience": audience})
    return _start(release, by=by, at=at)


@transaction.atomic
def build_again(*, release: Release, by: User, at: datetime) -> Release:
    """The same choice with the figures of now."""
    held = _held(release)
    if held.published_at is not None:
        raise NotAllowed(_("A published release stays as it is. Make a new one."))
    if held.run is not None and held.run.is_under_way:
        raise NotAllowed(_("It is being built already."))
    return _start(held, by=by, at=at)


def _start(release: Release, *, by: User | None, at: datetime) -> Release:
    release.state = State.DRAFT
    release.run = jobs.start(
        initiative=release.initiative,
        kind=BUILD,
        title=_("Building “%(title)s”") % {"title": release.title},
        parameters={"release": release.pk},
        by=by,
        at=at,
    )
    release.save(update_fields=["state", "run"])
    return release


def begin(*, release: Release, run: JobRun) -> None:
    """A worker has it in hand."""
    Release.objects.filter(pk=release.pk, published_at=None).update(state=State.BUILDING, run=run)


def make_ready(*, release: Release, at: datetime) -> None:
    """What was built can be looked at. In the transaction of its cells."""
    release.state = State.READY
    release.save()
    trail.record("release.built", about=release, by=None, at=at, details={"hash": release.hash})


@transaction.atomic
def publish(*, release: Release, by: User, at: datetime) -> Release:
    """Show it to its readers, in place of the one that they had."""
    others = list(Release.objects.select_for_update().filter(initiative=release.initiative).order_by("pk"))
    held = next(each for each in others if each.pk == release.pk)
    if held.state != State.READY:
        raise NotAllowed(_("Only a release that has been built can be published."))
    if not held.hash or held.hash != held.audited_hash:
        raise NotAllowed(_("The audit did not accept this release, so it cannot be published."))
    if held.basis != sorted(each.number for each in others if each.published_at is not None):
        raise NotAllowed(
            _("Another release was published since this one was built. Build it again, so that both fit.")
        )
    for each in others:
        if each.audience == held.audience and each.state == State.PUBLISHED:
            each.state, each.superseded_at = State.SUPERSEDED, at
            each.save(update_fields=["state", "superseded_at"])
            trail.record("release.superseded", about=each, by=by, at=at)
    held.state, held.published_at, held.published_by = State.PUBLISHED, at, by
    held.save(update_fields=["state", "published_at", "published_by"])
    trail.record("release.published", about=held, by=by, at=at, details={"hash": held.hash})
    print_it(release=held, by=by, at=at)
    return held


def print_it(*, release: Release, by: User | None, at: datetime) -> JobRun:
    """Have its PDF made; asked for twice, the one that is under way is the answer."""
    parameters = {"release": release.pk, "hash": release.hash}
    waiting = JobRun.objects.filter(
        initiative=release.initiative, kind=PRINT, parameters=parameters, state__in=JobRun.UNDER_WAY
    )
    return waiting.first() or jobs.start(
        initiative=release.initiative,
        kind=PRINT,
        title=_("PDF of “%(title)s”") % {"title": release.title},
        parameters=parameters,
        by=by,
        at=at,
    )


@transaction.atomic
def withdraw(*, release: Release, because: str, by: User, at: datetime) -> Release:
    """Take it back from its readers. What they have read stays known, and later releases reckon with it."""
    held = _held(release)
    if held.state not in (State.PUBLISHED, State.SUPERSEDED):
        raise NotAllowed(_("Only a published release can be withdrawn."))
    if not because.strip():
        raise NotAllowed(_("Say why it is withdrawn."))
    held.state, held.withdrawn_at, held.withdrawn_by = State.WITHDRAWN, at, by
    held.withdrawn_because = because.strip()
    held.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawn_because"])
    trail.record("release.withdrawn", about=held, by=by, at=at, details={"because": held.withdrawn_because})
    return held


@transaction.atomic
def discard(*, release: Release, by: User, at: datetime) -> None:
    """Throw away what was never published."""
    held = _held(release)
    if held.published_at is not None:
        raise NotAllowed(_("A published release is withdrawn, not thrown away."))
    if held.run is not None and held.run.is_under_way:
        raise NotAllowed(_("It is being built: stop that first."))
    trail.record("release.discarded", about=held, by=by, at=at)
    held.delete()


def _held(release: Release) -> Release:
    return (
        Release.objects.select_for_update(of=("self",)).select_related("initiative", "run").get(pk=release.pk)
    )
