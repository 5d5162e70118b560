import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit import trail
from backbone.audit.models import Event, Seal
from initiatives.charter.models import Initiative
from tests.factories import people


@pytest.fixture
def three_events(initiative: Initiative) -> None:
    for number in range(3):
        trail.record("thing.happened", about=initiative, by=None, at=now(), details={"number": number})


@pytest.mark.usefixtures("three_events")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET verb = 'nothing.happened'",
        "DELETE FROM audit_event",
        "UPDATE audit_seal SET hash = ''",
        "DELETE FROM audit_seal",
    ],
)
def test_the_database_refuses_to_change_or_remove_what_happened(statement: str) -> None:
    trail.seal()

    with pytest.raises(Error, match="Cannot update or delete rows"), transaction.atomic():
        connection.cursor().execute(statement)

    assert trail.verify() is None


@pytest.mark.usefixtures("three_events")
def test_each_event_is_sealed_once_and_the_chain_is_whole() -> None:
    assert trail.seal() == Event.objects.count()
    assert trail.seal() == 0

    assert list(Seal.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3]
    assert trail.verify() is None


@pytest.mark.usefixtures("three_events")
def test_sealing_goes_on_where_it_stopped() -> None:
    trail.seal(at_most=2)
    trail.seal()

    assert Seal.objects.count() == 3
    assert trail.verify() is None


def _behind_the_guards_back(statement: str) -> None:
    """What somebody with the keys to the database could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks outstanding is not altered
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE audit_seal DISABLE TRIGGER USER")
        cursor.execute(statement)


@pytest.mark.usefixtures("three_events")
@pytest.mark.parametrize(
    "change",
    [
        "verb = 'nothing.happened'",
        "at = at - interval '1 day'",
        "about_name = 'Somebody else'",
        "tenant_id = NULL",
        """details = '{"number": 7}'""",
    ],
)
def test_a_changed_event_breaks_the_chain_where_it_was_changed(change: str) -> None:
    trail.seal()
    second = Event.objects.order_by("pk")[1]

    _behind_the_guards_back(f"UPDATE audit_event SET {change} WHERE id = {second.pk}")

    broken = trail.verify()
    assert broken is not None
    assert broken.event_id == second.pk


@pytest.mark.usefixtures("three_events")
def test_a_removed_event_breaks_the_chain() -> None:
    trail.seal()

    _behind_the_guards_back("DELETE FROM audit_seal WHERE position = 2")

    broken = trail.verify()
    assert broken is not None
    assert broken.position == 3


def test_an_event_knows_its_initiative_its_object_and_its_person(initiative: Initiative) -> None:
    person = people.person("Ada")

    trail.record("thing.happened", about=initiative, by=person, at=now())

    event = Event.objects.get(verb="thing.happened")
    assert (event.tenant_id, event.about_type, event.by) == (initiative.pk, "initiatives.initiative", person)


def test_an_event_is_gone_with_the_transaction_that_it_tells_of(initiative: Initiative) -> None:
    class Failed(Exception):
        pass

    def fail() -> None:
        with transaction.atomic():
            trail.record("thing.happened", about=initiative, by=None, at=now())
            raise Failed

    with pytest.raises(Failed):
        fail()

    assert not Event.objects.filter(verb="thing.happened").exists()


def test_who_is_in_the_trail_cannot_be_deleted(initiative: Initiative) -> None:
    person = people.person("Ada")
    trail.record("thing.happened", about=initiative, by=person, at=now())

    with pytest.raises(Error):
        User.objects.filter(pk=person.pk).delete()


@pytest.mark.usefixtures("three_events")
def test_the_whole_trail_can_be_checked_by_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_audit")
    assert "whole: 3 events" in capsys.readouterr().out

    _behind_the_guards_back("DELETE FROM audit_seal WHERE position = 2")

    with pytest.raises(CommandError, match="breaks at seal 3"):
        call_command("verify_audit")
