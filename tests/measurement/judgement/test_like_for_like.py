"""The change among the partners present in both periods."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from measurement.judgement.like_for_like import compare_ratios, compare_sums
from measurement.judgement.ratios import Ratio
from measurement.judgement.reasons import Reason

figures = st.dictionaries(st.sampled_from("ABCDEFGH"), st.none() | st.decimals(-(10**6), 10**6, places=2))


def of(hits: int, cases: int) -> Ratio:
    return Ratio(Decimal(hits), Decimal(cases))


def test_a_partner_that_has_not_reported_yet_never_looks_like_a_decline() -> None:
    """Example 22."""
    found = compare_sums(
        {"A": Decimal(100), "B": Decimal(50), "C": Decimal(30)},
        {"A": Decimal(110), "B": None, "C": Decimal(33)},
    )

    assert (found.before, found.after, found.change) == (Decimal(130), Decimal(143), Decimal(13))
    assert found.relative == Decimal("0.10")
    assert found.partners == ("A", "C")
    assert found.left_out == ("B",)


def test_zero_is_a_value_and_a_partner_who_reports_it_is_compared() -> None:
    found = compare_sums({"A": Decimal(10), "B": Decimal(0)}, {"A": Decimal(0), "B": Decimal(5)})

    assert found.partners == ("A", "B")
    assert (found.before, found.after) == (Decimal(10), Decimal(5))


def test_a_change_from_nothing_has_no_percentage() -> None:
    found = compare_sums({"A": Decimal(0)}, {"A": Decimal(5)})

    assert found.change == 5
    assert found.relative is None


def test_less_of_a_loss_is_a_rise() -> None:
    found = compare_sums({"A": Decimal(-10)}, {"A": Decimal(-5)})

    assert found.relative == Decimal("0.5")


def test_without_a_common_partner_nothing_is_compared() -> None:
    found = compare_sums({"A": Decimal(1), "B": None}, {"A": None, "C": Decimal(2)})

    assert found.reason is Reason.NO_VALUE
    assert found.left_out == ("A", "C")
    assert found.change is None


def test_ratios_are_compared_by_their_parts() -> None:
    found = compare_ratios(
        {"A": of(45, 50), "B": of(30, 100), "C": of(9, 10)},
        {"A": of(48, 50), "B": of(36, 100), "C": None, "D": of(1, 1)},
    )

    assert (found.before, found.after, found.change) == (Decimal("0.5"), Decimal("0.56"), Decimal("0.06"))
    assert found.relative == Decimal("0.12")
    assert found.left_out == ("C", "D")


def test_ratios_of_nobody_are_not_compared() -> None:
    found = compare_ratios({"A": of(0, 0)}, {"A": of(5, 10)})

    assert found.reason is Reason.NO_VALUE
    assert found.partners == ("A",)


@given(before=figures, after=figures)
def test_what_one_period_lacks_counts_in_neither(
    before: dict[str, Decimal | None], after: dict[str, Decimal | None]
) -> None:
    found = compare_sums(before, after)
    common = {key for key in before.keys() & after.keys() if None not in (before[key], after[key])}

    assert set(found.partners) == common
    assert not common & set(found.left_out)
    assert found == compare_sums(
        {key: value for key, value in before.items() if key in common or key in found.left_out},
        {key: value for key, value in after.items() if key in common or key in found.left_out},
    )
    if common:
        assert found.change == sum((after[key] or 0) - (before[key] or 0) for key in common)


@given(before=figures, after=figures, late=st.decimals(0, 10**6, places=2))
def test_one_more_partner_in_one_period_changes_nothing(
    before: dict[str, Decimal | None], after: dict[str, Decimal | None], late: Decimal
) -> None:
    with_late = compare_sums({**before, "late": late}, after)
    without = compare_sums(before, after)

    assert (with_late.before, with_late.after, with_late.change) == (
        without.before,
        without.after,
        without.change,
    )
