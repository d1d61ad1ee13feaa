"""Looking at a thing again: at items by their ids, at sprints by their boards; and which of them findings stand on.

A finding about an item stands on that and on the others that it names. One about a sprint stands on the sprint and what
is in it; one about a person on what it names, or else on the person's open tasks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from syncbot.errors import ToolError
from syncbot.guard import guarded
from syncbot.model import Finding, Struct
from syncbot.pipeline.around import sprints_again
from syncbot.pipeline.feed import Ready, want
from syncbot.pipeline.retry import save
from syncbot.store import Store, behind, records, scopes
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


def look(ready: Ready, store: Store, things: Collection[Thing], now: dt.datetime) -> set[Thing]:
    """Read things of one connection again and store what they are now; which of them did not come.

    Raises ToolError where the tool does not answer.
    """
    sprints = {one.remote_id for one in things if one.view == "sprint"}
    items = {one.remote_id for one in things if one.view == "item"}
    with store.lock(f"pull {ready.name}"):
        left = {Thing(ready.name, one, "sprint") for one in sprints_again(ready, store, sprints, now)}
        return left | {Thing(ready.name, one) for one in _items_again(ready, store, items, now)}


def _items_again(ready: Ready, store: Store, items: Collection[str], now: dt.datetime) -> Collection[str]:
    with store.reading() as db:
        homes = records.homes(db, ready.name, items)
        cursors = scopes.cursors(db, ready.name)
    read = {scope.remote_id for scope in ready.scopes}
    out_of_reach = {key for scope, several in homes.items() for key in several if scope not in read}
    homes = {scope: several for scope, several in homes.items() if scope in read}
    if not homes:
        return out_of_reach
    wants = [want(ready, scope, cursors.get(scope.remote_id)) for scope in ready.scopes]
    with guarded(ready.name):
        found = ready.feed.connector.again(wants, homes, ready.wanted)
    asked = {remote_id for several in homes.values() for remote_id in several} - found.unread.keys()
    with store.writing() as db:
        missed(db, ready.name, asked - {record.remote_id for record in found.records})
        save(db, ready, homes, found, now)
    return found.unread.keys() | out_of_reach


def look_everywhere(
    ready: Mapping[str, Ready], store: Store, things: Collection[Thing], now: dt.datetime, failed: dict[str, ToolError]
) -> set[Thing]:
    """Look at things of several connections; which could not be. What failed is added to ``failed``, by connection.

    A connection that failed before, or that this run does not use, is not asked.
    """
    left: set[Thing] = set()
    for connection in sorted({one.connection for one in things}):
        own = {one for one in things if one.connection == connection}
        if connection not in ready or connection in failed:
            left |= own
            continue
        try:
            left |= look(ready[connection], store, own, now)
        except ToolError as error:
            failed[connection] = error
            left |= own
    return left
