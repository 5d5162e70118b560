"""What a release shows otherwise than the one before it for the same readers, and why."""

from collections.abc import Iterable
from decimal import Decimal

from measurement.releases.models import Release, ReleaseCell, Restatement
from measurement.submissions.models import Observation

_About = tuple[int, int, int | None, int | None, tuple[int, ...]]


def restate(*, release: Release, rows: Iterable[ReleaseCell]) -> None:
    """List every figure that both show and that has another value now."""
    Restatement.objects.filter(release=release).delete()
    previous = previous_of(release)
    if previous is None:
        return
    before = {_about(row): row for row in ReleaseCell.objects.filter(release=previous, state="shown")}
    pairs = [(before[_about(row)], row) for row in rows if row.state == "shown" and _about(row) in before]
    reasons = _reasons(previous, release, [new for _old, new in pairs])
    Restatement.objects.bulk_create(
        Restatement(
            initiative_id=release.initiative_id,
            release=release,
            previous=previous,
            indicator_id=new.indicator_id,
            period_id=new.period_id,
            group_id=new.group_id,
            category_id=new.category_id,
            old=was,
            new=reads,
            why=_why(old, new, reasons),
        )
        for old, new in pairs
        if (was := _read(old)) is not None and (reads := _read(new)) is not None and was != reads
    )


def previous_of(release: Release) -> Release | None:
    """The newest release that the same readers have."""
    told = Release.objects.filter(initiative=release.initiative, audience=release.audience).readable()
    return told.exclude(pk=release.pk).order_by("-number").first()


def _about(row: ReleaseCell) -> _About:
    return row.indicator_id, row.period_id, row.group_id, row.category_id, tuple(row.together)


def _read(row: ReleaseCell) -> Decimal | None:
    """The number that people read."""
    number: Decimal | None = row.value if row.value is not None else row.high
    return number


def _why(old: ReleaseCell, new: ReleaseCell, reasons: dict[tuple[int, int], set[bool]]) -> Restatement.Why:
    found = reasons.get((new.indicator_id, new.period_id), set())
    if old.version_number != new.version_number:
        return Restatement.Why.REDEFINED
    if True in found:
        return Restatement.Why.CORRECTED
    return Restatement.Why.LATE if found else Restatement.Why.REGROUPED


def _reasons(
    previous: Release, release: Release, rows: list[ReleaseCell]
) -> dict[tuple[int, int], set[bool]]:
    """By measure and period, whether what was recorded between the two took the place of something."""
    found: dict[tuple[int, int], set[bool]] = {}
    recorded = Observation.objects.filter(
        indicator__in={row.indicator_id for row in rows},
        period__wholes__whole__in={row.period_id for row in rows},
        recorded_at__gt=previous.as_of,
        recorded_at__lte=release.as_of,
    )
    for indicator, period, supersedes in recorded.values_list(
        "indicator_id", "period__wholes__whole_id", "supersedes_id"
    ):
        found.setdefault((indicator, period), set()).add(supersedes is not None)
    return found
