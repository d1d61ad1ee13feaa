"""Turns the rows of a rule into findings: rows of one subject, and of one key, are one finding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import blake2b
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping

from syncbot.amounts import hours
from syncbot.model import Evidence, Finding, Scalar
from syncbot.rules.effects import Effect
from syncbot.rules.named import people, subject
from syncbot.rules.rule import SLOT, Rule
from syncbot.rules.scopes import Place

Rows = Sequence[tuple[Effect, RowMapping]]

_OWN_COLUMNS = {"subject", "other", "person", "unknown"}


def fingerprint(rule: str, connection: str, remote_id: str, keys: Iterable[Scalar | None] = ()) -> str:
    """What identifies a finding over time: a format, so it never changes within its version."""
    told = msgspec.json.encode(["syncbot:v1", rule, connection, remote_id, *keys])
    return blake2b(told, digest_size=6).hexdigest()


def fingerprint_of(rule: Rule, row: RowMapping) -> str:
    """The fingerprint of the finding that a row belongs to."""
    return fingerprint(rule.id, row["_connection"], row["_remote_id"], [_plain(row[name]) for name in rule.key])


def findings(db: Connection, rule: Rule, found: Mapping[str, Rows], places: Mapping[int, Place]) -> Iterator[Finding]:
    """The findings of a rule's rows by fingerprint, in an order that does not depend on that of the rows."""
    acting_people = people(db, {row["_person"] for rows in found.values() for _, row in rows} - {None})
    for mark, rows in sorted(found.items(), key=lambda one: (_order(one[1][0][1]), one[0])):
        effect, first = rows[0]
        evidence = {_stable(one): one for one in (_evidence(rule, effect, row, places) for effect, row in rows)}
        acting = sorted(row["_person"] for _, row in rows if row["_person"] is not None)
        yield Finding(
            rule=rule.id,
            fingerprint=mark,
            severity=effect.severity,
            side=rule.side,
            subject=subject(rule.about, first["subject"], first, "_", _home(places, first["_scope_id"])),
            evidence=tuple(evidence[key] for key in sorted(evidence)),
            person=acting_people[acting[0]] if acting else None,
        )


def _evidence(rule: Rule, effect: Effect, row: RowMapping, places: Mapping[int, Place]) -> Evidence:
    facts = {
        name: _plain(value) for name, value in row.items() if not name.startswith("_") and name not in _OWN_COLUMNS
    }
    other = None
    if row["_o_id"] is not None:
        other = subject("item", row["_o_id"], row, "_o_", _home(places, row["_o_scope_id"]))
    said = {**effect.params, **facts}
    message = SLOT.sub(
        lambda slot: slot[0] if slot[1] in {"title", "other"} else _said_value(slot[1], said[slot[1]]),
        _in_hours(rule.message, said),
    )
    return Evidence(message, facts, other)


def _home(places: Mapping[int, Place], scope: int | None) -> str | None:
    place = places.get(scope) if scope is not None else None
    return place.remote_id if place else None


def _order(row: RowMapping) -> tuple[str, str]:
    return row["_connection"], row["_remote_id"]


def _stable(evidence: Evidence) -> str:
    """A sort key that does not depend on the order of rows or on our own numbers."""
    other = (evidence.other.connection, evidence.other.remote_id) if evidence.other else ("", "")
    return repr((evidence.message, other, sorted(evidence.facts.items())))


def _plain(value: Any) -> Scalar | None:
    """A value as both engines would give it: PostgreSQL has its own booleans and decimals."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal | float):
        return int(value) if value == int(value) else float(value)
    result: Scalar | None = value
    return result


def _in_hours(message: str, said: Mapping[str, Scalar | None]) -> str:
    """The message with its amounts ("{off} of {planned} {unit}") as hours, where they are in minutes."""
    if said.get("unit") != "minutes":
        return message
    return _AMOUNTS.sub(
        lambda found: " of ".join(hours(int(said[name] or 0)) for name in found.groups() if name), message
    )


_AMOUNTS = re.compile(r"(?:\{(\w+)\} of )?\{(\w+)\} \{unit\}")


def _said_value(name: str, value: Scalar | None) -> str:
    """A value inside a message: minutes as hours. Braces go, so that no value can pose as a placeholder."""
    if name.endswith("_minutes") and isinstance(value, int):
        return hours(value)
    return "unknown" if value is None else str(value).replace("{", "(").replace("}", ")")
