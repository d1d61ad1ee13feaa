"""How Jira's REST API shows what issues are described with: people, statuses, types, projects, versions, sprints."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from syncbot.sandbox.http import Call
from syncbot.sandbox.world import JiraProject, JiraSprint, JiraVersion, JiraWord

_CATEGORIES = {
    "new": (2, "To Do", "blue-gray"),
    "indeterminate": (4, "In Progress", "yellow"),
    "done": (3, "Done", "green"),
}
_SIZES = ("48x48", "24x24", "16x16", "32x32")


class Words:
    """The words of a site as one call's answers show them, with the addresses and the time zone of its caller."""

    def __init__(self, call: Call) -> None:
        self._state = call.world.jira
        self._api = f"{call.base}/rest/api/3"
        self._base, self._caller = call.base, call.user
        self._zone = ZoneInfo(self._state.users[call.user].timezone)

    def instant(self, at: datetime | None) -> str | None:
        """An instant as Jira writes it, in the time zone of the calling account."""
        if at is None:
            return None
        text = at.astimezone(self._zone).isoformat(timespec="milliseconds")
        return text[:-3] + text[-2:]  # no colon in the offset

    def user(self, account: str | None) -> dict[str, Any] | None:
        """A user; the e-mail is left out where the profile hides it from others. Nobody may change what is given."""
        if account is None:
            return None
        one = self._state.users[account]
        email = one.email if one.shows_email or one.id == self._caller else None
        return _person(self._base, one.id, one.type, one.name, email, one.active, one.timezone)

    def status(self, key: str) -> dict[str, Any]:
        """A status with its category."""
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

    def link_type(self, key: str) -> dict[str, Any]:
        """A link type."""
        kind = self._state.link_types[key]
        link = f"{self._api}/issueLinkType/{kind.id}"
        return {"id": kind.id, "name": kind.name, "inward": kind.inward, "outward": kind.outward, "self": link}

    def team(self, id_: str | None) -> dict[str, Any] | None:
        """A team; a sub-task has none of its own."""
        team = self._state.teams.get(id_ or "")
        if team is None:
            return None
        shared = {"avatarUrl": "", "isVisible": True, "isShared": True}
        return {"id": team.id, "name": team.name, "title": team.name, **shared}

    def project_of(self, id_: str) -> dict[str, Any]:
        """The project of an id, as an issue shows it."""
        return self.project(self._state.projects[id_])


@lru_cache(10_000)
def _person(
    base: str, id_: str, kind: str, name: str, email: str | None, active: bool, timezone: str
) -> dict[str, Any]:
    shown = {
        "self": f"{base}/rest/api/3/user?accountId={id_}",
        "accountId": id_,
        "accountType": kind,
        "emailAddress": email,
        "avatarUrls": {size: f"{base}/avatar/{id_}?size={size}" for size in _SIZES},
        "displayName": name,
        "active": active,
        "timeZone": timezone,
    }
    if email is None:
        del shown["emailAddress"]
    return shown


def sprint_dates(sprint: JiraSprint) -> dict[str, str]:
    """The dates of a sprint that are set, in UTC."""
    dates = {"startDate": sprint.start, "endDate": sprint.end, "completeDate": sprint.completed}
    return {name: f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z" for name, at in dates.items() if at}
