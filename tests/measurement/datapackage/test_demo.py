"""The demo: real figures as they are, and something to do for everybody."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.charter.models import GroupMember, Initiative, Participation, PartnerGroup
from initiatives.partners.models import Membership
from measurement.calendars.models import ReportingPeriod
from measurement.datapackage import demo
from measurement.datapackage.exporting import export
from measurement.datapackage.loading import load
from measurement.rollups.models import Cell
from measurement.submissions.models import CurrentFigure, DirtyKey, Observation, Submission
from tests.measurement.datapackage.packages import contents

pytestmark = pytest.mark.django_db


def _share(initiative: Initiative, code: str, period: str) -> Decimal:
    cell = Cell.objects.get(
        initiative=initiative, indicator__code=code, period__code=period, group=None, category=None
    )
    assert cell.amount is not None
    assert cell.base
    return Decimal(round(cell.amount / cell.base, 2))


def test_the_real_data_is_there_as_it_is_and_comes_out_as_it_went_in(tmp_path: Path) -> None:
    michigan = load(place=demo.PACKAGE, by=None, at=now()).initiative

    assert _share(michigan, "math-grade-4", "1991-92") == Decimal("35.93")
    assert _share(michigan, "math-grade-4", "1997-98") == Decimal("74.57")
    assert Participation.objects.filter(initiative=michigan, side="partner").count() == 550
    assert PartnerGroup.objects.filter(initiative=michigan).count() == 57
    assert GroupMember.objects.filter(initiative=michigan).count() == 550
    figures = CurrentFigure.objects.filter(initiative=michigan)
    assert figures.count() == 26_950
    assert figures.filter(status="missing").count() == 211 + 84 + 24
    values = {
        code: [f.amount / f.base for f in figures.filter(indicator__code=code, status="reported")]
        for code in ("graduation", "dropout")
    }
    assert sum(value > 100 for value in values["graduation"]) == 126
    assert max(values["graduation"]) == Decimal("2570.3999")
    assert sum(value < 0 for value in values["dropout"]) == 105

    export(initiative=michigan, to=tmp_path / "again", people=True)

    shipped = contents(demo.PACKAGE)
    del shipped["README.md"]
    assert contents(tmp_path / "again") == shipped


def test_every_role_can_sign_in_and_finds_something_to_do(
    settings: object, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]

    call_command("load_demo")

    printed = capsys.readouterr()
    said = printed.out
    assert said.startswith("Sign in as one of these people.")
    assert "Storing" in printed.err
    held = Membership.objects.filter(person__email__in=[it.email for it in demo.sign_ins()])
    assert set(held.values_list("role", flat=True)) == {role.value for role in Role}
    for person in User.objects.all():
        assert "(fictitious)" in person.name
        assert person.email in said
        assert person.check_password(demo.PASSWORD)
    states = Submission.objects.filter(expected_report__period__code="1998-99")
    assert sorted(states.values_list("status", flat=True)) == [
        *("approved", "approved", "approved"),
        *("draft", "returned", "submitted"),
    ]
    assert DirtyKey.objects.count() == 0
    _what_is_made_up_says_so()
    _loading_again_only_says_who_can_sign_in(capsys)


def _what_is_made_up_says_so() -> None:
    made_up = Observation.objects.filter(period__code="1998-99")
    assert made_up.count() == 33
    assert all("ictitious" in it.note for it in made_up if not it.derived)
    returned = Submission.objects.get(status="returned")
    assert "fictitious" in returned.messages.get().body
    # Nothing is invented for years that are real.
    assert not Observation.objects.exclude(category=None).exclude(period__code="1998-99").exists()
    year = ReportingPeriod.objects.get(code="1998-99")
    assert date.today() < year.due_on <= date.today() + timedelta(days=16)  # noqa: DTZ011 - a day more or less is fine


def _loading_again_only_says_who_can_sign_in(capsys: pytest.CaptureFixture[str]) -> None:
    before = Observation.objects.count()

    call_command("load_demo")

    again = capsys.readouterr()
    assert "loaded already" in again.err
    assert all(it.email in again.out for it in demo.sign_ins())
    assert Observation.objects.count() == before


def test_the_demo_is_refused_elsewhere(settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]

    with pytest.raises(CommandError, match="no demo"):
        call_command("load_demo")
    assert not Initiative.objects.exists()
