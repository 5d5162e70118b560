"""Who stands behind a version, and who has not answered yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from initiatives.agenda.models import AgendaVersion, Answer, Endorsement
from initiatives.charter.models import Participation
from initiatives.partners.models import Organization


@dataclass(frozen=True)
class Progress:
    """`latest` holds the last answers of today's partners, `history` those that were changed later."""

    latest: list[Endorsement]
    history: Mapping[int, list[Endorsement]]
    missing: list[Organization]
    of_others: list[Endorsement]

    @property
    def partners(self) -> int:
        return len(self.latest) + len(self.missing)

    @property
    def answered(self) -> int:
        return len(self.latest)

    @property
    def agree(self) -> int:
        """With reservations or without."""
        return sum(each.answer != Answer.NO for each in self.latest)

    def needed(self, quorum: int) -> int:
        """How many partners have to agree, for a share in percent; never fewer than the share."""
        return -(-self.partners * quorum // 100)

    @property
    def by_answer(self) -> list[tuple[Answer, list[Endorsement]]]:
        return [(answer, [each for each in self.latest if each.answer == answer]) for answer in Answer]


def progress_of(version: AgendaVersion, *, at: datetime) -> Progress:
    """In two queries. Partners that have left count neither way; what they said stays to be read."""
    today = version.initiative.today(at)
    participations = (
        Participation.objects.in_initiative(version.initiative)
        .partners()
        .current(today)
        .select_related("organization")
    )
    partners = {each.organization_id: each.organization for each in participations}
    said = _by_organization(version.endorsements.select_related("organization", "by"))
    last = {key: answers[-1] for key, answers in said.items()}
    return Progress(
        latest=sorted(
            (last[key] for key in last if key in partners), key=lambda each: each.organization.name
        ),
        history={key: answers[:-1] for key, answers in said.items()},
        missing=[partners[key] for key in partners if key not in last],
        of_others=[each for key, each in last.items() if key not in partners],
    )


def _by_organization(endorsements: Iterable[Endorsement]) -> dict[int, list[Endorsement]]:
    found: dict[int, list[Endorsement]] = {}
    for each in endorsements:
        found.setdefault(each.organization_id, []).append(each)
    return found
