"""The goals of a workspace: a scope of their own, read as a whole, since Asana tells no events of them.

What a goal is made of stands on the goal: its subgoals, the tasks and projects that support it, and the projects of the
portfolios that do. All of a project is meant where it names one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.asana.api import Api
from connectors.asana.records import GOAL, GOAL_STATUSES, SUPPORT, UNKNOWN_TIME
from connectors.asana.wire import Goal, GoalRelationship, Named
from syncbot.connector import Page, Want, weigh
from syncbot.errors import ToolError
from syncbot.model import Place, Record, Reference, Scalar, Scope, Word

WHOLE = "whole"  # the cursor: there is no place to go on from
_PREFIX = "goals:"
_FIELDS = "name,owner,notes,due_on,start_on,status,privacy_setting"
_NOT_FOR_US = {402, 403, 404}  # not in this plan, not for this account
_OPEN = {None, "green", "yellow", "red"}


def is_goals(scope: str) -> bool:
    """Whether a scope (its remote id) is the goals of a workspace."""
    return scope.startswith(_PREFIX)


def scope(api: Api, workspace: Named) -> Scope | None:
    """The goals of a workspace as a scope; None where this account sees none, or the plan has none."""
    try:
        some = next(api.all("/goals", Goal, workspace=workspace.gid, opt_fields="name"), [])
    except ToolError as error:
        if error.status in _NOT_FOR_US:
            return None
        raise
    gid = f"{_PREFIX}{workspace.gid}"
    return Scope(gid, gid, f"Goals of {workspace.name or workspace.gid}") if some else None


def read(api: Api, want: Want, fields: frozenset[str]) -> Iterator[Page]:
    """All goals, with what they are made of."""
    gid = want.scope.remote_id
    goals = [goal for page in _pages(api, gid) for goal in page]
    made_of = _made_of(api, goals)
    yield Page(gid, tuple(_record(one, gid, made_of[one.gid], fields) for one in goals), WHOLE, last=True, full=True)


def count(api: Api, want: Want) -> frozenset[str]:
    """The ids of all goals."""
    return frozenset(goal.gid for page in _pages(api, want.scope.remote_id) for goal in page)


def _pages(api: Api, scope: str) -> Iterator[list[Goal]]:
    return api.all("/goals", Goal, workspace=scope.removeprefix(_PREFIX), opt_fields=_FIELDS)


def _made_of(api: Api, goals: Sequence[Goal]) -> dict[str, list[str]]:
    """By goal, the ids of what supports it; of a portfolio, those of its projects."""
    fields = "supporting_resource,supporting_resource.resource_type"
    asked = [f"/goal_relationships?supported_goal={goal.gid}" for goal in goals]
    found: dict[str, list[str]] = {}
    portfolios: dict[str, list[str]] = {}
    for goal, relations in zip(goals, api.lists(asked, GoalRelationship, fields), strict=True):
        parts = [one.supporting_resource for one in relations if one.supporting_resource]
        found[goal.gid] = [one.gid for one in parts if one.resource_type != "portfolio"]
        for one in parts:
            if one.resource_type == "portfolio":
                portfolios.setdefault(one.gid, []).append(goal.gid)
    inside = api.lists([f"/portfolios/{gid}/items" for gid in portfolios], Named, "name")
    for supported, items in zip(portfolios.values(), inside, strict=True):
        for goal_gid in supported:
            found[goal_gid] += [item.gid for item in items]
    return found


def _record(goal: Goal, scope: str, made_of: Sequence[str], wanted: frozenset[str]) -> Record:
    told: dict[str, Scalar | None] = {
        "assignee": goal.owner.gid if goal.owner else None,
        "due_on": goal.due_on,
        "start_on": goal.start_on,
        "name": goal.name,
    }
    count, has_reason = weigh(goal.notes or "")
    is_open = goal.status in _OPEN
    return Record(
        remote_id=goal.gid,
        ref=goal.gid,
        url=f"https://app.asana.com/0/goal/{goal.gid}",
        title=goal.name or "",
        changed=UNKNOWN_TIME,
        places=(Place(scope),),
        type=GOAL,
        status=GOAL_STATUSES.get(goal.status) or Word(goal.status, goal.status) if goal.status else None,
        category=None if not is_open else "doing" if goal.status else "new",
        complete=not is_open,
        restricted=goal.privacy_setting == "members_only",
        references=tuple(Reference(gid, "id", SUPPORT, inward=True, parent=True) for gid in dict.fromkeys(made_of)),
        fields={key: value for key, value in told.items() if key in wanted and value},
        description_words=count,
        has_reason=has_reason,
    )
