"""The finding in a sentence."""

from decimal import Decimal

import pytest

from measurement.charts.words import Count, Movement, Verdict, finding
from measurement.judgement.reasons import Polarity


def moved(
    earlier: str | None,
    latest: str | None,
    polarity: Polarity = Polarity.HIGHER,
    *,
    unit: str = "%",
    decimals: int = 0,
) -> Movement:
    return Movement(
        latest=None if latest is None else Decimal(latest),
        earlier=None if earlier is None else Decimal(earlier),
        since="2025",
        unit=unit,
        decimals=decimals,
        polarity=polarity,
    )


def said(movement: Movement, verdict: Verdict | None = None, **counts: Count) -> str:
    return finding(movement, verdict, **counts).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("earlier", "latest", "polarity", "verdict", "sentence"),
    [
        ("52", "57", Polarity.HIGHER, Verdict.IMPROVED, "Up from 52 % to 57 % since 2025; more than chance"),
        (
            "57",
            "52",
            Polarity.HIGHER,
            Verdict.WORSENED,
            "Down from 57 % to 52 % since 2025, the wrong way; more than chance",
        ),
        (
            "30",
            "27",
            Polarity.LOWER,
            Verdict.IMPROVED,
            "Down from 30 % to 27 % since 2025, the right way; more than chance",
        ),
        (
            "27",
            "30",
            Polarity.LOWER,
            Verdict.WORSENED,
            "Up from 27 % to 30 % since 2025, the wrong way; more than chance",
        ),
        ("52", "57", Polarity.NEUTRAL, None, "Up from 52 % to 57 % since 2025"),
        ("57", "52", Polarity.NEUTRAL, None, "Down from 57 % to 52 % since 2025"),
        (
            "52",
            "54",
            Polarity.HIGHER,
            Verdict.NO_CLEAR_CHANGE,
            "From 52 % to 54 % since 2025: no clear change",
        ),
        ("54", "54", Polarity.HIGHER, Verdict.NO_CLEAR_CHANGE, "54 %, the same as in 2025: no clear change"),
        ("54.4", "53.6", Polarity.HIGHER, None, "54 %, the same as in 2025"),
        (None, "54", Polarity.HIGHER, Verdict.IMPROVED, "54 %, the first figure"),
        (None, None, Polarity.HIGHER, Verdict.IMPROVED, "No figures yet"),
        ("52", "57", Polarity.HIGHER, Verdict.TOO_SMALL, "Too small to tell"),
    ],
)
def test_a_movement_is_told_with_its_verdict(
    earlier: str | None, latest: str | None, polarity: Polarity, verdict: Verdict | None, sentence: str
) -> None:
    assert said(moved(earlier, latest, polarity), verdict) == sentence


def test_half_a_total_is_never_told_as_a_movement() -> None:
    assert said(moved("52", "20"), Verdict.PARTIAL, partners=Count(2, 5)) == "Partial: 2 of 5 partners"
    assert said(moved("52", "20"), Verdict.PARTIAL, partners=Count(0, 1)) == "Partial: 0 of 1 partner"
    assert said(moved("52", None), Verdict.PARTIAL) == "Partial: not all partners are in yet"


def test_too_early_says_what_is_missing() -> None:
    assert (
        said(moved("52", "57"), Verdict.TOO_EARLY, periods=Count(1, 2)) == "Too early to say: 1 of 2 periods"
    )
    assert said(moved("52", "57"), Verdict.TOO_EARLY) == "Too early to say"


def test_values_carry_their_unit_and_are_rounded_once() -> None:
    sentence = said(moved("1203.5", "2500000", unit="people"))

    assert sentence == "Up from 1,204 people to 2.5 million people since 2025"


def test_a_per_cent_sign_in_a_name_does_no_harm() -> None:
    movement = Movement(latest=Decimal(2), earlier=Decimal(1), since="100%(x)s", unit="%s")

    assert said(movement) == "Up from 1 %s to 2 %s since 100%(x)s"
