from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from syncbot.facts.dependencies import MOST, Row, chains

NAMES = {number: ("delivery", f"{number:06}") for number in range(30_000)}


def test_chains_are_followed_and_circles_named():
    assert list(chains([(1, 2), (2, 3), (5, 6), (6, 7), (7, 5), (7, 8)], NAMES)) == [
        Row(1, 2, 1, 1, None),
        Row(1, 3, 2, 2, None),
        Row(5, 5, None, 0, 5),
        Row(5, 6, 5, 1, 5),
        Row(5, 7, 6, 2, 5),
        Row(5, 8, 7, 1, None),
    ]


def test_the_longest_way_counts():
    rows = list(chains([(1, 2), (1, 3), (1, 4), (2, 3), (3, 4)], NAMES))

    assert [(one.item_id, one.next_id, one.depth) for one in rows] == [(2, 1, 1), (3, 2, 2), (4, 3, 3)]


def test_a_circle_on_the_way_is_one_step():
    rows = [one for one in chains([(1, 2), (2, 3), (3, 2), (3, 4)], NAMES) if one.root_id == 1]
    assert [(one.item_id, one.depth, one.cycle_id) for one in rows] == [(2, 1, None), (3, 1, None), (4, 2, None)]


def test_a_circle_is_named_by_what_outlives_our_numbers():
    names = {1: ("delivery", "9"), 2: ("delivery", "3")}

    assert {one.root_id for one in chains([(1, 2), (2, 1)], names)} == {2}


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)).filter(lambda pair: pair[0] != pair[1]), max_size=20))
def test_whoever_waits_is_found_and_who_waits_for_himself_is_in_a_circle(blocks):
    rows = list(chains(blocks, NAMES))
    waiting = {one: _reached(one, blocks) for one in range(1, 10)}
    for row in rows:
        if row.item_id != row.root_id:
            assert row.item_id in waiting[row.root_id]
    circled = {row.item_id for row in rows if row.cycle_id}
    assert circled == {one for one in waiting if one in waiting[one]}
    for root in {blocker for blocker, _ in blocks} - {other for _, other in blocks}:
        assert {row.item_id for row in rows if row.root_id == root} == waiting[root]


def _reached(number, blocks):
    found = set()
    pending = [number]
    while pending:
        one = pending.pop()
        for blocker, other in blocks:
            if blocker == one and other not in found:
                found.add(other)
                pending.append(other)
    return found


def test_long_chains_wide_fans_and_great_circles_stay_small():
    many = 10_000
    chain = [(number, number + 1) for number in range(many)]
    combed = [*chain[:1000], *((many + 1 + number, number) for number in range(1, 1000))]
    fan = [*((number, 0) for number in range(1, 1000)), *((0, many + number) for number in range(1, many))]
    ring = [*chain, (many, 0)]
    sizes = [Counter(row.root_id for row in chains(blocks, NAMES)) for blocks in (chain, combed, fan, ring)]

    assert [max(size.values()) for size in sizes] == [MOST, MOST, MOST, MOST + 1]
    assert [len(size) for size in sizes] == [1, 1000, 999, 1]


def test_the_longest_chain_is_kept_beside_whatever_waits_directly():
    fan = [(1, number) for number in range(2, 500)]
    behind = [(400, 600), (600, 601), (601, 600), (601, 602)]
    rows = {row.item_id: row for row in chains([*fan, *behind], NAMES) if row.root_id == 1}

    assert len(rows) == MOST
    assert [(rows[number].next_id, rows[number].depth) for number in (400, 600, 602)] == [(1, 1), (400, 2), (601, 3)]
    assert max(row.depth for row in chains([(number, number + 1) for number in range(1000)], NAMES)) == MOST


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)).filter(lambda pair: pair[0] < pair[1]), max_size=20))
def test_a_fan_hides_no_chain(blocks):
    alone = list(chains(blocks, NAMES))
    among = list(chains([*blocks, *((one, 100 * one + at) for one in range(1, 10) for at in range(MOST))], NAMES))
    for root in {row.root_id for row in alone}:
        deepest = max(row.depth for row in alone if row.root_id == root)
        assert max(row.depth for row in among if row.root_id == root) == deepest + 1
