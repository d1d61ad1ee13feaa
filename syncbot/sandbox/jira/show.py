"""How Jira's REST API shows what a site holds: users, words, issues with the fields that were asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from syncbot.sandbox.http import Call
from syncbot.sandbox.world import JiraIssue, JiraLink, JiraProject, JiraSprint, JiraVersion, JiraWord

SPRINT_FIELD = "customfield_10020"
TEAM_FIELD = "customfield_10001"
_CATEGORIES = {
    "new": (2, "To Do", "blue-gray"),
    "indeterminate": (4, "In Progress", "yellow"),
    "done": (3, "Done", "green"),
}
_SIZES = ("48x48", "24x24", "16x16", "32x32")


class Shown:
    """The answers of one call, with what repeats in them (people, words) made once."""

    def __init__(self, call: Call) -> None:
        self._state = call.world.jira
        self._api = f"{call.base}/rest/api/3"
        self._base, self._caller = call.base, call.user
        self._zone = ZoneInfo(self._state.users[call.user].timezone)
        self._made: dict[tuple[str, str], Any] = {}
        self._links: dict[str, list[JiraLink]] | None = None

    def instant(self, at: datetime | None) -> str | None:
        """An instant as Jira writes it, in the time zone of the calling account."""
        if at is None:
            return None
        local = at.astimezone(self._zone)
        return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"

    def user(self, account: str | None) -> dict[str, Any] | None:
        """A user; the e-mail is left out where the profile hides it from others."""
        return None if account is None else self._once("user", account, self._user)

    def _user(self, account: str) -> dict[str, Any]:
        user = self._state.users[account]
        shown = {
            "self": f"{self._api}/user?accountId={user.id}",
            "accountId": user.id,
            "accountType": user.type,
            "emailAddress": user.email,
            "avatarUrls": {size: f"{self._base}/avatar/{user.id}?size={size}" for size in _SIZES},
            "displayName": user.name,
            "active": user.active,
            "timeZone": user.timezone,
        }
        if not user.shows_email and user.id != self._caller:
            del shown["emailAddress"]
        return shown

    def status(self, key: str) -> dict[str, Any]:
        """A status with its category."""
        return dict(self._once("status", key, self._status))

    def _status(self, key: str) -> dict[str, Any]:
        word = self._state.statuses[key]
        return {
            "self": f"{self._api}/status/{word.id}",
            "description": word.description,
            "iconUrl": f"{self._base}/images/icons/status.gif",
            "name": word.name,
            "id": word.id,
            "statusCategory": self.category(word.category),
        }

    def category(self, key: str) -> dict[str, Any]:
        """A status category."""
        number, name, color = _CATEGORIES[key]
        link = f"{self._api}/statuscategory/{number}"
        return {"self": link, "id": number, "key": key, "colorName": color, "name": name}

    def type(self, key: str) -> dict[str, Any]:
        """An issue type."""
        return dict(self._once("type", key, self._type))

    def _type(self, key: str) -> dict[str, Any]:
        word = self._state.types[key]
        return {
            "self": f"{self._api}/issuetype/{word.id}",
            "id": word.id,
            "description": word.description,
            "iconUrl": f"{self._base}/images/icons/issuetype.svg",
            "name": word.name,
            "subtask": word.level < 0,
            "avatarId": 10318,
            "hierarchyLevel": word.level,
        }

    def priority(self, key: str) -> dict[str, Any]:
        """A priority."""
        word = self._state.priorities[key]
        icon = f"{self._base}/images/icons/priorities/{word.name.lower()}.svg"
        return {"self": f"{self._api}/priority/{word.id}", "iconUrl": icon, "name": word.name, "id": word.id}

    def resolution(self, key: str) -> dict[str, Any]:
        """A resolution."""
        return self._word("resolution", self._state.resolutions[key])

    def level(self, key: str) -> dict[str, Any]:
        """An issue security level."""
        return self._word("securitylevel", self._state.levels[key])

    def _word(self, kind: str, word: JiraWord) -> dict[str, Any]:
        link = f"{self._api}/{kind}/{word.id}"
        return {"self": link, "id": word.id, "description": word.description, "name": word.name}

    def project(self, project: JiraProject) -> dict[str, Any]:
        """A project as an issue shows it."""
        return {
            "self": f"{self._api}/project/{project.id}",
            "id": project.id,
            "key": project.key,
            "name": project.name,
            "projectTypeKey": "software",
            "simplified": project.simplified,
            "avatarUrls": {size: f"{self._base}/avatar/project?size={size}" for size in _SIZES},
        }

    def version(self, version: JiraVersion, *, whole: bool = False) -> dict[str, Any]:
        """A version; ``whole``: as the version resource shows it, else as an issue does."""
        shown = {
            "self": f"{self._api}/version/{version.id}",
            "id": version.id,
            "description": version.description,
            "name": version.name,
            "archived": version.archived,
            "released": version.released,
        }
        if version.release:
            shown["releaseDate"] = version.release
        if whole:
            shown["projectId"] = int(version.project)
            if version.start:
                shown["startDate"] = version.start
        return shown

    def sprint(self, sprint: JiraSprint) -> dict[str, Any]:
        """A sprint as the Sprint field shows it: dates only once they are set."""
        shown = {
            "id": sprint.id,
            "name": sprint.name,
            "state": sprint.state,
            "boardId": sprint.board,
            "goal": sprint.goal,
        }
        return shown | sprint_dates(sprint)

    def links(self, issue: JiraIssue) -> list[dict[str, Any]]:
        """The links of an issue, each naming the other end."""
        if self._links is None:
            self._links = {}
            for link in self._state.links.values():
                self._links.setdefault(link.source, []).append(link)
                self._links.setdefault(link.target, []).append(link)
        return [self._link(link, issue) for link in self._links.get(issue.id, ())]

    def _link(self, link: JiraLink, issue: JiraIssue) -> dict[str, Any]:
        outward = link.source == issue.id
        other = self._state.issues[link.target if outward else link.source]
        return {
            "id": link.id,
            "self": f"{self._api}/issueLink/{link.id}",
            "type": self.link_type(link.type),
            "outwardIssue" if outward else "inwardIssue": self.brief(other),
        }

    def link_type(self, key: str) -> dict[str, Any]:
        """A link type."""
        kind = self._state.link_types[key]
        link = f"{self._api}/issueLinkType/{kind.id}"
        return {"id": kind.id, "name": kind.name, "inward": kind.inward, "outward": kind.outward, "self": link}

    def brief(self, issue: JiraIssue) -> dict[str, Any]:
        """An issue as its parent, its subtasks and its links show it."""
        names = ("summary", "status", "priority", "issuetype")
        fields = {name: FIELDS[name](self, issue) for name in names}
        return {"id": issue.id, "key": issue.key, "self": f"{self._api}/issue/{issue.id}", "fields": fields}

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

    def issue(self, issue: JiraIssue, names: Iterable[str], properties: Iterable[str] = ()) -> dict[str, Any]:
        """An issue with these fields. Fields that this site does not have are left out, as Jira does."""
        fields = {}
        for name in names:
            if make := FIELDS.get(name):
                fields[name] = make(self, issue)
            elif name in self._state.fields:
                fields[name] = issue.fields.get(name)
        shown: dict[str, Any] = {
            "expand": "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations",
            "id": issue.id,
            "self": f"{self._api}/issue/{issue.id}",
            "key": issue.key,
        }
        if fields:
            shown["fields"] = fields
        if wanted := tuple(properties):
            shown["properties"] = {key: issue.properties[key] for key in wanted if key in issue.properties}
        return shown

    def subtasks(self, issue: JiraIssue) -> list[dict[str, Any]]:
        """The subtasks of an issue (not the stories of an epic)."""
        state = self._state
        below = (one for one in state.issues.values() if one.parent == issue.id and state.types[one.type].level < 0)
        return [self.brief(one) for one in below]

    def parent(self, issue: JiraIssue) -> dict[str, Any] | None:
        """The parent of an issue; None without one."""
        return self.brief(self._state.issues[issue.parent]) if issue.parent else None

    def fix_versions(self, issue: JiraIssue) -> list[dict[str, Any]]:
        """The versions that an issue is fixed in."""
        return [self.version(self._state.versions[key]) for key in issue.versions]

    def sprints(self, issue: JiraIssue) -> list[dict[str, Any]] | None:
        """All sprints that an issue is or was in; None without any."""
        return [self.sprint(self._state.sprints[key]) for key in issue.sprints] or None

    def team(self, issue: JiraIssue) -> dict[str, Any] | None:
        """The team of an issue; a sub-task has none of its own."""
        team = self._state.teams.get(issue.fields.get(TEAM_FIELD) or "")
        if team is None:
            return None
        shared = {"avatarUrl": "", "isVisible": True, "isShared": True}
        return {"id": team.id, "name": team.name, "title": team.name, **shared}

    def project_of(self, issue: JiraIssue) -> dict[str, Any]:
        """The project of an issue."""
        return dict(self._once("project", issue.project, lambda key: self.project(self._state.projects[key])))

    def _once(self, kind: str, key: str, make: Callable[[str], Any]) -> Any:
        found = self._made.get((kind, key))
        if found is None:
            found = self._made[kind, key] = make(key)
        return found


def sprint_dates(sprint: JiraSprint) -> dict[str, str]:
    """The dates of a sprint that are set, in UTC."""
    dates = {"startDate": sprint.start, "endDate": sprint.end, "completeDate": sprint.completed}
    return {name: f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z" for name, at in dates.items() if at}


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


FIELDS: dict[str, Callable[[Shown, JiraIssue], Any]] = {
    "summary": lambda _, issue: issue.summary,
    "issuetype": lambda shown, issue: shown.type(issue.type),
    "status": lambda shown, issue: shown.status(issue.status),
    "statuscategorychangedate": lambda shown, issue: shown.instant(issue.status_changed),
    "project": lambda shown, issue: shown.project_of(issue),
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
    "parent": lambda shown, issue: shown.parent(issue),
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
    TEAM_FIELD: lambda shown, issue: shown.team(issue),
}
