"""What Trello's boards are made of: their fields and words with samples, their lists, and the people on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from itertools import chain
from urllib.parse import urlencode

from connectors.trello.api import BATCH, Api
from connectors.trello.records import records, words
from connectors.trello.wire import Board, Card, List, Member, Membership
from syncbot.connector import Containers, Probe
from syncbot.errors import Missing, Refused, ToolError
from syncbot.model import Account, Container, Field, FieldType, Record, Scope, Term, Vocabulary, described
from syncbot.transport.several import seen

_TYPES: dict[str, FieldType] = {
    "text": "text",
    "number": "number",
    "checkbox": "bool",
    "date": "instant",
    "list": "option",
}
_BUILT_IN: tuple[tuple[str, str, FieldType], ...] = (
    ("members", "Members", "people"),
    ("due", "Due date", "instant"),
    ("start", "Start date", "instant"),
    ("name", "Name", "text"),
)
# What a card can be instead of work; Trello has no other types.
_CARD_TYPES = ("template", "link", "mirror", "separator", "board")
_PARTS = {
    "fields": "name",
    "lists": "all",
    "list_fields": "name,closed",
    "labels": "all",
    "labels_limit": "1000",  # 50 by default, without a word about the rest
    "customFields": "true",
}
_SAMPLE = {"fields": "name,desc,due,start,idMembers,isTemplate", "customFieldItems": "true"}
_SAMPLED, _MOST, _FEWEST = 1_000, 100, 10  # cards: of all boards together, of one
_CARDS = list[Card]
_MEMBER_FIELDS = "fullName,username"


def probe(api: Api) -> Probe:
    """Who the token belongs to, in which time zone, and its role on each open board."""
    me = api.get("/members/me", Member, fields="fullName,username,email,prefs")
    boards = api.get("/members/me/boards", list[Board], filter="open", fields="name,memberships")
    roles = [
        f"{membership.member_type} of {board.name}"
        for board in boards
        for membership in board.memberships
        if membership.id_member == me.id
    ]
    return Probe(
        account=_account(me, active=True),
        timezone=me.prefs.timezone if me.prefs else None,
        permissions=tuple(roles),
        limits=("100 requests in 10 s", "100 requests to /members in 15 min"),
    )


def scopes(api: Api) -> tuple[Scope, ...]:
    """Every board of this member, closed ones too."""
    boards = api.get("/members/me/boards", list[Board], filter="all", fields="name,shortLink,shortUrl,closed,prefs")
    return tuple(
        Scope(
            remote_id=board.id,
            key=board.short_link,
            name=board.name,
            url=board.short_url,
            public=board.prefs is not None and board.prefs.permission_level == "public",
            private=board.prefs is not None and board.prefs.permission_level == "private",
            archived=board.closed,
        )
        for board in boards
    )


def describe(api: Api, pool: Executor, boards: Sequence[Scope]) -> Vocabulary:
    """The fields and words of these boards, two requests for ten; samples come from some cards that people see now."""
    ids = [scope.remote_id for scope in boards]
    limit = str(max(_FEWEST, min(_MOST, _SAMPLED // max(1, len(ids)))))
    parts = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    fields: list[Field] = []
    terms = [Term("type", name, name) for name in _CARD_TYPES]
    every: list[Record] = []
    for board, sample in chain.from_iterable(pool.map(lambda part: _look(api, part, limit), parts)):
        custom = {field.id: field for field in board.custom_fields}
        wanted = frozenset(custom) | {key for key, _, _ in _BUILT_IN}
        cards = [one for one in records(sample, words(board), wanted) if one.marker is None]
        every += cards
        for field in custom.values():
            held = [card.fields.get(field.id) for card in cards]
            type_ = _TYPES.get(field.type, "other")
            fields.append(described(field.id, field.name, type_, held, custom=True, scopes=(board.id,)))
        terms += [Term("list", entry.id, entry.name, board.id) for entry in board.lists or ()]
        terms += [Term("label", entry.id, entry.name or entry.color or entry.id, board.id) for entry in board.labels]
    built_in = [
        described(key, name, kind, [card.fields.get(key) for card in every], custom=False)
        for key, name, kind in _BUILT_IN
    ]
    return Vocabulary((*built_in, *fields), tuple(terms))


def containers(api: Api, boards: Sequence[Scope]) -> Containers:
    """The lists of these boards, ten boards a request. Trello has no sprints of its own."""
    paths = [_route(f"/boards/{board.remote_id}/lists", filter="all", fields="name,closed") for board in boards]
    found: list[Container] = []
    errors: dict[str, Exception] = {}
    for board, answer in zip(boards, api.batch(paths, list[List]), strict=True):
        if isinstance(answer, ToolError):
            errors[board.remote_id] = answer
        else:
            found += [Container(one.id, board.remote_id, "list", one.name, closed=one.closed) for one in answer]
    return Containers(containers=tuple(found), errors=errors)


def accounts(api: Api, boards: Sequence[Scope], known: frozenset[str]) -> tuple[Account, ...]:
    """The members of these boards, and those of ``known`` who left them but still exist. E-mails are hidden.

    A board that may not be seen costs only those whom nobody knows yet, unless none may be.
    """
    paths = [
        _route(f"/boards/{board.remote_id}/memberships", filter="all", member="true", member_fields=_MEMBER_FIELDS)
        for board in boards
    ]
    found: dict[str, Account] = {}
    answers: list[list[Membership] | ToolError] = api.batch(paths, list[Membership])
    is_any = any(isinstance(answer, list) for answer in answers)
    for answer in answers:
        if isinstance(answer, Missing | Refused) and is_any:
            continue
        if isinstance(answer, ToolError):
            raise answer
        for membership in answer:
            if membership.member:
                found[membership.id_member] = _account(membership.member, active=not membership.deactivated)
    return (*found.values(), *_left(api, sorted(known - found.keys())))


def _left(api: Api, members: Sequence[str]) -> Iterable[Account]:
    """Members by id. Asked for in batches, because /members bears only a hundred requests in 15 minutes."""
    paths = [_route(f"/members/{member}", fields=_MEMBER_FIELDS) for member in members]
    return [_account(member, active=None) for member in seen(api.batch(paths, Member))]


def _account(member: Member, *, active: bool | None) -> Account:
    return Account(
        remote_id=member.id,
        name=member.full_name or member.username or member.id,
        email=member.email,
        active=active,
        timezone=member.prefs.timezone if member.prefs else None,
        handle=member.username,
    )


def _look(api: Api, boards: Sequence[str], limit: str) -> list[tuple[Board, list[Card]]]:
    """Up to ten boards with their words, and some cards of each. One that fails among them is asked for by itself."""
    told = api.batch([_route(f"/boards/{board}", **_PARTS) for board in boards], Board)
    samples = api.batch([_route(f"/boards/{board}/cards/visible", **_SAMPLE, limit=limit) for board in boards], _CARDS)
    return [
        (
            api.get(f"/boards/{board}", Board, **_PARTS) if isinstance(one, ToolError) else one,
            _sample(api, board, limit) if isinstance(sample, ToolError) else sample,
        )
        for board, one, sample in zip(boards, told, samples, strict=True)
    ]


def _sample(api: Api, board: str, limit: str) -> list[Card]:
    """None where Trello finds that too much to give."""
    try:
        return api.get(f"/boards/{board}/cards/visible", _CARDS, **_SAMPLE, limit=limit)
    except ToolError as error:
        if error.status not in {403, 449, 504}:
            raise
        return []


def _route(path: str, **query: str) -> str:
    return f"{path}?{urlencode(query, safe=',')}"
