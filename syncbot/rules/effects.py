"""Works out what the admin's settings make of a rule, scope by scope."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from syncbot.model import RuleSetting, Scalar, Severity, Struct
from syncbot.patterns import covers
from syncbot.rules.rule import Rule
from syncbot.rules.scopes import Place, read


class Effect(Struct, frozen=True):
    """What the settings make of a rule in one scope."""

    enabled: bool
    severity: Severity
    params: dict[str, Scalar]


def effects(rule: Rule, setting: RuleSetting | None, places: Iterable[Place]) -> dict[int | None, Effect]:
    """The settings by scope: of all patterns that match, the later one wins. None: subjects of no scope."""
    base = Effect(enabled=True, severity=rule.severity, params={param.name: param.value for param in rule.params})
    if setting is not None:
        base = _over(base, setting)
    found: dict[int | None, Effect] = {None: base}
    for place in places:
        effect = base
        for pattern, inner in setting.inside.items() if setting else ():
            if covers(pattern, place.connection, *place.names):
                effect = _over(effect, inner)
        found[place.id] = effect
    return found


def effect_at(db: Connection, rule: Rule, setting: RuleSetting | None, connection: str, scope: str) -> Effect:
    """The settings for the subjects of one scope (by its remote id)."""
    places = read(db, 0).places
    found = effects(rule, setting, places.values())
    here = (one.id for one in places.values() if (one.connection, one.remote_id) == (connection, scope))
    return found[next(here, None)]


def _over(effect: Effect, setting: RuleSetting) -> Effect:
    return Effect(
        enabled=effect.enabled if setting.enabled is None else setting.enabled,
        severity=setting.severity or effect.severity,
        params={name: setting.params.get(name, value) for name, value in effect.params.items()},
    )
