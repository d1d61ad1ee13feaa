"""What people say to a report: comments on its card, and ticks in its checklists, both from the card's history."""

from __future__ import annotations

from connectors.trello.actions import pages
from connectors.trello.api import Api
from connectors.trello.report import tag_of
from connectors.trello.wire import Said
from syncbot.connector import Answer, Answers

KINDS = "commentCard,updateCheckItemStateOnCard"


def answers(api: Api, card: str, cursor: str | None) -> Answers:
    """What was said after an action, whose id is the cursor."""
    found: dict[str, Answer] = {}
    newest = cursor or ""
    for page in pages(api, f"cards/{card}", list[Said], KINDS, cursor):
        for one in page:
            newest = max(newest, one.id)
            if (answer := _answer(one)) is not None:
                found[one.id] = answer
    return Answers(tuple(found[key] for key in sorted(found)), newest)


def _answer(said: Said) -> Answer | None:
    member, at, data = said.id_member_creator, said.date, said.data
    if member is None or at is None or data is None:
        return None
    if said.type == "commentCard":
        return Answer(said.id, member, at, data.text or "")
    item = data.check_item
    entry = tag_of(item.name or "") if item else None
    if item is None or entry is None:
        return None
    return Answer(said.id, member, at, entry=entry, ticked=item.state == "complete")
