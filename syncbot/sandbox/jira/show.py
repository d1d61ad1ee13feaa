"""How Jira's REST API shows issues, with the fields that were asked for, their comments and their links."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, cached_property, partial
from typing import Any

from syncbot.sandbox.http import Call
from syncbot.sandbox.jira.words import Words
from syncbot.sandbox.world import JiraIssue, JiraLink, JiraState

SPRINT_FIELD = "customfield_10020"
TEAM_FIELD = "customfield_10001"


class Shown:
    """The answers of one call. What repeats in them is made once, and nobody may change it: instants and people
    (``user``), None of None; words; and issues ``named`` by their ids as parents and links show them.
    """

    def __init__(self, call: Call) -> None:
        words = Words(call)
        self._state, self._api = call.world.jira, f"{call.base}/rest/api/3"
        self.instant, self.user, self.team = cache(words.instant), cache(words.user), cache(words.team)
        self.status, self.type, self.priority = cache(words.status), cache(words.type), cache(words.priority)
        self.resolution, self.level = cache(words.resolution), cache(words.level)
        self.project_of = cache(words.project_of)
        self.category, self.project, self.link_type = words.category, words.project, words.link_type
        self.version, self.sprint = words.version, words.sprint
        self.named = cache(partial(_named, self._state, self._api, self.status, self.priority, self.type))

    def links(self, issue: JiraIssue) -> list[dict[str, Any]]:
        """The links of an issue, each naming the other end."""
        return [self._link(link, issue) for link in self._linked.get(issue.id, ())]

    @cached_property
    def _linked(self) -> dict[str, list[JiraLink]]:
        found: dict[str, list[JiraLink]] = {}
        for link in self._state.links.values():
            found.setdefault(link.source, []).append(link)
            found.setdefault(link.target, []).append(link)
        return found

    def _link(self, link: JiraLink, issue: JiraIssue) -> dict[str, Any]:
        outward = link.source == issue.id
        other = link.target if outward else link.source
        return {
            "id": link.id,
            "self": f"{self._api}/issueLink/{link.id}",
            "type": self.link_type(link.type),
            "outwardIssue" if outward else "inwardIssue": self.named(other),
        }

    def comment(self, issue: JiraIssue, number: int) -> dict[str, Any]:
        """A comment, by its place among the issue's."""
        comment = issue.comments[number]
        author = self.user(comment.author)
        return {
            "self": f"{self._api}/issue/{issue.id}/comment/{comment.id}",
            "id": comment.id,
            "author": author,
            "body": comment.body,
            "updateAuthor": author,
            "created": self.instant(comment.created),
            "updated": self.instant(comment.updated),
            "jsdPublic": True,
        }

    def comments(self, issue: JiraIssue) -> list[dict[str, Any]]:
        """All comments of an issue."""
        return [self.comment(issue, number) for number in range(len(issue.comments))]

    def issues(
        self, issues: Iterable[JiraIssue], names: Iterable[str], properties: Iterable[str] = ()
    ) -> list[dict[str, Any]]:
        """Issues with these fields. Fields that this site does not have are left out, as Jira does."""
        known = [name for name in names if name in FIELDS or name in self._state.fields]
        fields, wanted = [(name, FIELDS.get(name) or _custom(name)) for name in known], tuple(properties)
        return [self._issue(one, fields, wanted) for one in issues]

    def _issue(self, issue: JiraIssue, fields: list[tuple[str, _Field]], properties: tuple[str, ...]) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "expand": "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations",
            "id": issue.id,
            "self": f"{self._api}/issue/{issue.id}",
            "key": issue.key,
        }
        if fields:
            shown["fields"] = {name: make(self, issue) for name, make in fields}
        if properties:
            shown["properties"] = {key: issue.properties[key] for key in properties if key in issue.properties}
        return shown

    def subtasks(self, issue: JiraIssue) -> list[dict[str, Any]]:
        """The subtasks of an issue (not the stories of an epic)."""
        return [self.named(id_) for id_ in self._below.get(issue.id, ())]

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        state, found = self._state, dict[str, list[str]]()
        for one in state.issues.values():
            if one.parent and state.types[one.type].level < 0:
                found.setdefault(one.parent, []).append(one.id)
        return found

    def fix_versions(self, issue: JiraIssue) -> list[dict[str, Any]]:
        """The versions that an issue is fixed in."""
        return [self.version(self._state.versions[key]) for key in issue.versions]

    def sprints(self, issue: JiraIssue) -> list[dict[str, Any]] | None:
        """All sprints that an issue is or was in; None without any."""
        return [self.sprint(self._state.sprints[key]) for key in issue.sprints] or None


_Word = Callable[[str], dict[str, Any]]
_Field = Callable[[Shown, JiraIssue], Any]


def _named(state: JiraState, api: str, status: _Word, priority: _Word, type_: _Word, id_: str) -> dict[str, Any]:
    issue = state.issues[id_]
    fields = {
        "summary": issue.summary,
        "status": status(issue.status),
        "priority": issue.priority and priority(issue.priority),
        "issuetype": type_(issue.type),
    }
    return {"id": issue.id, "key": issue.key, "self": f"{api}/issue/{issue.id}", "fields": fields}


def _custom(name: str) -> _Field:
    return lambda _, issue: issue.fields.get(name)


def _tracking(issue: JiraIssue) -> dict[str, Any]:
    names = {
        "originalEstimate": issue.estimate_seconds,
        "remainingEstimate": issue.left_seconds,
        "timeSpent": issue.spent_seconds,
    }
    given = {name: seconds for name, seconds in names.items() if seconds is not None}
    return {name: f"{seconds // 3600}h" for name, seconds in given.items()} | {
        f"{name}Seconds": seconds for name, seconds in given.items()
    }


FIELDS: dict[str, _Field] = {
    "summary": lambda _, issue: issue.summary,
    "issuetype": lambda shown, issue: shown.type(issue.type),
    "status": lambda shown, issue: shown.status(issue.status),
    "statuscategorychangedate": lambda shown, issue: shown.instant(issue.status_changed),
    "project": lambda shown, issue: shown.project_of(issue.project),
    "priority": lambda shown, issue: issue.priority and shown.priority(issue.priority),
    "resolution": lambda shown, issue: issue.resolution and shown.resolution(issue.resolution),
    "resolutiondate": lambda shown, issue: shown.instant(issue.resolved),
    "security": lambda shown, issue: issue.security and shown.level(issue.security),
    "assignee": lambda shown, issue: shown.user(issue.assignee),
    "reporter": lambda shown, issue: shown.user(issue.reporter),
    "creator": lambda shown, issue: shown.user(issue.creator),
    "created": lambda shown, issue: shown.instant(issue.created),
    "updated": lambda shown, issue: shown.instant(issue.updated),
    "labels": lambda _, issue: issue.labels,
    "description": lambda _, issue: issue.description,
    "duedate": lambda _, issue: issue.due,
    "parent": lambda shown, issue: issue.parent and shown.named(issue.parent),
    "fixVersions": lambda shown, issue: shown.fix_versions(issue),
    "versions": lambda _, __: [],
    "components": lambda _, __: [],
    "attachment": lambda _, __: [],
    "issuelinks": lambda shown, issue: shown.links(issue),
    "subtasks": lambda shown, issue: shown.subtasks(issue),
    "timeoriginalestimate": lambda _, issue: issue.estimate_seconds,
    "timeestimate": lambda _, issue: issue.left_seconds,
    "timespent": lambda _, issue: issue.spent_seconds,
    "timetracking": lambda _, issue: _tracking(issue),
    "comment": lambda shown, issue: {
        "comments": shown.comments(issue),
        "self": "",
        "maxResults": len(issue.comments),
        "total": len(issue.comments),
        "startAt": 0,
    },
    SPRINT_FIELD: lambda shown, issue: shown.sprints(issue),
    TEAM_FIELD: lambda shown, issue: shown.team(issue.fields.get(TEAM_FIELD)),
}
