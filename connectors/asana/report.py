"""The living report as a task: found again by its marker, and brought up to date with one request.

The title, the place, what stands above or below our words in the description and everything else that people change
stays theirs. A task that is
completed, or was taken out of its project, means "mute". The marker stands in the description from the very first
request on, and creating is one request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from connectors.asana.api import Api
from connectors.asana.describe import section
from connectors.asana.wire import Task
from syncbot.connector import Found, Target, Write, Written
from syncbot.errors import Missing
from syncbot.texts import around, marker_of

_FIELDS = "name,notes,html_notes,completed,created_by,memberships.project,permalink_url"


def find(api: Api, target: Target, marker: str, authors: frozenset[str]) -> Found | None:
    """The task of the project with this marker, with the lowest id, that one of ``authors`` made."""
    task = next(_marked(api, target, marker, authors), None)
    return Found(task.gid, task.gid, _url(task, target), closed=is_muted(task, target)) if task else None


def apply(api: Api, write: Write) -> Written:
    """Make the task say what the write says; see `syncbot.connector.Connector.apply`."""
    target = write.target
    task = _stored(api, write) or next(_marked(api, target, write.marker, write.authors), None)
    notes = _with_marker(write.body["html_notes"], write.marker)
    if task is None:
        task = _create(api, write, notes)
        return Written(task.gid, task.gid, _url(task, target), "created", 1)
    if is_muted(task, target):
        return Written(task.gid, task.gid, _url(task, target), "muted", 0)
    notes = _among(notes, task.html_notes or "", write)
    data = {} if _plain(task.html_notes or "") == _plain(notes) else {"html_notes": notes}
    if write.was is not None and task.name == write.was:
        data["name"] = write.body["name"]
    if not data:
        return Written(task.gid, task.gid, _url(task, target), "unchanged", 0)
    api.write("PUT", f"/tasks/{task.gid}", Task, data, "name")
    return Written(task.gid, task.gid, _url(task, target), "updated", 1)


def _stored(api: Api, write: Write) -> Task | None:
    """The task that was written last time, unless it is gone or turns out to be somebody else's."""
    task = look_at(api, write.remote_id) if write.remote_id else None
    return task if task and (task.created_by is None or task.created_by.gid in write.authors) else None


def look_at(api: Api, gid: str) -> Task | None:
    """A report task as it is now; None if it is gone."""
    try:
        return api.get(f"/tasks/{gid}", Task, opt_fields=_FIELDS)
    except Missing:
        return None


def _marked(api: Api, target: Target, marker: str, authors: frozenset[str]) -> Iterator[Task]:
    """The project's tasks with this marker that we made. Read from the project itself: Asana's search lags behind."""
    path = f"/projects/{target.scope.remote_id}/tasks"
    found = [
        task.gid
        for page in api.all(path, Task, opt_fields="notes,created_by")
        for task in page
        if marker_of(task.notes or "") == marker and task.created_by and task.created_by.gid in authors
    ]
    for gid in sorted(found, key=lambda gid: (len(gid), gid)):
        yield api.get(f"/tasks/{gid}", Task, opt_fields=_FIELDS)


def is_muted(task: Task, target: Target) -> bool:
    """Whether a person completed the task, or took it to where we do not know the readers."""
    projects = {one.project.gid for one in task.memberships or () if one.project}
    return bool(task.completed) or target.scope.remote_id not in projects


def _create(api: Api, write: Write, notes: str) -> Task:
    scope = write.target.scope.remote_id
    home = section(api, write.target)
    place = {"memberships": [{"project": scope, "section": home}]} if home else {"projects": [scope]}
    data = {"name": write.body["name"], "html_notes": notes, **place}
    return api.write("POST", "/tasks", Task, data, "permalink_url")


def _with_marker(html: str, marker: str) -> str:
    """The description with the marker as its last line."""
    return f"{html.removesuffix('</body>')}\n{marker}</body>"


def _among(notes: str, theirs: str, write: Write) -> str:
    """Our words, with what people wrote above the first of them and below the marker; below theirs if none is there."""
    parts = _parts(theirs)
    known = (*(_with_marker(one["html_notes"], write.marker) for one in write.before), notes)
    held, said = [_bare(part) for part in parts], [[_bare(part) for part in _parts(one)] for one in known]
    above, below = around(held, said)
    gap = ["\n"] if parts and above == len(parts) else []
    return f"<body>{''.join((*parts[:above], *gap, *_parts(notes), *parts[len(parts) - below :]))}</body>"


_TOKEN = re.compile(r"<(?P<end>/?)(?P<tag>\w+)[^>]*?(?P<whole>/?)>|\n|[^<\n]+|<")
_BLOCKS = {"h1", "h2", "ul", "ol", "hr", "blockquote", "pre", "table", "img"}
_EMPTY = {"hr", "br", "img"}


def _parts(html: str) -> list[str]:
    """The lines and blocks of a description, and the ends of its lines: together, what stands in its body."""
    parts, depth = [""], 0
    for token in _TOKEN.finditer(html.removeprefix("<body>").removesuffix("</body>")):
        tag = token["tag"]
        breaks = token[0] == "\n" or tag in _BLOCKS
        if not depth and breaks and not token["end"]:
            parts.append("")
        parts[-1] += token[0]
        if tag and not token["whole"] and tag not in _EMPTY:
            depth += -1 if token["end"] else 1
        if not depth and breaks:
            parts.append("")
    return [part for part in parts if part]


def _bare(part: str) -> str:
    """The words of a part, without markup."""
    return _words("".join(token[0] for token in _TOKEN.finditer(part) if not token["tag"]))


def _plain(html: str) -> object:
    """What a description says, whatever Asana did to its markup: tags, addresses and words, without other attributes.

    Text that is no XML (no description of ours) is like nothing else.
    """
    try:
        root = ET.fromstring(html)  # noqa: S314 - Asana's own answer; expat no longer expands entities without end
    except ET.ParseError:
        return html
    return _said(root)


def _said(node: ET.Element) -> tuple[object, ...]:
    inside: list[object] = [_words(node.text)]
    for child in node:
        inside += [_said(child), _words(child.tail)]
    return (node.tag, node.get("href"), *(part for part in inside if part))


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _url(task: Task, target: Target) -> str:
    return task.permalink_url or f"https://app.asana.com/0/{target.scope.remote_id}/{task.gid}"
