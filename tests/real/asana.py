"""Tasks of a real Asana account, masked: the inbox of a person, and the one project that another database kept."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any

from syncbot.connector import Containers
from syncbot.model import Account, Field, Scope, Term, Vocabulary
from tests.connectors.asana.test_payloads import STANDARD, from_row
from tests.decoding import decode_tasks
from tests.real.replay import Replay
from tests.shared import shared

FIELDS = (
    Field("assignee", "assignee", "person"),
    Field("due_on", "due_on", "date"),
    Field("start_on", "start_on", "date"),
    Field("actual_time_minutes", "actual_time_minutes", "number"),
)
PROJECT = Scope("1", "1", "Inbox")


def masked() -> Replay:
    """The tasks of one workspace, with the custom fields that are numbers as numbers."""
    text = shared("payloads/asana/masked/tasks-with-custom-fields.csv").read_text(encoding="utf-8-sig")
    reader = csv.DictReader(StringIO(text))
    custom = list(reader.fieldnames or [])[STANDARD - 1 :]
    tasks = [from_row(row, custom) | _places(row) for row in reader]
    for task in tasks:
        for field in task["custom_fields"]:
            if field["name"] in {"Effort", "Hours Remaining"}:
                field |= {"resource_subtype": "number", "number_value": float(field["text_value"] or 0) or None}
    return replay(tasks, custom)


def kept() -> Replay:
    """The task that a database kept."""
    lines = shared("payloads/asana/devlake/tasks.jsonl").read_text(encoding="utf-8").splitlines()
    return replay([json.loads(line)["data"] for line in lines], [])


def _places(row: dict[str, str]) -> dict[str, Any]:
    section = row["sections"].partition(";")[0]
    place = {"project": {"gid": PROJECT.remote_id, "name": PROJECT.name}}
    return {
        "memberships": [place | ({"section": {"gid": section, "name": section}} if section else {})],
        "tags": [{"gid": one, "name": one} for one in row["tags"].split("; ") if one],
        "created_by": {"gid": row["assigned_by_name"]} if row["assigned_by_name"] else None,
    }


def replay(tasks: list[dict[str, Any]], custom: list[str]) -> Replay:
    """A project with these tasks; a section without a name is one that nobody asked the name of."""
    for place in (one for task in tasks for one in task.get("memberships") or ()):
        if not (place.get("section") or {}).get("name"):
            place.pop("section", None)
    raw = json.dumps({"data": tasks}).encode()
    sections = {it["gid"]: it for task in tasks for one in task.get("memberships") or () if (it := one.get("section"))}
    tags = {one["gid"]: one for task in tasks for one in task.get("tags") or ()}
    people = {one["gid"]: one for task in tasks if (one := task.get("assignee"))}
    project = next((it for task in tasks for one in task.get("memberships") or () if (it := one.get("project"))), None)
    scope = Scope(project["gid"], project["gid"], project.get("name") or "") if project else PROJECT
    return Replay(
        Vocabulary(
            (*FIELDS, *(Field(name, name, _type(name), custom=True) for name in custom)),
            (
                *(Term("section", gid, one.get("name") or gid, scope.remote_id) for gid, one in sections.items()),
                *(Term("label", gid, one.get("name") or gid) for gid, one in tags.items()),
                *(Term("type", kind, name) for kind, name in (("default_task", "Task"), ("milestone", "Milestone"))),
            ),
        ),
        Containers(),
        tuple(Account(gid, one.get("name") or gid, active=True) for gid, one in people.items()),
        (scope,),
        lambda fields: decode_tasks(raw, scope.remote_id, fields),
    )


def _type(name: str) -> Any:
    return "number" if name in {"Effort", "Hours Remaining"} else "text"
