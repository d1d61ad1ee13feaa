"""Many rows at once come back as they were given, whatever stands in their columns."""

from __future__ import annotations

import pytest

from syncbot.store import Store, bulk

COLUMNS = ("connection", "remote_id", "scope", "type", "name", "closed", "start_on")


@pytest.mark.parametrize(
    ("closed", "start_on"),
    [
        ([False, False, False], [None, None, None]),
        ([True, True, True], ["2026-11-02", "2026-11-03", "2026-11-04"]),
        ([False, True, False], [None, "2026-11-03", None]),
    ],
)
def test_rows_come_back_as_they_were_given(store: Store, closed: list[bool], start_on: list[str | None]):
    told = [
        ("delivery", f"{number}", "10000", "list", "Doing", is_closed, on)
        for number, (is_closed, on) in enumerate(zip(closed, start_on, strict=True))
    ]
    with store.writing() as db:
        bulk.insert(db, "container", COLUMNS, told)
    with store.reading() as db:
        found = db.exec_driver_sql(f"select {', '.join(COLUMNS)} from container order by remote_id").all()
    assert list(map(tuple, found)) == told


def test_more_rows_than_go_into_one_statement_are_all_there(store: Store):
    told = [("delivery", f"{number}", "10000", "list", "Doing", number % 2 == 0, None) for number in range(2_500)]
    with store.writing() as db:
        bulk.insert(db, "container", COLUMNS, told)
    with store.reading() as db:
        found = db.exec_driver_sql("select count(*), count(start_on) from container where closed").one()
    assert tuple(found) == (1_250, 0)
