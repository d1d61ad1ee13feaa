"""What goes wrong in companies, one thing at a time; and what only looks wrong.

Applied to the clean world, each mutation alone must add exactly the findings it expects, all of them together exactly
their union, and undoing one must resolve its own. A trap expects none.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace

from syncbot.sandbox.company.delivery import POINTS
from syncbot.sandbox.company.roadmap import short_link
from syncbot.sandbox.edits import Edits
from syncbot.sandbox.world import JiraIssue, TrelloCard, World

LONG = 16_000  # characters of a title; Trello takes 16,384


@dataclass(frozen=True, slots=True)
class Mutation:
    """A misalignment, or a trap. ``expected``: what must be found, as (rule, the subject's title in the world).

    ``hours``: how much later the next run must be for it to show (what is stale takes time); such a mutation keeps
    whole scopes from being read, so that other rules cannot tell: it is no part of "all together".
    """

    name: str
    title: str
    act: Callable[[Edits], None]
    expected: tuple[tuple[str, str], ...] = ()
    hours: int = 0

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
    return next((one.key for one in world.jira.issues.values() if one.summary == title), title)


def mutation(*expected: tuple[str, str], hours: int = 0) -> Callable[[Callable[[Edits], None]], None]:
    """Register a function as a mutation: its name is the mutation's, its docstring the title."""

    def register(act: Callable[[Edits], None]) -> None:
        name = act.__name__.replace("_", "-")
        MUTATIONS[name] = Mutation(name, (act.__doc__ or "").rstrip("."), act, expected, hours)

    return register


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
GIFTS = "Gift cards"
HOSTILE = ("\u202e*owner* <script>alert(1)</script>\n| [x](javascript:1) {{7*7}} [red]`" + "Zoë 🏳️‍🌈 " * LONG)[:LONG]


# Ownership ------------------------------------------------------------------------------------------------------------


@mutation(("feature-without-owner", RETRY))
def owner_leaves(edits: Edits) -> None:
    """The owner leaves a card, and nobody follows."""
    edits.set(card(edits, RETRY), members=[])


@mutation(("feature-without-owner", SPLIT))
def idea_without_owner(edits: Edits) -> None:
    """An idea is written down without an owner."""
    edits.set(card(edits, SPLIT), members=[])


@mutation(("feature-without-owner", HOSTILE))
def hostile_title(edits: Edits) -> None:
    """A card without an owner has 16,000 characters of markup for a title."""
    edits.set(card(edits, GIFTS), name=HOSTILE, members=[])


@mutation(("work-without-assignee", "Tune the rules by country"))
def work_abandoned(edits: Edits) -> None:
    """Work goes on with nobody on it."""
    edits.assign(issue(edits, "Tune the rules by country"), None)


@mutation(("work-without-assignee", "Tell the merchant before the retry"))
def sprint_work_unassigned(edits: Edits) -> None:
    """Work is promised for the running sprint, but by nobody."""
    edits.assign(issue(edits, "Tell the merchant before the retry"), None)


@mutation(("work-without-assignee", "Trace the stolen cards of March"))
def secret_work_abandoned(edits: Edits) -> None:
    """Secret work goes on with nobody on it."""
    edits.assign(issue(edits, "Trace the stolen cards of March"), None)


# Delivery and capacity ------------------------------------------------------------------------------------------------


@mutation(("feature-without-work", LOYALTY))
def promised_without_work(edits: Edits) -> None:
    """An idea is promised before anybody plans the work."""
    edits.drag(card(edits, LOYALTY), "Next")


@mutation(("feature-without-work", INVOICES))
def epic_emptied(edits: Edits) -> None:
    """All stories of an epic are moved to another one."""
    empty, full = issue(edits, INVOICES), issue(edits, WALLETS)
    for story in [one for one in edits.world.jira.issues.values() if one.parent == empty.id]:
        edits.set(story, parent=full.id)


@mutation(("sprint-over-capacity", "PAY Sprint 22"))
def sprint_overfull(edits: Edits) -> None:
    """The running sprint takes on more than its team can give."""
    edits.fill(issue(edits, "Tell the merchant before the retry"), POINTS["PAY"], 20.0)  # 46 of 40 points: 115%


# Drift ----------------------------------------------------------------------------------------------------------------


@mutation(("status-drift", REFUNDS))
def epic_closed_early(edits: Edits) -> None:
    """The epic is closed, the roadmap still says now."""
    edits.move(issue(edits, REFUNDS), "Done")


@mutation(("status-drift", INSTALMENTS))
def card_done_early(edits: Edits) -> None:
    """The roadmap says done, the epic is under way."""
    done = card(edits, INSTALMENTS)
    edits.drag(done, "Done")
    edits.set(done, complete=True)


@mutation(("status-drift", ALARMS))
def card_back_to_idea(edits: Edits) -> None:
    """The roadmap goes back to an idea, the epic goes on."""
    edits.drag(card(edits, ALARMS), "Ideas")


@mutation(("status-drift", WALLETS))
def epic_started_early(edits: Edits) -> None:
    """The team starts what the roadmap has only next."""
    edits.move(issue(edits, WALLETS), "In Progress")


# Trust ----------------------------------------------------------------------------------------------------------------


@mutation(("source-stale", "PAY"), ("source-stale", "RISK"), hours=25)
def token_revoked(edits: Edits) -> None:
    """Jira no longer knows the token, and a day goes by."""
    edits.set(edits.world.jira, tokens={})


# Traps: nothing of this is wrong --------------------------------------------------------------------------------------


@mutation()
def trap_done_without_owner(edits: Edits) -> None:
    """A feature that is done has no owner any more."""
    edits.set(card(edits, "Payout calendar"), members=[])


@mutation()
def trap_two_members(edits: Edits) -> None:
    """Two people are on a card: who of them owns it cannot be told."""
    shared = card(edits, WALLETS)
    other = next(one for one in edits.world.trello.members if one not in shared.members)
    edits.set(shared, members=[*shared.members, other])


@mutation()
def trap_archived_card(edits: Edits) -> None:
    """An archived card has no owner."""
    edits.set(new_card(edits, "Pay with a selfie", "Now"), closed=True)


@mutation()
def trap_template(edits: Edits) -> None:
    """A template lies among the work, without owner or work."""
    label = next(one.id for one in edits.world.trello.labels.values() if one.name == "template")
    edits.set(new_card(edits, "Template: bug", "Now"), labels=[label])


@mutation()
def trap_note_among_reports(edits: Edits) -> None:
    """A note on the board's Reports list is nobody's feature."""
    new_card(edits, "How to read these reports", "Reports")


@mutation()
def trap_backlog_unassigned(edits: Edits) -> None:
    """Work for later has nobody on it yet."""
    edits.assign(issue(edits, "Certify with both wallets"), None)


@mutation()
def trap_subtask_unassigned(edits: Edits) -> None:
    """A subtask in the running sprint has nobody of its own, its story has."""
    edits.assign(issue(edits, "Queue the attempt"), None)


@mutation()
def trap_sprint_at_limit(edits: Edits) -> None:
    """The next sprint is planned at exactly 110%."""
    edits.fill(issue(edits, "Measure recovered revenue"), POINTS["PAY"], 19.0)  # 44 of 40 points


@mutation()
def trap_estimated_twice(edits: Edits) -> None:
    """A story and its subtasks are both estimated: their effort counts once."""
    for title in ("Queue the attempt", "Give up after three"):
        edits.fill(issue(edits, title), POINTS["PAY"], 7.0)


@mutation()
def trap_closed_sprint_overfull(edits: Edits) -> None:
    """A sprint that is over held far too much."""
    edits.fill(issue(edits, "Calendar page"), POINTS["PAY"], 100.0)


@mutation()
def trap_dropped_epic(edits: Edits) -> None:
    """An epic that was dropped has neither owner nor work."""
    dropped = new_issue(edits, like=issue(edits, INVOICES), title="Pay by fax")
    edits.set(dropped, assignee=None, due=None)
    edits.move(dropped, "Done", resolution="Won't Do")


@mutation()
def trap_other_word(edits: Edits) -> None:
    """Twins say the same in different words: now, and in review."""
    edits.move(issue(edits, RETRY), "In Review")


@mutation()
def trap_planned_and_ready(edits: Edits) -> None:
    """The roadmap has it among the ideas, the team has it selected: neither is working on it."""
    edits.drag(card(edits, SCORE), "Ideas")


@mutation()
def trap_foreign_marker(edits: Edits) -> None:
    """Somebody's own card quotes our marker."""
    quoted = new_card(edits, "What is this syncbot?", "Ideas")
    text = "It wrote this below its report, what does it mean?\n\nsyncbot:v1:0123456789abcdef"
    edits.set(quoted, desc=text, members=[quoted.creator])


@mutation()
def trap_long_title(edits: Edits) -> None:
    """A title of 16,000 characters."""
    edits.set(card(edits, "Strong customer authentication"), name=("Strong authentication, at last. " * LONG)[:LONG])


def card(edits: Edits, name: str) -> TrelloCard:
    """The card of a name."""
    return next(one for one in edits.world.trello.cards.values() if one.name == name)


def issue(edits: Edits, title: str) -> JiraIssue:
    """The first issue of a title."""
    return next(one for one in edits.world.jira.issues.values() if one.summary == title)


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


def new_issue(edits: Edits, *, like: JiraIssue, title: str) -> JiraIssue:
    """An issue that somebody made now, like another one but for its title; nothing refers to it."""
    state = edits.world.jira
    project = state.projects[like.project]
    project.counter += 1
    key = f"{project.key}-{project.counter}"
    made = replace(copy.deepcopy(like), id=state.next_id(), key=key, summary=title)
    edits.add(state.issues, made)
    return made
