"""No title becomes markup, and what is sent is what the tool's own schema allows."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings

from syncbot.report import NATIVE, compose, words
from syncbot.report.markdown import escape, inline
from tests.report.drawn import (
    ANY_TITLE,
    BROKEN,
    GAPS,
    PRODUCT,
    PROJECT,
    VALIDATOR,
    document,
    tree,
    words_of,
)
from tests.report.found import ADA, SOURCES, TODAY, card, stated, subject


@settings(max_examples=60)
@given(title=ANY_TITLE, person=ANY_TITLE)
def test_any_title_gives_a_valid_issue_that_shows_it(title, person):
    one = stated("feature-without-owner", card("aa", title), person=msgspec.structs.replace(ADA, name=person))
    body = NATIVE["jira"](compose([one], GAPS, BROKEN, PROJECT, today=TODAY))["description"]
    VALIDATOR.validate(body)
    assert f"Nobody owns {words.isolate(words.title(title) or 'aa')}." in "".join(words_of(body))


@pytest.mark.parametrize("report", [None, PRODUCT, PROJECT])
def test_the_issue_is_valid_by_atlassians_own_schema(report):
    VALIDATOR.validate(NATIVE["jira"](document(report))["description"])


def test_the_schema_refuses_what_jira_refuses():
    empty = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": ""}]}]}
    assert not VALIDATOR.is_valid(empty)


@settings(max_examples=60, deadline=None)
@given(title=ANY_TITLE, person=ANY_TITLE)
def test_any_title_gives_a_valid_task_that_shows_it(title, person):
    one = stated("feature-without-owner", card("aa", title), person=msgspec.structs.replace(ADA, name=person))
    root = tree(NATIVE["asana"](compose([one], [], SOURCES, PRODUCT, today=TODAY)))
    (link,) = root.iter("a")
    assert link.get("href") == "https://trello.com/c/aa"
    assert words.isolate(words.title(title)) in (link.text or "") or not words.title(title)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain text, 2.0 (new)", "plain text, 2.0 (new)"),
        ("*a* _b_ `c` ~d~", r"\*a\* \_b\_ \`c\` \~d\~"),
        ("[a](b) ![c](d)", r"\[a\](b) !\[c\](d)"),
        ("<b> &amp; a|b #1 \\", r"\<b\> \&amp; a\|b \#1 \\"),
        ("1. one", r"1\. one"),
        ("- one", r"\- one"),
        ("+1", r"\+1"),
    ],
)
def test_markdown_shows_titles_as_they_are(text, escaped):
    assert escape(text) == escaped


def test_a_url_cannot_end_its_link():
    one = compose(
        [stated("feature-without-owner", subject("feature", ("roadmap", "5abb"), "a", "A", url="https://x/a)(b<c>"))],
        [],
        SOURCES,
        None,
        today=TODAY,
    )
    assert inline(one.groups[0].lines[0].pieces[0].text) == "Nobody owns [A](https://x/a%29%28b%3Cc%3E)."
