"""The report in wiki markup: the one that was looked at, within its limit, and no title ever becomes markup."""

from __future__ import annotations

import html
import re

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from syncbot.report import EVERYTHING, compose, wiki, words
from syncbot.sandbox.datacenter import wiki as far
from tests.report.drawn import ANY_TITLE, BROKEN, GAPS, NASTY, PROJECT, crowd, document
from tests.report.found import ADA, SOURCES, TODAY, card, stated
from tests.report.golden import golden

TAG = re.compile(r"<(/?\w+)[^>]*>")


def seen(text: str) -> str:
    """What a reader sees of a rendered text."""
    return html.unescape(TAG.sub("", text))


def test_the_issue_of_data_center_is_the_one_that_was_looked_at():
    text = wiki.render(document(PROJECT))["description"] + "\n"
    assert text == golden("report.wiki.txt", text)


def test_it_is_drawn_as_it_was_looked_at():
    text = far.html(wiki.render(document(PROJECT))["description"]).replace("</p>", "</p>\n").replace("<li>", "\n<li>")
    assert text + "\n" == golden("report.wiki.html", text + "\n")


def test_an_issue_without_findings_says_so_and_no_more():
    body = wiki.render(compose([], [], SOURCES, PROJECT, today=TODAY))
    assert body["description"].splitlines()[0] == "*No findings.*"
    assert (body["summary"], body["labels"]) == ("Alignment of PAY", ["syncbot-report"])


@pytest.mark.parametrize("title", ["Card", "🚀" * 200, "*_[]{}" * 40])
def test_it_fits_and_leaves_out_the_least_severe(title):
    text = wiki.render(crowd(600, title))["description"]
    assert wiki.LIMIT * 0.9 < len(text.encode("utf-16-le")) / 2 <= wiki.LIMIT
    assert "*WARNING*" not in text
    left = next(line for line in far.html(text).splitlines() if "left out here" in line)
    assert text.count("*ERROR*") + int(re.search(r"([\d,]+) findings left out", left)[1].replace(",", "")) == 1200


SIGNS = st.text(st.sampled_from("\\*_-+^~?{}[]|!@#&;:()<>/%\"' aZ1PD"), max_size=25)


@settings(max_examples=150, deadline=None)
@given(title=ANY_TITLE | SIGNS, person=ANY_TITLE | SIGNS)
@example("\\\\{color:red}x{color} *b* _e_ -s- +u+ ^a^ ~b~ ??c?? {{m}} [x|http://y] !i.png! @ad #1 :) (!) &lt;", "h1. x")
@example("\\*", "&#42;b&#42; http://evil.example mailto:a@b.example \\\\")
@example("{", "[~admin]")
def test_any_title_is_shown_as_it_is_and_adds_no_markup(title, person):
    one = stated("feature-without-owner", card("aa", title), person=msgspec.structs.replace(ADA, name=person))
    drawn = far.html(wiki.render(compose([one], GAPS, BROKEN, PROJECT, today=TODAY))["description"])
    plain = stated("feature-without-owner", card("aa", "Plain"), person=ADA)
    same = far.html(wiki.render(compose([plain], GAPS, BROKEN, PROJECT, today=TODAY))["description"])
    assert f"Nobody owns {words.isolate(words.title(title) or 'aa')}." in seen(drawn)
    assert TAG.findall(drawn) == TAG.findall(same)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain text, 2.0 of well-known snake_case", "plain text, 2.0 of well-known snake_case"),
        ("*a* _b_ -c- +d+", r"\*a\* \_b\_ \-c\- \+d\+"),
        ("[a|b] {c} !d! #1 50%", r"\[a\|b\] \{c\} \!d\! #1 50%"),
        ("C:\\x", "C:&#92;x"),
        ("R&D &amp; http://x.example", "R&D &#38;amp; http&#58;//x.example"),
        ("done :) ;-) :D (x) (see it) a@b.example", r"done :\) ;\-\) &#58;D \(x) (see it) a&#64;b.example"),
    ],
)
def test_signs_are_escaped_and_plain_words_are_left_alone(text, escaped):
    assert wiki.escape(text) == escaped


def test_a_title_links_to_its_item_and_no_address_breaks_out():
    url = "https://x.example/a|b]{c}!d!"
    subject = msgspec.structs.replace(card("aa", "T"), url=url)
    text = wiki.render(
        compose([stated("feature-without-owner", subject)], [], SOURCES, None, today=TODAY, limits=EVERYTHING)
    )
    assert "[T|https://x.example/a%7Cb%5D%7Bc%7D%21d%21]" in text["description"]


def test_the_sandbox_draws_markup_as_jira_does():
    assert far.html("h2. Why\n\n* a *b*\n** c\n* d\n\n----\ne <f>\ng") == (
        "<h2>Why</h2><ul><li>a <strong>b</strong></li><ul><li>c</li></ul><li>d</li></ul><hr><p>e &lt;f&gt;<br>g</p>"
    )
    assert far.html(r"\*a\* [b|https://x.example] {{c}} \(d \e") == (
        '<p>*a* <a href="https://x.example">b</a> <code>c</code> (d \\e</p>'
    )
    assert far.html(NASTY)
