"""What the fields of a record become: people, efforts, dates."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from syncbot import mapping
from syncbot.model import CHOICE, Assignee, Unmapped, Value, Word
from tests.mapping.helpers import DOING, JIRA, TRELLO, apply, card, issue, item, load, resolve


@pytest.mark.parametrize(
    ("value", "owner", "shares"),
    [
        ("u1", "u1", [("u1", "owner", 1.0)]),
        (("u1",), "u1", [("u1", "owner", 1.0)]),
        (("u1", "u2"), None, [("u1", "assignee", 0.5), ("u2", "assignee", 0.5)]),
        (("u1", "u1"), "u1", [("u1", "owner", 1.0)]),
        ((), None, []),
        ("", None, []),
        (3, None, []),
    ],
)
def test_one_member_is_the_owner_of_several_none_is(
    tmp_path: Path, value: Value, owner: str | None, shares: list[tuple[str, str, float]]
) -> None:
    mapped = apply(resolve(load(tmp_path, '[fields]\nowner = "Members"\n'), TRELLO), card(fields={"members": value}))
    assert mapped.item is not None
    assert mapped.item.owner == owner
    assert mapped.assignees == tuple(Assignee(*it) for it in shares)


def test_assignees_share_equally_with_the_owner_among_them(tmp_path: Path) -> None:
    one = resolve(load(tmp_path, '[fields]\nowner = "Assignee"\nassignees = "Developers"\n'), JIRA)
    mapped = apply(one, issue(fields={"assignee": "u2", "customfield_10032": ("u1", "u2", "u3", "u4")}))
    assert {it.account: it.role for it in mapped.assignees} == {
        "u2": "owner",
        "u1": "assignee",
        "u3": "assignee",
        "u4": "assignee",
    }
    assert [it.share for it in mapped.assignees] == [0.25] * 4


@pytest.mark.parametrize(
    ("unit", "value", "minutes"),
    [
        ("seconds", 5400, 90),
        ("seconds", 20, 0),
        ("minutes", 90.4, 90),
        ("hours", 1.5, 90),
        ("hours", "1,5", 90),
        ("days", 0.5, 240),
    ],
)
def test_efforts_become_minutes(tmp_path: Path, unit: str, value: Value, minutes: int) -> None:
    text = f"""
[fields]
minutes = {{ field = "Original estimate", unit = "{unit}" }}
left_minutes = {{ field = "Remaining Estimate", unit = "{unit}" }}
spent_minutes = {{ field = "Time Spent", unit = "{unit}" }}
"""
    for field, ours in [
        ("timeoriginalestimate", "minutes"),
        ("timeestimate", "left_minutes"),
        ("timespent", "spent_minutes"),
    ]:
        found = item(tmp_path, text, issue(fields={field: value}))
        read = {name: getattr(found, name) for name in ("minutes", "left_minutes", "spent_minutes")}
        assert read == {"minutes": None, "left_minutes": None, "spent_minutes": None} | {ours: minutes}


@pytest.mark.parametrize(
    ("title", "points"),
    [
        ("(3) Pay later", 3),
        ("Pay later ( 2.5 )", 2.5),
        ("Pay later (0,5)", 0.5),
        ("(x) Pay (8)", 8),
        ("Pay later", None),
        ("Pay (3", None),
        ("Pay (-3)", None),
    ],
)
def test_points_in_a_title(tmp_path: Path, title: str, points: float | None) -> None:
    assert item(tmp_path, '[fields]\npoints = { title = "(#)" }\n', card(title=title)).points == points


def test_the_first_that_is_filled_counts_for_each_item(tmp_path: Path) -> None:
    text = '[fields]\npoints = ["Story Points", "Story point estimate", { title = "(#)" }]\n'
    fields: dict[str, Value] = {"customfield_10026": 8, "customfield_10016": 3}
    assert item(tmp_path, text, issue(fields=fields)).points == 8
    assert item(tmp_path, text, issue(fields={"customfield_10016": 0})).points == 0, "zero is an estimate"
    assert item(tmp_path, text, issue(fields={}, title="(5) Retry")).points == 5


@pytest.mark.parametrize("value", ["soon", -1, True, float("nan"), float("inf"), 1e300, ("a", "b")])
def test_what_is_no_estimate_is_counted_and_never_guessed(tmp_path: Path, value: Value) -> None:
    text = '[fields]\npoints = "Story Points"\n'
    mapped = apply(resolve(load(tmp_path, text), JIRA), issue(category="new", fields={"customfield_10026": value}))
    assert mapped.item is not None
    assert mapped.item.points is None
    assert [(it.facet, it.scope, it.example) for it in mapped.unmapped] == [("points", "10000", "PAY-1")]
    text = '[fields]\nminutes = { field = "Time Spent", unit = "hours" }\n'
    mapped = apply(resolve(load(tmp_path, text), JIRA), issue(category="new", fields={"timespent": value}))
    assert mapped.item is not None
    assert mapped.item.minutes is None
    assert [it.facet for it in mapped.unmapped] == ["minutes"]


def test_an_odd_value_is_shown_short_and_not_at_all_where_its_item_is_restricted(tmp_path: Path) -> None:
    one = resolve(load(tmp_path, '[fields]\npoints = "Story Points"\n'), JIRA)
    odd = issue(category="new", fields={"customfield_10026": "secret" * 99})
    [shown] = apply(one, odd).unmapped
    [hidden] = apply(one, msgspec.structs.replace(odd, restricted=True)).unmapped
    assert shown.word == ("secret" * 99)[:80]
    assert hidden == Unmapped("points", "(restricted)", "10000", "PAY-1")


@pytest.mark.parametrize(
    ("value", "timezone", "day"),
    [
        ("2026-11-02", "Pacific/Auckland", "2026-11-02"),
        ("2026-06-30T23:30:00.000Z", "Europe/London", "2026-07-01"),
        ("2026-06-30T23:30:00.000Z", "UTC", "2026-06-30"),
        ("2026-07-01T03:00:00.000Z", "America/Los_Angeles", "2026-06-30"),
        ("2026-07-01T00:30:00.000+02:00", "UTC", "2026-06-30"),
        ("2026-06-30T23:30:00", "Pacific/Auckland", "2026-06-30"),
        ("0001-01-01T00:00:00.000Z", "America/Los_Angeles", None),
        ("next week", "UTC", None),
        (20261102, "UTC", None),
    ],
)
def test_an_instant_is_the_date_that_it_is_in_the_time_zone(
    tmp_path: Path, value: Value, timezone: str, day: str | None
) -> None:
    one = resolve(load(tmp_path, '[fields]\ndue_on = "Due date"\n'), TRELLO, timezone=timezone)
    mapped = apply(one, card(DOING, complete=True, fields={"due": value}))
    assert mapped.item is not None
    assert mapped.item.due_on == day
    assert [it.facet for it in mapped.unmapped] == ([] if day else ["due_on"])


@pytest.mark.parametrize(
    ("fields", "team"),
    [
        ({"": "Payments", CHOICE: "10400"}, Word("10400", "Payments")),
        ({"": ("Payments", "Risk"), CHOICE: ("10400", "10401")}, Word("10400", "Payments")),
        ({"": " Pay\n ments "}, Word("pay ments", "Pay ments")),
        ({"": "x" * 16_000}, Word("x" * 120, "x" * 120)),
        ({"": 7}, None),
        ({"": "  "}, None),
        ({"": ()}, None),
        ({CHOICE: "10400"}, None),
        ({}, None),
    ],
)
def test_the_team_is_what_the_config_s_field_holds(tmp_path: Path, fields: dict[str, Value], team: Word | None) -> None:
    name = mapping.Name("Team", mapping.Spot(tmp_path / "config.toml", 3, "directory.teams.field"))
    one = resolve(load(tmp_path, '[scope."PAY".fields]\nowner = "Assignee"\n'), JIRA, team=name)
    assert one.mistakes == []
    assert {"customfield_10031", "customfield_10031:id"} <= one.wanted
    mapped = apply(one, issue(fields={f"customfield_10031{suffix}": value for suffix, value in fields.items()}))
    assert mapped.item is not None
    assert mapped.item.team == team
    assert one.sources_in("10000")["team"] == ("customfield_10031",)


@pytest.mark.parametrize(
    ("field", "mistake"),
    [
        ("Tribe", 'there is no field "Tribe".'),
        ("Due date", '"Due date" is a field of type date: it cannot give team.'),
    ],
)
def test_a_team_field_that_does_not_fit_is_a_mistake_of_the_config(tmp_path: Path, field: str, mistake: str) -> None:
    name = mapping.Name(field, mapping.Spot(tmp_path / "config.toml", 3, "directory.teams.field"))
    (found,) = resolve(load(tmp_path, "strict = false\n"), JIRA, team=name).mistakes
    assert (found.file, found.line, found.key, found.message) == (name.spot.file, 3, name.spot.key, mistake)
