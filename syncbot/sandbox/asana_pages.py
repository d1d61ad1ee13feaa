"""Asana for people: a project with its sections, a task with its rich text, at Asana's own addresses."""

from __future__ import annotations

from html import escape
from itertools import islice

from syncbot.sandbox.asana.fields import Value, display
from syncbot.sandbox.asana.richtext import page as rich
from syncbot.sandbox.html import MOST, anchor, facts, marks, said, time, whole
from syncbot.sandbox.world import AsanaProject, AsanaTask, World


def home(world: World) -> str:
    """The projects, for the page of all there is."""
    return "".join(_sections(world, one) for one in world.asana.projects.values() if not one.archived)


def project(world: World, gid: str) -> str | None:
    """A project: its sections side by side, what it is about, its last status update."""
    state = world.asana
    found = state.projects.get(gid)
    if found is None:
        return None
    updates = "".join(
        f"<article><b>{_person(world, one.author)}</b> {time(one.created)}<h3 dir=auto>{said(one.title)} "
        f"<span class=mark>{escape(one.kind.replace('_', ' '))}</span></h3>{_rich(world, one.html_text)}</article>"
        for one in reversed(state.statuses.values())
        if one.parent == gid
    )
    return whole(found.name, f"{_rich(world, found.html_notes)}{_sections(world, found)}{updates}")


def task(world: World, gid: str, of: str = "") -> str | None:
    """A task, as Asana shows it; ``of`` is the project that its address names."""
    state = world.asana
    found = state.tasks.get(gid)
    if found is None or (of != "0" and of not in found.places):
        return None
    places = [f"{state.projects[home].name}: {state.sections[section].name}" for home, section in found.places.items()]
    values = {
        state.fields[field].name: anchor(shown, shown)
        for field, value in found.values.items()
        if (shown := display(state, Value(state.fields[field], value)))
    }
    table = {
        "Assignee": _person(world, found.assignee),
        "Due date": escape(" to ".join(one for one in (found.start_on, found.due_on) if one)),
        "Projects": marks(places),
        "Parent": _link(world, found.parent),
        "Blocked by": "<br>".join(_link(world, one) for one in found.dependencies),
        "Tags": marks(state.tags[one].name for one in found.tags),
        **values,
        "Created by": _person(world, found.creator),
        "Last changed": time(found.modified),
    }
    below = "".join(
        f"<li>{'☑' if state.tasks[one].completed else '☐'} {_link(world, one)}</li>" for one in found.subtasks
    )
    talk = "".join(
        f"<article><b>{_person(world, one.author)}</b> {time(one.created)}{_rich(world, one.html_text)}</article>"
        for one in state.stories.values()
        if one.task == gid and one.type == "comment"
    )
    kind = "Milestone" if found.subtype == "milestone" else "Task"
    done = " · completed" if found.completed else ""
    return whole(
        found.name,
        f"<p class=crumb>{kind}{done}</p><h1 dir=auto>{said(found.name)}</h1><div class=split><div class=text>"
        f"{_rich(world, found.html_notes)}{'<h2>Subtasks</h2><ul class=checks>' + below + '</ul>' if below else ''}"
        f"{'<h2>Comments</h2>' + talk if talk else ''}</div>{facts(table)}</div>",
    )


def _sections(world: World, found: AsanaProject) -> str:
    state, columns = world.asana, []
    for section in (state.sections[gid] for gid in found.sections):
        inside = [state.tasks[gid] for gid in section.tasks]
        shown = "".join(_card(world, one) for one in islice(inside, MOST))
        columns.append(f"<section><h3>{said(section.name)} <small>{len(inside)}</small></h3>{shown}</section>")
    link = f"<a href='/asana/0/{escape(found.gid)}'>{said(found.name)}</a>"
    return f"<h2>Asana · {link}</h2><div class=board>{''.join(columns)}</div>"


def _card(world: World, one: AsanaTask) -> str:
    mark = "◆ " if one.subtype == "milestone" else ""
    tick = "✔ " if one.completed else ""
    person = f"<small>{_person(world, one.assignee)}</small>"
    return f"<div class=card dir=auto>{tick}{mark}{_link(world, one.gid)}{person}</div>"


def _link(world: World, gid: str | None) -> str:
    found = world.asana.tasks.get(gid or "")
    if found is None:
        return ""
    return f"<a href='/asana/0/{next(iter(found.places), 0)}/{found.gid}'>{said(found.name[:200])}</a>"


def _rich(world: World, text: str) -> str:
    def name_of(gid: str) -> str:
        found = world.asana.tasks.get(gid) or world.asana.users.get(gid)
        return found.name if found else ""

    return rich(text, name_of)


def _person(world: World, gid: str | None) -> str:
    return said(world.asana.users[gid].name) if gid else "<span class=crumb>nobody</span>"
