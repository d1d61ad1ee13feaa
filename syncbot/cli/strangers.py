"""Who works under which accounts, who of them is unknown, and who may be one and the same. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from syncbot.cli.likeness import Alike, Face, compare
from syncbot.model import KnownPerson, Struct

SURE = 90
_CLOSE = 5  # a second candidate this near to the first makes both doubtful


class Used(Struct, frozen=True):
    """An account and the work on it: items that are there, and how many of them are open."""

    connection: str
    remote_id: str
    name: str
    handle: str | None
    email: str | None
    active: bool | None
    is_bot: bool
    items: int
    open: int

    @property
    def login(self) -> str:
        """What a config calls it."""
        return self.handle or self.remote_id

    @property
    def state(self) -> str:
        """What keeps it from being matched by itself, or from doing its work."""
        if self.is_bot:
            return "app"
        if not self.name:
            return "deleted, or hidden"
        if self.active is False:
            return "deactivated"
        return "" if self.email else "e-mail hidden"


class Who(Struct, frozen=True):
    """A person: of the config or directory (``known``), joined by e-mail, or a single account."""

    key: str
    known: KnownPerson | None
    used: tuple[Used, ...]

    @property
    def name(self) -> str:
        """What to call the person."""
        names = (one.name for one in self.used if one.name)
        return (self.known and self.known.name) or next(names, self.key.removeprefix("mailto:"))

    @property
    def places(self) -> frozenset[str]:
        """The connections on which there is an account."""
        return frozenset(one.connection for one in self.used)

    @property
    def is_person(self) -> bool:
        """Whether it is somebody who could have accounts elsewhere."""
        return not self.used or not all(one.is_bot or not one.name for one in self.used)

    def unknown(self, connections: int) -> list[str]:
        """What is not known of somebody who has work, or ought to; empty: all is well."""
        said = [] if self.known else ["not in the config"]
        if self.known and not self.used:
            return ["has no account"]
        if not any(one.items for one in self.used):
            return []
        if self.known is None and len(self.places) > 1:
            said = []  # an address joins the accounts: nothing is missing
        if self.is_person and connections > 1 and len(self.places) == 1:
            said.append(f"on {next(iter(self.places))} only")
        states = [one.state for one in self.used if one.items and one.state]
        told = [state for state in dict.fromkeys(states) if self.known is None or state != "e-mail hidden"]
        return [*told, *said]


class Suggestion(Struct, frozen=True):
    """People who may be one, by their places in the list. ``sure``: nobody else is nearly as alike."""

    people: tuple[int, ...]
    score: int
    why: str
    sure: bool


def people(known: Iterable[KnownPerson], used: Iterable[tuple[str, Used]]) -> list[Who]:
    """Everybody, from the accounts with the key of each one's person; those with most open work first."""
    by_key = {person.key: person for person in known}
    accounts: defaultdict[str, list[Used]] = defaultdict(list)
    for key, one in used:
        accounts[key].append(one)
    keys = dict.fromkeys((*by_key, *accounts))
    everyone = [Who(key, by_key.get(key), tuple(accounts[key])) for key in keys]
    return sorted(everyone, key=lambda who: (-sum(one.open for one in who.used), who.name.casefold(), who.key))


def suggest(everyone: Sequence[Who], connections: int) -> list[Suggestion]:
    """Who may be one person across connections, the most alike first."""
    wanted = [at for at, who in enumerate(everyone) if who.is_person and who.unknown(connections)]
    faces = [_face(who) for who in everyone]
    pairs = [pair for pair in compare(faces, wanted) if _can_be_one(everyone[pair.one], everyone[pair.other])]
    rivals: defaultdict[int, list[Alike]] = defaultdict(list)
    for pair in pairs:
        rivals[pair.one].append(pair)
        rivals[pair.other].append(pair)
    sure = [pair for pair in pairs if pair.score >= SURE and not _doubted(pair, rivals, everyone)]
    groups: dict[int, frozenset[int]] = {}
    for pair in sure:
        one, other = (groups.get(at, frozenset({at})) for at in (pair.one, pair.other))
        both = one | other
        places = [place for at in both for place in everyone[at].places]
        known = [at for at in both if everyone[at].known]
        if one != other and len(places) == len(set(places)) and len(known) <= 1:
            groups.update(dict.fromkeys(both, both))
    made = [Suggestion(tuple(sorted(group)), *_weakest(group, sure), sure=True) for group in set(groups.values())]
    made += [
        Suggestion((pair.one, pair.other), pair.score, pair.why, sure=False)
        for pair in pairs
        if pair.one not in groups and pair.other not in groups
    ]
    return sorted(made, key=lambda it: (not it.sure, -it.score, it.people))


def _weakest(group: frozenset[int], pairs: Sequence[Alike]) -> tuple[int, str]:
    """How much those of the group are alike who are it least."""
    weakest = min((pair for pair in pairs if {pair.one, pair.other} <= group), key=lambda pair: pair.score)
    return weakest.score, weakest.why


def _doubted(pair: Alike, rivals: Mapping[int, Sequence[Alike]], everyone: Sequence[Who]) -> bool:
    """Whether one of the two is nearly as much like somebody else who is surely not the other."""
    for rival in (*rivals[pair.one], *rivals[pair.other]):
        shared = {pair.one, pair.other} & {rival.one, rival.other}
        if len(shared) != 1 or rival.score < pair.score - _CLOSE:
            continue
        first = everyone[next(iter({pair.one, pair.other} - shared))]
        second = everyone[next(iter({rival.one, rival.other} - shared))]
        if first.places & second.places or (first.known and second.known):
            return True
    return False


def _can_be_one(one: Who, other: Who) -> bool:
    """Two accounts of one connection are taken for two people, and so are two people of the config."""
    return one.is_person and other.is_person and not one.places & other.places and not (one.known and other.known)


def _face(who: Who) -> Face:
    told = who.known
    names = (told.name if told else None, *(one.name for one in who.used))
    logins = (told.email if told else None, *(text for one in who.used for text in (one.handle, one.email)))
    return Face(tuple(dict.fromkeys(filter(None, names))), tuple(dict.fromkeys(filter(None, logins))))
