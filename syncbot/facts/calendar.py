"""The working days of each region: weekdays without its public holidays, as a running number.

The running number of a day is how many working days the table holds up to and including it, so the difference of two
days is the working days between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, text

from syncbot.facts.rows import day, settle

EVERYWHERE = ""
"""The region of people without one: weekdays, no holidays."""

_FRIDAY = 5
_YEARS = (-2, 1)  # whole years around today's, so that the table changes once a year only


class Workdays:
    """The working days of one region."""

    def __init__(self, region: str, first: date, last: date) -> None:
        self.region, self.first, self.last = region, first, last
        self.holidays = _holidays(region, range(first.year, last.year + 1))

    def works(self, on: date) -> bool:
        """Whether people of the region work on that day."""
        return on.isoweekday() <= _FRIDAY and on not in self.holidays

    def rows(self) -> Iterator[tuple[str, int, str, int]]:
        """Region, day, date and running number."""
        number, on = 0, self.first
        while on <= self.last:
            number += self.works(on)
            yield self.region, day(on), on.isoformat(), number
            on += timedelta(days=1)


def build(db: Connection, today: date) -> dict[str, Workdays]:
    """Fill calendar for the regions of all people; gives each region's working days."""
    found = set(db.scalars(text("select region from person where region is not null"))) | {EVERYWHERE}
    first, last = date(today.year + _YEARS[0], 1, 1), date(today.year + _YEARS[1], 12, 31)
    regions = {region: Workdays(region, first, last) for region in sorted(found)}
    if _stored(db) != {(region, day(first), day(last)) for region in regions}:
        rows: Iterable[tuple[Any, ...]] = (row for region in regions.values() for row in region.rows())
        settle(db, "calendar", ("region", "day"), ("on_date", "workday"), rows)
    return regions


def _stored(db: Connection) -> set[tuple[str, int, int]]:
    return {tuple(row) for row in db.execute(text("select region, min(day), max(day) from calendar group by region"))}


def _holidays(region: str, years: range) -> frozenset[date]:
    """The public holidays of a country ("DE") or a part of it ("GB-ENG"); of a region nobody knows, none."""
    import holidays

    country, _, part = region.partition("-")
    for subdivision in (part or None, None):
        try:
            found = holidays.country_holidays(country, subdiv=subdivision, years=years)
        except NotImplementedError:
            continue
        return frozenset(found)
    return frozenset()
