"""The two commands, as somebody types them."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from initiatives.charter.models import Initiative
from tests.measurement.datapackage.packages import contents, spoil

pytestmark = pytest.mark.django_db


def test_a_package_is_loaded_and_exported(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_package", str(package))
    said = capsys.readouterr().out
    assert "observations: 18 new" in said
    assert "Checking" in said

    call_command("export_package", "small", str(tmp_path / "out"))

    assert contents(tmp_path / "out") == contents(package)


def test_loading_again_says_that_nothing_is_new(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_package", str(package))
    capsys.readouterr()

    call_command("load_package", str(package))

    assert capsys.readouterr().out.splitlines()[-1] == "small: 0 new rows"


def test_it_can_be_loaded_under_another_address(package: Path) -> None:
    call_command("load_package", str(package), "--rename", "other", verbosity=0)

    assert Initiative.objects.get().slug == "other"


def test_problems_are_listed_and_nothing_is_loaded(package: Path) -> None:
    spoil(package, "groups.csv", lambda text: text.replace("place", "planet"))

    with pytest.raises(
        CommandError, match=r"groups.csv, row 2, column “kind”: .*\n?Nothing was loaded"
    ) as refused:
        call_command("load_package", str(package))

    assert refused.value.returncode == 1
    assert not Initiative.objects.exists()


def test_an_initiative_that_is_not_there_cannot_be_exported(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no initiative"):
        call_command("export_package", "nowhere", str(tmp_path / "out"))


def test_an_export_that_cannot_be_written_is_refused(package: Path, tmp_path: Path) -> None:
    call_command("load_package", str(package))
    (tmp_path / "a-file").write_text("mine")

    with pytest.raises(CommandError, match="is a file"):
        call_command("export_package", "small", str(tmp_path / "a-file"))
