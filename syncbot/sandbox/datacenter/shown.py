"""The Cloud's answers as Data Center gives them: what differs between the two, in one place.

People are known by key and name, text is wiki markup, sprints are the text that their Java class prints, an epic is
named by the field Epic Link, what is above an epic by Parent Link, a team by an option, and what came with the Cloud
(``hierarchyLevel``, ``statuscategorychangedate``) is absent.
"""

from __future__ import annotations

from typing import Any

from syncbot.sandbox.http import Answer, Call
from syncbot.sandbox.jira.adf import plain
from syncbot.sandbox.jira.changes import entry
from syncbot.sandbox.jira.show import SPRINT_FIELD, TEAM_FIELD
from syncbot.sandbox.world import JiraIssue, JiraState, JiraUser

EPIC_LINK, PARENT_LINK = "customfield_10014", "customfield_10012"
ABSENT_FIELDS = frozenset({"statuscategorychangedate", "parent"})
_OF_CLOUD = frozenset({"hierarchyLevel", "simplified", "style", "isPrivate", "accountType", "location", "insight"})


class Translator:
    """The answers to one call, translated."""

    def __init__(self, call: Call) -> None:
        self._state = call.world.jira
        self._cloud, self._ours = f"{call.base}/rest/api/3", f"{call.base}/rest/api/2"
        self._keys = keys(self._state)

    def __call__(self, said: Any) -> Any:
        """The same answer in Data Center's words."""
        if isinstance(said, Answer):
            return Answer(self(said.body), said.status, said.headers)
        if isinstance(said, list):
            return [self(one) for one in said]
        if isinstance(said, str):
            return said.replace(self._cloud, self._ours, 1) if said.startswith(self._cloud) else said
        if not isinstance(said, dict):
            return said
        if "accountId" in said:
            return self._user(said)
        shown = {name: self(value) for name, value in said.items() if name not in _OF_CLOUD}
        issue = self._state.issues.get(str(said.get("id"))) if "fields" in said else None
        if issue is not None:
            shown["fields"] = self._fields(issue, shown["fields"], said["fields"])
        return shown

    def _user(self, said: dict[str, Any]) -> dict[str, Any]:
        user = self._state.users[said["accountId"]]
        name = login(user)
        rest = {key: value for key, value in said.items() if key not in {"accountId", "accountType", "self"}}
        return {"self": f"{self._ours}/user?username={name}", "name": name, "key": self._keys[user.id], **rest}

    def _fields(self, issue: JiraIssue, shown: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
        fields = {name: value for name, value in shown.items() if name not in ABSENT_FIELDS}
        parent = self._state.issues.get(issue.parent or "")
        level = self._state.types[issue.type].level
        if "parent" in shown and parent and level < 0:
            fields["parent"] = shown["parent"]
        for field, at in ((EPIC_LINK, level == 0), (PARENT_LINK, level > 0)):
            if field in shown:
                fields[field] = parent.key if parent and at else None
        if "description" in shown:
            fields["description"] = plain(issue.description).strip() or None
        if said.get(SPRINT_FIELD):
            fields[SPRINT_FIELD] = [_sprint(one) for one in said[SPRINT_FIELD]]
        if said.get(TEAM_FIELD):
            fields[TEAM_FIELD] = self._option(said[TEAM_FIELD]["id"])
        return fields

    def _option(self, id_: str) -> dict[str, Any]:
        """A team as the option of a select list, which is what most servers have for a team."""
        team = self._state.teams[id_]
        link = f"{self._ours}/customFieldOption/{team.option}"
        return {"self": link, "value": team.name, "id": team.option, "disabled": False}


def _sprint(sprint: dict[str, Any]) -> str:
    parts = {
        "id": sprint["id"],
        "rapidViewId": sprint["boardId"],
        "state": sprint["state"].upper(),
        "name": sprint["name"],
        **{name: sprint.get(name, "<null>") for name in ("startDate", "endDate", "completeDate")},
        "activatedDate": sprint.get("startDate", "<null>"),
        "sequence": sprint["id"],
        "goal": sprint["goal"],
    }
    said = ",".join(f"{name}={value}" for name, value in parts.items())
    return f"com.atlassian.greenhopper.service.sprint.Sprint@{sprint['id']:x}c0ffee[{said}]"


def login(user: JiraUser) -> str:
    """What a user signs in with; an admin can change it, the key stays."""
    return user.email.partition("@")[0] or user.id


def keys(state: JiraState) -> dict[str, str]:
    """The key of each user, by account id."""
    return {id_: f"JIRAUSER{10_100 + number}" for number, id_ in enumerate(state.users)}


def account(state: JiraState, name: str = "", key: str = "") -> str | None:
    """The account id of a user that is named by login or by key."""
    known = keys(state)
    return next((one.id for one in state.users.values() if login(one) == name or known[one.id] == key), None)


def changelog(call: Call, issue: JiraIssue) -> dict[str, Any]:
    """The changelog of an issue, all of it: fields by their names only, people by their keys."""
    people, histories = keys(call.world.jira), []
    for change in issue.changes:
        told = entry(call, change)
        for item in told["items"]:
            del item["fieldId"]
            item |= {side: people.get(item[side], item[side]) for side in ("from", "to") if side in item}
        histories.append(told)
    return {"startAt": 0, "maxResults": len(histories), "total": len(histories), "histories": histories}
