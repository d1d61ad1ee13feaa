"""Real and documented answers of Asana through the connector's own decoding, against a plain count of the raw JSON.

``pytest -rP tests/connectors/asana/test_payloads.py`` shows the table.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from io import StringIO
from typing import Any

import pytest

from connectors.asana.records import DEPENDENCY, RESOLUTIONS
from connectors.asana.wire import (
    CustomField,
    Events,
    Many,
    Named,
    One,
    Project,
    ProjectMembership,
    Setting,
    Task,
    User,
    parse,
)
from syncbot.connector import instant
from syncbot.errors import Broken
from tests.decoding import decode_tasks
from tests.shared import shared

WANTED = frozenset({"assignee", "due_on", "start_on", "name"})


def raw_tasks(answer: Any) -> list[dict[str, Any]]:
    data = answer["data"]
    return data if isinstance(data, list) else [data]


def plainly(tasks: list[dict[str, Any]]) -> Counter[str]:
    """Counts of the raw JSON, made without any of the connector's types."""
    return Counter(
        {
            "records": len(tasks),
            "named": sum(bool(task.get("name")) for task in tasks),
            "completed": sum(task.get("completed") is True for task in tasks),
            "assignees": sum(bool(task.get("assignee")) for task in tasks),
            "due": sum(bool(task.get("due_at") or task.get("due_on")) for task in tasks),
            "labels": sum(len(task.get("tags") or []) for task in tasks),
            "places": sum(len(task.get("memberships") or []) or 1 for task in tasks),
            "parents": sum(bool(task.get("parent")) for task in tasks),
            "waits": sum(len({one["gid"] for one in task.get("dependencies") or []}) for task in tasks),
            "custom": sum(_filled(one) for task in tasks for one in task.get("custom_fields") or []),
            "described": sum(bool((task.get("notes") or "").strip()) for task in tasks),
        }
    )


def _filled(field: dict[str, Any]) -> bool:
    values = ("enum_value", "multi_enum_values", "people_value", "number_value", "date_value", "text_value")
    return any(field.get(key) not in (None, "", []) for key in values) or bool(field.get("display_value"))


def counted(records: Any) -> Counter[str]:
    """What the records say."""
    return Counter(
        {
            "records": len(records),
            "named": sum(bool(one.title) for one in records),
            "completed": sum(one.complete is True for one in records),
            "assignees": sum("assignee" in one.fields for one in records),
            "due": sum("due_on" in one.fields for one in records),
            "labels": sum(len(one.labels) for one in records),
            "places": sum(len(one.places) for one in records),
            "parents": sum(ref.parent for one in records for ref in one.references),
            "waits": sum(ref.word == DEPENDENCY for one in records for ref in one.references),
            "custom": sum(key not in WANTED for one in records for key in one.fields),
            "described": sum(bool(one.description_words) for one in records),
        }
    )


def fields_of(tasks: list[dict[str, Any]]) -> frozenset[str]:
    return frozenset(one["gid"] for task in tasks for one in task.get("custom_fields") or [])


def show(name: str, count: Counter[str]) -> None:
    sys.stdout.write(f"{name:<44} {' '.join(f'{key} {value}' for key, value in count.items())}\n")


def documented() -> dict[str, Any]:
    return json.loads(shared("payloads/asana/documented-examples.json").read_text(encoding="utf-8"))


def is_of_tasks(name: str, answer: Any) -> bool:
    return any(one.get("resource_type") == "task" for one in raw_tasks(answer) if isinstance(one, dict)) and (
        "/favorites" not in name
    )


def test_every_documented_answer_of_tasks_decodes_as_a_plain_count_says():
    seen = 0
    for name, answer in documented().items():
        if not isinstance(answer.get("data"), dict | list) or not is_of_tasks(name, answer):
            continue
        tasks = raw_tasks(answer)
        records = decode_tasks(json.dumps(answer).encode(), "1", WANTED | fields_of(tasks))
        assert counted(records) == plainly(tasks), name
        show(name, counted(records))
        seen += 1
    assert seen >= 10


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("GET /events 200", Events),
        ("GET /projects 200", Many[Project]),
        ("GET /projects/{project_gid} 200", One[Project]),
        ("GET /projects/{project_gid}/sections 200", Many[Named]),
        ("GET /projects/{project_gid}/custom_field_settings 200", Many[Setting]),
        ("GET /projects/{project_gid}/project_memberships 200", Many[ProjectMembership]),
        ("GET /workspaces/{workspace_gid}/custom_fields 200", Many[CustomField]),
        ("GET /users 200", Many[User]),
        ("GET /users/{user_gid} 200", One[User]),
        ("GET /tags 200", Many[Named]),
    ],
)
def test_every_other_documented_answer_that_is_used_decodes(name, kind):
    answer = documented()[name]
    found = parse(json.dumps(answer).encode(), kind)
    data = found.data if isinstance(found.data, list) else [found.data]
    assert len(data) == len(raw_tasks(answer))
    show(name, Counter({"things": len(data)}))


def test_the_first_answer_to_a_request_for_events_gives_the_token():
    raw = shared("payloads/asana/errors/412-events-sync.json").read_bytes()
    assert parse(raw, Events).sync == json.loads(raw)["sync"]


def test_raw_rows_of_a_real_account_decode_as_a_plain_count_says():
    lines = shared("payloads/asana/devlake/tasks.jsonl").read_text(encoding="utf-8").splitlines()
    tasks = [json.loads(line)["data"] for line in lines]
    records = decode_tasks(json.dumps({"data": tasks}).encode(), "123456789", WANTED)
    assert counted(records) == plainly(tasks)
    show("devlake/tasks.jsonl", counted(records))
    (project,) = shared("payloads/asana/devlake/projects.jsonl").read_text(encoding="utf-8").splitlines()
    assert parse(json.dumps({"data": json.loads(project)["data"]}).encode(), One[Project]).data.name == "Test Project"


STANDARD = 20  # columns of a task itself; the others are custom fields


def from_row(row: dict[str, str], custom: list[str]) -> dict[str, Any]:
    """A row of a flattened task as the API would have given it."""
    return {
        "gid": row["gid"],
        "name": row["name"],
        "resource_subtype": row["resource_subtype"],
        "completed": row["completed"] == "true",
        "completed_at": row["completed_at"] or None,
        "due_on": row["due_on"] or None,
        "notes": row["notes"],
        "created_at": row["created_at"],
        "modified_at": row["modified_at"],
        "permalink_url": row["permalink_url"],
        "assignee": {"gid": row["assignee_name"], "name": row["assignee_name"]} if row["assignee_name"] else None,
        "custom_fields": [
            {"gid": name, "name": name, "resource_subtype": "text", "text_value": row[name] or None} for name in custom
        ],
    }


def test_real_tasks_with_their_many_custom_fields_decode_as_a_plain_count_says():
    text = shared("payloads/asana/masked/tasks-with-custom-fields.csv").read_text(encoding="utf-8-sig")
    reader = csv.DictReader(StringIO(text))
    rows = list(reader)
    custom = list(reader.fieldnames or [])[19:]
    tasks = [from_row(row, custom) for row in rows]
    records = decode_tasks(json.dumps({"data": tasks}).encode(), "1", WANTED | frozenset(custom))
    assert len(records) == 192
    assert counted(records) == plainly(tasks)
    assert [one.changed for one in records] == [instant(row["modified_at"]) for row in rows]
    assert {one.type.id for one in records if one.type} == {row["resource_subtype"] for row in rows}
    show("masked/tasks-with-custom-fields.csv", counted(records))


# Odd values -----------------------------------------------------------------------------------------------------------


def one(**values: Any) -> bytes:
    return json.dumps({"data": [{"gid": "1", **values}], "next_page": None}).encode()


@pytest.mark.parametrize(
    "odd",
    [
        {"due_on": 5},
        {"assignee": "ada"},
        {"memberships": [None, {"project": {"gid": "1"}}]},
        {"tags": [{"name": "no id"}, {"gid": "2", "name": "ok"}]},
        {"custom_fields": [{"gid": "9", "number_value": "many"}, 7]},
        {"completed": "yes"},
        {"modified_at": "yesterday"},
        {"parent": []},
        {"num_subtasks": None},
    ],
)
def test_one_odd_value_costs_itself_and_no_more(odd):
    (record,) = decode_tasks(one(name="A task", **odd), "1", WANTED)
    assert record.title == "A task"


def test_integer_ids_of_long_ago_are_read():
    (record,) = decode_tasks(b'{"data": [{"id": 42, "name": "Old", "assignee": {"id": 7}}]}', "1", WANTED)
    assert (record.remote_id, record.fields["assignee"]) == ("42", "7")


def test_a_task_without_an_id_fails_the_page_and_a_cut_page_fails_whole():
    with pytest.raises(Broken):
        decode_tasks(b'{"data": [{"name": "x"}]}', "1", WANTED)
    with pytest.raises(Broken):
        decode_tasks(b'{"data": [{"gid": "1", "na', "1", WANTED)


def test_text_that_no_store_can_hold_is_replaced():
    (record,) = decode_tasks(b'{"data": [{"gid": "1", "name": "a\\u0000b\\ud83d"}]}', "1", WANTED)
    assert record.title == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"


def test_an_approval_says_what_was_decided():
    (record,) = decode_tasks(one(resource_subtype="approval", approval_status="rejected"), "1", WANTED)
    assert record.resolution == RESOLUTIONS["rejected"]
    assert parse(one(), Many[Task]).next_page is None
