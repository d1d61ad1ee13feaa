import pytest

from syncbot.store import Store
from syncbot.store.census import Census, census
from syncbot.store.records import remap
from tests.store.helpers import PAY, as_task, connect, record, rows, save

ALL = frozenset(str(number) for number in range(1, 21))


@pytest.fixture(autouse=True)
def _filled(store: Store):
    with store.writing() as db:
        connect(db)
    save(store, [record(int(number)) for number in sorted(ALL)])


def count(store: Store, remote_ids: frozenset[str]) -> Census:
    with store.writing() as db:
        return census(db, "delivery", PAY.remote_id, remote_ids)


def seen(store: Store, table: str = "items") -> dict[str, str]:
    return dict(rows(store, f"select remote_id, seen from {table} where seen <> 'here'"))


def test_two_misses_make_an_item_gone(store: Store):
    assert count(store, ALL - {"7"}) == Census(missing=1)
    assert seen(store) == {"7": "missing"}
    assert rows(store, "select id from tasks where remote_id = '7'") == []
    assert count(store, ALL - {"7", "8"}) == Census(missing=1, gone=1)
    assert seen(store) == seen(store, "record") == {"7": "gone", "8": "missing"}


def test_an_item_that_is_counted_again_is_back(store: Store):
    count(store, ALL - {"7"})
    assert count(store, ALL) == Census(back=1)
    assert seen(store) == seen(store, "record") == {}


def test_an_item_that_is_read_again_is_back(store: Store):
    with store.writing() as db:
        census(db, "delivery", PAY.remote_id, ALL - {"7"}, {"7": "deleted"})
    assert rows(store, "select remote_id from record where fate = 'deleted'") == [("7",)]
    assert save(store, [record(7)]).changed == 1
    assert seen(store) == seen(store, "record") == {}
    assert rows(store, "select remote_id from record where fate <> ''") == [], "what became of it is no longer so"


def test_a_census_in_which_too_much_is_absent_changes_nothing(store: Store):
    few = frozenset(sorted(ALL)[:9])
    assert count(store, few) == Census(refused=11)
    assert count(store, frozenset()) == Census(refused=20)
    assert seen(store) == {}


def test_ten_items_may_vanish_from_a_small_board(store: Store):
    assert count(store, frozenset(sorted(ALL)[:10])) == Census(missing=10)


def test_a_large_board_may_lose_a_tenth(store: Store):
    more = [record(number) for number in range(21, 201)]
    save(store, more)
    every = ALL | {each.remote_id for each in more}
    assert count(store, frozenset(sorted(every)[21:])) == Census(refused=21)
    assert count(store, frozenset(sorted(every)[20:])) == Census(missing=20)


def test_ids_that_were_never_read_are_told(store: Store):
    assert count(store, ALL | {"99"}) == Census(unread=("99",))


def test_other_scopes_are_left_alone(store: Store):
    with store.writing() as db:
        assert census(db, "delivery", "10001", []) == Census()
    assert seen(store) == {}


def test_what_is_gone_already_does_not_count_as_vanishing(store: Store):
    half = frozenset(sorted(ALL)[:10])
    for _ in range(2):
        count(store, half)
    assert count(store, half - {min(half)}) == Census(missing=1)


def test_what_is_gone_and_is_back_has_to_be_read(store: Store):
    for _ in range(2):
        count(store, ALL - {"7"})
    assert count(store, ALL) == Census(unread=("7",))
    assert seen(store) == {"7": "gone"}
    assert save(store, [record(7)]).changed == 1
    assert seen(store) == {}


def test_what_was_put_aside_is_not_unread(store: Store):
    refused = save(store, [record(99, changed="no date at all")])
    assert refused.quarantined == 1
    assert count(store, ALL | {"99"}) == Census()


def test_mapping_again_brings_nothing_back(store: Store):
    count(store, ALL - {"7"})
    count(store, ALL - {"7", "8"})
    with store.writing() as db:
        assert remap(db, "delivery", as_task) == len(ALL) - 1
    assert seen(store) == {"7": "gone", "8": "missing"}
