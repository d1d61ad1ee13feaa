"""The living report as a card: found again by its marker, and brought up to date with the fewest requests.

What people do with the card is theirs: its place, its title, its description, their own check items and every tick stay
as they are, and an archived card means "mute". Ours are the check items, each with its key at the end of its line.
Any step may be the last one that happens (a kill, a lost answer): the marker is in the very first request, and every
later step starts from what the card holds.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from connectors.trello.api import Api
from connectors.trello.pull import BIRTHS, sweep
from connectors.trello.wire import Board, CheckItem, Checklist, List, Member, ReportCard
from syncbot.connector import Found, Target, Write, Written
from syncbot.errors import Missing
from syncbot.texts import marker_of

_KEY = re.compile(r"[0-9a-f]{12}")
_SHORT = 8
_OURS = "sb-"  # before the id at the end of a line of ours: people end lines with dates and commits in the same form
_TAGGED = re.compile(rf" `{_OURS}([0-9a-f]{{8}}(?:[0-9a-f]{{4}})?)`$")
_CARD = {
    "fields": "name,desc,closed,idBoard,shortLink,shortUrl",
    "checklists": "all",
    "list": "true",
    "actions": BIRTHS,
}


class Line(NamedTuple):
    """A check item as it should be; ``tag`` tells it from all others and is part of its text."""

    tag: str
    text: str


def find(api: Api, target: Target, marker: str, authors: frozenset[str]) -> Found | None:
    """The oldest card of the board with this marker that one of ``authors`` made."""
    card = next(_marked(api, target, marker, authors), None)
    if card is None:
        return None
    return Found(card.id, card.short_link, card.short_url, closed=_is_muted(card, target))


def obstacles(api: Api, target: Target) -> tuple[str, ...]:
    """What is missing for a report card on that board: a board that is open, a role that can edit, an open list."""
    board = api.get(f"/boards/{target.scope.remote_id}", Board, fields="name,closed,memberships", lists="open")
    if board.closed:
        return (f"the board {board.name} is closed: open it again, or name another board.",)
    me = api.get("/members/me", Member, fields="fullName")
    role = next((one.member_type for one in board.memberships if one.id_member == me.id), None)
    found = []
    if role == "observer":
        found.append(f"this account is an observer of {board.name}, who may not write: make it a normal member.")
    elif role is None:
        found.append(f"this account is no member of {board.name}: add it to the board.")
    try:
        _named(board.lists or [], target)
    except Missing as error:
        found.append(str(error))
    return tuple(found)


def apply(api: Api, write: Write) -> Written:
    """Make the card say what the write says; see `syncbot.connector.Connector.apply`."""
    card = _stored(api, write) or next(_marked(api, write.target, write.marker, write.authors), None)
    if card is not None and _is_muted(card, write.target):
        return Written(card.id, card.short_link, card.short_url, "muted", 0)
    if card is None:
        card = _create(api, write)
        return Written(card.id, card.short_link, card.short_url, "created", 1 + _update(api, card, write))
    requests = _update(api, card, write)
    return Written(card.id, card.short_link, card.short_url, "updated" if requests else "unchanged", requests)


def _stored(api: Api, write: Write) -> ReportCard | None:
    """The card that was written last time, unless it is gone or turns out to be somebody else's."""
    if write.remote_id is None:
        return None
    try:
        card = api.get(f"/cards/{write.remote_id}", ReportCard, **_CARD)
    except Missing:
        return None
    made_by = _author(card)
    return card if made_by is None or made_by in write.authors else None


def _marked(api: Api, target: Target, marker: str, authors: frozenset[str]) -> Iterator[ReportCard]:
    """The board's cards with this marker, oldest first. Read from the board itself: Trello's search lags behind."""
    marked = [card.id for card in sweep(api, target.scope.remote_id, "desc") if marker_of(card.desc) == marker]
    for found in sorted(marked):
        card = api.get(f"/cards/{found}", ReportCard, **_CARD)
        if _author(card) in authors:
            yield card


def _author(card: ReportCard) -> str | None:
    return card.actions[-1].id_member_creator if card.actions else None


def _is_muted(card: ReportCard, target: Target) -> bool:
    """Whether a person archived the card or its list, or took it to another board, whose readers we do not know."""
    return card.closed or (card.in_list is not None and card.in_list.closed) or card.id_board != target.scope.remote_id


def _create(api: Api, write: Write) -> ReportCard:
    home = _list(api, write.target)
    desc = _marked_text(write.body["desc"], write.marker)
    return api.write("POST", "/cards", ReportCard, idList=home, name=write.body["name"], desc=desc, pos="top")


def _list(api: Api, target: Target) -> str:
    lists = api.get(f"/boards/{target.scope.remote_id}/lists", list[List], filter="open", fields="name,closed")
    return _named(lists, target)


def _named(lists: list[List], target: Target) -> str:
    """The id of the list that the report names. Raises Missing with the lists that there are."""
    for entry in lists:
        if target.list is not None and (target.list == entry.id or _fold(target.list) == _fold(entry.name)):
            return entry.id
    names = ", ".join(f'"{entry.name}"' for entry in lists)
    wanted = f'has no list "{target.list}"' if target.list else "needs to know the `list` of the report"
    raise Missing(f"The board {target.scope.name} {wanted}; it has {names or 'no open list'}.")


def _update(api: Api, card: ReportCard, write: Write) -> int:
    """Bring marker, title and check items up to date; returns the number of requests."""
    own = {} if marker_of(card.desc) == write.marker else {"desc": _marked_text(card.desc, write.marker)}
    if write.was is not None and card.name == write.was:
        own["name"] = write.body["name"]
    if own:
        api.write("PUT", f"/cards/{card.id}", ReportCard, **own)
    requests = len(own) and 1
    wanted = _wanted(write.body["checklists"])
    tags = {line.tag for _, lines in wanted for line in lines}
    requests += _remove(api, card, tags, {*write.body["names"]} - {name for name, _ in wanted})
    ours = {tag: item for entry in card.checklists for item in entry.check_items if (tag := tag_of(item.name))}
    for name, lines in wanted:
        home = _home(card, name, {line.tag for line in lines}, write.body["names"])
        requests += _fill(api, card, home, name, lines, ours)
    return requests


def _remove(api: Api, card: ReportCard, tags: set[str], unused: set[str]) -> int:
    """Take away our check items but those with ``tags``, and what stands there twice.

    A checklist of nothing else goes with them if we named it, and need none of that name now (``unused``).
    """
    requests, kept = 0, set[str]()
    for entry in card.checklists:
        old = []
        for item in entry.check_items:
            tag = tag_of(item.name)
            if tag and (tag not in tags or tag in kept):
                old.append(item)
            elif tag:
                kept.add(tag)
        if old and len(old) == len(entry.check_items) and entry.name in unused:
            api.write("DELETE", f"/checklists/{entry.id}", dict)
            requests += 1
        else:
            for item in old:
                api.write("DELETE", f"/cards/{card.id}/checkItem/{item.id}", dict)
            requests += len(old)
    return requests


def _fill(
    api: Api, card: ReportCard, home: Checklist | None, name: str, lines: list[Line], ours: dict[str, CheckItem]
) -> int:
    """Add and reword the lines of one checklist, which is made once there is something to add.

    Items that are there stay where people put them, ticked or not.
    """
    requests = 0
    positions = [item.pos for item in home.check_items] if home else []
    above = 0.0
    for tag, text in lines:
        item = ours.get(tag)
        if item is None:
            if home is None:
                home = api.write("POST", f"/cards/{card.id}/checklists", Checklist, name=name)
                requests += 1
            place = _between(above, positions)
            made = api.write("POST", f"/checklists/{home.id}/checkItems", CheckItem, name=text, pos=place)
            above = made.pos
            positions.append(above)
            requests += 1
            continue
        above = item.pos
        if item.name != text:
            api.write("PUT", f"/cards/{card.id}/checkItem/{item.id}", CheckItem, name=text)
            requests += 1
    return requests


def _home(card: ReportCard, name: str, tags: set[str], names: list[str]) -> Checklist | None:
    """The checklist of that name; else the one that people gave another (none of our ``names``), with only our lines.

    People take lines of ours into checklists of their own: one that holds anything else is theirs.
    """
    named = next((entry for entry in card.checklists if entry.name == name), None)
    held = [(entry, [tag_of(item.name) for item in entry.check_items]) for entry in card.checklists]
    renamed = [(entry, tags.intersection(found)) for entry, found in held if all(found) and entry.name not in names]
    return named or max((one for one in renamed if one[1]), key=lambda one: len(one[1]), default=(None,))[0]


def _between(above: float, positions: list[float]) -> Any:
    """Where a new item stands right below ``above``: Trello sorts by a number of ours."""
    below = min((position for position in positions if position > above), default=None)
    return "bottom" if below is None else (above + below) / 2


def _wanted(checklists: list[dict[str, Any]]) -> list[tuple[str, list[Line]]]:
    """The checklists with their lines, whose tags are as short as ids are everywhere where that tells them apart."""
    keys = {item["key"]: _key(item["key"]) for entry in checklists for item in entry["items"]}
    alike = Counter(key[:_SHORT] for key in keys.values())
    tags = {said: key[:_SHORT] if alike[key[:_SHORT]] == 1 else key for said, key in keys.items()}
    return [
        (entry["name"], [Line(tag := tags[item["key"]], f"{item['name']} `{_OURS}{tag}`") for item in entry["items"]])
        for entry in checklists
    ]


def _key(said: str) -> str:
    """A finding's id, and a number of that form for what is none."""
    return said if _KEY.fullmatch(said) else hashlib.blake2b(said.encode(), digest_size=6).hexdigest()


def tag_of(text: str) -> str | None:
    """The key at the end of a check item of ours; None for one of somebody else."""
    found = _TAGGED.search(text)
    return found[1] if found else None


def _marked_text(text: str, marker: str) -> str:
    return f"{text.rstrip()}\n\n{marker}".lstrip()


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).strip().casefold()
