import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from backbone.web.dates import age_of_day, age_of_moment, long_date, month_year
from backbone.web.markdown import render_markdown
from backbone.web.templatetags import figures

TODAY = date(2026, 4, 15)
NOW = datetime(2026, 4, 15, 14, 2, tzinfo=UTC)


def test_markdown_becomes_plain_html() -> None:
    assert render_markdown("It *rose*, **much**.") == "<p>It <em>rose</em>, <strong>much</strong>.</p>\n"


def test_headings_of_a_text_start_below_those_of_its_page() -> None:
    assert re.findall(r"<(h\d)>", render_markdown("# One\n\n## Two\n\n###### Six")) == ["h3", "h4", "h6"]
    assert re.findall(r"<(h\d)>", render_markdown("### Three\n\n#### Four")) == ["h3", "h4"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://elsewhere.example/pixel.png)",
        "<p style='position:fixed' onclick='x()'>",
        "[x]( https://a.example \"' onmouseover='x()\")",
        '<https://a.example/"onclick=x()>',
    ],
)
def test_nothing_that_acts_survives_in_a_text(text: str) -> None:
    html = render_markdown(text)

    assert_harmless(html)


@given(st.text(alphabet="<>[]()!\"'/=:&;#`*_ \nabjscript:onload", max_size=80))
def test_no_text_gives_tags_or_addresses_that_act(text: str) -> None:
    assert_harmless(render_markdown(text))


def assert_harmless(html: str) -> None:
    tags = re.findall(r"<[a-z][^>]*>", html)
    assert not [tag for tag in tags if re.match(r"<(script|img|style|iframe|svg|input|form)", tag)]
    assert not [tag for tag in tags if re.search(r"\s(on\w+|style|src)=", re.sub(r'"[^"]*"', '""', tag))]
    assert not re.search(r'href="(?!https?:|mailto:|[^:"]*")', html)


def test_dates_are_written_out_in_the_language_of_the_reader() -> None:
    assert (long_date(TODAY), month_year(TODAY)) == ("15 April 2026", "April 2026")
    with override("es"):
        assert (long_date(TODAY), month_year(TODAY)) == ("15 de abril de 2026", "abril de 2026")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-3, "today"),
        (0, "today"),
        (1, "yesterday"),
        (2, "2 days ago"),
        (14, "14 days ago"),
        (15, "2 weeks ago"),
        (60, "8 weeks ago"),
        (61, "2 months ago"),
        (365, "11 months ago"),
        (731, "2 years ago"),
    ],
)
def test_the_age_of_a_day_in_words(days: int, words: str) -> None:
    assert age_of_day(TODAY - timedelta(days=days), today=TODAY) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-5, "just now"),
        (0, "just now"),
        (1, "1 minute ago"),
        (59, "59 minutes ago"),
        (60, "1 hour ago"),
        (23 * 60 + 59, "23 hours ago"),
        (24 * 60, "yesterday"),
        (72 * 60, "3 days ago"),
    ],
)
def test_the_age_of_a_moment_in_words(minutes: int, words: str) -> None:
    assert age_of_moment(NOW - timedelta(minutes=minutes), now=NOW) == words


def test_what_is_not_known_is_a_dash_without_unit_and_never_0() -> None:
    assert figures.unit(figures.number(None), "%") == "–"
    assert figures.percent(None) == "–"
    assert figures.number(Decimal("NaN")) == "–"
    assert figures.number(0) == "0"


def test_a_number_and_its_unit_stay_on_one_line() -> None:
    assert figures.percent(Decimal(84) / Decimal(160), 1) == "52.5\u00a0%"
    assert figures.unit(figures.number(Decimal(1204)), "people") == "1,204\u00a0people"
