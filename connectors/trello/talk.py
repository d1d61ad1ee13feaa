"""What people say to a report: comments on its card, and ticks in its checklists, both from the card's history."""

from __future__ import annotations

from connectors.trello.api import Api
from connectors.trello.report import tag_of
from connectors.trello.wire import Said
from syncbot.connector import Answer, Answers
from syncbot.errors import Broken

KINDS = "commentCard,updateCheckItemStateOnCard"
_PAGE = 1000


def answers(api: Api, card: str, cursor: str | None) -> Answers:
    """What was said after an action, whose id is the cursor."""
    found: dict[str, Answer] = {}
    since = {"since": cursor} if cursor else {}
    before: dict[str, str] = {}
    newest = cursor or ""
    while page := api.get(  # to an empty one: nothing else is the end
        f"/cards/{card}/actions",
        list[Said],
        filter=KINDS,
        fields="data,date,type,idMemberCreator",
        member="false",
        memberCreator="false",
        limit=str(_PAGE),
        **since,
        **before,
    ):
        for one in page:
            newest = max(newest, one.id)
            if (answer := _answer(one)) is not None:
                found[one.id] = answer
        oldest = min(one.id for one in page)
        if before and oldest >= before["before"]:
            raise Broken(f"Trello repeats a page of the actions of the card {card}; they are read again next time.")
        before = {"before": oldest}
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
