"""The vendors' specifications as judges: is this answer one that the real tool could have given?

Where a specification has no schema for an answer (Trello's has one for half of its operations, the agile API's none
for sprints), it is judged by the component schema named here. Where a specification contradicts the vendor's own real
answers, the correction stands in ERRATA with what it was seen in.

Data Center has no such specification. Its answers are judged by a twin of the Cloud's platform specification, made
here: version 3's paths read as those of version 2, users known by key and name, and what only the Cloud has taken out;
since the specification's objects allow no key that they do not name, such a key is then a violation. The fields of
issues that Data Center shows in its own way (wiki text, sprints as text) are in DATA_CENTER_FIELDS.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT4

from syncbot.sandbox.server import Exchange
from syncbot.sandbox.trello import batch
from tests import asana_spec
from tests.shared import SHARED

PLATFORM, AGILE, TRELLO = "jira-platform-v3.json", "jira-software-agile.json", "trello.json"
TWIN = "version 2 of jira-platform-v3.json"
NAME = re.compile(r"{[^}]*}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)")
FORMATS = copy.deepcopy(oas30_format_checker)
Schema = dict[str, Any]

# Answers without a schema in the specification: (file, method, path) -> component, "[]" for a list of it.
COMPONENTS = {
    (TRELLO, "get", "/boards/{}"): "Board",
    (TRELLO, "get", "/boards/{}/cards"): "Card[]",
    (TRELLO, "get", "/boards/{}/cards/{}"): "Card[]",
    (TRELLO, "get", "/boards/{}/lists"): "TrelloList[]",
    (TRELLO, "get", "/boards/{}/lists/{}"): "TrelloList[]",
    (TRELLO, "get", "/boards/{}/labels"): "Label[]",
    (TRELLO, "get", "/boards/{}/members"): "Member[]",
    (TRELLO, "get", "/boards/{}/checklists"): "Checklist[]",
    (TRELLO, "get", "/boards/{}/customFields"): "CustomField[]",
    (TRELLO, "get", "/boards/{}/actions"): "Action[]",
    (TRELLO, "get", "/lists/{}"): "TrelloList",
    (TRELLO, "get", "/lists/{}/cards"): "Card[]",
    (TRELLO, "get", "/members/{}"): "Member",
    (TRELLO, "get", "/members/{}/boards"): "Board[]",
    (TRELLO, "get", "/cards/{}"): "Card",
    (TRELLO, "post", "/cards"): "Card",
    (TRELLO, "put", "/cards/{}"): "Card",
    (TRELLO, "put", "/cards/{}/{}"): "Card",
    (TRELLO, "get", "/cards/{}/checklists"): "Checklist[]",
    (TRELLO, "get", "/cards/{}/attachments"): "Attachment[]",
    (TRELLO, "post", "/cards/{}/attachments"): "Attachment[]",
    (TRELLO, "get", "/cards/{}/actions"): "Action[]",
    (TRELLO, "post", "/cards/{}/actions/comments"): "Action",
    (TRELLO, "get", "/cards/{}/customFieldItems"): "CustomFieldItems[]",
    (TRELLO, "put", "/cards/{}/checkItem/{}"): "CheckItem",
    (TRELLO, "put", "/cards/{}/customField/{}/item"): "CustomFieldItems",
    (TRELLO, "post", "/cards/{}/checklists"): "Checklist",
    (TRELLO, "post", "/labels"): "Label",
    (TRELLO, "put", "/lists/{}"): "TrelloList",
    (TRELLO, "put", "/lists/{}/closed"): "TrelloList",
    (TRELLO, "post", "/lists"): "TrelloList",
    (TRELLO, "post", "/checklists"): "Checklist",
    (TRELLO, "get", "/checklists/{}"): "Checklist",
    (TRELLO, "put", "/checklists/{}"): "Checklist",
    (TRELLO, "get", "/checklists/{}/checkItems"): "CheckItem[]",
    (TRELLO, "post", "/checklists/{}/checkItems"): "CheckItem",
    (TRELLO, "get", "/actions/{}"): "Action",
    (TRELLO, "get", "/customFields/{}"): "CustomField",
    (AGILE, "get", "/rest/agile/1.0/sprint/{}"): "SprintBean",
    (AGILE, "get", "/rest/agile/1.0/board/{}/sprint"): "values:SprintBean",
}
# The values of an issue's fields, about which the platform's schema says nothing: field -> component.
ISSUE_FIELDS = {
    "assignee": "User",
    "reporter": "User",
    "creator": "User",
    "status": "StatusDetails",
    "priority": "Priority",
    "issuetype": "IssueTypeDetails",
    "resolution": "Resolution",
    "security": "SecurityLevel",
    "parent": "LinkedIssue",
    "fixVersions": "Version[]",
    "issuelinks": "IssueLink[]",
    "subtasks": "LinkedIssue[]",
    "timetracking": "TimeTrackingDetails",
}

_TEXT: Schema = {"type": "string", "nullable": True}
_SPRINT: Schema = {
    "type": "string",
    "pattern": r"^com\.atlassian\.greenhopper\.service\.sprint\.Sprint@\w+\[id=\d+,.*\]$",
}
# Fields that Data Center shows in another way, or (False) not at all.
DATA_CENTER_FIELDS: dict[str, Any] = {
    "description": _TEXT,
    "customfield_10014": _TEXT,
    "customfield_10020": {"type": "array", "nullable": True, "items": _SPRINT},
    "statuscategorychangedate": False,
}

FILES = {
    "jira": ((PLATFORM, ""), (AGILE, ""), (TWIN, "")),
    "dc": ((TWIN, ""), (AGILE, "")),
    "trello": ((TRELLO, "/1"),),
}
_INSTANT: Schema = {"type": "string", "format": "date-time", "nullable": True}
_MEMBERSHIPS: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "idMember", "memberType"],
        "properties": {"memberType": {"enum": ["admin", "normal", "observer"]}},
    },
}
# Where a specification contradicts what was seen of the vendor's own answers: (file, place) -> what those are like.
# Trello's were seen in two whole board exports, ../shared/payloads/trello/boards, which are no answers of its API:
# a correction says that such values occur, not that no others do. Two rest on less: a badge's start was in neither
# (it is taken to be like its due), nor was a board that is public (the specification's own parameter names that).
ERRATA: dict[tuple[str, str], Any] = {
    (TRELLO, "Card/properties/due"): _INSTANT,  # said: a date
    (TRELLO, "Card/properties/badges/properties/due"): _INSTANT,
    (TRELLO, "Card/properties/badges/properties/start"): _INSTANT,
    (TRELLO, "Board/properties/dateLastActivity"): _INSTANT,
    (TRELLO, "Attachment/properties/date"): _INSTANT,
    (TRELLO, "Attachment/properties/bytes"): {"type": "integer", "nullable": True},  # said: text
    (TRELLO, "CheckItem/properties/pos"): {"type": "number"},  # said: text
    (TRELLO, "Card/properties/labels/items"): {"$ref": "#/components/schemas/Label"},  # said: an id
    (TRELLO, "Board/properties/memberships"): _MEMBERSHIPS,  # said: text
    (TRELLO, "Prefs/properties/permissionLevel"): {"enum": ["private", "org", "public"]},  # said: org or board
    (TRELLO, "Memberships"): _MEMBERSHIPS,  # said: one of them
    (TRELLO, "Card/properties/cardRole"): {"type": "string", "nullable": True},  # said: never null
    # An issue shows only the other end of a link, as the specification's own example of an issue does.
    (PLATFORM, "IssueLink/required"): ["type"],
}


def _data_center(whole: dict[str, Any]) -> dict[str, Any]:
    """The twin: version 2's paths, users by key and name, and nothing that only the Cloud has."""
    components = whole["components"]["schemas"]
    for name in ("User", "UserDetails"):
        properties = components[name]["properties"]
        del properties["accountId"], properties["accountType"]
        components[name]["required"] = ["key", "name"]
    for name, absent in {
        "IssueTypeDetails": ["hierarchyLevel"],
        "Project": ["style", "isPrivate", "simplified"],
    }.items():
        for key in absent:
            del components[name]["properties"][key]
    whole["paths"] = {path.replace("/api/3/", "/api/2/"): one for path, one in whole["paths"].items()}
    return whole


def judge(exchange: Exchange) -> tuple[str, list[str]]:
    """By what an answer was judged ("schema", a component's name, "nothing"), and what is wrong with it."""
    if not exchange.content or not exchange.media.startswith("application/json"):
        return "text" if exchange.content else "no body", []
    if exchange.tool == "asana":
        return asana_spec.judge(exchange.method, exchange.path, exchange.status, exchange.content)
    if exchange.path == "/1/batch" and exchange.status == HTTPStatus.OK:
        return "schema of each route", list(_batch_errors(exchange))
    file, schema, by = _schema(exchange.tool, exchange.method.lower(), exchange.path, exchange.status)
    if schema is None:
        return "nothing", []
    body = json.loads(exchange.content)
    return by, [*_errors(file, schema, body), *_field_errors(file, body)]


def _errors(file: str, schema: Schema, body: Any) -> Iterator[str]:
    _, registry = _load(file)
    for error in OAS30Validator(schema, registry=registry, format_checker=FORMATS).iter_errors(body):
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"


def _batch_errors(exchange: Exchange) -> Iterator[str]:
    """What is wrong with the answers in the answer to a batch of Trello's."""
    (urls,) = parse_qs(urlsplit(exchange.url).query)["urls"]
    for route, part in zip(batch.routes(urls), json.loads(exchange.content), strict=True):
        if "200" in part:
            path = batch.find(route.partition("?")[0])[0].path
            file, schema, by = _schema(exchange.tool, "get", path, HTTPStatus.OK)
            yield from (f"{route}: {line}" for line in (_errors(file, schema, part["200"]) if schema else [by]))


def _field_errors(file: str, body: Any) -> Iterator[str]:
    """What is wrong with the fields of the issues in an answer."""
    if file not in {PLATFORM, TWIN} or not isinstance(body, dict):
        return
    for issue in body.get("issues", [body]):
        fields = issue.get("fields")
        for name, component in ISSUE_FIELDS.items():
            if isinstance(fields, dict) and fields.get(name) is not None:
                schema = _component(file, component)
                yield from (f"{issue.get('key')}/{name}/{error}" for error in _errors(file, schema, fields[name]))
        for name, kind in DATA_CENTER_FIELDS.items() if file == TWIN and isinstance(fields, dict) else ():
            if name in fields:
                errors = _errors(file, kind, fields[name]) if kind else ["Data Center has no such field"]
                yield from (f"{issue.get('key')}/{name}/{error}" for error in errors)


@FORMATS.checks("date-time")
def _is_instant(value: object) -> bool:
    """RFC 3339, or with an offset without a colon, as all of Jira's answers (and its specification's examples) have."""
    return not isinstance(value, str) or INSTANT.fullmatch(value) is not None


@cache
def _schema(tool: str, method: str, path: str, status: int) -> tuple[str, Schema | None, str]:
    for file, prefix in FILES[tool]:
        paths, _ = _load(file)
        shape = NAME.sub("{}", path.removeprefix(prefix).rstrip("/"))
        operation = paths.get(shape, {}).get(method)
        if operation is None:
            continue
        answer = operation["responses"].get(str(status), {})
        content = answer.get("content") or {}
        schema = (content.get("application/json") or {}).get("schema")
        if status >= 400:
            return _refusal(file, schema)
        component = COMPONENTS.get((file, method, shape))
        if component and not _says_something(schema):
            return file, _component(file, component), component
        return file, schema, "schema" if schema is not None else "nothing"
    return "", None, "nothing"


def _refusal(file: str, schema: Schema | None) -> tuple[str, Schema | None, str]:
    if _says_something(schema):
        return file, schema, "schema"
    owner, component = (TRELLO, "Error") if file == TRELLO else (PLATFORM, "ErrorCollection")
    return owner, _component(owner, component), component


def _says_something(schema: Schema | None) -> bool:
    return schema is not None and schema not in ({}, {"type": "object"})


def _component(file: str, name: str) -> Schema:
    """The schema of a component; "X[]": a list of X; "values:X": a page whose values are X."""
    reference = {"$ref": f"{_urn(file)}#/components/schemas/{name.removesuffix('[]').removeprefix('values:')}"}
    listed = {"type": "array", "items": reference}
    if name.startswith("values:"):
        return {"type": "object", "required": ["values", "isLast"], "properties": {"values": listed}}
    return listed if name.endswith("[]") else reference


@cache
def _load(file: str) -> tuple[dict[str, Any], Registry[Any]]:
    """The paths of a specification with their {names} left blank, and a registry in which its references resolve."""
    source = PLATFORM if file == TWIN else file
    whole = json.loads((SHARED / "specs" / source).read_text(encoding="utf-8"))
    for (owner, place), schema in ERRATA.items():
        if owner == source:
            _correct(whole["components"]["schemas"], place.split("/"), schema)
    whole = _own(_data_center(whole) if file == TWIN else whole, _urn(file))
    registry: Registry[Any] = Registry().with_resource(_urn(file), DRAFT4.create_resource(whole))
    return {NAME.sub("{}", path): operations for path, operations in whole["paths"].items()}, registry


def _urn(file: str) -> str:
    return f"urn:{file.replace(' ', '-')}"


def _correct(node: dict[str, Any], place: list[str], schema: Any) -> None:
    *path, last = place
    for step in path:
        node = node[step]
    assert last in node, "a correction of something that is not there"
    node[last] = schema


def _own(node: Any, root: str) -> Any:
    """References made absolute; a reference that also says nullable means "that, or null", whatever it refers to."""
    if isinstance(node, list):
        return [_own(one, root) for one in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        reference = {"$ref": root + node["$ref"]}
        return {"anyOf": [reference, {"nullable": True, "enum": [None]}]} if node.get("nullable") else reference
    return {key: _own(value, root) for key, value in node.items()}
