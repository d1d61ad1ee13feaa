"""The page for people: whole in one file, safe whatever titles say, and the same bytes for the same findings."""

from __future__ import annotations

import random
import re
from base64 import b64encode
from collections import Counter
from hashlib import sha256
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

import msgspec
import pytest
from hypothesis import given, settings
from tinyhtml5.parser import HTMLParser

from syncbot.model import Evidence, Person, Report, Stated
from syncbot.report import EVERYTHING, compose, html, words
from syncbot.report.document import About
from syncbot.report.material import Chain, Load, Material, Stages, Waiting, Week
from syncbot.report.pictures import Pictures, pictures
from tests.report.drawn import ANY_TITLE, BROKEN, GAPS, PRODUCT, company, crowd
from tests.report.found import ABOUT, ADA, SOURCES, TODAY, card, issue, sprint, stated, subject
from tests.report.golden import golden
from tests.report.scene import MATERIAL

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def findings() -> list[Stated]:
    """The company's, with those that the pictures show."""
    overloaded = Evidence("40 h planned, 32 h to give.", {"week_on": "2026-11-23"})
    ada = subject("person", ("", ""), "ada", "Ada Park", url="")
    return [
        *company(),
        stated("person-overloaded", msgspec.structs.replace(ada, id=1), person=ADA, evidence=(overloaded,)),
        stated("status-drift", card("PayByL1n", "Pay by link"), other=issue("PAY-12", "Hosted checkout"), person=ADA),
    ]


def page(
    report: Report | None = None,
    *,
    found: list[Any] | None = None,
    material: Material = MATERIAL,
    **more: Any,
) -> str:
    found = findings() if found is None else found
    document = compose(found, GAPS, BROKEN, report, today=TODAY, about=ABOUT)
    return html.render(document, pictures(material, found, SOURCES, report), **more)


def parsed(text: str) -> Element:
    """The page as a browser reads it, which must find nothing to forgive."""
    parser = HTMLParser(namespace_html_elements=False)
    root = parser.parse(text)
    assert parser.errors == []
    return root


def nodes(root: Element) -> list[Element]:
    return [one for one in root.iter() if isinstance(one.tag, str)]


def text_of(root: Element) -> str:
    return "".join(root.itertext())


def test_the_page_is_the_one_that_was_looked_at():
    text = page()
    assert text == golden("report.html", text)


def test_the_order_of_what_comes_in_does_not_matter():
    found, shuffled = findings(), random.Random(4)
    shuffled.shuffle(found)
    mixed = {name: getattr(MATERIAL, name) for name in ("loads", "weeks", "stages")}
    mixed = {name: tuple(shuffled.sample(rows, len(rows))) for name, rows in mixed.items()}
    assert page(found=found, material=msgspec.structs.replace(MATERIAL, **mixed)) == page()


# For everyone ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("report", [None, PRODUCT, Report("delivery", "PAY", covers=("*",), names=False)])
def test_the_page_has_the_structure_that_screen_readers_and_keyboards_need(report):
    root = parsed(page(report))
    everything = nodes(root)
    ids = [one.attrib["id"] for one in everything if "id" in one.attrib]
    assert len(ids) == len(set(ids))
    pointed = [one.attrib["href"][1:] for one in everything if one.attrib.get("href", "").startswith("#")]
    pointed += [one.attrib["aria-labelledby"] for one in everything if "aria-labelledby" in one.attrib]
    assert set(pointed) <= set(ids)
    levels = [HEADINGS.index(one.tag) for one in everything if one.tag in HEADINGS]
    assert levels[0] == 0
    assert levels.count(0) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert (root.attrib["lang"], root.attrib["dir"]) == ("en", "ltr")
    assert {"header", "nav", "main", "footer"} <= {one.tag for one in everything}
    assert all("scope" in one.attrib for one in everything if one.tag == "th")
    assert all(text_of(one).strip() for one in everything if one.tag in {"a", *HEADINGS, "summary", "th"})


def test_each_chart_says_what_it_is_and_has_its_numbers_in_a_table():
    root = parsed(page())
    charts = [one for one in nodes(root) if one.attrib.get("role") == "img"]
    assert len(charts) == 3
    assert all(one.attrib["aria-label"] for one in charts)
    figures = [one for one in nodes(root) if one.tag == "figure" and one.find(".//div[@role='img']") is not None]
    assert [len(one.findall(".//table")) >= 1 for one in figures] == [True] * 3
    table = text_of(figures[0].find(".//table"))
    for said in ("PAY Sprint 24", "47 of 40 points", "118%", "no capacity is known", "2 more without an estimate"):
        assert said in table


def contrast(one: str, other: str) -> float:
    """As WCAG 2 counts it: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    lights = []
    for colour in (one, other):
        digits = "".join(digit * 2 for digit in colour) if len(colour) == 3 else colour
        parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_all_text_stands_out_from_what_is_behind_it(scheme):
    style = re.findall(r":root \{(.*?)\}", page(), flags=re.DOTALL)[scheme]
    colour = dict(re.findall(r"--([\w-]+): #(\w+);", style))
    texts = [(ink, behind) for ink in ("ink", "muted", "link") for behind in ("page", "card")]
    texts += [(f"{one}-ink", f"{one}-tint") for one in ("error", "warning", "info")]
    texts += [("ink", "low"), ("ink", "mid"), ("on-above", "above"), ("on-wrong", "wrong"), ("ink", "warning-tint")]
    assert {pair: round(contrast(*(colour[name] for name in pair)), 1) for pair in texts if _weak(colour, pair)} == {}
    shapes = [(shape, "page") for shape in ("fill", "wrong", "error", "warning", "info")]
    assert [pair for pair in shapes if contrast(colour[pair[0]], colour[pair[1]]) < 3] == []


def _weak(colour: dict[str, str], pair: tuple[str, str]) -> bool:
    return contrast(colour[pair[0]], colour[pair[1]]) < 4.5


# Alone and inert ------------------------------------------------------------------------------------------------------


def test_nothing_is_fetched_and_nothing_runs():
    root = parsed(page())
    for one in nodes(root):
        assert one.tag not in {"script", "link", "img", "iframe", "object", "embed", "form", "image", "use", "base"}
        assert not {name for name in one.attrib if name.startswith("on") or name in {"src", "style", "srcset"}}
        assert one.tag == "a" or "href" not in one.attrib
    assert "url(" not in page()
    assert "@import" not in page()


def test_the_policy_of_the_page_allows_its_own_style_and_no_more():
    root = parsed(page())
    (policy,) = [one.attrib["content"] for one in nodes(root) if "http-equiv" in one.attrib]
    (style,) = [one.text or "" for one in nodes(root) if one.tag == "style"]
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"


def worst_case(title: str, person: str = "Ada Park") -> tuple[list[Stated], Material]:
    """A title and a name wherever titles and names can stand."""
    feature, twin = card("aa", title), issue("PAY-1", title)
    one = Person(1, person)
    material = Material(
        loads=(Load(sprint(title), "active", "points", 4, capacity=2, percent=200),),
        weeks=(Week(one, TODAY, 90, 60, f"{title} 1 h"),),
        weeks_on=(TODAY,),
        stages=(Stages(feature, "planned", "doing", twin, "2026-12-18"),),
        chains=(Chain(twin, (Waiting(feature, twin.id, 1),), 1),),
    )
    found = [stated("status-drift", feature, other=twin, person=one), stated("sprint-over-capacity", sprint(title))]
    return found, material


@settings(max_examples=30)
@given(title=ANY_TITLE.filter(words.title), person=ANY_TITLE)
def test_titles_and_names_are_text_whatever_they_are(title, person):
    found, material = worst_case(title, person)
    root = parsed(page(found=found, material=material))
    plain = parsed(page(found=worst_case("A")[0], material=worst_case("A")[1]))
    assert Counter(one.tag for one in nodes(root)) == Counter(one.tag for one in nodes(plain))
    assert text_of(root).count(words.title(title)) >= 6


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", 'https://x/"><script>', "//x/y"])
def test_only_addresses_of_the_web_are_links(url):
    one = subject("feature", ("roadmap", "5abb"), "a", "A title", url=url)
    root = parsed(page(found=[stated("feature-without-owner", one)], material=Material()))
    linked = {one.attrib["href"] for one in nodes(root) if one.tag == "a" and not one.attrib["href"].startswith("#")}
    assert all(href.startswith("https://") for href in linked)


def test_the_pages_of_rules_bring_neither_html_nor_pictures():
    page = {"feature-without-owner": About("T", "<script>x</script> ![p](https://x/p.png)", "[a](javascript:b)")}
    one = compose([stated("feature-without-owner", card("aa", "A"))], [], SOURCES, None, today=TODAY, about=page)
    root = parsed(html.render(one, Pictures()))
    assert "<script>x</script>" in text_of(root)
    assert not {"script", "img"} & {one.tag for one in nodes(root)}
    assert not [one for one in nodes(root) if "javascript" in one.attrib.get("href", "")]


# What its readers may see ---------------------------------------------------------------------------------------------


def test_pictures_name_nothing_that_the_readers_may_not_see():
    text = page(Report("roadmap", "Product roadmap", covers=("*",)))
    assert "Pay by link" in text
    for secret in ("Hosted checkout", "Token vault", "Save cards", "PAY", "RISK", "x.example", "Acquisition"):
        assert secret not in text
    assert text.count("1 item in delivery") > 6
    assert "1 sprint in delivery" in text


def test_a_restricted_item_has_a_key_in_its_own_tool_and_nothing_elsewhere():
    for report in (None, Report("delivery", "PAY", covers=("*",))):
        assert "RISK-7" in page(report)
        assert "Acquisition" not in page(report)
    assert "RISK-7" not in page(Report("roadmap", "Product roadmap", covers=("*",), may_show=("*",)))


def test_without_names_no_weeks_are_drawn():
    report = Report("delivery", "PAY", covers=("*",), may_show=("*",), names=False)
    assert "Ångström" in page(msgspec.structs.replace(report, names=True))
    text = page(report)
    assert "Ångström" not in text
    assert "Ada" not in text


# Short ----------------------------------------------------------------------------------------------------------------


def test_very_many_findings_make_a_short_page_that_says_where_all_of_them_are():
    text = html.render(crowd(2500), Pictures())
    assert text.count('<li class="finding') == html.LINES
    assert len(text) < 120_000
    assert f"and {5000 - html.LINES:,} more findings" in text
    assert "syncbot report --format html --all" in text
    whole = html.render(crowd(2500), Pictures(), lines=None)
    assert whole.count('<li class="finding') == 5000
    assert "more finding" not in whole
    parsed(whole)


def test_no_findings_are_said_in_a_sentence():
    document = compose([], [], SOURCES, None, today=TODAY, limits=EVERYTHING)
    root = parsed(html.render(document, Pictures()))
    assert "Nobody: no findings." in text_of(root)
    assert "nav" not in {one.tag for one in nodes(root)}
    assert len(text_of(root.find("body"))) < 200
