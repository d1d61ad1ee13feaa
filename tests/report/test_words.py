"""Text of strangers becomes one clean line of bounded length, in every script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncbot.report import words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Retry cards", "Retry cards"),
        ("  two\n\nlines\tand a tab \r", "two lines and a tab"),
        ("bell\a, null\0, escape\x1b[31m, delete\x7f", "bell, null, escape[31m, delete"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}reversed\N{POP DIRECTIONAL FORMATTING}", "reversed"),
        ("line\N{LINE SEPARATOR}and paragraph\N{PARAGRAPH SEPARATOR}", "line and paragraph"),
        ("zero\N{ZERO WIDTH SPACE}width \ufeffmark", "zerowidth mark"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("👩\N{ZERO WIDTH JOINER}🚀 naïve café", "👩\N{ZERO WIDTH JOINER}🚀 naïve café"),
        ("دفع فوري", "دفع فوري"),
        ("<b>bold</b> [link](x) {title}", "<b>bold</b> [link](x) {title}"),
        ("\n \t", ""),
    ],
)
def test_a_title_is_one_clean_line(text, shown):
    assert words.title(text) == shown


def test_a_long_title_is_cut_and_says_so():
    assert words.title("x" * 16_000) == "x" * (words.TITLE - 1) + "…"
    assert words.title("x" * words.TITLE) == "x" * words.TITLE


def test_no_letter_loses_its_accent_and_no_emoji_is_split_where_a_title_is_cut():
    accented = "e\N{COMBINING ACUTE ACCENT}"
    assert words.clean(accented * 50, 10) == accented * 4 + "…"
    family = "👩\N{ZERO WIDTH JOINER}👩\N{ZERO WIDTH JOINER}👧"
    assert words.clean(f"abcde{family}", 9) == "abcde…"


@given(st.text(max_size=400), st.integers(min_value=1, max_value=300))
def test_any_text_becomes_one_encodable_line_within_its_length(text, limit):
    shown = words.clean(text, limit)
    assert len(shown) <= limit
    assert len(shown.encode().decode().splitlines()) <= 1
    assert words.clean(shown, limit) == shown


def test_right_to_left_text_is_shut_in_and_other_text_left_alone():
    assert words.isolate("דחוף: refunds") == "\N{FIRST STRONG ISOLATE}דחוף: refunds\N{POP DIRECTIONAL ISOLATE}"
    assert words.isolate("refunds 2.0 🚀") == "refunds 2.0 🚀"


@pytest.mark.parametrize("url", ["https://x.example/browse/PAY-1", "http://127.0.0.1:8080/c/a?b=c#d"])
def test_a_report_links_to_the_web(url):
    assert words.link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "javascript://x.example/%0aalert(1)",
        "ftp://x.example/y",
        "",
        "/relative",
        "https://",
        "https://x/a b",
        "https://x/\n",
        "https://[x",
        "https://x/" + "y" * 2000,
    ],
)
def test_a_report_links_to_nothing_else(url):
    assert words.link(url) is None


def test_dates_are_written_as_people_write_them():
    assert words.day("2026-11-02") == "2 Nov 2026"
