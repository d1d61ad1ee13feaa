"""Real answers through the connectors' decoding and the presets, against a plain count of the raw JSON.

The plain count knows Jira's status categories and Trello's ticks, no mapping. Where the presets say more, each way in
which they differ is named with its reason, and nothing else may differ.
``pytest tests/mapping/test_real_payloads.py -s`` shows the table.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter
from io import StringIO
from typing import Any

import msgspec
import pytest

from connectors.trello.records import Words
from syncbot import mapping
from syncbot.model import Field, Mapped, Record, Scope, Term, Vocabulary
from tests.connectors.asana import test_payloads as asana
from tests.connectors.jira import test_payloads as jira
from tests.connectors.trello import test_replay as trello
from tests.decoding import decode_board, decode_cards, decode_issues, decode_tasks
from tests.mapping.helpers import resolve
from tests.shared import SHARED, shared

SYSTEM_FIELDS = (
    Field("assignee", "Assignee", "person"),
    Field("duedate", "Due date", "date"),
    Field("fixVersions", "Fix versions", "options"),
    Field("timeoriginalestimate", "Original estimate", "number"),
    Field("timeestimate", "Remaining Estimate", "number"),
    Field("timespent", "Time Spent", "number"),
)
CARD_FIELDS = (
    Field("members", "Members", "people"),
    Field("due", "Due date", "instant"),
    Field("start", "Start date", "instant"),
)
TASK_FIELDS = (
    Field("assignee", "assignee", "person"),
    Field("due_on", "due_on", "date"),
    Field("start_on", "start_on", "date"),
)
BY_CATEGORY = {"new": "planned", "indeterminate": "doing", "done": "done"}

# (what the plain count says, what the preset says, by which word of the tool): why.
EXPLAINED = {
    ("planned", "dropped", "Won't Do"): "closed without doing it, on a site whose status counts as to do",
    ("done", "dropped", "Won't Do"): "closed without doing it",
    ("planned", "ready", "Ready"): "the preset knows the status; a category has no word for ready",
    ("doing", "ready", "Selected for Development"): "chosen, not begun, though this site counts it as in progress",
    ("planned", "ready", "Sprint Backlog"): "the preset knows the list",
    ("planned", "doing", "Doing"): "the preset knows the list",
    ("planned", "doing", "Review"): "the preset knows the list",
    ("planned", "done", "Done"): "the preset knows the list",
}
TABLE: list[str] = []
ASANA = "payloads/asana"


def resolved(tool: str, vocabulary: Vocabulary, scopes: list[Scope]) -> mapping.Mapping:
    return resolve(mapping.load(mapping.preset(tool)), vocabulary, scopes, connection=tool, timezone="UTC")


def counted(several: list[Mapped]) -> Counter[str]:
    """What the items say, statuses apart."""
    count: Counter[str] = Counter(records=len(several))
    for mapped in several:
        item = mapped.item
        if item is None:
            count["ignored"] += 1
            continue
        count[item.kind] += 1
        count["owner"] += item.owner is not None
        count["assignees"] += len(mapped.assignees)
        count["due"] += item.due_on is not None
        count["parent"] += any(tie.meaning == "child_of" for tie in mapped.ties)
        count["blocks"] += sum(tie.meaning == "blocks" for tie in mapped.ties)
        count["minutes"] += item.minutes or 0
        count["versions"] += sum(derived.kind == "milestone" for derived in mapped.derived)
        count["sprints"] += len(mapped.sprints)
    return +count


def differences(
    plain: list[tuple[str, tuple[str | None, ...]]], several: list[Mapped]
) -> Counter[tuple[str, str, str]]:
    """Where the status differs from the plain one, and by which of the tool's words; fails on what nobody explained."""
    found: Counter[tuple[str, str, str]] = Counter()
    for (status, words), mapped in zip(plain, several, strict=True):
        if mapped.item and mapped.item.status != status:
            ways = [(status, mapped.item.status, word) for word in words if word]
            known = [way for way in ways if way in EXPLAINED]
            assert known, f"nobody explained {ways}"
            found[known[0]] += 1
    return found


def note(name: str, several: list[Mapped], count: Counter[str], differ: Counter[tuple[str, str, str]]) -> None:
    statuses = Counter(mapped.item.status for mapped in several if mapped.item)
    kinds = " ".join(
        f"{count[kind]} {kind}" for kind in ("goal", "feature", "milestone", "task", "ignored") if count[kind]
    )
    TABLE.append(
        f"{name.removeprefix('payloads/')[:70]:<70} {count['records']:>4} {kinds:<20} "
        f"{' '.join(f'{number} {status}' for status, number in sorted(statuses.items())):<42} "
        f"{count['owner']:>4} {count['due']:>4} {count['parent']:>4}  "
        + "; ".join(f"{number} {way[0]} -> {way[1]} by {way[2]!r}" for way, number in sorted(differ.items()))
    )


@pytest.mark.parametrize("name", jira.files())
def test_real_issues_become_the_items_that_a_plain_count_finds(name: str) -> None:
    issues = jira.raw_issues(shared(f"payloads/jira/{name}"))
    projects = {str((one["fields"].get("project") or {}).get("id", "")) for one in issues}
    one = resolved("jira", Vocabulary(SYSTEM_FIELDS), [Scope(it, it, it) for it in sorted(projects)])
    lens = msgspec.structs.replace(jira.lens(issues), fields=tuple(sorted(one.wanted)))
    records = decode_issues(json.dumps({"issues": issues}).encode(), lens)
    several = [mapping.apply(one, record, frozenset()) for record in records]

    plain: Counter[str] = Counter(records=len(issues))
    statuses = []
    for issue in issues:
        fields = issue["fields"]
        status, resolution = fields.get("status") or {}, fields.get("resolution") or {}
        plain["feature" if (fields.get("issuetype") or {}).get("name") == "Epic" else "task"] += 1
        plain["owner"] += bool(fields.get("assignee"))
        plain["assignees"] += bool(fields.get("assignee"))
        plain["due"] += bool(fields.get("duedate"))
        plain["parent"] += any(map(fields.get, ("parent", "epic", *dict(lens.parents))))
        plain["blocks"] += sum(link["type"]["name"] == "Blocks" for link in fields.get("issuelinks") or [])
        plain["minutes"] += round((fields.get("timeoriginalestimate") or 0) / 60)
        plain["versions"] += len(fields.get("fixVersions") or [])
        every, closed = jira.sprints_plainly(fields, lens.sprint or "")
        plain["sprints"] += len(every - closed)
        category = (status.get("statusCategory") or {}).get("key", "new")
        statuses.append((BY_CATEGORY[category], (resolution.get("name"), status.get("name"))))
    count, differ = counted(several), differences(statuses, several)
    assert count == +plain
    note(f"jira/{name}", several, count, differ)


def card_files() -> list[str]:
    """The files that hold cards; the mapping never sees the others (actions, lists, members, webhooks)."""
    return [name for name in trello.FILES if trello.cards_of(trello.rows((SHARED / name).read_bytes(), name))]


def cards_and_records(name: str) -> tuple[list[dict[str, Any]], tuple[Record, ...], mapping.Mapping, dict[str, str]]:
    """The raw cards of a file, the same decoded, the preset for their board, and its lists by id (if it tells them)."""
    raw = shared(name).read_bytes()
    found = trello.rows(raw, name)
    cards = trello.cards_of(found) or []
    if "lists" not in found:
        one = resolved("trello", Vocabulary(CARD_FIELDS), [Scope("board", "board", "Board")])
        return cards, decode_cards(json.dumps(cards).encode(), Words("board", {}, {}, {}), one.wanted), one, {}
    lists = {it["id"]: it["name"] for it in found["lists"]}
    labels = [Term("label", it["id"], it["name"] or it["color"], found["id"]) for it in found["labels"]]
    terms = (*(Term("list", id_, list_, found["id"]) for id_, list_ in lists.items()), *labels)
    scope = Scope(found["id"], found["shortLink"], found["name"])
    one = resolved("trello", Vocabulary(CARD_FIELDS, tuple(terms)), [scope])
    return cards, decode_board(raw, one.wanted)[1], one, lists


@pytest.mark.parametrize("name", card_files() or ["payloads/trello"])
def test_real_cards_become_the_items_that_a_plain_count_finds(name: str) -> None:
    cards, records, one, lists = cards_and_records(name)
    several = [mapping.apply(one, record, frozenset()) for record in records]
    plain: Counter[str] = Counter(records=len(cards))
    statuses = []
    for card in cards:
        open_status = "dropped" if card.get("closed") else "planned"
        statuses.append(("done" if card.get("dueComplete") else open_status, (lists.get(card.get("idList", "")),)))
        if card.get("isTemplate") or re.fullmatch(r"https://trello.com/[bc]/\S+", card.get("name", "")):
            plain["ignored"] += 1  # a template, or a card that is nothing but the address of another
            continue
        plain["feature"] += 1
        members = set(card.get("idMembers") or [])
        plain["owner"] += len(members) == 1
        plain["assignees"] += len(members)
        plain["due"] += card.get("due") is not None
    count, differ = counted(several), differences(statuses, several)
    assert count == +plain
    assert {mapped.item.word for mapped in several if mapped.item} <= {*lists.values(), "complete", "archived", ""}
    note(name, several, count, differ)


def asana_tasks() -> dict[str, list[dict[str, Any]]]:
    """The tasks of real accounts, by file."""
    rows = csv.DictReader(StringIO(shared(f"{ASANA}/masked/tasks-with-custom-fields.csv").read_text("utf-8-sig")))
    lines = shared(f"{ASANA}/devlake/tasks.jsonl").read_text("utf-8").splitlines()
    return {
        f"{ASANA}/devlake/tasks.jsonl": [json.loads(line)["data"] for line in lines],
        f"{ASANA}/masked/tasks-with-custom-fields.csv": [asana.from_row(row, []) for row in rows],
    }


def test_real_tasks_become_the_items_that_a_plain_count_finds() -> None:
    for name, tasks in asana_tasks().items():
        one = resolved("asana", Vocabulary(TASK_FIELDS), [Scope("1", "1", "Project")])
        records = decode_tasks(json.dumps({"data": tasks}).encode(), "1", one.wanted)
        several = [mapping.apply(one, record, frozenset()) for record in records]
        plain: Counter[str] = Counter(records=len(tasks))
        statuses = []
        for task in tasks:
            sections = [(place.get("section") or {}).get("name") for place in task.get("memberships") or []]
            statuses.append(("done" if task["completed"] else "planned", tuple(sections)))
            plain["milestone" if task["resource_subtype"] == "milestone" else "task"] += 1
            plain["owner"] += bool(task.get("assignee"))
            plain["assignees"] += bool(task.get("assignee"))
            plain["due"] += bool(task.get("due_on"))
            plain["parent"] += bool(task.get("parent"))
        count, differ = counted(several), differences(statuses, several)
        assert count == +plain, name
        note(name, several, count, differ)


def test_the_table() -> None:
    """The last of this module: the rows above, when they ran in this process."""
    shared("payloads")
    head = f"{'file':<70} {'recs':>4} {'kinds':<20} {'statuses':<42} {'own':>4} {'due':>4} {'par':>4}  differences"
    reasons = sorted(f"  {way[0]} -> {way[1]} by {way[2]!r}: {why}" for way, why in EXPLAINED.items())
    sys.stdout.write("\n".join(["", head, *TABLE, "", "Explained:", *reasons, ""]))
    used = {way for way in EXPLAINED if any(f"{way[0]} -> {way[1]} by {way[2]!r}" in row for row in TABLE)}
    assert not TABLE or used == set(EXPLAINED), "an explanation that nothing needs is wrong"
