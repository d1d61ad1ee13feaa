"""Says what the rules ask to be filled, so that whoever looks after syncbot sees why they cannot tell."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from syncbot.model import Need, RuleSetting
from syncbot.rules.catalogue import Catalogue
from syncbot.rules.effects import effects
from syncbot.rules.scopes import places
from syncbot.rules.subjects import KIND


def needs(db: Connection, catalogue: Catalogue, settings: Sequence[RuleSetting] = ()) -> list[Need]:
    """What each rule asks to be filled, in every scope where it is on."""
    given = {setting.rule: setting for setting in settings}
    known = places(db, {})
    return [
        Need(scope, rule.id, field, KIND.get(rule.about, ""))
        for rule in catalogue.rules.values()
        if rule.filled
        for scope, effect in effects(rule, given.get(rule.id), known.values()).items()
        if scope is not None and effect.enabled
        for field in rule.filled
    ]
