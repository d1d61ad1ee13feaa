"""Looking at a thing again: at items by their ids, at sprints by their boards; and which of them findings stand on.

A finding about an item stands on that and on the others that it names. One about a sprint stands on the sprint and what
is in it; one about a person on what it names, or else on the person's open tasks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Literal

from syncbot.errors import ToolError
from syncbot.model import Finding, Struct
from syncbot.pipeline.around import sprints_again
from syncbot.pipeline.feed import Ready
from syncbot.pipeline.retry import ask_again, save
from syncbot.store import Store, behind, records
from syncbot.store.census import missed


class Thing(Struct, frozen=True, order=True):
    """What can be looked at again: an item or a sprint, by its remote id."""

    connection: str
    remote_id: str
    view: Literal["item", "sprint"] = "item"


def named(finding: Finding) -> set[Thing]:
    """The items and the sprint that a finding names."""
    subjects = [finding.subject, *(one.other for one in finding.evidence if one.other)]
    return {
        Thing(one.connection, one.remote_id, "sprint" if one.view == "sprint" else "item")
        for one in subjects
        if one.view not in {"person", "scope"}
    }


def beneath(store: Store, findings: Sequence[Finding]) -> dict[str, set[Thing]]:
    """What each finding stands on, by fingerprint."""
    sprints = {one.subject.id for one in findings if one.subject.view == "sprint"}
    people = {one.subject.id for one in findings if _is_of_all_work(one)}
    with store.reading() as db:
        work = {"sprint": behind.of_sprints(db, sprints), "person": behind.of_people(db, people)}
    found = {}
    for one in findings:
        holder = work.get(one.subject.view) if one.subject.view == "sprint" or _is_of_all_work(one) else None
        items = holder.get(one.subject.id, ()) if holder else ()
        found[one.fingerprint] = named(one) | {Thing(*item) for item in items}
    return found


def _is_of_all_work(finding: Finding) -> bool:
    return finding.subject.view == "person" and not any(one.other for one in finding.evidence)


class Look:
    """Looks at things again. ``seen`` and ``unseen``: at which it could, and could not; ``failed``: by connection, why.

    A connection that this run does not use, or that failed once, is not asked.
    """

    def __init__(self, store: Store, ready: Mapping[str, Ready], now: dt.datetime) -> None:
        self._store, self._ready, self._now = store, ready, now
        self._away: set[str] = set()
        self.seen: set[Thing] = set()
        self.unseen: set[Thing] = set()
        self.failed: dict[str, ToolError] = {}

    @property
    def done(self) -> set[Thing]:
        """What need not be looked at any more."""
        return self.seen | self.unseen

    def at(self, things: AbstractSet[Thing]) -> None:
        """Look at these, and store what they are now."""
        for connection in sorted({one.connection for one in things}):
            own = {one for one in things if one.connection == connection}
            left = self._left(connection, own)
            self.seen |= own - left
            self.unseen |= left

    def can_see(self, finding: Finding, under: AbstractSet[Thing]) -> bool:
        """Whether a finding may be told, as far as what is ``under`` it was looked at."""
        asked = self._ready.keys() - self._away
        return named(finding).isdisjoint(self.unseen) and asked.issuperset(thing.connection for thing in under)

    def _left(self, connection: str, things: set[Thing]) -> set[Thing]:
        if connection not in self._ready or connection in self._away:
            return things
        ready = self._ready[connection]
        try:
            with self._store.lock(f"pull {connection}"):
                sprints = {one.remote_id for one in things if one.view == "sprint"}
                refused = sprints_again(ready, self._store, sprints, self._now)
                items = {one.remote_id for one in things if one.view == "item"}
                left = _items_again(ready, self._store, items, self._now)
        except ToolError as error:
            self._away.add(connection)
            self.failed[connection] = error
            return things
        for why in refused.values():
            self.failed.setdefault(connection, why)
        return things & {
            *(Thing(connection, one) for one in left),
            *(Thing(connection, one, "sprint") for one in refused),
        }


def _items_again(ready: Ready, store: Store, items: Collection[str], now: dt.datetime) -> Collection[str]:
    with store.reading() as db:
        homes = records.homes(db, ready.name, items)
    read = {scope.remote_id for scope in ready.scopes}
    out_of_reach = {key for scope, several in homes.items() for key in several if scope not in read}
    homes = {scope: several for scope, several in homes.items() if scope in read}
    if not homes:
        return out_of_reach
    found = ask_again(ready, store, homes)
    asked = {remote_id for several in homes.values() for remote_id in several} - found.unread.keys()
    with store.writing() as db:
        missed(db, ready.name, asked - {record.remote_id for record in found.records})
        save(db, ready, homes, found, now)
    return found.unread.keys() | out_of_reach
