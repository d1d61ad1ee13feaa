"""Writing facts: a table is made to hold what it shall, whatever it held, and more rows than are written at a time."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from syncbot.facts.rows import settle, settle_many

MANY = 12_000  # several batches


def held(db):
    return [tuple(row) for row in db.execute(text("select item_id, points, minutes from effort order by item_id"))]


def weighed(numbers, minutes):
    return [(number, float(number), minutes) for number in numbers]


@pytest.mark.parametrize(
    "then",
    [
        pytest.param([], id="nothing is left"),
        pytest.param(weighed(range(1, MANY, 2), 60), id="every second one is taken away"),
        pytest.param(weighed(range(MANY), 60), id="one is put between each two"),
        pytest.param(weighed(range(0, MANY, 2), 90), id="every one is changed"),
        pytest.param(weighed(range(0, MANY, 3), 90), id="some are taken away, added and changed"),
        pytest.param(weighed(range(MANY, 2 * MANY), 60), id="all are others"),
    ],
)
def test_a_table_holds_just_the_rows_that_it_shall(store, then):
    columns = ("item_id",), ("points", "minutes")
    with store.writing() as db:
        settle_many(db, "effort", *columns, weighed(range(0, MANY, 2), 60))
        settle_many(db, "effort", *columns, iter(then))
        assert held(db) == then


def test_few_rows_may_come_in_any_order(store):
    with store.writing() as db:
        for rows in ([(3, 3.0, 1), (1, 1.0, 1), (2, 2.0, 1)], [(4, 4.0, 1), (2, 2.0, 9)]):
            settle(db, "effort", ("item_id",), ("points", "minutes"), rows)
            assert held(db) == sorted(rows)
