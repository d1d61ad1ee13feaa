"""Real answers of real sites through the connector's own decoding, against a plain count of the raw JSON.

``pytest -rP tests/connectors/jira/test_payloads.py`` shows the table.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from connectors.jira.wire import Lens
from syncbot.model import Record
from tests.decoding import decode_issues
from tests.shared import SHARED, shared

FIELDS = ("assignee", "duedate", "fixVersions", "timeoriginalestimate", "reporter")
# Where these sites keep sprints and epics, as their own field lists would say.
SPRINTS = ("customfield_10020", "customfield_10104", "customfield_10021", "customfield_10007")
EPICS = ("customfield_10014", "customfield_10201")
LINES = ("devlake/issues.jsonl", "devlake/issues_for_due_date.jsonl", "devlake/external_epics.jsonl")


def raw_issues(file: Path) -> list[dict[str, Any]]:
    """The issues of a file: rows of a table, one issue, a page of issues, or the issue of a webhook."""
    text = file.read_text(encoding="utf-8-sig")
    if file.suffix == ".jsonl":
        return [json.loads(line)["data"] for line in text.splitlines()]
    whole = json.loads(text)
    if not isinstance(whole, dict):
        return []
    found = whole.get("issues") or [whole.get("issue") or whole]
    return [one for one in found if isinstance(one, dict) and isinstance(one.get("fields"), dict) and "id" in one]


def files() -> list[str]:
    root = SHARED / "payloads/jira"
    named = [*root.glob("jirametrics/**/*.json"), *root.glob("webhooks-mattermost/*.json")]
    others = [str(file.relative_to(root)) for file in named if raw_issues(file)]
    return [*LINES, "go-jira/issues_in_sprint.json", *sorted(others)]


def lens(issues: Sequence[dict[str, Any]]) -> Lens:
    """The lens for a file's site: the field that holds sprints, and the one that holds the epic."""

    def holds_sprints(id_: str) -> bool:
        shown = json.dumps([one["fields"].get(id_) for one in issues])
        return "Sprint@" in shown or '"boardId"' in shown

    sprint = next(filter(holds_sprints, SPRINTS), None)
    epic = next((id_ for id_ in EPICS if any(isinstance(one["fields"].get(id_), str) for one in issues)), None)
    return Lens(FIELDS, sprint, ((epic, "Epic Link"),) if epic else (), site="https://jira.example")


def counted(records: Sequence[Record]) -> Counter[str]:
    """What the records say."""
    count: Counter[str] = Counter(issues=len(records))
    for record in records:
        count[f"type {record.type.name if record.type else None}"] += 1
        count[f"status {record.status.name if record.status else None}"] += 1
        count[f"category {record.category}"] += 1
        count["titles"] += bool(record.title)
        count["owner"] += "assignee" in record.fields
        count["due"] += "duedate" in record.fields
        count["parent"] += any(one.parent for one in record.references)
        count["links"] += sum(not one.parent for one in record.references)
        count["labels"] += len(record.labels)
        count["sprints"] += len(record.sprints) + len(record.past_sprints)
        count["closed sprints"] += len(record.past_sprints)
        count["described"] += bool(record.description_words)
        count["resolved"] += record.resolution is not None
        count["restricted"] += record.restricted
        count["creator"] += record.creator is not None
        count["versions"] += len(record.fields.get("fixVersions", ()))
        count["estimated"] += "timeoriginalestimate" in record.fields
    return +count


def counted_plainly(issues: Sequence[dict[str, Any]], through: Lens) -> Counter[str]:
    """The same from the raw JSON."""
    count: Counter[str] = Counter(issues=len(issues))
    categories = {"new": "new", "indeterminate": "doing", "done": "done"}
    for one in issues:
        fields = one["fields"]
        status = fields.get("status") or {}
        count[f"type {(fields.get('issuetype') or {}).get('name')}"] += 1
        count[f"status {status.get('name')}"] += 1
        count[f"category {categories.get(status.get('statusCategory', {}).get('key'))}"] += 1
        count["titles"] += bool(fields.get("summary"))
        count["owner"] += bool(fields.get("assignee"))
        count["due"] += bool(fields.get("duedate"))
        count["parent"] += any(map(fields.get, ("parent", "epic", *dict(through.parents))))
        count["links"] += len(fields.get("issuelinks") or [])
        count["labels"] += len(fields.get("labels") or [])
        sprints, closed = sprints_plainly(fields, through.sprint or "")
        count["sprints"] += len(sprints)
        count["closed sprints"] += len(closed)
        count["described"] += bool((fields.get("description") or "").strip())
        count["resolved"] += bool(fields.get("resolution"))
        count["restricted"] += bool(fields.get("security"))
        count["creator"] += bool(fields.get("creator"))
        count["versions"] += len(fields.get("fixVersions") or [])
        count["estimated"] += fields.get("timeoriginalestimate") is not None
    return +count


def sprints_plainly(fields: dict[str, Any], id_: str) -> tuple[set[str], set[str]]:
    """The ids of an issue's sprints, and of the closed ones."""
    held = [fields.get("sprint"), *(fields.get("closedSprints") or [])]
    said = fields.get(id_)
    held += said if isinstance(said, list) else [said]
    every, closed = set(), set()
    for one in filter(None, held):
        if isinstance(one, dict):
            number, state = str(one["id"]), one["state"]
        else:
            number = one.split("[id=")[1].split(",")[0]
            state = one.split("state=")[1].split(",")[0]
        every.add(number)
        if state.lower() == "closed":
            closed.add(number)
    return every, closed


@pytest.mark.parametrize("name", files())
def test_real_issues_become_records_that_say_the_same(name: str) -> None:
    issues = raw_issues(shared(f"payloads/jira/{name}"))
    through = lens(issues)
    records = decode_issues(json.dumps({"issues": issues}).encode(), through)
    count, plainly = counted(records), counted_plainly(issues, through)
    assert count == plainly
    assert [record.remote_id for record in records] == [str(one["id"]) for one in issues]
    told = ", ".join(f"{number} {what}" for what, number in sorted(count.items()))
    sys.stdout.write(f"{name}: {told}\n")  # shown by pytest -rP


def test_enough_real_issues_were_read() -> None:
    shared("payloads/jira")
    issues = [one for name in files() for one in raw_issues(shared(f"payloads/jira/{name}"))]
    assert len(issues) >= 90
    assert sum("sprint" in json.dumps(one) for one in issues) > 30


def test_a_real_page_is_decoded_as_it_came() -> None:
    raw = shared("payloads/jira/go-jira/issues_in_sprint.json").read_bytes()
    records = decode_issues(raw, Lens(("assignee", "customfield_10105"), site="https://jira.example"))
    assert [record.ref for record in records] == [one["key"] for one in json.loads(raw)["issues"]]
    assert records[0].url == "https://jira.example/browse/AR-86"
    assert records[0].changed.endswith("Z")
    assert records[0].fields == {"assignee": "mister.morris", "customfield_10105": 13.0}
