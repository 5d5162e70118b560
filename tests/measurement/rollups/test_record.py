"""A record combines in any order and any batches, and a missing figure never changes a sum."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from measurement.indicators.kinds import Kind
from measurement.rollups.kinds import Standing, standing, value
from measurement.rollups.record import NOTHING, Record, combine, record_of
from measurement.submissions.status import WITH_VALUE, FigureStatus

START = datetime(2026, 1, 1, tzinfo=UTC)
amounts = st.decimals(min_value=0, max_value=10**12, places=6)


@st.composite
def records(draw: st.DrawFn) -> Record:
    status = draw(st.sampled_from(FigureStatus))
    if status not in WITH_VALUE:
        return record_of(status)
    base = draw(st.none() | amounts)
    levels = draw(st.none() | st.lists(amounts, min_size=1, max_size=4))
    return record_of(
        status,
        amount=draw(amounts),
        base=base,
        squares=draw(st.none() | amounts) if base is not None else None,
        levels=levels,
        on_time=draw(st.booleans()),
        recorded_at=START + timedelta(seconds=draw(st.integers(0, 10**6))),
    )


many = st.lists(records(), max_size=12)


@given(many, st.randoms(use_true_random=False))
def test_the_order_of_figures_changes_nothing(figures: list[Record], chance: object) -> None:
    shuffled = list(figures)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert combine(shuffled) == combine(figures)


@given(many, many)
def test_batches_change_nothing(one: list[Record], other: list[Record]) -> None:
    assert combine(one) + combine(other) == combine(one + other)


@given(many)
def test_a_missing_figure_changes_no_sum(figures: list[Record]) -> None:
    with_missing = combine([*figures, record_of(FigureStatus.MISSING)])
    without = combine(figures)
    assert (with_missing.amount, with_missing.base) == (without.amount, without.base)
    assert with_missing.expected == without.expected + 1


@given(st.lists(st.tuples(amounts, amounts.filter(bool)), min_size=1, max_size=10))
def test_a_share_lies_within_the_shares_of_its_members(pairs: list[tuple[Decimal, Decimal]]) -> None:
    whole = combine(record_of(FigureStatus.REPORTED, amount=n, base=d) for n, d in pairs)
    assert whole.amount is not None
    assert whole.base is not None
    share = Fraction(whole.amount) / Fraction(whole.base)
    members = [Fraction(n) / Fraction(d) for n, d in pairs]
    assert min(members) <= share <= max(members)
    assert abs(Fraction(value(Kind.RATIO, whole) or 0) - share) <= share / 10**50


def test_nothing_reported_is_no_value_and_not_zero() -> None:
    assert value(Kind.FLOW, NOTHING) is None
    assert value(Kind.FLOW, record_of(FigureStatus.MISSING)) is None
    assert value(Kind.FLOW, record_of(FigureStatus.REPORTED, amount=Decimal(0))) == 0


def test_three_times_four_tenths_is_rounded_once() -> None:
    """Example 12: 1.2 shows as 1, not as three times 0."""
    whole = combine([record_of(FigureStatus.REPORTED, amount=Decimal("0.4"))] * 3)
    assert value(Kind.FLOW, whole) == Decimal("1.2")


def test_a_figure_is_partial_below_the_threshold_and_final_only_when_due() -> None:
    two_of_five = combine(
        [record_of(FigureStatus.REPORTED, amount=Decimal(1))] * 2 + [record_of(FigureStatus.MISSING)] * 3
    )
    four_of_five = combine(
        [record_of(FigureStatus.REPORTED, amount=Decimal(1))] * 4 + [record_of(FigureStatus.MISSING)]
    )
    share = Decimal("0.80")
    assert standing(two_of_five, final_at=share, is_past_due=True) is Standing.PARTIAL
    assert standing(four_of_five, final_at=share, is_past_due=False) is Standing.PROVISIONAL
    assert standing(four_of_five, final_at=share, is_past_due=True) is Standing.FINAL
    assert standing(NOTHING, final_at=share, is_past_due=True) is Standing.NOTHING


def test_a_figure_is_partial_while_most_of_the_volume_is_out_however_many_are_in() -> None:
    nine_of_ten = combine(
        [record_of(FigureStatus.REPORTED, amount=Decimal(1))] * 9 + [record_of(FigureStatus.MISSING)]
    )
    share = Decimal("0.80")

    def stands(volume: Decimal | None) -> Standing:
        return standing(nine_of_ten, final_at=share, is_past_due=True, volume=volume)

    assert stands(Decimal("0.7999")) is Standing.PARTIAL
    assert stands(share) is Standing.FINAL
    assert stands(None) is Standing.FINAL
    assert standing(NOTHING, final_at=share, is_past_due=True, volume=Decimal(1)) is Standing.NOTHING
