"""Whatever a tool sends: never an exception, always the same answer, and sums that add up."""

from __future__ import annotations

import string
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncbot import mapping
from syncbot.model import KINDS, STATUSES, Mapped, Place, Record, Reference, Scope, Vocabulary, Word
from tests.mapping.helpers import BOARD, JIRA, PAY, RISK, TRELLO, load, resolve

EVERYTHING = """
strict = false
[fields]
owner = ["Assignee", "Members"]
assignees = "Developers"
points = ["Story Points", { title = "(#)" }]
minutes = { field = "Original estimate", unit = "days" }
left_minutes = { field = "Remaining Estimate", unit = "seconds" }
start_on = "Start date"
due_on = ["Due date"]
[kind]
ignore = { label = "template", title = "*(*" }
goal = { field = { Team = ["a*", 3, true] } }
feature = [{ type = "Epic", complete = false }, { list = "Doing*" }]
[status]
doing = [{ status = "a*" }, { list = "Doing" }, { complete = true, archived = true }]
dropped = { resolution = "*" }
[priority]
1 = { priority = "*" }
[flagged]
any = { field = "Flagged" }
[committed]
any = { sprint = "*" }
[side]
product = { title = "a*" }
[links]
blocks = ["Blocks", "Depends*"]
twin = "*"
keys = true
[derive]
goal = [{ label = "Goal: *" }, { field = "Team" }, { list = "*" }]
milestone = { sprint = "*" }
sprint = [{ label = "*" }, { list = "*" }]
[function]
legal = { label = "*l*" }
[requires]
legal = { title = "*l*" }
"""

names = st.one_of(
    st.sampled_from(["Epic", "Doing", "template", "Goal: x", "Done", "Blocks", "In Progress", "Highest", "", " ", "*"]),
    st.text(max_size=12),
)
words = st.builds(Word, st.one_of(st.sampled_from(["1", "l2", "x1", "12"]), st.text(max_size=4)), names)
moments = st.one_of(st.datetimes().map(lambda it: it.isoformat() + "Z"), st.dates().map(str), st.text(max_size=30))
scalars = st.one_of(st.text(max_size=12), moments, st.integers(), st.floats(), st.booleans())
values = st.one_of(scalars, st.lists(scalars, max_size=3).map(tuple))
places = st.builds(
    Place,
    st.sampled_from(["10000", "10001", "b1", "?"]),
    st.none() | words,
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
)
field_ids = st.sampled_from([*(field.id for field in (*JIRA.fields, *TRELLO.fields)), "?"])
records = st.builds(
    Record,
    remote_id=st.text(max_size=4),
    ref=st.text(max_size=4),
    url=st.text(max_size=4),
    title=st.one_of(st.text(), st.from_regex(r"\((\d+[.,]?\d*)\) [a-z]*", fullmatch=True)),
    changed=moments,
    places=st.lists(places, max_size=3).map(tuple),
    created=st.none() | moments,
    creator=st.none() | st.just("bot"),
    type=st.none() | words,
    status=st.none() | words,
    category=st.none() | st.sampled_from(["new", "doing", "done"]),
    status_since=st.none() | moments,
    resolution=st.none() | words,
    priority=st.none() | words,
    complete=st.none() | st.booleans(),
    archived=st.booleans(),
    marker=st.none() | st.just("syncbot:v1:00"),
    labels=st.lists(words, max_size=4).map(tuple),
    sprints=st.lists(st.text(string.digits, max_size=2), max_size=3).map(tuple),
    references=st.lists(
        st.builds(
            Reference,
            st.text(max_size=4),
            st.sampled_from(["id", "url", "key"]),
            st.none() | words,
            st.booleans(),
            st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    fields=st.dictionaries(field_ids, values, max_size=6),
)


Ready = tuple[mapping.Source, Vocabulary, list[Scope]]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> list[Ready]:
    folder: Path = tmp_path_factory.mktemp("mappings")
    sources = [load(folder, EVERYTHING), mapping.load(mapping.preset("jira")), mapping.load(mapping.preset("trello"))]
    return [(source, *tool) for source in sources for tool in [(JIRA, [PAY, RISK]), (TRELLO, [BOARD])]]


@pytest.fixture(scope="module")
def mappings(ready: list[Ready]) -> list[mapping.Mapping]:
    return [resolve(*one) for one in ready]


@given(record=records, at=st.integers(0, 5))
@settings(max_examples=400)
def test_every_record_maps_to_something_valid(mappings: list[mapping.Mapping], record: Record, at: int) -> None:
    mapped = mapping.apply(mappings[at], record, frozenset({"bot"}))
    assert mapped.remote_id == record.remote_id
    if mapped.item is None:
        return
    assert mapped.item.kind in KINDS
    assert mapped.item.status in STATUSES
    assert not (mapped.item.is_archived and mapped.item.status not in {"done", "dropped"})
    assert msgspec.json.decode(msgspec.json.encode(mapped), type=Mapped) == mapped
    shares = [it.share for it in mapped.assignees]
    assert not shares or sum(shares) == pytest.approx(1)
    assert len({it.account for it in mapped.assignees}) == len(shares)
    assert mapped.item.owner in {None, *(it.account for it in mapped.assignees if it.role == "owner")}
    for effort in (mapped.item.points, mapped.item.minutes, mapped.item.left_minutes):
        assert effort is None or 0 <= effort <= 1e9
    assert {it.remote_id for it in mapped.derived} <= {it.target for it in mapped.ties}
    assert {it.remote_id for it in mapped.derived_sprints} <= set(mapped.sprints)


@given(several=st.lists(records, max_size=4), at=st.integers(0, 5))
@settings(max_examples=100)
def test_what_was_mapped_before_changes_nothing(
    ready: list[Ready], mappings: list[mapping.Mapping], several: list[Record], at: int
) -> None:
    fresh = resolve(*ready[at])
    for record in reversed(several):
        mapping.apply(mappings[at], record, frozenset())
    for record in several:
        assert mapping.apply(mappings[at], record, frozenset()) == mapping.apply(fresh, record, frozenset())
