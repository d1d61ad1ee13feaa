"""A connector over answers that were recorded: it decodes them as the tool's own connector does, and asks nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from syncbot.connector import Again, Containers, Found, Page, Probe, Target, Want, Write, Written
from syncbot.errors import Refused
from syncbot.model import Account, Board, Record, Scope, Sprint, Vocabulary

US = Account("us", "syncbot", active=True, is_bot=True)


@dataclass(frozen=True)
class Replay:
    """``decode`` gives all records with the fields that are asked for."""

    vocabulary: Vocabulary
    around: Containers
    people: tuple[Account, ...]
    places: tuple[Scope, ...]
    decode: Callable[[frozenset[str]], Sequence[Record]]

    def probe(self) -> Probe:
        return Probe(US, "Recorded")

    def scopes(self) -> tuple[Scope, ...]:
        return self.places

    def describe(self, _scopes: Sequence[Scope]) -> Vocabulary:
        return self.vocabulary

    def pull(self, wants: Sequence[Want], fields: frozenset[str]) -> Iterator[Page]:
        records = self.decode(fields)
        for want in wants:
            id_ = want.scope.remote_id
            here = tuple(one for one in records if id_ in {place.scope for place in one.places})
            yield Page(id_, here, cursor="all", last=True, full=want.cursor is None)

    def size(self, wants: Sequence[Want]) -> int | None:
        return sum(map(len, map(self.census, wants)))

    def again(self, _wants: Sequence[Want], remote_ids: Mapping[str, Sequence[str]], fields: frozenset[str]) -> Again:
        wanted = {one for several in remote_ids.values() for one in several}
        return Again(tuple(one for one in self.decode(fields) if one.remote_id in wanted))

    def containers(self, _scopes: Sequence[Scope]) -> Containers:
        return self.around

    def sprints(self, _boards: Sequence[Board]) -> tuple[tuple[Sprint, ...], ...]:
        return ()

    def accounts(self, _scopes: Sequence[Scope], _known: frozenset[str]) -> tuple[Account, ...]:
        return self.people

    def census(self, want: Want) -> frozenset[str]:
        return frozenset(one.remote_id for page in self.pull([want], frozenset()) for one in page.records)

    def find(self, _target: Target, _marker: str, _authors: frozenset[str]) -> Found | None:
        return None

    def obstacles(self, _target: Target) -> tuple[str, ...]:
        return ("nothing can be written to what was recorded",)

    def apply(self, _write: Write) -> Written:
        raise Refused("nothing can be written to what was recorded")

    def close(self) -> None:
        """Nothing is open."""
