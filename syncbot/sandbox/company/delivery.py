"""The company's Jira: project PAY with a scrum board, project RISK with a kanban board and things that are secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from syncbot.sandbox.company.people import Login, Staff
from syncbot.sandbox.company.plan import INITIATIVES, LATER, Feature, Task
from syncbot.sandbox.jira.adf import document
from syncbot.sandbox.jira.setup import default_fields
from syncbot.sandbox.world import (
    JiraBoard,
    JiraChange,
    JiraIssue,
    JiraLink,
    JiraLinkType,
    JiraProject,
    JiraSprint,
    JiraTeam,
    JiraVersion,
    JiraWord,
    World,
)

POINTS = {"PAY": "customfield_10028", "RISK": "customfield_10016"}  # company-managed and team-managed projects
START = "customfield_10015"
TEAM = "customfield_10001"
_STATUS = {"todo": "10000", "ready": "10003", "doing": "3", "review": "10001", "done": "10002"}
_EPIC, _STORY, _SUBTASK, _REQUEST, _INITIATIVE = "10000", "10001", "10003", "10005", "10006"
_TEAMS = {"PAY": "Payments", "RISK": "Risk"}
_STAGES = {"Next": "ready", "Now": "doing", "Done": "done"}


@dataclass(frozen=True, slots=True)
class Sprints:
    """The ids of the board's sprints: those that are over, the running one, the next one."""

    closed: tuple[int, ...]
    active: int
    future: int


class Delivery:
    """Puts features into Jira as epics with their work."""

    def __init__(self, world: World, staff: Staff) -> None:
        self._world, self._state, self._staff = world, world.jira, staff
        self._turns: dict[str, int] = {}
        self._words()
        self._sprints = self._boards()
        self._monday = monday(world.now)

    def build(self, feature: Feature) -> JiraIssue:
        """The epic of a feature, with everything under it."""
        owner = self._next("product", self._staff.product)
        begun = -10 if feature.stage == "Done" else -5
        epic = self._issue(feature.project, _EPIC, feature.title, _STAGES[feature.stage], owner, begun)
        epic.priority = next(one.id for one in self._state.priorities.values() if one.name == feature.priority)
        epic.description = document(feature.why, "Done when the merchants who asked for it use it every day.")
        if feature.due is not None:
            epic.due = due(self._world.now, feature.due).date().isoformat()
        epic.fields[START] = (self._monday + timedelta(weeks=begun)).date().isoformat()
        for task in feature.work:
            self._task(feature, epic, task, begun + 1)
        return epic

    def finish(self) -> None:
        """What no feature asks for: a link, a version's issues, secret work, a service request."""
        state, by_title = self._state, {one.summary: one for one in self._state.issues.values()}
        blocker, blocked = by_title["Schedule a second attempt"], by_title["Measure recovered revenue"]
        link = JiraLink(state.next_id(), "10000", blocker.id, blocked.id)
        state.links[link.id] = link
        released, coming = state.versions
        by_title["Payout calendar"].versions.append(released)
        by_title["Retry failed cards on the best day"].versions.append(coming)
        analyst = self._staff.risk[0]
        secret = self._issue("RISK", _STORY, "Trace the stolen cards of March", "doing", analyst, -1)
        secret.security, secret.parent = next(iter(state.levels)), by_title["Fewer false alarms"].id
        secret.fields[POINTS["RISK"]] = 5.0
        # Nobody is on it, on purpose: the configuration leaves service requests out.
        request = self._issue("RISK", _REQUEST, "Merchant locked out of the dashboard", "doing", analyst, -1)
        request.assignee = None
        by_title["Number invoices as each country demands"].labels.append("legal")
        by_title["Explain a score in one sentence"].labels.append("legal")
        for place, (title, epics) in enumerate(INITIATIVES.items(), 1):
            initiative = self._issue("PAY", _INITIATIVE, title, "doing", self._staff.product[place], -12)
            for epic in epics:
                by_title[epic].parent = initiative.id
        for title, epic in LATER.items():
            story = self._issue("PAY", _STORY, title, "todo", self._staff.makers[0], -1)
            story.parent, story.fields[POINTS["PAY"]] = by_title[epic].id, 2.0
        self._tell()

    def _tell(self) -> None:
        """The changelog of what was moved on since it was created."""
        statuses = self._state.statuses
        first = _STATUS["todo"]
        for issue in self._state.issues.values():
            if issue.status != first:
                was, is_ = (statuses[key] for key in (first, issue.status))
                told = ("status", was.id, was.name, is_.id, is_.name)
                issue.changes.append(JiraChange(self._state.next_id(), issue.creator, issue.status_changed, *told))

    def _task(self, feature: Feature, epic: JiraIssue, task: Task, begun: int) -> None:
        crew = "risk" if feature.project == "RISK" else "makers"
        worker = self._next(crew, self._staff.risk if crew == "risk" else self._staff.makers)
        issue = self._issue(feature.project, _STORY, task.title, task.state, worker, begun)
        issue.parent = epic.id
        issue.fields[POINTS[feature.project]] = float(task.points)
        if task.when == "active":
            issue.sprints = [self._sprints.active]
        elif task.when == "future":
            issue.sprints = [self._sprints.future]
        elif task.when == "closed":
            self._finish_in(issue, self._sprints.closed[self._turn("closed") % len(self._sprints.closed)])
        for title in task.parts:
            part = self._issue(feature.project, _SUBTASK, title, "todo", worker, begun)
            part.parent, part.sprints = issue.id, list(issue.sprints)

    def _finish_in(self, issue: JiraIssue, number: int) -> None:
        """Done in a sprint that is over: on the last working day before its end, a Monday morning."""
        sprint = self._state.sprints[number]
        issue.sprints = [number]
        if sprint.start is not None and sprint.end is not None:
            issue.created = min(issue.created, sprint.start)
            issue.updated = issue.status_changed = issue.resolved = sprint.end - timedelta(days=3)

    def _issue(self, project_key: str, kind: str, title: str, state: str, owner: Login, week: int) -> JiraIssue:
        project = next(one for one in self._state.projects.values() if one.key == project_key)
        project.counter += 1
        number = project.counter
        created = self._monday + timedelta(weeks=week, hours=9, minutes=number % 50)
        done = state == "done"
        # What is under way was touched on a recent working day; what is done, when its sprint ended.
        recent = workday(self._world.now) - timedelta(minutes=number % 200)
        changed = created + timedelta(days=9) if done else recent if state in {"doing", "review"} else created
        issue = JiraIssue(
            id=self._state.next_id(),
            key=f"{project.key}-{number}",
            project=project.id,
            type=kind,
            status=_STATUS[state],
            summary=title,
            created=created,
            updated=changed,
            status_changed=changed,
            creator=owner.account,
            reporter=owner.account,
            assignee=owner.account,
            priority="3",
        )
        if kind != _SUBTASK:
            issue.fields[TEAM] = next(one.id for one in self._state.teams.values() if one.name == _TEAMS[project_key])
        if done:
            issue.resolution, issue.resolved = "10000", changed
        self._state.issues[issue.id] = issue
        return issue

    def _next(self, crew: str, staff: tuple[Login, ...]) -> Login:
        """The next one of a crew, turn by turn."""
        return staff[self._turn(crew) % len(staff)]

    def _turn(self, name: str) -> int:
        turn = self._turns.get(name, 0)
        self._turns[name] = turn + 1
        return turn

    def _words(self) -> None:
        state = self._state
        categories = {
            "todo": "new",
            "ready": "new",
            "doing": "indeterminate",
            "review": "indeterminate",
            "done": "done",
        }
        names = ("To Do", "Selected for Development", "In Progress", "In Review", "Done")
        for (step, key), name in zip(_STATUS.items(), names, strict=True):
            state.statuses[key] = JiraWord(key, name, category=categories[step])
        levels = {"Epic": 1, "Story": 0, "Task": 0, "Sub-task": -1, "Bug": 0, "Service request": 0, "Initiative": 2}
        for place, (name, level) in enumerate(levels.items()):
            state.types[str(10000 + place)] = JiraWord(str(10000 + place), name, level=level)
        for place, name in enumerate(("Highest", "High", "Medium", "Low", "Lowest"), 1):
            state.priorities[str(place)] = JiraWord(str(place), name)
        for place, name in enumerate(("Done", "Won't Do", "Duplicate")):
            state.resolutions[str(10000 + place)] = JiraWord(str(10000 + place), name)
        state.levels["10000"] = JiraWord("10000", "Fraud team only", description="Seen by the fraud team")
        state.link_types["10000"] = JiraLinkType("10000", "Blocks", "is blocked by", "blocks")
        state.link_types["10001"] = JiraLinkType("10001", "Relates", "relates to", "relates to")
        state.fields = default_fields()
        for number, name in enumerate(_TEAMS.values()):
            team = JiraTeam(f"36885b3c-1bf0-4f85-a357-c5b858c31de{number}", str(10_400 + number), name)
            state.teams[team.id] = team
        lead, steps = self._staff.makers[0].account, list(_STATUS.values())
        state.projects["10000"] = JiraProject(
            "10000", "PAY", "Payments", lead, [*list(state.types)[:5], _INITIATIVE], steps
        )
        state.projects["10001"] = JiraProject(
            "10001", "RISK", "Risk & Fraud", self._staff.risk[0].account, list(state.types), steps, simplified=True
        )

    def _boards(self) -> Sprints:
        state, start = self._state, monday(self._world.now)
        state.boards[1] = JiraBoard(1, "PAY board", "scrum", "10000", POINTS["PAY"])
        state.boards[2] = JiraBoard(2, "RISK board", "kanban", "10001")
        two_weeks = timedelta(weeks=2)
        # The running sprint began last Monday week and ends next Monday, whatever day it is.
        for number, weeks in enumerate((-7, -5, -3, -1, 1), 1):
            begin = start + timedelta(weeks=weeks, hours=9)
            name = "active" if weeks == -1 else "closed" if weeks < 0 else "future"
            end = begin + two_weeks
            state.sprints[number] = JiraSprint(number, 1, f"PAY Sprint {number + 18}", name, begin, end)
            state.sprints[number].completed = end if name == "closed" else None
            state.sprints[number].goal = "Recover one failed payment in five" if name == "active" else "Keep promises"
        day = start.date()
        state.versions["10000"] = JiraVersion(
            "10000", "10000", "2026.10", released=True, start=_on(day, -12), release=_on(day, -4)
        )
        state.versions["10001"] = JiraVersion("10001", "10000", "2026.12", start=_on(day, -4), release=_on(day, 4))
        return Sprints((1, 2, 3), 4, 5)


def monday(now: datetime) -> datetime:
    """The midnight (UTC) that begins the week of an instant."""
    return datetime.combine(now.date() - timedelta(days=now.weekday()), time(), UTC)


def due(now: datetime, weeks: int) -> datetime:
    """Friday evening, so many weeks from now."""
    return monday(now) + timedelta(weeks=weeks, days=4, hours=17)


def workday(now: datetime) -> datetime:
    """Yesterday, or the Friday before if that was a weekend."""
    return now - timedelta(days={0: 3, 6: 2}.get(now.weekday(), 1))


def _on(day: date, weeks: int) -> str:
    return (day + timedelta(weeks=weeks)).isoformat()
