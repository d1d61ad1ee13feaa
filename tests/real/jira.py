"""Jira projects from recorded issues: each site's words and sprints are those that its issues carry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from connectors.jira.answers import Version
from connectors.jira.containers import _version
from connectors.jira.records import CATEGORIES, instant, value
from connectors.jira.site import account
from connectors.jira.wire import User
from syncbot.connector import Containers
from syncbot.model import Field, FieldType, Scope, Sprint, Term, Vocabulary
from tests.connectors.jira.test_payloads import lens, raw_issues
from tests.decoding import decode_issues
from tests.real.replay import Replay
from tests.shared import SHARED, shared

FOLDER = "payloads/jira"
# What the sites' own field lists would say, by how the projects of the files read them.
FIELDS: dict[str, tuple[str, FieldType]] = {
    "assignee": ("Assignee", "person"),
    "reporter": ("Reporter", "person"),
    "duedate": ("Due date", "date"),
    "fixVersions": ("Fix versions", "options"),
    "components": ("Components", "options"),
    "priority": ("Priority", "option"),
    "timeoriginalestimate": ("Original estimate", "number"),
    "timeestimate": ("Remaining Estimate", "number"),
    "timespent": ("Time Spent", "number"),
    "customfield_10014": ("Epic Link", "other"),
    "customfield_10015": ("Start date", "date"),
    "customfield_10016": ("Story point estimate", "number"),
    "customfield_10020": ("Sprint", "sprint"),
    "customfield_10021": ("Flagged", "options"),
    "customfield_10024": ("Story Points", "number"),
    "customfield_10036": ("Story Points", "number"),
}
SPRINT = "customfield_10020"
LATER = "~"  # sorts behind all instants
_OLD_CATEGORIES = {
    "Open": "new",
    "Reopened": "new",
    "In Progress": "indeterminate",
    "Resolved": "done",
    "Closed": "done",
}
_PEOPLE = ("assignee", "reporter", "creator")
_WORDS = {"status", "resolution", "assignee", "priority", "issuetype"}
_NUMBERS = {"timeoriginalestimate", "timeestimate", "timespent"}
_DATES = {"duedate", "customfield_10015"}
_OLD_SPRINT = re.compile(r"(\w+)=(.*?)(?=,\w+=|\]$)")


def projects() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each project with its issues, as they were when each was seen last."""
    webhooks = sorted((SHARED / FOLDER / "webhooks-mattermost").glob("*.json"))
    for name, files in {
        "cloud": [shared(f"{FOLDER}/devlake/issues.jsonl"), shared(f"{FOLDER}/devlake/external_epics.jsonl")],
        "server": [shared(f"{FOLDER}/devlake/issue_relationships.jsonl")],
        "sample": sorted((SHARED / FOLDER / "jirametrics/complete_sample").glob("*SP-*.json")),
        "testdata": sorted((SHARED / FOLDER / "jirametrics/testdata").glob("SP-*.json")),
        "go-jira": [shared(f"{FOLDER}/go-jira/issues_in_sprint.json")],
        "webhooks": [file for file in webhooks if "deleted.json" not in file.name],
    }.items():
        latest: dict[str, dict[str, Any]] = {}
        for one in (one for file in files for one in raw_issues(file)):
            known = latest.get(one["id"])
            if known is None or _changed(one) >= _changed(known):
                latest[one["id"]] = one
        keys = dict.fromkeys(one["key"].rpartition("-")[0] for one in latest.values())
        for key in keys:
            yield f"{name} {key}", [one for one in latest.values() if one["key"].rpartition("-")[0] == key]


def _changed(issue: dict[str, Any]) -> str:
    return instant(issue["fields"].get("updated")) or ""


def replay(issues: Sequence[dict[str, Any]]) -> Replay:
    """The project of these issues as a site of its own."""
    through = lens(issues)
    first = issues[0]["fields"].get("project") or {}
    project = Scope(str(first.get("id", "")), issues[0]["key"].rpartition("-")[0], first.get("name") or "")
    people = {one.id: account(one) for one in _users(issues)}
    versions = [version for one in issues for version in one["fields"].get("fixVersions") or ()]
    return Replay(
        Vocabulary(tuple(_fields(issues)), tuple(dict.fromkeys(_terms(issues, project.remote_id)))),
        Containers(
            tuple({sprint.remote_id: sprint for sprint in _sprints(issues, project.remote_id)}.values()),
            tuple({one["id"]: _version(project, msgspec.convert(one, Version)) for one in versions}.values()),
        ),
        tuple(people.values()),
        (project,),
        lambda fields: decode_issues(
            json.dumps({"issues": list(issues)}).encode(),
            msgspec.structs.replace(through, fields=tuple(sorted(fields))),
        ),
    )


def _fields(issues: Sequence[dict[str, Any]]) -> Iterator[Field]:
    for id_, (name, kind) in FIELDS.items():
        held = [one["fields"][id_] for one in issues if id_ in one["fields"]]
        filled = [said for said in map(value, held) if said is not None]
        if held and (kind != "number" or all(isinstance(said, int | float) for said in filled)):
            percent = len(filled) * 100 // len(held)
            samples = tuple(dict.fromkeys(map(str, filled)))[:3]
            yield Field(id_, name, kind, custom=id_.startswith("custom"), filled_percent=percent, samples=samples)


def _terms(issues: Sequence[dict[str, Any]], project: str) -> Iterator[Term]:
    for fields in (one["fields"] for one in issues):
        if kind := fields.get("issuetype"):
            yield Term("type", kind["id"], kind["name"], project)
        if status := fields.get("status"):
            category = (status.get("statusCategory") or {}).get("key", "")
            yield Term("status", status["id"], status["name"], project, CATEGORIES.get(category))
        for facet in ("priority", "resolution"):
            if word := fields.get(facet):
                yield Term(facet, word["id"], word["name"])  # type: ignore[arg-type]
        for link in fields.get("issuelinks") or ():
            yield Term("link", link["type"]["id"], link["type"]["name"])


def _users(issues: Iterable[dict[str, Any]]) -> Iterator[User]:
    for fields in (one["fields"] for one in issues):
        for field in _PEOPLE:
            if fields.get(field):
                yield msgspec.convert(fields[field], User)


def _sprints(issues: Iterable[dict[str, Any]], project: str) -> Iterator[Sprint]:
    for fields in (one["fields"] for one in issues):
        held = [fields.get("sprint"), *(fields.get("closedSprints") or ())]
        for said in fields.values():
            held += said if isinstance(said, list) else []
        for one in held:
            told = dict(_OLD_SPRINT.findall(one)) if isinstance(one, str) and "Sprint@" in one else one
            if (
                isinstance(told, dict)
                and {"id", "state", "name"} <= told.keys()
                and ("boardId" in told or "goal" in told)
            ):
                board = str(told.get("boardId") or told.get("originBoardId") or told.get("rapidViewId"))
                yield Sprint(
                    str(told["id"]),
                    told["name"],
                    board,
                    told["state"].lower(),
                    scope=project,
                    start=instant(told.get("startDate")),
                    end=instant(told.get("endDate")),
                    closed=instant(told.get("completeDate")),
                )


def rewound(issues: Sequence[dict[str, Any]], moment: str) -> list[dict[str, Any]]:
    """The issues as they were at an instant: what their histories say was changed since is undone."""
    words = {("status", one["id"]): one for one in _rows("status")}
    for key in (*_WORDS, *_PEOPLE):
        facet = "assignee" if key in _PEOPLE else key
        held = [said for one in issues if (said := one["fields"].get(key))]
        words |= {(facet, one.get("accountId") or one["id"]): one for one in held}
    sprints = {str(one["id"]): _at(one, moment) for it in issues for one in _sprints_of(it["fields"])}
    return [_rewound(one, moment, words, sprints) for one in issues if _instant(one["fields"]["created"]) <= moment]


def _rewound(
    issue: dict[str, Any], moment: str, words: dict[tuple[str, str], Any], sprints: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    fields = dict(issue["fields"])
    inside = {str(one["id"]) for one in _sprints_of(fields)}
    at = [_instant(fields["created"])]
    for past in sorted(issue["changelog"]["histories"], key=lambda one: _instant(one["created"]), reverse=True):
        if _instant(past["created"]) <= moment:
            at.append(_instant(past["created"]))
            continue
        for item in reversed(past["items"]):
            field, before = item.get("fieldId"), item["from"]
            if field == SPRINT:
                inside = {one.strip() for one in (before or "").split(",")}
            elif field in _NUMBERS:
                fields[field] = int(before) if before else None
            elif field in _WORDS:
                fields[field] = words.get((field, before), _word(before, item["fromString"])) if before else None
            elif field in _DATES:
                fields[field] = before
    held = [sprints[one] for one in sorted(inside & sprints.keys())]
    fields |= {SPRINT: held, "sprint": None, "closedSprints": None, "updated": max(at)}
    return issue | {"fields": fields}


def _word(id_: str, name: str) -> dict[str, Any]:
    """A word that the site has given up; a status of Jira's old workflow with the category that it has everywhere."""
    category = {"statusCategory": {"key": _OLD_CATEGORIES[name]}} if name in _OLD_CATEGORIES else {}
    return {"id": id_, "name": name} | category


def _at(sprint: dict[str, Any], moment: str) -> dict[str, Any]:
    """A sprint with the state that it had at an instant."""
    closed = sprint.get("completeDate") or LATER
    state = "future" if (sprint.get("startDate") or LATER) > moment else "active" if closed > moment else "closed"
    told = {"state": state, "boardId": sprint.get("boardId") or sprint.get("originBoardId")}
    return sprint | told | ({} if state == "closed" else {"completeDate": None})


def _sprints_of(fields: dict[str, Any]) -> list[dict[str, Any]]:
    held = [fields.get("sprint"), *(fields.get("closedSprints") or ()), *(fields.get(SPRINT) or ())]
    return [one for one in held if isinstance(one, dict)]


def _rows(file: str) -> list[dict[str, Any]]:
    lines = shared(f"{FOLDER}/devlake/{file}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["data"] for line in lines]


def _instant(said: str) -> str:
    return instant(said) or ""
