"""``syncbot explain ID``: a finding from its sentence back to the tool's own fields, and how it went over time."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Desk


def squeezed(text: str) -> str:
    return " ".join(text.split())


def ids(desk: Desk) -> dict[str, str]:
    """The ids of the findings, by rule, as the report shows them."""
    body = json.loads(desk.run("report", "--format", "json", "--all").out)
    return {line["rule"]: line["id"] for group in body["groups"] for line in group["findings"]}


def test_a_finding_is_followed_from_its_sentence_to_the_fields_of_both_tools(desk: Desk) -> None:
    desk.sandbox.apply("card-done-early")
    desk.run("sync")
    asked = len(desk.sandbox.requests)
    said = desk.run("explain", ids(desk)["status-drift"])
    assert (said.code, said.err) == (0, "")
    text = squeezed(said.out)
    assert "error: “" in text
    assert 'is "Done" (done), while PAY-13 “' in text
    assert "needs mapped status" in text
    assert "delivery/PAY read completely at 20" in text
    assert "other_status doing PAY-13" in text
    assert "status done Done trello.toml:" in text, "the card's own chain"
    assert "status doing In Progress, which the tool counts as doing" in text, "and that of its twin"
    assert len(desk.sandbox.requests) == asked


@pytest.mark.parametrize(("mutation", "rule"), [("sprint-overfull", "sprint-over-capacity")])
def test_what_a_sum_is_made_of_is_shown(desk: Desk, mutation: str, rule: str) -> None:
    desk.sandbox.apply(mutation)
    desk.edit("[syncbot]\n", "[rules.sprint-over-capacity]\ntolerance_percent = 5\n[syncbot]\n")
    desk.run("sync")
    text = squeezed(desk.run("explain", ids(desk)[rule]).out)
    assert "tolerance_percent 5 (by your config; otherwise 10)" in text
    assert "capacity_from as configured" in text
    assert "The work behind it: " in text
    assert "PAY-6 Tell the merchant" in text
    assert " UTC" in text


def test_its_life_is_told_also_when_it_is_over(desk: Desk) -> None:
    desk.sandbox.apply("owner-leaves")
    desk.run("sync")
    (name,) = ids(desk).values()
    desk.run("waive", "add", name, "--until", "2999-01-31", "--reason", "Owner joins soon", "--by", "ada")
    desk.run("check")
    assert "waived to the end of 2999-01-31 by ada: Owner joins soon" in squeezed(desk.run("explain", name).out)
    desk.run("waive", "remove", name)
    desk.sandbox.undo()
    desk.run("sync")
    text = squeezed(desk.run("explain", name.upper()).out)
    found, waived, resolved = (text.index(word) for word in (" found ", "found, and waived", "resolved: its rule"))
    assert found < waived < resolved


def test_what_names_nothing_says_so(desk: Desk) -> None:
    desk.run("sync")
    said = desk.run("explain", "0123456789ab")
    assert said.code == 2
    assert "nothing that was read is called 0123456789ab, nor any finding" in said.err
