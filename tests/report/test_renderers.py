"""Each destination gets the same findings in its own looks, within its limits, and no title ever becomes markup."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from syncbot.model import CannotTell, Evidence, Report
from syncbot.report import EVERYTHING, NATIVE, NEWS, TEXT, compose, terminal, words
from syncbot.report.asana import LIMIT as ASANA_LIMIT
from syncbot.report.document import Document
from syncbot.report.jira import LIMIT
from syncbot.report.markdown import escape, inline
from syncbot.report.trello import ITEM, ITEMS
from tests.report.found import ABOUT, ADA, BO, RISK, SOURCES, TODAY, card, issue, sprint, stated, subject
from tests.report.golden import golden

ADF = json.loads(Path(__file__).with_name("adf.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft4Validator(ADF)

NASTY = "**Bold** [x](javascript:y) <b>&amp;</b> `code` {title} دفع 🚀\n# h #1 |a| ~b~ \\"


def company() -> list[Any]:
    """Findings of every state and severity, with titles of every kind."""
    loaded = Evidence("47 points planned, 40 to give (config): 117%. Tasks without an estimate: 2.", {"planned": 47})
    sprint_24 = {"evidence": (loaded,), "person": BO, "first": "2026-11-18", "last": "2026-11-20"}
    long_ago = {"first": "2026-11-02"}
    return [
        stated("feature-without-owner", card("AbCd1234", "Instant refunds")),
        stated(
            "feature-without-work", card("Zx98Yu76", "دفع فوري (instant pay)"), person=ADA, state="still", **long_ago
        ),
        stated("status-drift", card("Qw12ErTy", NASTY), other=issue("PAY-12", "Hosted checkout"), person=ADA),
        stated("sprint-over-capacity", sprint("PAY Sprint 24"), state="not_checked", **sprint_24),
        stated("work-without-assignee", issue("RISK-7", "Acquisition of Foo", restricted=True), person=BO),
        *(stated("work-without-assignee", issue(f"PAY-{n}", f"Task {n}"), person=BO) for n in range(20, 28)),
        *(stated("one-person-both-roles", card(f"c{n}", f"Card {n}"), "{title} is yours twice.") for n in range(11)),
        stated("feature-without-owner", card("Old12345", "Split payouts"), state="resolved", **long_ago),
        stated("feature-without-owner", card("Old12346", "Old invoices"), state="waived", **long_ago),
    ]


GAPS = (
    CannotTell("sprint-over-capacity", "delivery/RISK", "points are filled in too few items", 3),
    CannotTell("feature-without-work", "roadmap/Product roadmap", "delivery was not read completely", 2),
)
BROKEN = tuple(
    msgspec.structs.replace(one, promise_broken=one.scope == RISK[1], read_at="2026-11-20T07:00:00.000Z", error="503")
    for one in SOURCES
)
PRODUCT = Report("roadmap", "Product roadmap", covers=("*",), may_show=("roadmap", "delivery/PAY"))
PROJECT = Report("delivery", "PAY", title="Alignment of PAY", covers=("*",), may_show=("roadmap", "delivery"))


def document(report: Report | None, today: str = TODAY) -> Document:
    return compose(company(), GAPS, BROKEN, report, today=today, about=ABOUT)


def pretty(body: dict[str, Any]) -> str:
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"


def shown(one: Document, **options: Any) -> str:
    console = Console(file=io.StringIO(), width=80, **options)
    terminal.show(one, console)
    return console.file.getvalue()


# What was looked at ---------------------------------------------------------------------------------------------------


def test_the_jira_issue_is_the_one_that_was_looked_at():
    text = pretty(NATIVE["jira"](document(PROJECT)))
    assert text == golden("report.jira.json", text)


def test_the_trello_card_is_the_one_that_was_looked_at():
    text = pretty(NATIVE["trello"](document(PRODUCT)))
    assert text == golden("report.trello.json", text)


def test_the_asana_task_is_the_one_that_was_looked_at():
    text = pretty(NATIVE["asana"](document(PROJECT)))
    assert text == golden("report.asana.json", text)


def test_the_asana_status_update_is_the_one_that_was_looked_at():
    whole = document(PROJECT)
    news = compose([one for one in company() if one.state in {"new", "resolved"}], (), BROKEN, PROJECT, today=TODAY)
    text = pretty(NEWS["asana"](news, whole))
    assert text == golden("news.asana.json", text)


def test_a_status_update_is_short_and_counts_what_it_leaves_out():
    many = [
        stated("work-without-assignee", subject("task", ("roadmap", str(n)), f"c{n}", NASTY, url=""), person=BO)
        for n in range(40)
    ]
    whole = compose(many, (), SOURCES, None, today=TODAY)
    news = NEWS["asana"](whole, whole)
    items = news["html_text"].split("<li>")[1:]
    assert len(items) == 8
    assert "and 33 more findings" in items[-1]
    assert news["title"] == "Alignment report: 40 new"


@pytest.mark.parametrize(("name", "ending"), [("markdown", "md"), ("json", "json"), ("csv", "csv")])
def test_the_files_are_those_that_were_looked_at(name, ending):
    text = TEXT[name](document(PRODUCT))
    assert text == golden(f"report.{ending}", text)


def test_the_terminal_shows_what_was_looked_at():
    text = shown(document(None))
    assert text == golden("report.txt", text)


# The promises ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tool", NATIVE)
def test_a_living_report_is_the_same_next_day_and_when_what_was_new_no_longer_is(tool):
    old = [msgspec.structs.replace(one, state="still") if one.state == "new" else one for one in company()]
    kept = [one for one in old if one.state != "resolved"]
    next_day = compose(kept, GAPS, BROKEN, PRODUCT, today="2026-11-24", about=ABOUT)
    assert NATIVE[tool](next_day) == NATIVE[tool](document(PRODUCT))


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found[1:],
        lambda found: [stated("feature-without-owner", card("new", "A new one")), *found],
        lambda found: [msgspec.structs.replace(found[0], state="waived"), *found[1:]],
        lambda found: [stated("feature-without-owner", card("AbCd1234", "A new title")), *found[1:]],
        lambda found: [*found[:4], stated("work-without-assignee", issue("PAY-30", "For Ada"), person=ADA), *found[4:]],
    ],
)
def test_a_finding_that_comes_changes_or_goes_is_one_check_item_on_a_card(change):
    before = NATIVE["trello"](document(PRODUCT))
    after = NATIVE["trello"](compose(change(company()), GAPS, BROKEN, PRODUCT, today=TODAY, about=ABOUT))
    assert {**before, "checklists": []} == {**after, "checklists": []}
    assert [one["name"] for one in before["checklists"]] == [one["name"] for one in after["checklists"]]
    lines = [{item["key"]: item["name"] for item in body["checklists"][0]["items"]} for body in (before, after)]
    changed = {key for key in lines[0] | lines[1] if lines[0].get(key) != lines[1].get(key)}
    assert len(changed) == 1


def test_a_card_without_findings_has_its_checklist_already():
    body = NATIVE["trello"](compose([], [], SOURCES, PRODUCT, today=TODAY))
    assert body["checklists"] == [{"name": "To do", "items": []}]


def test_an_issue_without_findings_says_so_and_no_more():
    body = NATIVE["jira"](compose([], [], SOURCES, PROJECT, today=TODAY))
    assert words_of(body["description"])[0] == "No findings."


# The limits -----------------------------------------------------------------------------------------------------------


def crowd(count: int, title: str = "Card", **more: Any) -> Document:
    """Very many findings of very many people."""
    found = [
        stated(
            "feature-without-owner",
            card(f"c{n}", f"{title} {n}"),
            person=msgspec.structs.replace(ADA, id=n, name=f"P {n}"),
        )
        for n in range(count)
    ]
    found += [stated("work-without-assignee", issue(f"PAY-{n}", f"{title} {n}")) for n in range(count)]
    return compose(found, GAPS, BROKEN, PROJECT, today=TODAY, limits=EVERYTHING, **more)


@pytest.mark.parametrize("title", ["Card", "🚀" * 200])
def test_an_issue_fits_and_leaves_out_the_least_severe(title):
    body = NATIVE["jira"](crowd(300, title))["description"]
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    assert LIMIT * 0.9 < len(text.encode("utf-16-le")) / 2 <= LIMIT
    assert '"WARNING"' not in text
    left = next(line for line in words_of(body) if "left out here" in line)
    assert text.count('"ERROR"') + int(left.split()[0].replace(",", "")) == 600
    VALIDATOR.validate(body)


def test_what_is_left_out_is_counted_everywhere():
    gone = [stated("feature-without-owner", card(f"c{n}", f"Card {n}"), state="resolved") for n in range(9)]
    evidence = tuple(Evidence(f"{{title}} waits for {n}.") for n in range(6))
    gaps = [CannotTell("status-drift", "delivery/PAY", f"reason {n}", 1) for n in range(10)]
    one = compose([*gone, stated("status-drift", card("aa", "A"), evidence=evidence)], gaps, SOURCES, None, today=TODAY)
    rows = shown(one).split("\n")
    assert [row.strip() for row in rows if " more" in row] == ["- and 2 more", "and 2 more findings", "and 3 more"]
    lines = words_of(NATIVE["jira"](one)["description"])
    assert [line for line in lines if "more" in line] == ["and 2 more", "and 3 more"]
    rows = TEXT["markdown"](one).split("\n")
    assert [row for row in rows if "more" in row] == ["  - and 2 more", "and 2 more findings", "and 3 more"]


def test_what_could_not_be_told_fits_on_a_card():
    gaps = [CannotTell("status-drift", "delivery/PAY", f"reason {n}", 1) for n in range(300)]
    one = compose([], gaps, SOURCES, None, today=TODAY, limits=EVERYTHING)
    assert [len(sheet["items"]) for sheet in NATIVE["trello"](one)["checklists"]] == [0, ITEMS]


def test_a_card_fits_and_leaves_out_the_least_severe():
    (to_do, _) = NATIVE["trello"](crowd(150, "🚀" * 200))["checklists"]
    names = [item["name"] for item in to_do["items"]]
    assert len(names) == ITEMS
    assert names[-1] == "101 findings left out here; all are in: syncbot report --all."
    assert sum("(error" in name for name in names) == 150


@pytest.mark.parametrize("tool", NATIVE)
def test_one_finding_with_endless_evidence_fits(tool):
    url = "https://x.example/" + "y" * 1900
    others = [subject("task", RISK, f"RISK-{n}", "x" * 16_000, url=url + str(n)) for n in range(40)]
    evidence = tuple(Evidence("{title} and {other} and " + "z" * 16_000, other=other) for other in others)
    one = stated("status-drift", card("aa", "y" * 16_000), evidence=evidence)
    body = NATIVE[tool](compose([one], [], SOURCES, PROJECT, today=TODAY))
    assert len(json.dumps(body)) <= LIMIT
    assert all(len(item["name"]) <= ITEM + 200 for one in body.get("checklists", ()) for item in one["items"])


# No title becomes markup ----------------------------------------------------------------------------------------------


def words_of(node: dict[str, Any]) -> list[str]:
    """The text of each block of an ADF document."""
    if node["type"] in {"paragraph", "heading"}:
        return ["".join(part.get("text", " ") for part in node["content"])]
    return [line for child in node.get("content", ()) for line in words_of(child)]


ANY_TITLE = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\\`*_[]()<>#|~&!:@{}\n-+=1.\"'"), max_size=60
)


@settings(max_examples=60)
@given(title=ANY_TITLE, person=ANY_TITLE)
def test_any_title_gives_a_valid_issue_that_shows_it(title, person):
    one = stated("feature-without-owner", card("aa", title), person=msgspec.structs.replace(ADA, name=person))
    body = NATIVE["jira"](compose([one], GAPS, BROKEN, PROJECT, today=TODAY))["description"]
    VALIDATOR.validate(body)
    assert f"Nobody owns {words.isolate(words.title(title) or 'aa')}." in "".join(words_of(body))


def test_an_issue_says_what_to_do_about_its_rules_unless_findings_need_the_place():
    advice = "status-drift: Find out which of the two is true and correct the other one."
    assert advice in words_of(NATIVE["jira"](document(PROJECT))["description"])
    full = NATIVE["jira"](crowd(300, about=ABOUT))["description"]
    assert "feature-without-owner" in json.dumps(full)
    assert not any(line.startswith("feature-without-owner: ") for line in words_of(full))


@pytest.mark.parametrize("report", [None, PRODUCT, PROJECT])
def test_the_issue_is_valid_by_atlassians_own_schema(report):
    VALIDATOR.validate(NATIVE["jira"](document(report))["description"])


def test_the_schema_refuses_what_jira_refuses():
    empty = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": ""}]}]}
    assert not VALIDATOR.is_valid(empty)


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


@pytest.mark.parametrize("tool", NATIVE)
def test_five_thousand_findings_are_a_report_that_says_what_it_leaves_out_and_where_all_of_it_is(tool):
    one = crowd(2500)
    said = json.dumps(NATIVE[tool](one), ensure_ascii=False)
    assert len(said) < 60_000
    (left,) = re.findall(
        r"([0-9,]+) findings left out here; all are in: syncbot report --all", said.replace("\\\\", "")
    )
    told = said.count("Nobody owns")
    assert told + int(left.replace(",", "")) == 5000
    none = json.dumps(NATIVE[tool](compose([], [], SOURCES, PROJECT, today=TODAY)))
    assert "left out" not in none


# The terminal ---------------------------------------------------------------------------------------------------------


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
  error    Nobody owns “Refunds”. (new)
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
    assert "Nobody owns “[red]hot[/red] [/] :smile: [link=x]”. (new)" in shown(one)


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


# Asana's rich text ----------------------------------------------------------------------------------------------------

TAGS = {"body", "strong", "em", "code", "ul", "li", "a", "h2", "hr"}


def tree(body: dict[str, Any]) -> ET.Element:
    """The description as XML, which Asana refuses as a whole if it is not."""
    root = ET.fromstring(body["html_notes"])  # noqa: S314 - our own text
    assert {node.tag for node in root.iter()} <= TAGS
    assert all(child.tag == "li" for node in root.iter("ul") for child in node)
    assert all(set(node.attrib) == ({"href"} if node.tag == "a" else set()) for node in root.iter())
    return root


def test_a_task_fits_and_leaves_out_the_least_severe():
    body = NATIVE["asana"](crowd(300, "🚀<&" * 60))
    assert ASANA_LIMIT * 0.9 < len(body["html_notes"].encode("utf-16-le")) / 2 <= ASANA_LIMIT
    assert "<strong>Warning" not in body["html_notes"]
    assert "findings left out here" in "".join(tree(body).itertext())


@settings(max_examples=60, deadline=None)
@given(title=ANY_TITLE, person=ANY_TITLE)
def test_any_title_gives_a_valid_task_that_shows_it(title, person):
    one = stated("feature-without-owner", card("aa", title), person=msgspec.structs.replace(ADA, name=person))
    root = tree(NATIVE["asana"](compose([one], [], SOURCES, PRODUCT, today=TODAY)))
    (link,) = root.iter("a")
    assert link.get("href") == "https://trello.com/c/aa"
    assert words.isolate(words.title(title)) in (link.text or "") or not words.title(title)


def test_a_task_without_findings_says_so_and_how_to_mute_it():
    text = "".join(tree(NATIVE["asana"](compose([], [], SOURCES, PROJECT, today=TODAY))).itertext())
    assert text == "No findings.syncbot keeps this task up to date. Complete it to mute it."
