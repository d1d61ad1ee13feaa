"""Goals, and what they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from syncbot.sandbox.asana import access
from syncbot.sandbox.asana.paging import many, one
from syncbot.sandbox.asana.plans import GOAL, PORTFOLIO, PROJECT
from syncbot.sandbox.asana.select import Kind, Ref
from syncbot.sandbox.asana.shapes import always
from syncbot.sandbox.asana.works import TASK
from syncbot.sandbox.http import Answer, Call, Endpoint
from syncbot.sandbox.world import AsanaState


@dataclass(frozen=True, slots=True)
class Support:
    """What a goal is made of. ``part``: its kind and gid."""

    gid: str
    goal: str
    part: tuple[str, str]


def _part(state: AsanaState, one: Any) -> Ref:
    kind, gid = one.part
    match kind:
        case "task":
            return Ref(TASK, state.tasks[gid])
        case "goal":
            return Ref(GOAL, state.goals[gid])
        case "portfolio":
            return Ref(PORTFOLIO, state.portfolios[gid])
        case _:
            return Ref(PROJECT, state.projects[gid])


GOAL_RELATIONSHIP = Kind(
    "goal_relationship",
    {
        "resource_type": always("goal_relationship"),
        "resource_subtype": lambda _, one: "subgoal" if one.part[0] == "goal" else "supporting_work",
        "supported_goal": lambda state, one: Ref(GOAL, state.goals[one.goal]),
        "supporting_resource": _part,
        "contribution_weight": always(0.0),
    },
    compact=("resource_type", "resource_subtype", "supporting_resource", "contribution_weight"),
)


def list_goals(call: Call) -> Answer:
    """GET /goals of a workspace or a team."""
    team = call.query.get("team")
    if team is None:
        access.workspace(call, call.query.get("workspace"))
    return many(call, GOAL, [goal for goal in call.world.asana.goals.values() if team in {None, goal.team}])


def read_goal(call: Call) -> Answer:
    """GET /goals/{gid}."""
    return one(call, GOAL, access.goal(call, call.params["gid"]))


def goal_relationships(call: Call) -> Answer:
    """GET /goal_relationships of a ``supported_goal``."""
    goal = access.goal(call, call.query.get("supported_goal"))
    return many(
        call, GOAL_RELATIONSHIP, [Support(f"{goal.gid}{gid}", goal.gid, (kind, gid)) for kind, gid in goal.parts]
    )


ENDPOINTS = (
    Endpoint("GET", "/api/1.0/goals", list_goals),
    Endpoint("GET", "/api/1.0/goals/{gid}", read_goal),
    Endpoint("GET", "/api/1.0/goal_relationships", goal_relationships),
)
