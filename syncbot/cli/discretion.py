"""Which scopes fewer people can see than a report: ``init`` proposes less than them, ``doctor`` warns of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from syncbot.model import Report, Scope
from syncbot.patterns import covers, fold

Seen = Mapping[str, tuple[str, Sequence[Scope]]]
"""By connection: its tool, and the scopes that are read there."""


def is_narrower(scope: Scope, home: Scope) -> bool:
    """Whether fewer people, or others, can see a scope than the one in which the report lives."""
    return scope != home and (scope.private or (home.public and not scope.public))


def handle(scope: Scope, tool: str, scopes: Sequence[Scope]) -> str:
    """What a config calls a scope: a project's key, a board's name; the id where the name would mean something else."""
    if tool == "jira":
        return scope.key
    namesakes = [one for one in scopes if fold(one.name) == fold(scope.name)]
    plain = scope.name.strip() and "*" not in scope.name and not scope.name.startswith("!")
    return scope.name if plain and len(namesakes) == 1 else scope.remote_id


def exposed(report: Report, home: Scope, seen: Seen) -> Iterator[tuple[str, Scope]]:
    """What a report shows of scopes that its readers may not see, although the config names none of them itself."""
    for name, (_, scopes) in seen.items():
        for scope in scopes:
            if is_narrower(scope, home) and any(_covers(one, name, scope) for one in _shown(report)):
                named = any(fold(one) in _names(name, scope) for one in _shown(report))
                if not named:
                    yield name, scope


def without(report: Report, home: Scope, seen: Seen) -> tuple[str, ...]:
    """What to show instead: the same, less what is exposed."""
    hidden = {(name, scope.remote_id) for name, scope in exposed(report, home, seen)}
    places: dict[str, None] = {}
    for pattern in _shown(report):
        inside = [
            (name, tool, scopes, scope)
            for name, (tool, scopes) in seen.items()
            for scope in scopes
            if _covers(pattern, name, scope)
        ]
        if not any((name, scope.remote_id) in hidden for name, _, _, scope in inside):
            places[pattern] = None
            continue
        open_ = (one for one in inside if (one[0], one[3].remote_id) not in hidden)
        places.update((f"{name}/{handle(scope, tool, scopes)}", None) for name, tool, scopes, scope in open_)
    return tuple(places) or (f"{report.connection}/{home.key or home.remote_id}",)


def _shown(report: Report) -> tuple[str, ...]:
    return report.may_show or (report.connection,)


def _covers(pattern: str, connection: str, scope: Scope) -> bool:
    return covers(pattern, connection, scope.key, scope.remote_id, scope.name)


def _names(connection: str, scope: Scope) -> set[str]:
    return {fold(f"{connection}/{one}") for one in (scope.key, scope.remote_id, scope.name)}
