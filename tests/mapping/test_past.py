"""A history undone step by step leads back through every state of a record, and tells what changed between them."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncbot.mapping import Terms, changes
from syncbot.mapping.past import undo
from syncbot.model import Category, Entry, FieldType, Item, Mapped, Place, Record, Status, Value, Word

STATUSES: dict[str, Status] = {"1": "planned", "2": "doing", "3": "done"}
CATEGORIES: dict[str, Category] = {"1": "new", "2": "doing", "3": "done"}
TYPES: dict[str, FieldType] = {"assignee": "person", "duedate": "date", "points": "number"}
TERMS = Terms(TYPES, CATEGORIES)
FIRST = Record("7", "PAY-7", "https://x/PAY-7", "Work", "2026-11-23T08:00:00.000Z", (Place("PAY"),))


def apply(record: Record) -> Mapped:
    """As a mapping would: the status by its category, the rest by fields."""
    said = record.fields.get("points")
    item = Item(
        *("delivery", record.remote_id, record.ref, record.url, "task", "project", record.title),
        status=STATUSES[record.status.id] if record.status else "planned",
        word=record.status.name if record.status else "",
        home_scope="PAY",
        changed=record.changed,
        points=float(said) if isinstance(said, str | float) else None,
        due_on=str(record.fields["duedate"]) if "duedate" in record.fields else None,
        owner=str(record.fields["assignee"]) if "assignee" in record.fields else None,
    )
    return Mapped("7", item, sprints=record.sprints, past_sprints=record.past_sprints)


def edit(record: Record, number: int, field: str, new: Word | None) -> tuple[Record, Entry]:
    """A record after an edit, with the entry that its tool would write."""
    at = f"2026-11-{number // 24 + 1:02d}T{number % 24:02d}:00:00.000Z"
    old = _now(record, field)
    entry = Entry(f"{number + 9}:0", "7", at, field, old, new, "ada")
    return undo(record, replace(entry, old=new, new=old), TERMS), entry


def _now(record: Record, field: str) -> Word | None:
    if field == "status":
        return record.status
    if field == "sprint":
        return Word(", ".join(record.sprints), "") if record.sprints else None
    held: Value | None = record.fields.get(field)
    if held is None:
        return None
    return Word("", str(held)) if field == "points" else Word(str(held), "As people see it")


VALUES = {
    "status": st.sampled_from([Word(key, key) for key in STATUSES]),
    "sprint": st.sampled_from([None, Word("4", "Four"), Word("4, 5", "Four, Five"), Word("5", "Five")]),
    "points": st.sampled_from([None, Word("", "3"), Word("", "8")]),
    "duedate": st.sampled_from([None, Word("2026-12-01", "1 Dec"), Word("2026-12-24", "24 Dec")]),
    "assignee": st.sampled_from([None, Word("ada", "Ada Park"), Word("bo", "Bo Lind")]),
}
EDITS = st.lists(st.sampled_from([*VALUES]).flatmap(lambda field: st.tuples(st.just(field), VALUES[field])), max_size=9)


@given(EDITS, st.randoms())
def test_changes_lead_from_each_state_to_the_next(edits, dice):
    record = replace(FIRST, status=Word("1", "1"), category="new")
    states, history = [record], []
    for number, (field, new) in enumerate(edits):
        record, entry = edit(record, number, field, new)
        states.append(record)
        history.append(entry)
    expected = []
    for entry, before, after in zip(history, states, states[1:], strict=False):
        for name in ("status", "points", "due_on", "owner"):
            old, new = (getattr(apply(one).item, name) for one in (before, after))
            if old != new:
                said = [f"{one:g}" if isinstance(one, float) else one for one in (old, new)]
                expected.append((name, *said, entry.at))
        expected += [("sprint", one, None, entry.at) for one in sorted({*before.sprints} - {*after.sprints})]
        expected += [("sprint", None, one, entry.at) for one in sorted({*after.sprints} - {*before.sprints})]
    dice.shuffle(history)

    told = changes(states[-1], history, TERMS, apply)
    assert Counter((one.field, one.old, one.new, one.at) for one in told) == Counter(expected)
    assert [one.at for one in told] == sorted(one.at for one in told)


def test_several_entries_of_one_moment_are_one_step() -> None:
    now = replace(FIRST, status=Word("3", "Done"), category="done", fields={"points": 8.0})
    history = [
        Entry("9:1", "7", "2026-11-01T08:00:00.000Z", "points", Word("", "3"), Word("", "8")),
        Entry("9:0", "7", "2026-11-01T08:00:00.000Z", "status", Word("1", "To Do"), Word("3", "Done"), "ada"),
        Entry("10:0", "7", "2026-11-01T08:00:00.000Z", "resolution", None, Word("5", "Done")),
    ]
    told = changes(now, history, TERMS, apply)
    assert {(one.field, one.old, one.new, one.account) for one in told} == {
        ("status", "planned", "done", "ada"),
        ("points", "3", "8", "ada"),
    }


def test_what_nobody_follows_is_no_change() -> None:
    history = [Entry("1:0", "7", "2026-11-01T08:00:00.000Z", "labels", Word("", "a b"), Word("", "b"))]
    assert changes(FIRST, history, TERMS, apply) == []
    assert [one.name for one in undo(FIRST, history[0], TERMS).labels] == ["a", "b"]
