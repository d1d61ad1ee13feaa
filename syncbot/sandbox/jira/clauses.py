"""What a query's fields mean: a parsed query becomes a test of issues and an order of them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from syncbot.sandbox.jira.adf import plain
from syncbot.sandbox.jira.jql import Clause, Joined, JqlError, Operand, Query
from syncbot.sandbox.world import JiraIssue, JiraState, World

Test = Callable[[JiraIssue], bool]

_ALIASES = {
    "issuekey": "key",
    "id": "key",
    "issue": "key",
    "type": "issuetype",
    "updateddate": "updated",
    "createddate": "created",
    "due": "duedate",
    "text": "summary",
    "resolutiondate": "resolved",
    "level": "security",
    "cf[10020]": "sprint",
}
_DATES: dict[str, Callable[[JiraIssue], datetime | None]] = {
    "updated": lambda issue: issue.updated,
    "created": lambda issue: issue.created,
    "resolved": lambda issue: issue.resolved,
}
_COMPARED = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
}
_KNOWN = frozenset(
    {
        "key",
        "duedate",
        "summary",
        "project",
        "labels",
        "issuetype",
        "status",
        "statuscategory",
        "sprint",
        "parent",
        "assignee",
        "reporter",
        "creator",
        "priority",
        "resolution",
        "fixversion",
        "security",
    }
)
_OPPOSITE = {
    "=": "!=",
    "in": "not in",
    "is": "is not",
    "~": "!~",
    "<": ">=",
    ">": "<=",
    "!=": "=",
    "not in": "in",
    "is not": "is",
    "!~": "~",
    ">=": "<",
    "<=": ">",
}
_CATEGORIES = {
    "to do": "new",
    "new": "new",
    "2": "new",
    "in progress": "indeterminate",
    "indeterminate": "indeterminate",
    "4": "indeterminate",
    "done": "done",
    "3": "done",
}
_PERIOD = re.compile(r"\s*([+-]?\d+)([wdhm])\s*")
_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes"}


def compile_query(
    query: Query, world: World, user: str, *, strict: bool = True
) -> tuple[Test, Callable[[list[JiraIssue]], None]]:
    """The query's test, and a function that sorts a list in its order in place. Raises JqlError.

    Unless ``strict``, a value that does not exist is one that nothing has.

    ``user`` is the caller's account id: dates without a zone are read in that account's time zone, as Jira does.
    """
    compiler = _Compiler(world, user, strict=strict)
    test = compiler.joined(query.where) if query.where else lambda _: True
    return test, compiler.order(query.order)


class _Compiler:
    def __init__(self, world: World, user: str, *, strict: bool) -> None:
        self._world, self._state, self._user, self._strict = world, world.jira, user, strict
        self._zone = ZoneInfo(world.jira.users[user].timezone)

    def joined(self, part: Clause | Joined) -> Test:
        if isinstance(part, Clause):
            return self._clause(part)
        if part.how == "not":
            return self.joined(_negated(part.parts[0]))
        tests = [self.joined(one) for one in part.parts]
        if part.how == "and":
            return lambda issue: all(test(issue) for test in tests)
        return lambda issue: any(test(issue) for test in tests)

    def order(self, fields: Iterable[tuple[str, bool]]) -> Callable[[list[JiraIssue]], None]:
        keys = [(self._sort_key(name), descends) for name, descends in fields]

        def sort(issues: list[JiraIssue]) -> None:
            issues.sort(key=lambda issue: int(issue.id), reverse=not keys)
            for key, descends in reversed(keys):
                issues.sort(key=key, reverse=descends)

        return sort

    def _sort_key(self, name: str) -> Callable[[JiraIssue], Any]:
        field = self._field(name)
        if field in _DATES:
            earliest = datetime.min.replace(tzinfo=self._zone)
            return lambda issue: _DATES[field](issue) or earliest
        if field == "key":
            if name.lower() == "id":
                return lambda issue: int(issue.id)
            return lambda issue: (issue.key.partition("-")[0], int(issue.key.rpartition("-")[2]))
        if field == "duedate":
            return lambda issue: issue.due or ""
        values = self._values(field)
        return lambda issue: min(values(issue), default="")

    def _field(self, name: str) -> str:
        folded = name.lower()
        field = _ALIASES.get(folded, folded)
        if field not in _KNOWN and field not in _DATES:
            raise JqlError(f"Field '{name}' does not exist or you do not have permission to view it.")
        return field

    def _clause(self, clause: Clause) -> Test:
        field = self._field(clause.field)
        if field in _DATES or field == "duedate":
            return self._dated(field, clause)
        if field == "summary":
            return self._text(clause)
        if clause.operator in {"<", ">", "<=", ">=", "~", "!~"}:
            raise JqlError(f"The operator '{clause.operator}' is not supported by the '{clause.field}' field.")
        values = self._values(field)
        wanted: set[str] = set()
        empty = False
        for operand in clause.values:
            if operand.kind == "empty":
                empty = True
            else:
                wanted |= self._resolve(field, clause.field, operand)
        if clause.operator in {"=", "in", "is"}:
            return lambda issue: bool(wanted & (found := values(issue))) or (empty and not found)
        # As in SQL, a negative comparison leaves out what has no value; only "is not empty" speaks of emptiness.
        return lambda issue: bool(found := values(issue)) and (clause.operator == "is not" or not wanted & found)

    def _values(self, field: str) -> Callable[[JiraIssue], set[str]]:
        """The ids that an issue holds in a field."""
        state = self._state
        many: dict[str, Callable[[JiraIssue], Iterable[str | None]]] = {
            "key": lambda issue: (issue.id,),
            "project": lambda issue: (issue.project,),
            "labels": lambda issue: issue.labels,
            "issuetype": lambda issue: (issue.type,),
            "status": lambda issue: (issue.status,),
            "statuscategory": lambda issue: (state.statuses[issue.status].category,),
            "sprint": lambda issue: map(str, issue.sprints),
            "parent": lambda issue: (issue.parent,),
            "assignee": lambda issue: (issue.assignee,),
            "reporter": lambda issue: (issue.reporter,),
            "creator": lambda issue: (issue.creator,),
            "priority": lambda issue: (issue.priority,),
            "resolution": lambda issue: (issue.resolution,),
            "fixversion": lambda issue: issue.versions,
            "security": lambda issue: (issue.security,),
            "summary": lambda issue: (issue.summary,),
        }
        get = many[field]
        return lambda issue: {value for value in get(issue) if value}

    def _resolve(self, field: str, name: str, operand: Operand) -> set[str]:
        if operand.kind == "function":
            return self._function(name, operand.text)
        text = operand.text
        found = _lookup(self._state, field, text)
        if not found and self._strict:
            raise JqlError(f"The value '{text}' does not exist for the field '{name}'.")
        return found

    def _function(self, name: str, function: str) -> set[str]:
        folded = function.lower()
        if folded == "currentuser":
            return {self._user}
        states = {"opensprints": "active", "closedsprints": "closed", "futuresprints": "future"}
        if folded not in states:
            raise JqlError(f"Unable to find JQL function '{function}()' for the field '{name}'.")
        return {str(one.id) for one in self._state.sprints.values() if one.state == states[folded]}

    def _text(self, clause: Clause) -> Test:
        if clause.operator not in {"~", "!~"}:
            raise JqlError(f"The operator '{clause.operator}' is not supported by the '{clause.field}' field.")
        words = clause.values[0].text.casefold().replace("*", "").split()
        full = clause.field.lower() == "text"

        def test(issue: JiraIssue) -> bool:
            text = issue.summary.casefold() + (plain(issue.description).casefold() if full else "")
            return all(word in text for word in words) == (clause.operator == "~")

        return test

    def _dated(self, field: str, clause: Clause) -> Test:
        get: Callable[[JiraIssue], Any] = _DATES.get(field, lambda issue: issue.due)
        if clause.operator in {"is", "is not"}:
            return lambda issue: (get(issue) is None) == (clause.operator == "is")
        if clause.operator not in _COMPARED:
            raise JqlError(f"The operator '{clause.operator}' is not supported by the '{clause.field}' field.")
        compare, at = _COMPARED[clause.operator], self._instant(clause.field, clause.values[0])
        limit: Any = at.astimezone(self._zone).date().isoformat() if field == "duedate" else at
        return lambda issue: (value := get(issue)) is not None and bool(compare(value, limit))

    def _instant(self, name: str, operand: Operand) -> datetime:
        text, now = operand.text, self._world.now
        if operand.kind == "function":
            if text.lower() == "now":
                return now
            if text.lower() == "startofday":
                return now.astimezone(self._zone).replace(hour=0, minute=0, second=0, microsecond=0)
            raise JqlError(f"Unable to find JQL function '{text}()' for the field '{name}'.")
        if operand.kind == "word" and text.isdigit():
            return datetime.fromtimestamp(int(text) / 1000, self._zone)
        for form in ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d"):
            try:
                return datetime.strptime(text, form).replace(tzinfo=self._zone)
            except ValueError:
                continue
        periods = _PERIOD.findall(text)
        if periods and not _PERIOD.sub("", text):
            sign = -1 if text.lstrip().startswith("-") else 1
            return now + sign * timedelta(**{_UNITS[unit]: abs(int(number)) for number, unit in periods})
        raise JqlError(
            f"Date value '{text}' for field '{name}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm',"
            " 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
        )


def _negated(part: Clause | Joined) -> Clause | Joined:
    """The opposite, down to the operators: what has no value stays out, as Jira has it."""
    if isinstance(part, Clause):
        return Clause(part.field, _OPPOSITE[part.operator], part.values)
    if part.how == "not":
        return part.parts[0]
    return Joined("or" if part.how == "and" else "and", tuple(map(_negated, part.parts)))


def _lookup(state: JiraState, field: str, text: str) -> set[str]:
    """The ids that a value names; empty if there is none."""
    folded = text.casefold()
    if field in {"key", "parent"}:
        issue = state.issue(text)
        return {issue.id} if issue else set()
    if field == "labels":
        return {text}  # a label that nobody uses is no mistake
    if field == "statuscategory":
        return {_CATEGORIES[folded]} if folded in _CATEGORIES else set()
    tables: dict[str, Iterable[Any]] = {
        "project": state.seen_projects(),
        "sprint": state.sprints.values(),
        "issuetype": state.types.values(),
        "status": state.statuses.values(),
        "priority": state.priorities.values(),
        "resolution": state.resolutions.values(),
        "fixversion": state.versions.values(),
        "security": state.levels.values(),
        **dict.fromkeys(("assignee", "reporter", "creator"), state.users.values()),
    }
    return {str(one.id) for one in tables[field] if folded in _names(one)}


def _names(one: Any) -> set[str]:
    names = {str(one.id), one.name, getattr(one, "key", one.name)}
    if getattr(one, "shows_email", False):
        names.add(one.email)
    return {name.casefold() for name in names}
