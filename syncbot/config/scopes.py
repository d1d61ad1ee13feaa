"""Which of the scopes that an account can see a connection reads, in config order, and what holds for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from syncbot.config.settings import Config, Connection, ScopeSetting
from syncbot.errors import Mistake
from syncbot.model import Scope, Struct
from syncbot.patterns import fold, matches
from syncbot.toml import closest
from syncbot.toml_lines import Where

SHOWN = 8
LONGEST = 60


class Chosen(Struct, frozen=True):
    """The scopes to read, the home order first, and what the config names that is not there."""

    scopes: tuple[Scope, ...]
    mistakes: tuple[Mistake, ...] = ()


def choose(config: Config, connection: Connection, seen: Sequence[Scope]) -> Chosen:
    """The scopes that the connection's patterns mean among those that its account can see.

    A key or id goes before a name; a wildcard leaves archived scopes alone; a name that several have is a mistake.
    """
    where = ("connections", connection.name)
    chosen: dict[str, Scope] = {}
    mistakes: list[Mistake] = []
    for at, pattern in enumerate(connection.scopes):
        if not pattern.startswith("!"):
            found = _meant(config, (*where, "scopes", at), pattern, seen, several="*" in pattern)
            mistakes += found.mistakes
            for scope in found.scopes:
                chosen.setdefault(scope.remote_id, scope)
    for pattern in connection.scopes:
        if pattern.startswith("!"):
            for scope in _found(pattern[1:], tuple(chosen.values()), archived=True):
                del chosen[scope.remote_id]
    for pattern in connection.overrides:
        if not _found(pattern, tuple(chosen.values()), archived=True):
            message = "is the scope of nothing that this connection reads."
            mistakes.append(config.mistake((*where, "scope", pattern), message, _hint(pattern, chosen.values())))
    return Chosen(tuple(chosen.values()), tuple(mistakes))


def known_again(
    config: Config, connection: Connection, seen: Sequence[Scope], before: Sequence[Scope]
) -> tuple[tuple[Scope, ...], tuple[Mistake, ...]]:
    """What an account sees, with those scopes that were read ``before`` under a name that the config still uses under
    that name; each is a mistake to correct. A name that something else has by now means that.
    """
    where = ("connections", connection.name)
    named: list[tuple[Where, str]] = [((*where, "scopes", at), one) for at, one in enumerate(connection.scopes)]
    named += [((*where, "scope", one), one) for one in connection.overrides]
    named += [
        (("reports", at, "scope"), one.scope)
        for at, one in enumerate(config.reports)
        if one.connection == connection.name
    ]
    named = [(way, pattern) for way, pattern in named if "*" not in pattern and not pattern.startswith("!")]
    there = {scope.remote_id: scope for scope in seen}
    told = dict(there)
    mistakes = []
    for way, pattern in named:
        old = [scope for scope in _found(pattern, before) if scope.remote_id in there]
        if len(old) != 1 or _found(pattern, seen):
            continue
        now = there[old[0].remote_id]
        if any(_found(other, [now]) and not _found(other, old) for _, other in named):
            continue
        told[now.remote_id] = replace(now, key=old[0].key, name=old[0].name)
        name = now.key if fold(pattern) == fold(old[0].key) else now.name
        message = f'"{pattern}" is called "{_plain(name)}" by now; it is read all the same.'
        mistakes.append(config.mistake(way, message, f'Write "{_plain(name)}".'))
    return tuple(told.values()), tuple(mistakes)


def lost(connection: Connection, seen: Sequence[Scope], before: Sequence[Scope]) -> tuple[Scope, ...]:
    """The scopes of before that the config still means and that the account no longer sees.

    A name that something else has by now means that, and nothing of before.
    """
    there = {scope.remote_id for scope in seen}
    wanted = [one for one in connection.scopes if not one.startswith("!") and ("*" in one or not _found(one, seen))]
    unwanted = [one[1:] for one in connection.scopes if one.startswith("!")]

    def is_among(scope: Scope, patterns: Iterable[str]) -> bool:
        return any(_is(pattern, scope) for pattern in patterns)

    return tuple(
        scope
        for scope in before
        if scope.remote_id not in there and is_among(scope, wanted) and not is_among(scope, unwanted)
    )


def report_scope(config: Config, at: int, seen: Sequence[Scope]) -> Chosen:
    """The one scope in which the config's report number ``at`` (from 0) lives, among those that its account can see."""
    return _meant(config, ("reports", at, "scope"), config.reports[at].scope, seen, several=False)


def _meant(config: Config, way: Where, pattern: str, seen: Sequence[Scope], *, several: bool) -> Chosen:
    found = _found(pattern, seen)
    if not found:
        mistake = config.mistake(way, f'"{pattern}" is not there, or not visible.', _hint(pattern, seen))
        return Chosen((), (mistake,))
    if len(found) > 1 and not several:
        ids = ", ".join(scope.remote_id for scope in found)
        return Chosen((), (config.mistake(way, f'"{pattern}" is the name of several; write the id: {ids}.'),))
    return Chosen(tuple(found))


def scope_setting(connection: Connection, scope: Scope) -> ScopeSetting:
    """What holds for a scope: the first override that matches it, completed by the connection's own settings."""
    own = next((setting for pattern, setting in connection.overrides.items() if _is(pattern, scope)), ScopeSetting())
    return ScopeSetting(
        side=own.side or connection.side,
        team=own.team,
        mapping=own.mapping or connection.mapping,
        where=own.where,
        since=own.since or connection.since,
    )


def doubled(config: Config, chosen: Mapping[str, Sequence[Scope]]) -> list[Mistake]:
    """Scopes that two connections read from the same site; names and keys hid it until the tool answered."""
    readers: dict[tuple[str, str, str], str] = {}
    mistakes = []
    for name, scopes in chosen.items():
        connection = config.connections[name]
        for scope in scopes:
            reader = readers.setdefault((connection.tool, connection.url, scope.remote_id), name)
            if reader != name:
                message = f'reads "{_plain(scope.name)}", which "{reader}" reads too.'
                mistakes.append(config.mistake(("connections", name, "scopes"), message, 'Leave it out with "!".'))
    return mistakes


def _is(pattern: str, scope: Scope) -> bool:
    return matches(pattern, scope.key, scope.remote_id, scope.name)


def _found(pattern: str, scopes: Iterable[Scope], *, archived: bool = False) -> list[Scope]:
    if "*" in pattern:
        return [scope for scope in scopes if _is(pattern, scope) and (archived or not scope.archived)]
    exact = [scope for scope in scopes if fold(pattern) in (fold(scope.key), fold(scope.remote_id))]
    return exact or [scope for scope in scopes if matches(pattern, scope.name)]


def _hint(pattern: str, scopes: Iterable[Scope]) -> str:
    """The scope that was meant, else what there is."""
    there = list(scopes)
    near = closest(pattern, [name for scope in there for name in (scope.key, scope.name)])
    if near is not None:
        return f'Did you mean "{_plain(near)}"?'
    shown = ", ".join(f"{_plain(scope.key)} ({_plain(scope.name)})" for scope in there[:SHOWN])
    more = f" and {len(there) - SHOWN} more" if len(there) > SHOWN else ""
    return f"It sees {shown}{more}." if there else "It sees none."


def _plain(name: str) -> str:
    """A name that the tool gave, safe in a line of a terminal: no control or direction marks, not endless."""
    words = "".join(letter if letter.isprintable() else " " for letter in name).split()
    plain = " ".join(words)
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1]}…"
