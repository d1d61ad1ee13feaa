"""A report never carries a title where its readers may not see it, nor findings that are not theirs."""

from __future__ import annotations

import msgspec
import pytest

from syncbot.model import CannotTell, Linked, Person, Report, Source
from syncbot.report import EVERYTHING, NATIVE, TEXT, compose, html, words
from syncbot.report.document import Document
from syncbot.report.pictures import Pictures
from tests.report.found import ADA, BO, PAY, RISK, SOURCES, TODAY, card, issue, sprint, stated, subject

ON_BOARD = Report("roadmap", "Product roadmap", covers=("*",))
IN_PAY = Report("delivery", "PAY", covers=("*",))
REFUNDS = stated("feature-without-owner", card("aa", "Refunds"), person=ADA)
RETRIES = stated("work-without-assignee", issue("PAY-1", "Retry cards"), person=BO)
DRIFT = stated("status-drift", card("cc", "Pay by link"), other=issue("PAY-2", "Hosted links"), person=ADA)


def composed(*found, report=None, **more) -> Document:
    gaps, sources = more.pop("gaps", ()), more.pop("sources", SOURCES)
    return compose(found, gaps, sources, report, today=TODAY, **more)


def sentences(document: Document) -> list[str]:
    return [words.flat(line.pieces[0].text) for group in document.groups for line in group.lines]


def with_(report: Report, **changes) -> Report:
    return msgspec.structs.replace(report, **changes)


def everywhere(document: Document) -> str:
    """All that any destination would show, links included."""
    bodies = [msgspec.json.encode(render(document)).decode() for render in NATIVE.values()]
    return "".join([*bodies, *(render(document) for render in TEXT.values()), html.render(document, Pictures())])


# Whose findings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("side", "rules"),
    [
        ("product", ["feature-without-owner", "status-drift"]),
        ("project", ["status-drift", "work-without-assignee"]),
        ("both", ["feature-without-owner", "source-stale", "status-drift", "work-without-assignee"]),
    ],
)
def test_a_report_is_for_one_side_or_both(side, rules):
    stale = stated("source-stale", subject("scope", PAY, "PAY", "Payments", url=""))
    document = composed(REFUNDS, RETRIES, DRIFT, stale, report=with_(ON_BOARD, side=side))
    assert sorted(line.rule for group in document.groups for line in group.lines) == rules


def test_a_report_starts_at_a_severity():
    report = with_(ON_BOARD, at_least="error")
    assert composed(REFUNDS, RETRIES, report=report).counts.standing == 1
    assert composed(REFUNDS, RETRIES, report=with_(report, at_least="warning")).counts.standing == 2


@pytest.mark.parametrize(
    ("covers", "count"),
    [
        (("roadmap",), 1),
        (("delivery",), 2),
        (("delivery/PAY",), 1),
        (("delivery/payments",), 1),
        (("delivery/10001", "roadmap"), 2),
        (("delivery/R*", "road*"), 2),
        (("*",), 3),
    ],
)
def test_a_report_covers_what_the_config_names_by_key_id_or_name(covers, count):
    risk = stated("work-without-assignee", issue("RISK-1", "Check fraud"))
    assert composed(REFUNDS, RETRIES, risk, report=with_(ON_BOARD, covers=covers)).counts.standing == count


def test_by_default_a_report_covers_its_own_scope_and_what_is_linked_to_it():
    report = with_(IN_PAY, covers=())
    linked = Linked(subjects=frozenset({("roadmap", "id-aa")}), scopes=frozenset({("roadmap", "5abb")}))
    other = stated("feature-without-owner", card("bb", "Not linked"))
    assert composed(REFUNDS, RETRIES, other, report=report).counts.standing == 1
    assert composed(REFUNDS, RETRIES, other, report=report, linked=linked).counts.standing == 2


def test_what_could_not_be_told_and_old_data_are_those_of_the_covered_scopes():
    gaps = [CannotTell("status-drift", scope, "because", 1) for scope in ("delivery/PAY", "delivery/RISK", None)]
    broken = tuple(msgspec.structs.replace(source, promise_broken=True) for source in SOURCES)
    document = composed(report=with_(IN_PAY, covers=()), gaps=gaps, sources=broken)
    assert [gap.places for gap in document.gaps] == [("PAY",)]
    assert [stale.place for stale in document.stale] == ["PAY"]
    linked = Linked(scopes=frozenset({("roadmap", "5abb")}))
    document = composed(report=with_(IN_PAY, covers=()), sources=broken, linked=linked)
    assert [stale.place for stale in document.stale] == ["PAY", "roadmap"]


def test_a_source_within_its_promise_is_not_mentioned():
    assert composed(sources=SOURCES).stale == ()


def test_linked_scopes_count_only_where_the_config_does_not_say_what_is_covered():
    broken = tuple(msgspec.structs.replace(source, promise_broken=True) for source in SOURCES)
    linked = Linked(frozenset({("roadmap", "id-aa")}), frozenset({("roadmap", "5abb")}))
    document = composed(REFUNDS, report=with_(IN_PAY, covers=("delivery/PAY",)), sources=broken, linked=linked)
    assert (document.counts.standing, [stale.place for stale in document.stale]) == (0, ["PAY"])


def test_what_is_said_of_a_person_is_covered_where_they_work_or_everywhere_if_nobody_knows_where():
    both = stated("one-person-both-roles", subject("person", ("", ""), "ada", "Ada Park", url=""), person=ADA)
    ada = both.finding.subject.id

    def covered(*covers, work, linked=()):
        told = Linked(scopes=frozenset(linked), work={ada: frozenset(work)} if work else {})
        return bool(composed(both, report=with_(IN_PAY, covers=covers), linked=told).counts.standing)

    pay, board = ("delivery", "10001"), ("roadmap", "5abb")
    for covers in ((), ("delivery/PAY",)):
        assert covered(*covers, work=())
        assert covered(*covers, work=(pay, board))
        assert not covered(*covers, work=(board,))
        assert covered(*covers, work=(board,), linked=(board,)) == (not covers)
    assert sentences(composed(both, report=IN_PAY)) == ["Ada Park owns and leads 4 features."]


# What they may see ----------------------------------------------------------------------------------------------------


def test_items_of_other_connections_are_counted_and_not_named():
    document = composed(RETRIES, DRIFT, report=ON_BOARD)
    assert sentences(document) == [
        "Pay by link is done, but its twin 1 item in delivery is doing.",
        "1 item in delivery is under way with nobody on it.",
    ]
    shown = everywhere(document)
    for secret in ("Retry cards", "Hosted links", "PAY-", "x.example"):
        assert secret not in shown


def test_two_that_may_not_be_named_are_not_told_apart():
    drift = stated("status-drift", issue("PAY-1", "Retry cards"), other=issue("PAY-2", "Retry cards"))
    expected = "1 item in delivery is done, but its twin 1 item in delivery is doing."
    assert sentences(composed(drift, report=ON_BOARD)) == [expected]


def test_may_show_opens_single_scopes_and_connections():
    risk = stated("work-without-assignee", issue("RISK-1", "Check fraud"), person=ADA)
    document = composed(RETRIES, risk, report=with_(ON_BOARD, may_show=("roadmap", "delivery/pay")))
    assert sentences(document) == [
        "1 item in delivery is under way with nobody on it.",
        "Retry cards is under way with nobody on it.",
    ]
    document = composed(RETRIES, risk, report=with_(ON_BOARD, may_show=("delivery",)))
    assert sentences(document)[0] == "Check fraud is under way with nobody on it."


def test_may_show_can_leave_out_the_own_connection():
    assert sentences(composed(REFUNDS, report=with_(ON_BOARD, may_show=("delivery",)))) == [
        "Nobody owns 1 item in roadmap."
    ]


def test_several_that_may_not_be_named_are_one_line_for_each_person():
    found = [stated("work-without-assignee", issue(f"PAY-{n}", f"Issue {n}"), person=BO) for n in range(2, 5)]
    document = composed(
        *found, RETRIES, stated("sprint-over-capacity", sprint("Sprint 24"), person=BO), report=ON_BOARD
    )
    assert sentences(document) == [
        "1 sprint in delivery: 47 points planned, 40 to give (config): 117%.",
        "Work without assignee: 4 items in delivery",
    ]
    assert "jql" not in everywhere(document)
    assert document.groups[0].lines[1].count == 4


def test_restricted_items_have_no_title_anywhere_and_a_key_only_in_their_own_tool():
    secret = issue("RISK-7", "Acquisition of Foo", restricted=True)
    found = [
        stated("work-without-assignee", secret, person=BO, facts={"word": "secret word"}),
        stated("status-drift", card("cc", "Pay by link"), other=secret, person=ADA, facts={"word": "secret word"}),
    ]
    shown = composed(*found, report=with_(ON_BOARD, may_show=("*",)))
    assert sentences(shown) == [
        "Pay by link is done, but its twin 1 item in delivery is doing.",
        "1 item in delivery is under way with nobody on it.",
    ]
    assert "RISK" not in everywhere(shown)
    for report in (with_(IN_PAY, may_show=("*",)), None):
        document = composed(*found, report=report, limits=EVERYTHING)
        assert sentences(document)[1] == "RISK-7 is under way with nobody on it."
        assert "Acquisition" not in everywhere(document)
        assert "secret word" not in everywhere(document)


def test_a_restricted_key_is_shown_in_its_own_tool_only_where_its_scope_may_be():
    secret = stated("work-without-assignee", issue("RISK-7", "Acquisition of Foo", restricted=True), person=BO)
    document = composed(secret, report=with_(IN_PAY, may_show=("delivery/PAY",)))
    assert sentences(document) == ["1 item in delivery is under way with nobody on it."]


def test_facts_go_only_where_all_that_they_are_about_may_be_seen():
    drift = stated("status-drift", card("cc", "Pay by link"), other=issue("PAY-2", "Links"), facts={"word": "On hold"})
    assert "On hold" not in TEXT["json"](composed(drift, report=ON_BOARD))
    assert "On hold" in TEXT["json"](composed(drift, report=with_(ON_BOARD, may_show=("*",))))
    assert "On hold" not in TEXT["json"](composed(drift, report=with_(ON_BOARD, may_show=("*",), names=False)))


def test_names_of_scopes_that_may_not_be_shown_are_those_of_their_connection():
    gaps = [CannotTell("status-drift", "delivery/RISK", "because", 1)]
    url = "https://x.example/RISK"
    sources = (Source(*("delivery", "jira", "10002"), "Risk", None, key="RISK", promise_broken=True, url=url),)
    stale = stated("source-stale", subject("scope", RISK, "RISK", "Risk", url=url))
    document = composed(stale, gaps=gaps, sources=sources, report=ON_BOARD)
    assert sentences(document) == ["Source stale: 1 scope in delivery"]
    assert "risk" not in everywhere(document).lower()
    assert [one.place for one in document.stale] == ["delivery"]
    assert [gap.places for gap in document.gaps] == [("delivery",)]


def test_a_scope_that_is_not_known_is_for_the_terminal_only():
    gaps = [CannotTell("status-drift", "other/Secret", "because", 1)]
    assert composed(gaps=gaps).gaps[0].places == ("other/Secret",)
    assert composed(gaps=gaps, report=with_(ON_BOARD, may_show=("*",))).gaps == ()


def test_without_names_roles_stand_for_people():
    both = stated("one-person-both-roles", subject("person", ("", ""), "ada", "Ada Park", url=""), person=ADA)
    document = composed(REFUNDS, RETRIES, both, report=with_(ON_BOARD, names=False, may_show=("*",)))
    assert [group.who for group in document.groups] == [
        "Product management",
        "Project management",
        "Product and project management",
    ]
    assert sentences(document)[2] == "1 person owns and leads 4 features."
    assert "Ada" not in everywhere(document)
    assert "Bo Lind" not in everywhere(document)


def test_without_names_people_are_counted():
    people = [subject("person", ("", ""), key, key.title(), url="") for key in ("ada", "bo")]
    found = [stated("one-person-both-roles", one) for one in people]
    assert sentences(composed(*found, report=with_(ON_BOARD, names=False))) == ["One person both roles: 2 people"]


def test_without_names_the_limit_is_still_each_persons():
    found = [
        stated("feature-without-owner", card(f"c{n}", f"Card {n}"), person=Person(n % 3, f"P{n % 3}"))
        for n in range(10)
    ]
    (group,) = composed(*found, report=with_(ON_BOARD, names=False)).groups
    assert (len(group.lines), group.left_out) == (10, 0)
