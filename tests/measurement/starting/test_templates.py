"""Each template is a package of its own, and says everything that a reference sheet has room for."""

from pathlib import Path

import pytest
from django.utils.timezone import now

from initiatives.agenda import rows
from initiatives.agenda.models import AgendaVersion, Outcome, State
from initiatives.agenda.tree import Kind
from initiatives.charter.models import Initiative
from measurement.datapackage.exporting import export
from measurement.indicators.kinds import RULES
from measurement.indicators.kinds import Kind as Measured
from measurement.indicators.models import Category, Disaggregation, Indicator, IndicatorVersion, Tier
from measurement.starting.templates import CODES, FOLDER, offered
from tests.measurement.datapackage.packages import bring_in, contents

pytestmark = pytest.mark.django_db
every_template = pytest.mark.parametrize("code", CODES)


def loaded(code: str) -> Initiative:
    return bring_in(FOLDER / code).initiative


def test_every_folder_is_offered_with_a_name_and_a_summary() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == set(CODES)
    assert all(template.name and len(template.summary) > 60 for template in offered())


@every_template
def test_a_template_comes_out_as_it_went_in(code: str, tmp_path: Path) -> None:
    export(initiative=loaded(code), to=tmp_path / "out")

    assert contents(tmp_path / "out") == contents(FOLDER / code)


@every_template
def test_nobody_takes_part_in_a_template_and_nothing_is_reported(code: str) -> None:
    initiative = loaded(code)

    assert not initiative.participations.exists()
    assert (FOLDER / code / "observations.csv").read_text().count("\n") == 1


@every_template
def test_the_draft_of_the_agenda_has_every_text_and_the_tree_that_measures_hang_on(code: str) -> None:
    initiative = loaded(code)

    draft = AgendaVersion.objects.get(initiative=initiative)
    assert draft.state == State.DRAFT
    texts = ("problem", "boundaries", "vision", "measurable_goals", "principles", "learning", "priorities")
    assert all(len(getattr(draft, name)) > 60 for name in texts)
    tree = rows.tree_of(initiative)
    assert [node["code"] for node in draft.tree] == [node.code for node in tree.nodes]
    under = {node.parent for node in tree.nodes}
    assert {node.code for node in tree.nodes if node.kind is not Kind.STRATEGY} <= under
    assert all(node.statement for node in tree.nodes)


@every_template
def test_every_measure_has_a_whole_reference_sheet_that_people_could_have_written(code: str) -> None:
    for version in IndicatorVersion.objects.filter(initiative=loaded(code)):
        version.full_clean()
        for name in ("definition", "inclusion", "source", "method"):
            assert len(getattr(version, name)) > 15, (version.name, name)
        assert version.frequency
        wanted = RULES[Measured(version.kind)]
        assert version.amount_label or not wanted.is_number, version.name
        assert version.base_label or not wanted.has_base, version.name


@every_template
def test_every_outcome_has_a_core_measure_and_every_measure_is_about_something(code: str) -> None:
    initiative = loaded(code)

    for outcome in Outcome.objects.filter(initiative=initiative):
        core = Indicator.objects.filter(outcomeindicator_links__outcome=outcome, tier=Tier.CORE)
        assert core.exists(), outcome.name
    alone = Indicator.objects.filter(
        initiative=initiative,
        outcomeindicator_links=None,
        goalindicator_links=None,
        strategyindicator_links=None,
    )
    assert list(alone) == []


@every_template
def test_every_breakdown_can_say_that_something_is_not_known(code: str) -> None:
    initiative = loaded(code)
    breakdowns = Disaggregation.objects.filter(initiative=initiative)

    assert breakdowns.count() >= 3
    assert Category.objects.filter(disaggregation__in=breakdowns, is_unknown=True).count() == (
        breakdowns.count()
    )


def test_cradle_to_career_follows_the_seven_outcomes() -> None:
    initiative = loaded("cradle-to-career")

    assert [outcome.code for outcome in Outcome.objects.filter(initiative=initiative)] == [
        "kindergarten-readiness",
        "early-grade-reading",
        "middle-grade-math",
        "graduating",
        "going-on",
        "finishing",
        "employment",
    ]


def test_two_templates_can_be_loaded_side_by_side() -> None:
    before = now()
    both = [loaded(code) for code in CODES[:2]]

    assert both[0].pk != both[1].pk
    assert all(initiative.created_at >= before for initiative in both)
