"""The company's Asana: its launches, planned by the people who know the features, with links to what delivers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape

from syncbot.sandbox.company.delivery import due, workday
from syncbot.sandbox.company.people import ASANA_TOKEN, Staff
from syncbot.sandbox.company.plan import SMALLEST, Feature
from syncbot.sandbox.world import (
    AsanaField,
    AsanaGoal,
    AsanaOption,
    AsanaPortfolio,
    AsanaProject,
    AsanaSection,
    AsanaStatus,
    AsanaStory,
    AsanaTag,
    AsanaTask,
    AsanaTeam,
    AsanaUser,
    World,
)

SECTIONS = ("To do", "Doing", "Done")
REPORTS = "Reports"
_LONGEST = 5  # weeks until the further launches


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a launch. ``who``: a person's key; ``due``: weeks from now; ``hours``: how long it will take."""

    title: str
    who: str
    section: str
    due: int
    hours: float | None = None
    priority: str = "Medium"
    notes: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Launch:
    """A launch: the project's name, the feature that it launches, its steps, and the day of the milestone."""

    name: str
    feature: str
    owner: str
    due: int
    steps: tuple[Step, ...]
    is_over: bool = False


_LAUNCHES = (
    Launch(
        "Launch wallets 💳",
        "Apple Pay & Google Pay 💳",
        "fay",
        5,
        (
            Step(
                "Write the launch post", "fay", "Doing", 2, 6, "High", "Shown to <b>five</b> merchants & their banks."
            ),
            Step("Record a one-minute film", "gus", "To do", 3, 12, parts=("Script", "Voices in six languages")),
            Step("Brief the sales team", "fay", "To do", 4, 3),
            Step("Collect quotes from the pilot", "gus", "Done", -1, 2),
        ),
    ),
    Launch(
        "Launch risk score",
        "Risk score on every payment",
        "ada",
        7,
        (
            Step("Page for Zürich, Øresund & Łódź", "ada", "Doing", 3, 8, "High"),
            Step("מכתב ללקוחות (letter to customers)", "gus", "To do", 5, 4),
            Step("Book a stand at the Øresund fair", "ada", "To do", 6, 2, "Low"),
        ),
    ),
    Launch(
        "Launch payout calendar",
        "Payout calendar",
        "fay",
        -4,
        (Step("Tell every merchant by e-mail", "fay", "Done", -4, 3),),
        is_over=True,
    ),
)


_EACH = 200  # items of the company for one more launch: its project, a milestone and as many steps as below
_STEPS = tuple(
    f"{verb} {thing}"
    for thing in ("the post", "the page", "the film", "the letter", "the talk")
    for verb in ("Draft", "Translate", "Check", "Publish")
)


def market(world: World, staff: Staff, plan: Sequence[Feature], items: int) -> None:
    """Fill the company's Asana: its launches, and one more for every 200 items beyond the smallest company."""
    coming = [one.title for one in plan if one.stage in {"Now", "Next"} and (one.due or 0) > _LONGEST]
    known = {one.feature for one in _LAUNCHES}
    more = [title for title in coming if title not in known][: max(0, items - SMALLEST) // _EACH]
    Marketing(world, staff).build([*_LAUNCHES, *(_another(title, number) for number, title in enumerate(more))])


def _another(feature: str, number: int) -> Launch:
    """A further launch, done in part, the rest planned for the weeks before its milestone."""
    people = ("fay", "gus", "ada")
    steps = tuple(
        Step(
            title,
            people[(number + at) % 3],
            "Done" if at < number % 8 else "To do",
            -1 if at < number % 8 else 1 + at // 5,
        )
        for at, title in enumerate(_STEPS)
    )
    return Launch(f"Launch {feature}", feature, people[number % 3], _LONGEST, steps)


class Marketing:
    """Puts launches into Asana as projects."""

    def __init__(self, world: World, staff: Staff) -> None:
        self._world, self._state = world, world.asana
        self._founded = world.now - timedelta(days=200)
        state = self._state
        state.workspace, state.name = state.next_gid(), "Payments Example"
        logins = {one.key: world.jira.users[one.account] for one in (*staff.product, *staff.makers[:1], staff.bot)}
        self._people = {key: AsanaUser(state.next_gid(), one.name, one.email) for key, one in logins.items()}
        state.users = {one.gid: one for one in self._people.values()}
        self._bot = self._people["syncbot"].gid
        state.tokens[ASANA_TOKEN] = self._bot
        self._team = AsanaTeam(state.next_gid(), "Marketing", [*state.users])
        state.teams[self._team.gid] = self._team
        self._priority = self._field(
            "Priority", "enum", tuple(AsanaOption(state.next_gid(), name) for name in ("High", "Medium", "Low"))
        )
        self._hours = self._field("Estimated hours", "number", precision=1)
        self._delivery = self._field("Delivered by", "text")
        self._tag = AsanaTag(state.next_gid(), "launch", self._founded, "light-blue")
        state.tags[self._tag.gid] = self._tag

    def build(self, launches: Sequence[Launch]) -> None:
        """The launches, a portfolio of them, the goal that they serve, and what the bot has no business with."""
        state = self._state
        projects = [self._launch(one) for one in launches]
        self._section(projects[0], REPORTS)
        current = [one.gid for one in projects if not one.archived]
        fay = self._people["fay"].gid
        portfolio = AsanaPortfolio(state.next_gid(), "Launches", fay, self._founded, items=current, members=[self._bot])
        state.portfolios[portfolio.gid] = portfolio
        goal = AsanaGoal(state.next_gid(), "Be known in the Nordics", fay, self._team.gid, status="green")
        goal.parts = [("portfolio", portfolio.gid)]
        state.goals[goal.gid] = goal
        said = AsanaStatus(
            state.next_gid(), projects[0].gid, "On our way", "on_track",
            "<body>The film is being written.</body>", fay, workday(self._world.now),
        )  # fmt: skip
        state.statuses[said.gid] = said
        brand = self._project("Brand book", "fay")
        secret = self._project("Salaries of the marketing team", "fay")
        secret.privacy, secret.members = "private", [fay]
        for project, title in ((brand, "Choose a typeface"), (secret, "Raise for everybody")):
            self._task(project, Step(title, "fay", "To do", 8), 1)

    def _launch(self, launch: Launch) -> AsanaProject:
        project = self._project(launch.name, launch.owner)
        project.archived = project.completed = launch.is_over
        project.due_on = self._on(launch.due)
        epic = next(one for one in self._world.jira.issues.values() if one.summary == launch.feature)
        link = f"{self._world.jira.site}/browse/{epic.key}"
        project.html_notes = f'<body>What we launch: <a href="{escape(link)}">{epic.key}</a></body>'
        tasks = [self._task(project, step, number) for number, step in enumerate(launch.steps, 1)]
        for task in tasks:
            task.values[self._delivery.gid] = link
        word = "Done" if launch.is_over else "To do"
        day = self._task(project, Step(f"{launch.feature} is public", launch.owner, word, launch.due), 20)
        day.subtype, day.start_on = "milestone", None
        day.dependencies = [one.gid for one in tasks if one.completed is None]
        day.tags = [self._tag.gid]
        if project.gid == next(iter(self._state.projects)):
            self._shared = tasks[0]
            at = workday(self._world.now)
            said = AsanaStory(
                self._state.next_gid(), tasks[0].gid, tasks[1].assignee or "", at, "<body>Like it!</body>"
            )
            self._state.stories[said.gid] = said
        elif launch in _LAUNCHES and not launch.is_over:  # the post about wallets is shown by the next launch, too
            self._state.place(self._shared, self._state.sections[project.sections[1]])
        return project

    def _project(self, name: str, owner: str) -> AsanaProject:
        state, at = self._state, self._founded
        project = AsanaProject(state.next_gid(), name, self._team.gid, self._people[owner].gid, at, at)
        project.members = [one for one in state.users if one != self._bot]
        project.fields = {state.next_gid(): one.gid for one in (self._priority, self._hours, self._delivery)}
        state.projects[project.gid] = project
        for section in SECTIONS:
            self._section(project, section)
        return project

    def _section(self, project: AsanaProject, name: str) -> None:
        made = AsanaSection(self._state.next_gid(), project.gid, name, self._founded)
        self._state.sections[made.gid] = made
        project.sections.append(made.gid)

    def _task(self, project: AsanaProject, step: Step, number: int) -> AsanaTask:
        state, who = self._state, self._people[step.who].gid
        touched = workday(self._world.now) - timedelta(minutes=number * 7)
        created = self._founded + timedelta(days=number)
        task = AsanaTask(state.next_gid(), step.title, who, created, touched, assignee=who, followers=[who])
        task.html_notes = f"<body>{escape(step.notes, quote=False)}</body>"
        task.due_on = self._on(step.due)
        task.start_on = self._on(step.due - 1)
        task.values[self._priority.gid] = next(one.gid for one in self._priority.options if one.name == step.priority)
        if step.hours is not None:
            task.values[self._hours.gid] = step.hours
        if step.section == "Done":
            task.completed, task.completed_by = touched, who
        state.tasks[task.gid] = task
        state.place(task, state.sections[project.sections[SECTIONS.index(step.section)]])
        for title in step.parts:
            part = AsanaTask(state.next_gid(), title, who, created, created, assignee=who, parent=task.gid)
            state.tasks[part.gid] = part
            task.subtasks.append(part.gid)
        return task

    def _field(self, name: str, kind: str, options: tuple[AsanaOption, ...] = (), precision: int = 0) -> AsanaField:
        made = AsanaField(self._state.next_gid(), name, kind, self._founded, list(options), precision)
        self._state.fields[made.gid] = made
        return made

    def _on(self, weeks: int) -> str:
        return due(self._world.now, weeks).date().isoformat()
