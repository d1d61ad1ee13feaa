"""What a mutation is, how one is registered, and how it finds and makes things in the world."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace

from syncbot.sandbox.company.roadmap import short_link
from syncbot.sandbox.edits import Edits
from syncbot.sandbox.world import AsanaTask, JiraIssue, TrelloAttachment, TrelloCard, World

LONG = 16_000  # characters of a title; Trello takes 16,384

# The features that mutations are about, each by one of them.
RETRY, REFUNDS, INSTALMENTS = (
    "Retry failed cards on the best day",
    "Instant refunds in <10 s> & no e-mail",
    "الدفع بالتقسيط (pay in four)",
)
WALLETS, SCORE, INVOICES = (
    "Apple Pay & Google Pay 💳",
    "Risk score on every payment",
    "Invoices for Zürich, Øresund & Łódź",
)
ALARMS, SPLIT, LOYALTY = "Fewer false alarms", "Split payments between sellers", "Loyalty points at checkout"
GIFTS, TEXTED = "Gift cards", "Refunds by text message"
EPIC_OF = "the epic of "  # before a title: the issue is meant, where a card has the same title


@dataclass(frozen=True, slots=True)
class Mutation:
    """A misalignment, or a trap. ``expected``: what must be found, as (rule, the subject's title in the world).

    ``hours``: how much later the next run must be for it to show, ``looks``: how many such runs it takes (what is stale
    or deleted takes time). ``blinds``: other rules cannot tell meanwhile, so it is no part of "all together".
    """

    name: str
    title: str
    act: Callable[[Edits], None]
    expected: tuple[tuple[str, str], ...] = ()
    hours: int = 0
    looks: int = 1
    blinds: bool = False

    @property
    def is_trap(self) -> bool:
        """Whether nothing must be found."""
        return not self.expected

    def refs(self, world: World) -> set[tuple[str, str]]:
        """What must be found, as (rule, the subject's ref): a key, a short link, a sprint's name, a scope's key.

        To be asked while the mutation is applied.
        """
        return {(rule, ref(world, title)) for rule, title in self.expected}


MUTATIONS: dict[str, Mutation] = {}


def ref(world: World, title: str) -> str:
    """The ref of what has this title. A card comes before the epic of the same title, as the head of the two."""
    for card in world.trello.cards.values():
        if card.name == title:
            return card.short_link
    title = title.removeprefix(EPIC_OF)
    for issue in world.jira.issues.values():
        if issue.summary == title:
            return issue.key
    launches = {one.name: one.gid for one in world.asana.projects.values()}
    return next((one.gid for one in world.asana.tasks.values() if one.name == title), launches.get(title, title))


def mutation(
    *expected: tuple[str, str], hours: int = 0, looks: int = 1, blinds: bool = False
) -> Callable[[Callable[[Edits], None]], None]:
    """Register a function as a mutation: its name is the mutation's, its docstring the title."""

    def register(act: Callable[[Edits], None]) -> None:
        name = act.__name__.replace("_", "-")
        MUTATIONS[name] = Mutation(
            name, (act.__doc__ or "").rstrip("."), act, expected, hours, looks, blinds or hours > 0
        )

    return register


def card(edits: Edits, name: str) -> TrelloCard:
    """The card of a name."""
    return next(one for one in edits.world.trello.cards.values() if one.name == name)


def issue(edits: Edits, title: str) -> JiraIssue:
    """The first issue of a title."""
    return next(one for one in edits.world.jira.issues.values() if one.summary == title)


def step(edits: Edits, title: str) -> AsanaTask:
    """The task of a launch, by its title."""
    return next(one for one in edits.world.asana.tasks.values() if one.name == title)


def account(edits: Edits, name: str) -> str:
    """The Jira account of whoever is called so."""
    return next(key for key, one in edits.world.jira.users.items() if one.name == name)


def new_card(edits: Edits, name: str, column: str) -> TrelloCard:
    """A card that somebody wrote now, without members or labels."""
    state, like = edits.world.trello, card(edits, RETRY)
    board = state.boards[like.board]
    board.counter += 1
    made = TrelloCard(
        id=state.next_id(edits.world.now),
        board=board.id,
        list_id=next(one.id for one in state.lists.values() if one.name == column),
        name=name,
        number=board.counter,
        short_link=short_link(name),
        pos=like.pos + board.counter,
        active=edits.world.now,
        creator=like.creator,
    )
    edits.add(state.cards, made)
    return made


def new_feature(edits: Edits, title: str, *, owner: str, lead: str) -> tuple[TrelloCard, JiraIssue]:
    """A promised feature with a card, an epic and a story; ``owner`` and ``lead`` are handles."""
    state, like = edits.world.trello, card(edits, INVOICES)
    members = {one.username: one for one in state.members.values()}
    users = {one.name: one for one in edits.world.jira.users.values()}
    epic = new_issue(edits, like=issue(edits, INVOICES), title=title)
    story = new_issue(edits, like=issue(edits, "Send reminders"), title=f"Build: {title}")
    edits.set(epic, assignee=users[members[lead].name].id, parent=None)
    edits.set(story, parent=epic.id)
    made = new_card(edits, title, "Next")
    link = TrelloAttachment(
        state.next_id(edits.world.now),
        epic.key,
        f"{edits.world.jira.site}/browse/{epic.key}",
        made.active,
        made.creator,
    )
    edits.set(
        made,
        members=[members[owner].id],
        attachments=[link],
        labels=list(card(edits, LOYALTY).labels),
        due=like.due,
        desc=like.desc,
    )
    return made, epic


def new_issue(edits: Edits, *, like: JiraIssue, title: str) -> JiraIssue:
    """An issue that somebody made now, like another one but for its title; nothing refers to it."""
    state = edits.world.jira
    project = state.projects[like.project]
    project.counter += 1
    key = f"{project.key}-{project.counter}"
    made = replace(copy.deepcopy(like), id=state.next_id(), key=key, summary=title)
    edits.add(state.issues, made)
    return made
