from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone.web.numbers import MAX_DECIMALS, NumberNotRead, format_number, read_number, write_number

LANGUAGES = st.sampled_from(["en", "es", "es-mx"])
STORABLE = st.decimals(
    min_value=Decimal("-99999999999999.999999"),
    max_value=Decimal("99999999999999.999999"),
    places=MAX_DECIMALS,
)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1,234.5", "en", "1234.5"),
        ("1234.5", "en", "1234.5"),
        ("1.234,5", "es", "1234.5"),
        ("1234,5", "es", "1234.5"),
        ("1,234.5", "es-mx", "1234.5"),
        ("1.234", "es", "1234"),
        ("1.234", "en", "1.234"),
        ("1,234,567", "en", "1234567"),
        ("1 234 567.25", "en", "1234567.25"),
        ("1\u00a0234", "en", "1234"),
        ("12\u202f345,6", "es", "12345.6"),
        ("  42  ", "en", "42"),
        ("+7", "en", "7"),
        ("-7", "en", "-7"),
        ("−7", "en", "-7"),
        ("-0", "en", "0"),
        ("0", "en", "0"),
        (".5", "en", "0.5"),
        ("5.", "en", "5"),
        ("007", "en", "7"),
        ("1.5000000000", "en", "1.5"),
        ("99999999999999.999999", "en", "99999999999999.999999"),
    ],
)
def test_a_number_is_read_as_its_writer_means_it(text: str, language: str, value: str) -> None:
    assert str(read_number(text, language=language)) == str(Decimal(value))


@pytest.mark.parametrize(
    ("text", "language", "sentence"),
    [
        ("1.234,5", "en", "“1.234,5” is not a number we can read: write 1234.5."),
        ("1,234.5", "es", "“1,234.5” is not a number we can read: write 1234,5."),
        ("12,5", "en", "“12,5” is not a number we can read: write 12.5."),
        ("1,23", "en", "“1,23” is not a number we can read: write 1.23."),
        ("1,2345", "en", "“1,2345” is not a number we can read: write 1.2345."),
        ("(12)", "en", "“(12)” is not a number we can read: write -12."),
        ("(1.234,5)", "en", "“(1.234,5)” is not a number we can read: write -1234.5."),
        ("12%", "en", "“12%” is not a number we can read: write 12."),
        ("12,5 %", "en", "“12,5 %” is not a number we can read: write 12.5."),
        ("=SUM(A1)", "en", "“=SUM(A1)” is a formula: write the number that it gives."),
        ("+SUM(A1)", "en", "“+SUM(A1)” is a formula: write the number that it gives."),
        ("-A1", "en", "“-A1” is a formula: write the number that it gives."),
        ("@now", "en", "“@now” is a formula: write the number that it gives."),
        ("", "en", "Write a number, such as 1234.5."),
        ("   ", "es", "Write a number, such as 1234,5."),
        ("123456789012345", "en", "The number is too long: at most 14 digits before the decimals."),
        ("0.1234567", "en", "The number has too many decimals: round it to at most 6."),
    ],
)
def test_what_cannot_be_read_is_answered_with_what_to_write(text: str, language: str, sentence: str) -> None:
    with pytest.raises(NumberNotRead) as problem:
        read_number(text, language=language)

    assert problem.value.sentence == sentence


@pytest.mark.parametrize(
    ("text", "language", "sentence"),
    [
        ("1,234", "en", "“1,234”: did you mean 1234 or 1.234?"),
        ("1.234", "en", "“1.234”: did you mean 1234 or 1.234?"),
        ("-12,345", "en", "“-12,345”: did you mean -12345 or -12.345?"),
        ("1.234", "es", "“1.234”: did you mean 1234 or 1,234?"),
        ("1.234,5", "en", "“1.234,5” is not a number we can read: write 1234.5."),
    ],
)
def test_what_comes_from_elsewhere_is_refused_where_it_could_be_two_numbers(
    text: str, language: str, sentence: str
) -> None:
    with pytest.raises(NumberNotRead) as problem:
        read_number(text, language=language, from_elsewhere=True)

    assert problem.value.sentence == sentence


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", "1234"),
        ("1,234,567", "1234567"),
        ("1,234.5", "1234.5"),
        ("1 234", "1234"),
        ("12.5", "12.5"),
        ("0.125", "0.125"),
        ("-0.125", "-0.125"),
        ("1.000", None),
        ("1.0000", "1"),
    ],
)
def test_what_comes_from_elsewhere_is_read_where_it_is_clear(text: str, value: str | None) -> None:
    if value is None:
        with pytest.raises(NumberNotRead, match=r"did you mean 1 or 1000\?"):
            read_number(text, from_elsewhere=True)
    else:
        assert read_number(text, from_elsewhere=True) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        *("NaN", "nan", "sNaN", "Infinity", "-inf", "1e5", "1E5", "0x1F", "1_000", "٣", "１２", "½", "1/2"),
        *("45 %", "45%", "$5", "5 kg", "abc", "-", "+", ".", ",", "--5", "5-", "(5)", "1..2", "1.2.3"),
        *("1,00,000", "12 34", "1 234,567", "1234 567", "1,234 567", "1\t234", "5\n6", "5\x006", "9" * 5000),
    ],
)
def test_nothing_is_guessed(text: str) -> None:
    with pytest.raises(NumberNotRead) as problem:
        read_number(text, language="en")

    assert len(problem.value.sentence) < 130
    assert problem.value.sentence.isprintable()


@given(STORABLE, LANGUAGES)
def test_a_number_written_into_a_field_is_read_back_exactly(value: Decimal, language: str) -> None:
    assert read_number(write_number(value, language=language), language=language) == value


@given(STORABLE, LANGUAGES)
def test_a_number_shown_with_all_its_decimals_is_read_back_exactly(value: Decimal, language: str) -> None:
    assert read_number(format_number(value, MAX_DECIMALS, language=language), language=language) == value


@given(st.text(max_size=100), LANGUAGES)
def test_any_text_is_either_a_finite_number_or_a_sentence(text: str, language: str) -> None:
    assert is_finite_or_a_sentence(text, language)


def is_finite_or_a_sentence(text: str, language: str) -> bool:
    try:
        return read_number(text, language=language).is_finite()
    except NumberNotRead as problem:
        return problem.sentence.endswith(".")


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("2.675", 2, "2.68"),
        ("12.345", 2, "12.35"),
        ("1.2", 0, "1"),
        ("-0.4", 0, "0"),
        ("0", 2, "0.00"),
        ("33.3333333333333333333333333333333333", 1, "33.3"),
        ("2400", 0, "2,400"),
        ("999.999", 2, "1,000.00"),
        ("-1234567.891", 1, "-1,234,567.9"),
        ("1E+3", 0, "1,000"),
        ("123456789012345678901234567890123456.5", 0, "123,456,789,012,345,678,901,234,567,890,123,457"),
    ],
)
def test_a_number_is_rounded_once_half_away_from_zero(value: str, decimals: int, shown: str) -> None:
    assert format_number(Decimal(value), decimals, language="en") == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [("1234.5", "1234,50"), ("12345.678", "12.345,68"), ("-1234567", "-1.234.567,00")],
)
def test_spanish_parts_thousands_by_points_from_five_digits_on(value: str, shown: str) -> None:
    assert format_number(Decimal(value), 2, language="es") == shown


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_never_shown_as_one(value: str) -> None:
    with pytest.raises(ValueError, match="cannot be shown"):
        format_number(Decimal(value), 0)
