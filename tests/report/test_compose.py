"""A report is short, in the order of what matters, and the same whatever order its findings come in."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncbot.model import FAILED_READ, Aside, CannotTell, Evidence, Person, Report
from syncbot.report import EVERYTHING, TEXT, Limits, compose, words
from syncbot.report.document import About, Counts, Document, Span
from tests.report.found import ADA, BO, SOURCES, TODAY, card, issue, sprint, stated, subject

WIDE = Report("roadmap", "Product roadmap", covers=("*",))


def composed(*found, report=None, gaps=(), **more) -> Document:
    return compose(found, gaps, more.pop("sources", SOURCES), report, today=TODAY, **more)


def said(document: Document) -> dict[str, list[str]]:
    return {group.who: [words.flat(line.pieces[0].text) for line in group.lines] for group in document.groups}


def test_findings_are_grouped_by_who_must_act_the_worst_group_first():
    document = composed(
        stated("work-without-assignee", issue("PAY-1", "Retry cards"), person=BO),
        stated("feature-without-owner", card("aa", "Refunds")),
        stated("feature-without-owner", card("bb", "Invoices")),
        stated("status-drift", card("cc", "Pay by link"), other=issue("PAY-2", "Links"), person=ADA),
    )
    assert said(document) == {
        "Product management": ["Nobody owns Invoices.", "Nobody owns Refunds."],
        "Ada Park": ["Pay by link is done, but its twin Links is doing."],
        "Bo Lind": ["Retry cards is under way with nobody on it."],
    }
    assert list(said(document)) == ["Product management", "Ada Park", "Bo Lind"]


@pytest.mark.parametrize(
    ("side", "who"),
    [
        ("product", "Product management"),
        ("project", "Project management"),
        ("both", "Product and project management"),
        ("admin", "Whoever looks after syncbot"),
    ],
)
def test_where_nobody_is_known_the_role_is_named(side, who):
    assert list(said(composed(stated("feature-without-owner", card("aa", "Refunds"), side=side)))) == [who]


def test_of_one_person_the_worst_come_first_then_the_newest():
    document = composed(
        stated("work-without-assignee", issue("PAY-1", "Old warning"), person=ADA, first="2026-11-02"),
        stated("work-without-assignee", issue("PAY-2", "New warning"), person=ADA),
        stated("feature-without-owner", card("aa", "Old error"), person=ADA, first="2026-11-02"),
        stated("feature-without-owner", card("bb", "New error"), person=ADA),
    )
    assert said(document)["Ada Park"] == [
        "Nobody owns New error.",
        "Nobody owns Old error.",
        "New warning is under way with nobody on it.",
        "Old warning is under way with nobody on it.",
    ]


def test_a_person_gets_seven_findings_and_the_number_of_the_others():
    found = [stated("feature-without-owner", card(f"c{n}", f"Card {n}"), person=ADA) for n in range(9)]
    found += [stated("work-without-assignee", issue(f"PAY-{n}", f"Issue {n}"), person=ADA) for n in range(3)]
    (group,) = composed(*found).groups
    assert (len(group.lines), group.left_out) == (7, 5)
    assert {line.severity for line in group.lines} == {"error"}
    (everything,) = composed(*found, limits=EVERYTHING).groups
    assert (len(everything.lines), everything.left_out) == (12, 0)


@pytest.mark.parametrize(("count", "lines"), [(10, 10), (11, 1)])
def test_more_than_ten_of_one_rule_in_one_scope_are_one_line(count, lines):
    found = [
        stated("work-without-assignee", issue(f"PAY-{n}", f"Issue {n}"), person=Person(n, f"Person {n}"))
        for n in range(count)
    ]
    document = composed(*found, stated("work-without-assignee", issue("RISK-1", "Another scope"), person=BO))
    bundle = [
        line for group in document.groups for line in group.lines if line.pieces[0].text[-1].text != "Another scope"
    ]
    assert len(bundle) == lines + 1
    assert document.counts.standing == count + 1


def test_the_one_line_counts_leads_to_the_tools_own_list_and_is_for_all_of_them():
    found = [
        stated("work-without-assignee", issue(f"PAY-{n}", f"Issue {n}"), person=(ADA, BO)[n % 2], first="2026-11-20")
        for n in range(1, 13)
    ]
    (group,) = composed(*found).groups
    (line,) = group.lines
    assert group.who == "Project management"
    assert (
        words.flat(line.pieces[0].text)
        == "Work without assignee: 12 items in PAY, such as Issue 6, Issue 10 and Issue 1"
    )
    assert line.pieces[0].text[1].url == (
        "https://x.example/issues/?jql=key%20in%20(PAY-1,PAY-2,PAY-3,PAY-4,PAY-5,PAY-6,PAY-7,PAY-8,PAY-9,PAY-10,PAY-11,PAY-12)"
    )
    assert (line.count, line.since_on) == (12, "2026-11-20")
    fewer = composed(*found[1:]).groups[0].lines[0]
    assert fewer.key == line.key, "the line is the same one while findings come and go behind it"


def test_the_one_line_names_those_that_have_stood_longest_and_readers_may_know():
    about = {"work-without-assignee": About("Work under way has nobody on it", "", "")}
    firsts = {n: f"2026-11-{30 - n:02}" for n in range(10, 22)}
    found = [
        stated("work-without-assignee", issue(f"PAY-{n}", f"Issue {n}", restricted=n == 20), first=first)
        for n, first in firsts.items()
    ]
    found.append(stated("work-without-assignee", issue("PAY-21", "Issue 21"), "{title} again."))
    assert said(composed(*found, about=about)) == {
        "Project management": [
            "Work under way has nobody on it: 12 items in PAY, such as Issue 21, PAY-20 and Issue 19"
        ]
    }
    elsewhere = Report("roadmap", "Product roadmap", covers=("*",), may_show=("roadmap",))
    assert said(composed(*found, report=elsewhere, about=about)) == {
        "Project management": ["Work under way has nobody on it: 12 items in delivery"]
    }


def test_what_no_report_may_name_yet_is_only_counted_beside_what_they_may():
    found = [stated("work-without-assignee", issue(f"PAY-{n}", f"Issue {n}"), doubted=n < 11) for n in range(12)]
    assert said(composed(*found)) == {
        "Project management": ["Work without assignee: 12 items in PAY, such as Issue 11"]
    }
    assert composed(*found).named == {found[11].finding.fingerprint}
    assert said(composed(*found[:11])) == {}, "nobody looked at any of them"
    assert said(composed(*found[9:])) == {"Project management": ["Issue 11 is under way with nobody on it."]}
    assert composed(*found[9:]).counts.standing == 1


def test_a_line_that_names_nothing_stands_on_its_newest():
    first = {n: f"2026-11-{1 + n // 2:02}" for n in range(40)}
    found = [stated("work-without-assignee", issue(f"PAY-{n}", f"Issue {n}"), first=first[n]) for n in range(40)]
    elsewhere = Report("roadmap", "Product roadmap", covers=("*",), may_show=("roadmap",))
    assert composed(*found[:3], report=elsewhere).named == {one.finding.fingerprint for one in found[:3]}
    assert composed(*found, report=elsewhere).named == {one.finding.fingerprint for one in found[10:]}


def test_evidence_is_said_beside_the_first_sentence_without_the_words_they_share():
    several = [
        Evidence('{title} is done, while {other}, a part of it, is "To Do".', other=issue("PAY-2", "A part")),
        Evidence('{title} is done, while {other}, a part of it, is "To Do".', other=issue("PAY-3", "Its sister")),
        Evidence('{title} is done, while {other}, a part of it, is "Doing".', other=issue("PAY-1", "First")),
        Evidence("{title} is done, and nobody knows why."),
    ]
    whole = composed(stated("status-drift", card("aa", "Refunds"), evidence=tuple(several)))
    (line,) = whole.groups[0].lines
    assert [words.flat(piece.text) for piece in line.pieces] == [
        "Refunds is done, and nobody knows why.",
        'Refunds is done, while First, a part of it, is "Doing".',
        'Refunds is done, while A part, a part of it, is "To Do".',
        'Refunds is done, while Its sister, a part of it, is "To Do".',
    ]
    assert [words.flat(piece.short) for piece in line.pieces] == [words.flat(piece.text) for piece in line.pieces]
    (line,) = composed(stated("status-drift", card("aa", "Refunds"), evidence=tuple(several[:3]))).groups[0].lines
    assert [words.flat(piece.short) for piece in line.pieces] == [
        'Refunds is done, while First, a part of it, is "Doing".',
        'A part, a part of it, is "To Do".',
        'Its sister, a part of it, is "To Do".',
    ]
    (line,) = composed(stated("status-drift", card("aa", "Refunds"), evidence=tuple(several[:2]))).groups[0].lines
    assert [words.flat(piece.short) for piece in line.pieces] == [
        'Refunds is done, while A part, a part of it, is "To Do".',
        "Its sister",
    ]


def test_the_one_line_is_as_old_as_its_oldest_and_new_only_if_all_are():
    old = [
        stated("work-without-assignee", issue(f"PAY-{n}", ""), state="still", first=f"2026-11-{n:02}")
        for n in range(10, 20)
    ]
    for state in ("new", "still", "not_checked"):
        (line,) = composed(*old, stated("work-without-assignee", issue("PAY-1", ""), state=state)).groups[0].lines
        assert (line.state, line.since_on) == ("still", "2026-11-10")
    unsure = [msgspec.structs.replace(one, state="not_checked", last_on=f"2026-11-2{n}") for n, one in enumerate(old)]
    (line,) = composed(*unsure, unsure[0]).groups[0].lines
    assert (line.state, line.checked_on) == ("not_checked", "2026-11-20")


def test_findings_that_are_left_out_are_counted_one_by_one():
    scopes = [("delivery", str(number)) for number in range(9)]
    found = [
        stated("work-without-assignee", subject("task", scope, f"{scope[1]}-{n}", "", url=""), person=ADA)
        for scope in scopes
        for n in range(11)
    ]
    (group,) = composed(*found).groups
    assert (len(group.lines), group.left_out) == (7, 22)


def test_what_is_resolved_and_what_could_not_be_told_are_short_lists_too():
    gone = [stated("feature-without-owner", card(f"c{n}", f"Card {n}"), state="resolved") for n in range(9)]
    gaps = [CannotTell("status-drift", "delivery/PAY", f"reason {n}", 1) for n in range(9)]
    document = composed(*gone, gaps=gaps)
    assert (len(document.resolved), document.counts.resolved) == (7, 9)
    assert (len(document.gaps), document.gaps_left_out) == (7, 2)
    document = composed(*gone, gaps=gaps, limits=EVERYTHING)
    assert (len(document.resolved), len(document.gaps), document.gaps_left_out) == (9, 9, 0)


def test_what_has_neither_title_nor_key_is_still_a_sentence():
    assert said(composed(stated("feature-without-owner", card("", " \n")))) == {
        "Product management": ["Nobody owns a nameless item."]
    }


def test_cards_in_one_line_lead_to_their_board_and_one_persons_stay_with_them():
    found = [stated("feature-without-owner", card(f"c{n}", f"Card {n}"), person=ADA) for n in range(11)]
    (group,) = composed(*found).groups
    assert group.who == "Ada Park"
    assert group.lines[0].pieces[0].text[1] == Span("11 items in Product roadmap", "https://trello.com/b/5abb")


def test_two_people_of_the_same_name_are_two_people():
    found = [
        stated("feature-without-owner", card(f"c{n}", f"Card {n}"), person=Person(n % 2, "Alex Kim")) for n in range(15)
    ]
    (group,) = composed(*found, limits=Limits(a_scope=None)).groups
    assert (len(group.lines), group.left_out) == (14, 1)


def test_dates_are_said_as_people_write_them_and_titles_keep_theirs():
    facts = {"due_on": "2026-12-01", "word": "2026-12-24", "read_on": "long ago"}
    message = '{title} is due 2026-12-01 and is "2026-12-24".'
    one = stated("status-drift", card("aa", "Plan of 2026-12-01"), message, facts=facts)
    assert [*said(composed(one)).values()] == [['Plan of 2026-12-01 is due 1 Dec 2026 and is "2026-12-24".']]


def test_what_a_message_does_not_name_is_named_before_it():
    document = composed(stated("sprint-over-capacity", sprint("Sprint 24"), person=BO))
    assert said(document) == {"Bo Lind": ["Sprint 24: 47 points planned, 40 to give (config): 117%."]}


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (issue("PAY-2", "Pay by link"), "the one in PAY"),
        (card("bb", "Pay by link"), "bb"),
        (issue("PAY-2", "Hosted checkout"), "Hosted checkout"),
        (issue("PAY-2", "Pay by link", restricted=True), "PAY-2"),
    ],
)
def test_twins_of_the_same_title_are_told_apart_by_where_they_are(other, named):
    document = composed(stated("status-drift", card("aa", "Pay by link"), other=other))
    assert said(document)["Product and project management"] == [f"Pay by link is done, but its twin {named} is doing."]
    assert document.groups[0].lines[0].pieces[0].text[-2].url == other.url


def test_what_has_no_page_of_its_own_leads_to_its_scope():
    document = composed(stated("sprint-over-capacity", sprint("Sprint 24"), person=BO))
    assert document.groups[0].lines[0].pieces[0].text[0].url == "https://x.example/PAY"


def test_evidence_is_said_once_in_an_order_of_its_own_and_not_at_length():
    evidence = tuple(Evidence(f"{{title}} waits for {n}.") for n in (5, 3, 1, 4, 2, 3))
    (group,) = composed(stated("status-drift", card("aa", "Refunds"), evidence=evidence)).groups
    (line,) = group.lines
    assert [words.flat(piece.text) for piece in line.pieces] == [f"Refunds waits for {n}." for n in (1, 2, 3, 4)]
    assert line.more == 1


def test_states_are_counted_and_only_what_stands_is_listed():
    document = composed(
        stated("feature-without-owner", card("aa", "New")),
        stated("feature-without-owner", card("bb", "Old"), state="still", first="2026-11-02"),
        stated("feature-without-owner", card("cc", "Gone"), state="resolved", first="2026-11-02"),
        stated("feature-without-owner", card("dd", "Accepted"), state="waived"),
        stated("work-without-assignee", issue("PAY-1", "Unsure"), state="not_checked", last="2026-11-20"),
    )
    assert document.counts == Counts(error=2, warning=1, new=1, still=1, not_checked=1, resolved=1, waived=1)
    assert said(document) == {
        "Product management": ["Nobody owns New.", "Nobody owns Old."],
        "Project management": ["Unsure is under way with nobody on it."],
    }
    assert [words.flat(line.pieces[0].text) for line in document.resolved] == ["Nobody owns Gone."]
    assert document.groups[1].lines[0].checked_on == "2026-11-20"
    assert words.summary(document) == "3 findings: 2 errors, 1 warning"
    assert words.changes(document) == "1 new, 1 resolved, 1 not checked, 1 accepted until a date"


def test_what_could_not_be_told_is_one_line_a_rule_and_reason():
    gaps = [
        CannotTell("status-drift", "delivery/PAY", "it was not read today", 3),
        CannotTell("status-drift", "delivery/RISK", "it was not read today", 4),
        CannotTell("status-drift", "delivery/RISK", "the status is not mapped", 1),
        CannotTell("source-stale", None, "its query fails", 1),
        CannotTell("feature-without-work", "delivery/PAY", "nothing is read from the other side", 0),
    ]
    document = composed(gaps=gaps)
    assert [words.gap(gap) for gap in document.gaps] == [
        "“Source stale”: its query fails",
        "“Status drift” in PAY, RISK: it was not read today",
        "“Status drift” in RISK: the status is not mapped",
    ]
    assert [gap.count for gap in document.gaps] == [1, 7, 1]
    assert words.summary(document) == "No findings in what could be checked"
    assert words.summary(composed()) == "No findings"


@pytest.mark.parametrize("place", ["delivery/PAY", None])
def test_readers_are_not_told_of_a_read_that_failed_within_its_promise(place):
    unsure = stated("work-without-assignee", issue("PAY-1", "Unsure"), state="not_checked", last="2026-11-20")
    failed = CannotTell("work-without-assignee", place, f"delivery: {FAILED_READ}", 1)
    calm = composed(unsure, gaps=[failed], report=WIDE)
    assert (calm.gaps, calm.groups[0].lines[0].checked_on, calm.counts.still) == ((), None, 1)
    admin = composed(unsure, gaps=[failed])
    assert (len(admin.gaps), admin.groups[0].lines[0].checked_on) == (1, "2026-11-20")


def test_readers_are_told_of_what_another_run_will_not_tell_either():
    unsure = stated("work-without-assignee", issue("PAY-1", "Unsure"), state="not_checked", last="2026-11-20")
    gaps = [
        CannotTell("work-without-assignee", "delivery/PAY", "points are not mapped", 1),
        CannotTell("work-without-assignee", "delivery/RISK", FAILED_READ, 1),
    ]
    document = composed(unsure, gaps=gaps, report=WIDE)
    assert [gap.reason for gap in document.gaps] == ["points are not mapped"]
    assert document.groups[0].lines[0].checked_on == "2026-11-20"


@given(order=st.randoms(use_true_random=False), report=st.sampled_from([None, WIDE]))
def test_the_order_in_which_findings_come_changes_nothing(order, report):
    found = [
        *(stated("feature-without-owner", card(f"c{n}", f"Card {n % 3}"), person=(ADA, BO)[n % 2]) for n in range(9)),
        *(stated("work-without-assignee", issue(f"PAY-{n}", "Same title"), person=BO) for n in range(12)),
        *(stated("work-without-assignee", issue(f"RISK-{n}", "Hidden"), person=ADA) for n in range(4)),
    ]
    gaps = [CannotTell("status-drift", f"delivery/{key}", reason, 1) for key in ("PAY", "RISK") for reason in "ab"]
    sources = list(SOURCES)
    expected = TEXT["json"](composed(*found, gaps=gaps, report=report))
    for some in (found, gaps, sources):
        order.shuffle(some)
    assert TEXT["json"](composed(*found, gaps=gaps, report=report, sources=sources)) == expected


UNREAD = Aside("delivery", "10001", "LookupError: no such word", 3, "2026-11-02T08:00:00.000Z", "PAY-7", "Receipts")


def test_what_could_not_be_read_is_told_first_with_what_to_do():
    gaps = [CannotTell("status-drift", "delivery/PAY", "its status is not mapped", 2)]
    first, second = composed(gaps=gaps, aside=[UNREAD]).gaps
    assert words.gap(first) == (
        "PAY: 3 items could not be read since 2 Nov 2026: “Receipts” and 2 more (LookupError: no such word); "
        "tried again every hour, at once with: syncbot pull --retry"
    )
    assert words.counted(first) == words.gap(first)
    assert second.rule == "status-drift"
    assert words.counted(second).endswith("its status is not mapped (2 cases)")


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (Report("delivery", "PAY"), "3 items could not be read since 2 Nov 2026: “Receipts” and 2 more ("),
        (WIDE, "3 items could not be read since 2 Nov 2026; tried again"),
        (Report("delivery", "RISK"), None),
        (Report("delivery", "PAY", side="product"), None),
    ],
)
def test_it_is_told_to_whom_it_concerns_and_names_nothing_that_they_may_not_see(report, told):
    said = " ".join(gap.reason for gap in composed(report=report, aside=[UNREAD]).gaps)
    assert said.startswith(told) if told else not said
    assert ("LookupError" in said) == (report.connection == "delivery" and told is not None)
