"""The terminal: within its width, words as they are, in colour only where that is wanted."""

from __future__ import annotations

import io

from rich.console import Console

from syncbot.report import compose, terminal
from tests.report.drawn import (
    crowd,
    document,
    shown,
)
from tests.report.found import ADA, SOURCES, TODAY, card, stated
from tests.report.golden import golden


def test_the_terminal_shows_what_was_looked_at():
    text = shown(document(None))
    assert text == golden("report.txt", text)


def test_sentences_keep_within_the_width_and_links_are_never_broken():
    text = shown(document(None))
    assert [line for line in text.splitlines() if len(line) > 80 and "https://" not in line] == []
    for url in ("https://trello.com/c/AbCd1234", "https://x.example/browse/PAY-12"):
        assert url in text


def test_a_short_report_is_a_short_text():
    one = compose([stated("feature-without-owner", card("aa", "Refunds"), person=ADA)], [], SOURCES, None, today=TODAY)
    assert (
        shown(one)
        == """\
Alignment report, 23 Nov 2026
1 finding: 1 error. 1 new.

Ada Park (1)
  error    Nobody owns “Refunds”.
  d8a32fc3 feature-without-owner  https://trello.com/c/aa

What to do: syncbot rules show RULE. Why it is so: syncbot explain ID
"""
    )


def test_titles_are_no_rich_markup():
    one = compose(
        [stated("feature-without-owner", card("aa", "[red]hot[/red] [/] :smile: [link=x]"))],
        [],
        SOURCES,
        None,
        today=TODAY,
    )
    assert "Nobody owns “[red]hot[/red] [/] :smile: [link=x]”." in shown(one)


def test_colours_are_for_terminals_that_want_them(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[31merror" in shown(document(None), force_terminal=True, color_system="standard")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[31m" not in shown(document(None), force_terminal=True, color_system="standard")
    assert "\x1b" not in shown(document(None))


def test_a_narrow_terminal_is_no_reason_to_fail():
    console = Console(file=io.StringIO(), width=12)
    terminal.show(document(None), console)
    assert "Nobody owns “Instant" in console.file.getvalue()


def test_forty_of_the_worst_are_drawn_and_the_others_are_counted():
    text = shown(crowd(30))
    assert text.count("Nobody owns") == 30
    assert text.count("is under way") == 10
    assert "  and 20 more findings: syncbot report --all" in text.split("\n")
    assert shown(crowd(30), lines=None).count("is under way") == 30
    gone = shown(crowd(45))
    assert (gone.count("Nobody owns"), gone.count("is under way")) == (40, 0)
    assert "and 50 more findings: syncbot report --all" in gone.split("\n")
