"""What a workspace plans above its tasks: goals, portfolios and the projects in these. A scope of their own.

It is read as a whole, since Asana tells no events of it. What each is made of stands on it: a goal's subgoals, tasks,
projects and portfolios, a portfolio's projects, a project's own tasks. All of a project is meant where one is named.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from connectors.asana.api import Api
from connectors.asana.records import GOAL, GOAL_STATUSES, PORTFOLIO, PROJECT, SUPPORT
from connectors.asana.wire import Goal, GoalRelationship, Named, One, Plan, PortfolioMembership
from syncbot.connector import Fate, Page, Want, instant
from syncbot.errors import Missing, Refused, ToolError
from syncbot.model import EPOCH, Place, Record, Reference, Scope, Struct, Value, Word
from syncbot.texts import weigh
from syncbot.transport.several import seen

WHOLE = "whole"  # the cursor: there is no place to go on from
_PREFIX = "goals:"
_GOAL = "name,owner,notes,due_on,start_on,status,privacy_setting"
_PORTFOLIO = "name,owner,due_on,start_on,created_at,permalink_url,privacy_setting"
_PROJECT = f"{_PORTFOLIO},completed,archived"
_NOT_IN_PLAN = 402
_UNSEEN = {_NOT_IN_PLAN, 403, 404}  # also: not for this account
_NOT_OF_THIS_KIND = 400
_OPEN = {None, "green", "yellow", "red"}
_PRIVATE = {"members_only", "private", "private_to_team"}


class Plans(Struct, frozen=True):
    """What a workspace plans. ``made_of``: by id, the ids of the parts."""

    goals: tuple[Goal, ...]
    portfolios: tuple[Plan, ...]
    projects: tuple[Plan, ...]
    made_of: dict[str, list[str]]


def is_goals(scope: str) -> bool:
    """Whether a scope (its remote id) is the goals and portfolios of a workspace."""
    return scope.startswith(_PREFIX)


def scope(api: Api, workspace: Named) -> Scope | None:
    """The goals and portfolios of a workspace as a scope; None where this account sees none."""
    if not any(_sees(look, api, workspace.gid) for look in (_has_goals, _portfolios)):
        return None
    gid = f"{_PREFIX}{workspace.gid}"
    return Scope(gid, gid, f"Goals of {workspace.name or workspace.gid}")


def _sees(look: Callable[[Api, str], Collection[str] | bool], api: Api, workspace: str) -> bool:
    """Whether this account sees something there; what it is refused is nothing to it as long as it is not read."""
    try:
        return bool(look(api, workspace))
    except ToolError as error:
        if error.status not in _UNSEEN:
            raise
        return False


def read(api: Api, want: Want, fields: frozenset[str]) -> Iterator[Page]:
    """All of them, each with what it is made of."""
    yield Page(want.scope.remote_id, _records(api, want, fields), WHOLE, last=True, full=True)


def again(api: Api, want: Want, remote_ids: Collection[str], fields: frozenset[str]) -> list[Record]:
    """Those with these ids: out of all, since only what holds them tells what they are made of."""
    return [record for record in _records(api, want, fields) if record.remote_id in remote_ids]


def count(api: Api, want: Want) -> frozenset[str]:
    """The ids of all of them."""
    plans = _look(api, want.scope.remote_id.removeprefix(_PREFIX))
    return frozenset([*plans.made_of, *(one.gid for one in plans.projects)])


def fates(api: Api, remote_ids: Collection[str]) -> dict[str, Fate]:
    """What became of each of these, asked for as a goal, as a portfolio and as a project: an id does not tell which."""
    found: dict[str, Fate] = {}
    left = sorted(remote_ids)
    routes: tuple[tuple[str, Fate], ...] = (("goals", "here"), ("portfolios", "moved"), ("projects", "moved"))
    for route, fate in routes:
        answers = api.batch([f"/{route}/{gid}" for gid in left], One[Named], fields=["name"])
        for gid, answer in zip(left, answers, strict=True):
            if isinstance(answer, Refused):
                found[gid] = "hidden"
            elif isinstance(answer, One):
                found[gid] = fate
            elif not isinstance(answer, Missing) and answer.status != _NOT_OF_THIS_KIND:
                raise answer
        left = [gid for gid in left if gid not in found]
    return found | dict.fromkeys(left, "deleted")


def _records(api: Api, want: Want, fields: frozenset[str]) -> tuple[Record, ...]:
    home = want.scope.remote_id
    plans = _look(api, home.removeprefix(_PREFIX))
    return (
        *(_goal(goal, home, plans.made_of[goal.gid], fields) for goal in plans.goals),
        *(_plan(one, PORTFOLIO, home, plans.made_of[one.gid], fields) for one in plans.portfolios),
        *(_plan(one, PROJECT, home, [one.gid], fields) for one in plans.projects),
    )


def _look(api: Api, workspace: str) -> Plans:
    """All that is planned there; what vanishes while we look is left out."""
    goals = [goal for page in _goals(api, workspace) for goal in page]
    asked = [f"/goal_relationships?supported_goal={goal.gid}" for goal in goals]
    supports = api.lists(asked, GoalRelationship, "supporting_resource.resource_type")
    parts = {
        goal.gid: [one.supporting_resource for one in found if one.supporting_resource]
        for goal, found in zip(goals, supports, strict=True)
        if found is not None
    }
    held = {part.gid for found in parts.values() for part in found if part.resource_type == PORTFOLIO.id}
    portfolios = _each(api, sorted(held | _portfolios(api, workspace)))
    inside = api.lists([f"/portfolios/{one.gid}/items" for one in portfolios], Plan, _PROJECT)
    items = {held.gid: found for held, found in zip(portfolios, inside, strict=True) if found is not None}
    projects = {one.gid: one for found in items.values() for one in found if one.resource_type != PORTFOLIO.id}
    made_of = {gid: [part.gid for part in found] for gid, found in parts.items()}
    for gid, found in parts.items():  # so that it holds also where portfolios are no items
        made_of[gid] += [one.gid for part in found for one in items.get(part.gid, ())]
    made_of |= {gid: [one.gid for one in found] for gid, found in items.items()}
    return Plans(
        tuple(one for one in goals if one.gid in parts),
        tuple(one for one in portfolios if one.gid in items),
        tuple(projects.values()),
        made_of,
    )


def _goals(api: Api, workspace: str) -> Iterator[list[Goal]]:
    """The goals that this account sees; none where the plan has none."""
    try:
        yield from api.all("/goals", Goal, workspace=workspace, opt_fields=_GOAL)
    except ToolError as error:
        if error.status != _NOT_IN_PLAN:
            raise


def _has_goals(api: Api, workspace: str) -> bool:
    return bool(next(_goals(api, workspace), []))


def _portfolios(api: Api, workspace: str) -> frozenset[str]:
    """The ids of the portfolios that are shared with this account: of others Asana tells it nothing."""
    path = "/portfolio_memberships"
    try:
        pages = list(api.all(path, PortfolioMembership, workspace=workspace, user="me", opt_fields="portfolio"))
    except ToolError as error:
        if error.status != _NOT_IN_PLAN:
            raise
        return frozenset()
    return frozenset(one.portfolio.gid for page in pages for one in page if one.portfolio)


def _each(api: Api, gids: Sequence[str]) -> list[Plan]:
    """These portfolios, without those that are deleted or hidden from us: a goal may stand on what we may not see."""
    asked = [f"/portfolios/{gid}" for gid in gids]
    return [answer.data for answer in seen(api.batch(asked, One[Plan], fields=_PORTFOLIO.split(",")))]


def _goal(goal: Goal, scope: str, parts: Sequence[str], wanted: frozenset[str]) -> Record:
    count, has_reason = weigh(goal.notes or "")
    is_open = goal.status in _OPEN
    return Record(
        remote_id=goal.gid,
        ref=goal.gid,
        url=f"https://app.asana.com/0/goal/{goal.gid}",
        title=goal.name or "",
        changed=EPOCH,
        places=(Place(scope),),
        type=GOAL,
        status=(GOAL_STATUSES.get(goal.status) or Word(goal.status, goal.status)) if goal.status else None,
        category=None if not is_open else "doing" if goal.status else "new",
        complete=not is_open,
        restricted=goal.privacy_setting in _PRIVATE,
        references=_references(parts),
        fields=_fields(goal, wanted),
        description_words=count,
        has_reason=has_reason,
    )


def _plan(one: Plan, kind: Word, scope: str, parts: Sequence[str], wanted: frozenset[str]) -> Record:
    """A portfolio, or a project: it is planned until it is completed, and dropped if it is archived before."""
    return Record(
        remote_id=one.gid,
        ref=one.gid,
        url=one.permalink_url or f"https://app.asana.com/0/{one.gid}",
        title=one.name or "",
        changed=EPOCH,
        places=(Place(scope),),
        created=instant(one.created_at),
        type=kind,
        category=None if one.completed else "new",
        complete=bool(one.completed),
        archived=bool(one.archived),
        restricted=one.privacy_setting in _PRIVATE,
        references=_references(parts),
        fields=_fields(one, wanted),
    )


def _references(parts: Iterable[str]) -> tuple[Reference, ...]:
    return tuple(Reference(gid, "id", SUPPORT, inward=True, parent=True) for gid in dict.fromkeys(parts))


def _fields(one: Goal | Plan, wanted: frozenset[str]) -> dict[str, Value]:
    told = {
        "assignee": one.owner.gid if one.owner else None,
        "due_on": one.due_on,
        "start_on": one.start_on,
        "name": one.name,
    }
    return {key: value for key, value in told.items() if key in wanted and value}
