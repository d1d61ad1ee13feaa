"""The company's Trello: one board, a card for each feature, a link to the epic that delivers it."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from syncbot.sandbox.company.delivery import due, workday
from syncbot.sandbox.company.people import Staff
from syncbot.sandbox.company.plan import GOALS, Feature
from syncbot.sandbox.world import (
    JiraIssue,
    TrelloAction,
    TrelloAttachment,
    TrelloBoard,
    TrelloCard,
    TrelloCheckItem,
    TrelloChecklist,
    TrelloLabel,
    TrelloList,
    World,
)

LISTS = ("Ideas", "Next", "Now", "Done", "Reports")
_GAP = 65_536.0  # Trello's own distance between two positions


class Roadmap:
    """Puts features on the board as cards."""

    def __init__(self, world: World, staff: Staff) -> None:
        self._world, self._state, self._staff = world, world.trello, staff
        self._founded = world.now - timedelta(days=400)
        roles = dict.fromkeys((one.member for one in staff.product), "admin") | {staff.bot.member: "normal"}
        roles |= {one.id: "normal" for one in self._state.members.values() if one.deactivated}
        self._board = TrelloBoard(
            self._id(), "Product roadmap", "RoAdMaP1", world.now - timedelta(hours=2), roles=roles
        )
        self._state.boards[self._board.id] = self._board
        self._lists = {
            name: TrelloList(self._id(), self._board.id, name, _GAP * place) for place, name in enumerate(LISTS, 1)
        }
        self._state.lists = {one.id: one for one in self._lists.values()}
        colors = ("green", "blue", "purple")
        self._goals = {
            name: TrelloLabel(self._id(), self._board.id, name, color)
            for name, color in zip(GOALS, colors, strict=True)
        }
        template = TrelloLabel(self._id(), self._board.id, "template", "black")
        nameless = TrelloLabel(self._id(), self._board.id, "", "yellow")
        self._regulated = TrelloLabel(self._id(), self._board.id, "regulated", "red")
        self._priorities = {
            "Highest": TrelloLabel(self._id(), self._board.id, "P1", "orange"),
            "Medium": TrelloLabel(self._id(), self._board.id, "P3", "sky"),
        }
        labels = (*self._goals.values(), template, nameless, self._regulated, *self._priorities.values())
        self._state.labels = {one.id: one for one in labels}
        self._template = template
        self._owners = 0

    def build(self, feature: Feature, epic: JiraIssue | None) -> TrelloCard:
        """The card of a feature. Its owner is the epic's; ideas have owners too."""
        if epic is None:
            owner = self._staff.product[-1 - self._owners % len(self._staff.product)].member
            self._owners += 1
        else:
            owner = next(one.member for one in self._staff.product if one.account == epic.assignee)
        card = self._card(feature.title, feature.stage, owner)
        labels = [self._goals[feature.goal]] if feature.goal else []
        labels += [self._regulated] if feature.is_regulated else []
        card.members, card.labels = [owner], [one.id for one in (*labels, self._priorities[feature.priority])]
        card.desc = f"## Why\n\n{feature.why}\n\n**Done when** the merchants who asked for it use it every day."
        card.complete = feature.stage == "Done"
        if feature.due is not None:
            card.due = due(self._world.now, feature.due)
        if epic is not None:
            url = f"{self._world.jira.site}/browse/{epic.key}"
            card.attachments.append(TrelloAttachment(self._id(), epic.key, url, card.active, owner))
            if epic.key == "PAY-1":
                epic.fields["customfield_10030"] = f"{self._state.site}/c/{card.short_link}"
        if feature.steps:
            items = [TrelloCheckItem(self._id(), name, pos=_GAP * place) for place, name in enumerate(feature.steps, 1)]
            items[0].state = "complete"
            made = TrelloChecklist(self._id(), card.id, "Before we build", _GAP, items)
            self._state.checklists[made.id] = made
        return card

    def finish(self) -> None:
        """What no feature asks for: the card that new ones are copied from."""
        card = self._card("Template: copy me", "Ideas", self._staff.product[0].member)
        card.is_template, card.labels = True, [self._template.id]
        card.desc = "## Why\n\n## Done when\n"

    def _card(self, name: str, column: str, owner: str) -> TrelloCard:
        board, touched = self._board, workday(self._world.now)
        board.counter += 1
        number = board.counter
        card = TrelloCard(
            id=self._id(),
            board=board.id,
            list_id=self._lists[column].id,
            name=name,
            number=number,
            short_link=short_link(f"{board.short_link}/{number}"),
            pos=_GAP * number,
            active=touched - timedelta(minutes=number % 300),
            creator=owner,
        )
        self._state.cards[card.id] = card
        data = {
            "card": {"id": card.id, "name": name, "idShort": number, "shortLink": card.short_link},
            "list": {"id": card.list_id, "name": column},
            "board": {"id": board.id, "name": board.name, "shortLink": board.short_link},
        }
        made = TrelloAction(self._id(), "createCard", board.id, card.id, owner, self._founded, data)
        self._state.actions.append(made)
        return card

    def _id(self) -> str:
        return self._state.next_id(self._founded)


def short_link(text: str) -> str:
    """Eight letters and digits, the same for the same text."""
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
