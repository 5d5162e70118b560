"""What every file of a release says of itself: of whom, as of when, which one, and on which terms."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from backbone.web.dates import long_date
from measurement.releases.models import Release

FORMATS_SINCE = (
    1  # goes up whenever files are made otherwise, so that nobody is told that nothing has changed
)


@dataclass(frozen=True)
class Stamp:
    slug: str
    initiative: str
    title: str
    number: int
    audience: str
    state: str
    as_of: datetime
    published_at: datetime | None
    hash: str
    licence: str
    is_licensed: bool
    source: str

    @property
    def name(self) -> str:
        """Of files, without a suffix."""
        return f"{self.slug}-release-{self.number}"

    @property
    def mark(self) -> str:
        """Another one for every other content of any file."""
        said = "\n".join(map(str, (FORMATS_SINCE, *self.__dict__.values())))
        return hashlib.sha256(said.encode()).hexdigest()

    def lines(self) -> list[tuple[str, str]]:
        """In words, for people."""
        published = long_date(self.published_at.date()) if self.published_at else _("not published")
        return [
            (_("Initiative"), self.initiative),
            (_("Release"), f"{self.title} ({self.number})"),
            (_("Figures as of"), long_date(self.as_of.date())),
            (_("Published on"), published),
            (_("Source"), self.source or self.initiative),
            (_("Licence"), self.licence),
            (_("Fingerprint (SHA-256)"), self.hash),
        ]


def stamp_of(release: Release) -> Stamp:
    initiative = release.initiative
    if release.as_of is None:
        raise ValueError("it has not been built")
    return Stamp(
        slug=initiative.slug,
        initiative=initiative.name,
        title=release.title,
        number=release.number,
        audience=release.audience,
        state=release.state,
        as_of=release.as_of,
        published_at=release.published_at,
        hash=release.hash,
        licence=initiative.licence or _("None is stated: ask the initiative before you pass it on."),
        is_licensed=bool(initiative.licence),
        source=initiative.source_note,
    )
