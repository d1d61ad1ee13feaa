"""Events: what happened to a resource since a sync token; 412 with a fresh token at first and where it is too old."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from syncbot.sandbox.asana import access
from syncbot.sandbox.asana.access import refusal
from syncbot.sandbox.asana.plans import PROJECT, SECTION
from syncbot.sandbox.asana.select import Kind, Ref, Selection, Wanted, parse
from syncbot.sandbox.asana.shapes import TAG, USER, Named
from syncbot.sandbox.asana.works import STORY, TASK
from syncbot.sandbox.http import Answer, Call, Endpoint, Fail, instant
from syncbot.sandbox.world import AsanaEvent, AsanaState

_MOST = 100  # of one answer
_KEPT = timedelta(hours=24)
_STALE = (
    "Sync token invalid or too old. If you are attempting to keep resources in sync, you must fetch the full dataset "
    "for this query now and use the new sync token for the next sync."
)


def read_events(call: Call) -> Answer:
    """GET /events of a project or a task."""
    state, gid = call.world.asana, call.query.get("resource")
    if gid is None:
        raise refusal(400, "resource: Missing input")
    if gid in state.projects:
        access.project(call, gid)
    else:
        access.task(call, gid)
    resource, start, given = state.syncs.get(call.query.get("sync", ""), ("", 0, call.world.now))
    if resource != gid or call.world.now - given > _KEPT:
        body = {"errors": [{"message": _STALE}], "sync": _token(call, gid, len(state.events))}
        raise Fail(412, body)
    told: list[AsanaEvent] = []
    position = start
    for event in state.events[start:]:
        if len(told) == _MOST and gid in event.about:
            break
        position += 1
        if gid in event.about:
            told.append(event)
    fields = call.query.get("opt_fields")
    return Answer({
        "data": [_shown(state, one, fields) for one in told],
        "sync": _token(call, gid, position),
        "has_more": any(gid in event.about for event in state.events[position:]),
    })  # fmt: skip


def _token(call: Call, gid: str, position: int) -> str:
    text = f"{gid} {position} {call.world.now} {len(call.world.asana.syncs)}"
    token = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    call.world.asana.syncs[token] = (gid, position, call.world.now)
    return token


def _shown(state: AsanaState, event: AsanaEvent, fields: str | None) -> dict[str, Any]:
    """An event as told; opt_fields reach into its user, resource and parent."""
    wanted: dict[str, Wanted] = parse(fields).below if fields is not None else {}
    parts = {
        "user": (USER, state.users[event.user]) if event.user else None,
        "resource": _resource(state, event.resource),
        "parent": _resource(state, event.parent) if event.parent else None,
    }
    shown: dict[str, Any] = {}
    for name, part in parts.items():
        below = ",".join(wanted[name].below) if name in wanted else ""
        shown[name] = Selection(state, part[0], below or "resource_type,name")(part[1]) if part else None
    shown |= {"type": event.resource[0], "action": event.action, "created_at": instant(event.at)}
    if event.change:
        shown["change"] = {"field": event.change, "action": "changed"}
    return {name: value for name, value in shown.items() if not wanted or name in wanted}


def _resource(state: AsanaState, resource: tuple[str, str]) -> tuple[Kind, Any]:
    """The resource of an event, nameless where it is no more."""
    kind, gid = resource
    kinds: dict[str, tuple[Kind, dict[str, Any]]] = {
        "task": (TASK, state.tasks),
        "project": (PROJECT, state.projects),
        "section": (SECTION, state.sections),
        "story": (STORY, state.stories),
        "tag": (TAG, state.tags),
    }
    found, table = kinds[kind]
    if gid in table:
        return Ref(found, table[gid])
    return Ref(Kind(kind, {"resource_type": lambda _, __: kind, "name": lambda _, __: ""}), Named(gid, ""))


ENDPOINTS = (Endpoint("GET", "/api/1.0/events", read_events),)
