"""Did the rates change, or who was counted?"""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from measurement.judgement.mix import Mix, decompose
from measurement.judgement.ratios import Ratio
from measurement.judgement.reasons import Reason
from tests.measurement.judgement.showing import half_up

TINY = Decimal("1e-24")


def of(hits: int, cases: int) -> Ratio:
    return Ratio(Decimal(hits), Decimal(cases))


def compared(mix: Mix) -> tuple[Decimal, Decimal, Decimal]:
    assert mix.change is not None
    assert mix.by_rates is not None
    assert mix.by_mix is not None
    return mix.change, mix.by_rates, mix.by_mix


proportions = st.integers(0, 500).flatmap(lambda cases: st.builds(of, st.integers(0, cases), st.just(cases)))
groups = st.dictionaries(st.sampled_from("ABCDE"), proportions).filter(
    lambda parts: any(part.denominator for part in parts.values())
)


def test_both_partners_rose_and_the_total_fell_because_of_who_was_counted() -> None:
    """Example 2."""
    mix = decompose({"A": of(80, 100), "B": of(10, 50)}, {"A": of(18, 20), "B": of(45, 180)})
    change, by_rates, by_mix = compared(mix)

    assert mix.before == Decimal("0.6")
    assert mix.after == Decimal("0.315")
    assert change == Decimal("-0.285")
    assert half_up(by_rates * 100, 4) == Decimal("6.9167")
    assert half_up(by_mix * 100, 4) == Decimal("-35.4167")


def test_a_partner_that_comes_changes_the_mix_and_no_rate() -> None:
    change, by_rates, by_mix = compared(decompose({"A": of(50, 100)}, {"A": of(50, 100), "B": of(100, 100)}))

    assert (change, by_rates, by_mix) == (Decimal("0.25"), Decimal(0), Decimal("0.25"))


def test_a_partner_that_leaves_changes_the_mix_and_no_rate() -> None:
    change, by_rates, by_mix = compared(
        decompose({"A": of(50, 100), "B": of(100, 100)}, {"A": of(50, 100), "B": of(0, 0)})
    )

    assert (change, by_rates, by_mix) == (Decimal("-0.25"), Decimal(0), Decimal("-0.25"))


def test_where_one_side_has_no_case_nothing_is_compared() -> None:
    assert decompose({}, {"A": of(1, 2)}) == Mix(reason=Reason.NO_VALUE)
    assert decompose({"A": of(1, 2)}, {"A": of(0, 0)}) == Mix(reason=Reason.NO_VALUE)


@given(before=groups, after=groups)
def test_rates_and_mix_together_are_the_whole_change(
    before: dict[str, Ratio], after: dict[str, Ratio]
) -> None:
    change, by_rates, by_mix = compared(decompose(before, after))

    assert abs(by_rates + by_mix - change) < TINY


@given(before=groups, after=groups)
def test_looking_back_in_time_turns_every_part_round(
    before: dict[str, Ratio], after: dict[str, Ratio]
) -> None:
    forwards, backwards = compared(decompose(before, after)), compared(decompose(after, before))

    assert all(abs(one + other) < TINY for one, other in zip(forwards, backwards, strict=True))


@given(before=groups, times=st.integers(1, 9))
def test_the_same_mix_of_more_people_is_no_change_of_mix(before: dict[str, Ratio], times: int) -> None:
    after = {key: Ratio(part.numerator * times, part.denominator * times) for key, part in before.items()}

    assert all(abs(part) < TINY for part in compared(decompose(before, after)))
