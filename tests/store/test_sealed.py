"""What a tool says again is known again before a record is made of it, and is never taken for what it is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from syncbot.model import Mapped, Record, Sealed, Struct, Way
from syncbot.store import Store
from tests.store.helpers import as_task, connect, record, rows, save


class Said(Struct):
    """What a tool says of a record: its title, and something that no record shows."""

    title: str
    mood: str = ""


@pytest.fixture(autouse=True)
def _connected(store: Store):
    with store.writing() as db:
        connect(db)


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def sealed(made: list[str]) -> Callable[..., Sealed]:
    def seal(title: str, mood: str = "", *, key: bytes = b"one way") -> Sealed:
        def make(said: Said) -> Record:
            made.append(said.title)
            return record(7, title=said.title)

        return Sealed("7", Said(title, mood), Way(make, key))

    return seal


def test_what_is_said_again_is_not_made_again(store: Store, sealed, made):
    assert save(store, [sealed("Pay")]).new == 1
    assert save(store, [sealed("Pay")]).same == 1
    assert made == ["Pay"]
    assert save(store, [sealed("Pay later")]).changed == 1
    assert rows(store, "select title from item") == [("Pay later",)]


def test_what_is_said_otherwise_of_the_same_record_changes_nothing_and_is_known_from_then_on(store, sealed, made):
    save(store, [sealed("Pay")])
    for _ in range(2):
        assert save(store, [sealed("Pay", "sunny")]).same == 1
    assert made == ["Pay", "Pay"]


def test_another_way_of_making_records_makes_them_again(store: Store, sealed, made):
    save(store, [sealed("Pay")])
    save(store, [sealed("Pay", key=b"another")])
    assert made == ["Pay", "Pay"]


def test_a_record_that_came_without_what_was_said_is_not_known_by_what_was_said_before_it(store: Store, sealed):
    save(store, [sealed("Pay")])
    save(store, [record(7, title="Pay later")])
    assert save(store, [sealed("Pay")]).changed == 1
    assert rows(store, "select title from item") == [("Pay",)]


@pytest.mark.parametrize("seen", ["missing", "gone"])
def test_what_was_not_there_for_a_while_is_here_again_though_the_same_is_said(store: Store, sealed, seen: str):
    save(store, [sealed("Pay")])
    with store.writing() as db:
        db.execute(text("update record set seen = :seen"), {"seen": seen})
        db.execute(text("update item set seen = :seen"), {"seen": seen})
    assert save(store, [sealed("Pay")]).changed == 1
    assert rows(store, "select r.seen, i.seen from record r join item i on i.id = r.id") == [("here", "here")]


def test_what_was_put_aside_is_tried_again_though_the_same_is_said(store: Store, sealed):
    def fail(_: Record) -> Mapped:
        raise ZeroDivisionError

    save(store, [sealed("Pay")])
    assert save(store, [sealed("Pay later")], fail).quarantined == 1
    assert save(store, [sealed("Pay later")], as_task).changed == 1
    assert rows(store, "select count(*) from quarantine") == [(0,)]


def test_what_no_record_can_be_made_of_is_put_aside_with_the_reason(store: Store):
    def make(_: Said) -> Record:
        raise ValueError("no date")

    saved = save(store, [Sealed("7", Said("Pay"), Way(make, b"")), record(8)])
    assert (saved.new, saved.quarantined) == (1, 1)
    assert rows(store, "select remote_id, reason from quarantine") == [("7", "ValueError: no date")]


def test_what_cannot_be_written_down_is_made_each_time(store: Store, made):
    def make(said: dict[str, int]) -> Record:
        made.append(f"{len(said)}")
        return record(7)

    found = Sealed("7", {"far beyond": 2**70}, Way(make, b"one way"))
    assert save(store, [found]).new == 1
    assert save(store, [found]).same == 1
    assert made == ["1", "1"]
