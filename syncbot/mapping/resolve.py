"""From what the admin wrote to what can be applied: every name becomes ids, once for each scope."""

from __future__ import annotations

from collections.abc import Mapping as Dict
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from syncbot.errors import Mistake
from syncbot.mapping.compiling import compile_scope
from syncbot.mapping.lexicon import Kept, Ledger, Lexicon, there_are
from syncbot.mapping.scoped import Scoped
from syncbot.mapping.words import Name, Source, Tables, Way, merge
from syncbot.model import Scope, Side, Vocabulary
from syncbot.patterns import matches


class Mapping:
    """A mapping file at one connection, ready to be applied.

    ``wanted``: the ids of all fields it reads. ``mistakes``: names that do not exist although they must; ``absent``:
    names that need not. ``renamed``: what goes on under its old name. ``kept``: what to hand to the next `resolve`.
    """

    def __init__(
        self,
        connection: str,
        timezone: str,
        scoped: dict[str, Scoped],
        elsewhere: Scoped,
        order: dict[str, int],
        ledger: Ledger,
        mistakes: list[Mistake],
    ) -> None:
        self.connection = connection
        self.zone = ZoneInfo(timezone)
        self.scoped = scoped
        self.elsewhere = elsewhere
        self.order = order
        self.mistakes = sorted([*ledger.mistakes(strict=True), *mistakes])
        self.absent = ledger.mistakes(strict=False)
        self.renamed = tuple(sorted(ledger.renamed, key=lambda it: (it.facet, it.scope, it.id)))
        self.kept: dict[tuple[str, str, str], str] = ledger.kept
        self.wanted: frozenset[str] = frozenset().union(*(one.rules.wanted for one in scoped.values()))

    def fields_in(self, scope: str) -> frozenset[str]:
        """Our names of what can be filled in a scope (a remote id): "owner", "due_on", "priority", "goal" ..."""
        return self.scoped[scope].rules.mapped if scope in self.scoped else frozenset()

    def sources_in(self, scope: str) -> dict[str, tuple[str, ...]]:
        """The tool's fields (ids) behind each of ours in a scope, in the order in which they are tried."""
        rules = self.scoped[scope].rules
        people = {"owner": rules.owner, "assignees": rules.assignees, "team": rules.team}
        dates = {"start_on": rules.start_on, "due_on": rules.due_on}
        numbers = {
            name: tuple(reading.field or "title" for reading in readings)
            for name, readings in {
                "points": rules.points,
                "minutes": rules.minutes,
                "left_minutes": rules.left_minutes,
                "spent_minutes": rules.spent_minutes,
            }.items()
        }
        return {name: fields for name, fields in (people | dates | numbers).items() if fields}

    def units_in(self, scope: str) -> dict[tuple[str, str], int]:
        """The seconds in one of what stands in a field, by our name and the field (id), where that is a time."""
        rules = self.scoped[scope].rules
        times = {"minutes": rules.minutes, "left_minutes": rules.left_minutes, "spent_minutes": rules.spent_minutes}
        return {(name, one.field): one.unit for name, readings in times.items() for one in readings}


def resolve(
    source: Source,
    vocabulary: Vocabulary,
    *,
    connection: str,
    scopes: Sequence[Scope],
    side: Side | None,
    scope_sides: Dict[str, Side],
    kept: Kept,
    timezone: str,
    home_order: Sequence[str],
    base: Source | None = None,
    team: Name | None = None,
    unread: Sequence[Scope] = (),
) -> Mapping:
    """Find every name of the mapping among the connection's words.

    ``base``: the tool's preset; what the mapping does not say of our fields is read as it says there. ``team``: the
    field that names an item's team, which the config says and no mapping. ``unread``: scopes whose words are not known
    now; a name that is not found elsewhere may be theirs, so it is no mistake.
    ``side`` is the connection's, ``scope_sides`` and ``home_order`` (the config's order) go by the scopes' remote ids.
    """
    ledger = Ledger(vocabulary, kept, is_whole=not unread)
    sprints = {term.id: term.name for term in vocabulary.terms if term.facet == "sprint"}
    general = merge(Tables(fields=base.general.fields), source.general) if base else source.general
    if team is not None:
        general = merge(general, Tables(fields={"team": (Way(team.spot, team),)}))
    used: set[Name] = set()
    scoped = {}
    for scope in scopes:
        tables = general
        for name, override in reversed(source.scopes):
            if matches(name.text, scope.remote_id, scope.key, scope.name):
                used.add(name)
                tables = merge(tables, override)
        lexicon = Lexicon(ledger, scope, strict_in=source.file if source.strict else None)
        scoped[scope.remote_id] = compile_scope(
            tables, lexicon, sprints, connection, scope, scope_sides.get(scope.remote_id) or side
        )
    anywhere = Lexicon(Ledger(vocabulary, kept), None, strict_in=None)
    elsewhere = compile_scope(general, anywhere, sprints, connection, None, side)
    known = [scope.key or scope.name for scope in scopes]
    unused = [
        name.spot.mistake("no scope of this name is read.", there_are(name.text, known))
        for name, _ in source.scopes
        if name not in used and not any(matches(name.text, one.remote_id, one.key, one.name) for one in unread)
    ]
    order = {scope: at for at, scope in reversed(list(enumerate(home_order)))}
    return Mapping(connection, timezone, scoped, elsewhere, order, ledger, unused)


def shared_mistakes(mappings: Sequence[Mapping]) -> list[Mistake]:
    """What is wrong with a file that several connections use: a name counts as missing if none of them has it."""
    everywhere = (
        set.intersection(*({(it.line, it.key) for it in one.mistakes} for one in mappings)) if mappings else set()
    )
    return [it for it in (mappings[0].mistakes if mappings else ()) if (it.line, it.key) in everywhere]
