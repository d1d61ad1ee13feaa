"""Runs the rules on a connection that can only read, and turns their rows into findings.

Every rule answers for itself: one that fails or takes too long says "cannot tell", and the others go on.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from time import monotonic
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, bindparam, text
from sqlalchemy.exc import DBAPIError

from syncbot.errors import Mistake
from syncbot.model import CannotTell, Checked, Evidence, Finding, Person, RuleSetting, Scalar, Severity, Struct, Subject
from syncbot.patterns import covers
from syncbot.rules.catalogue import Catalogue
from syncbot.rules.lint import fits
from syncbot.rules.rule import SLOT, Rule
from syncbot.rules.scopes import Place, Trust, doubts, read
from syncbot.rules.sql import bindable
from syncbot.rules.subjects import ITEMS, KIND, MISSING, SUBJECTS, blind, person

RECENT_DAYS = 90
"""Rules look at open items and at those closed within this time."""

_EPOCH = date(1970, 1, 1).toordinal()
_OWN_COLUMNS = {"subject", "other", "person", "unknown"}
_CHUNK = 500  # ids in one query
_STEPS = 100_000  # SQLite looks at the clock after so many of its own instructions


class Effect(Struct, frozen=True):
    """What the settings make of a rule in one scope."""

    enabled: bool
    severity: Severity
    params: dict[str, Scalar]


def check(
    db: Connection,
    catalogue: Catalogue,
    settings: Sequence[RuleSetting] = (),
    *,
    today: date,
    filled_percent: int = 60,
    seconds: float = 30,
) -> Iterator[Checked]:
    """The answer of every enabled rule, in the order of their names.

    ``filled_percent``: from how much on a field counts as filled; ``seconds``: how long one query may take.
    """
    trust = read(db, filled_percent)
    given = {setting.rule: setting for setting in settings}
    for rule in catalogue.rules.values():
        effects = _effects(rule, given.get(rule.id), trust.places)
        if any(effect.enabled for effect in effects.values()):
            yield _Check(db, rule, trust, effects, today, seconds).answer()


def prepare(db: Connection, catalogue: Catalogue) -> list[Mistake]:
    """What a database refuses of the rules, and where a rule's columns do not fit its header; runs none of them."""
    mistakes = []
    for rule in catalogue.rules.values():
        query = text(f"select * from (\n{bindable(rule.sql)}\n) q where 1 = 0")
        values = {param.name: param.bound(param.value, date(2000, 1, 1)) for param in rule.params} | {"today": 0}
        try:
            with db.begin_nested():
                columns = tuple(db.execute(query, _used(rule, values)).keys())
        except DBAPIError as error:
            mistakes.append(Mistake(rule.file, rule.line, "", f"the database refuses it: {_said(error)}."))
        else:
            mistakes += fits(rule, columns)
    return mistakes


def fingerprint(rule: str, connection: str, remote_id: str, keys: Iterable[Scalar | None] = ()) -> str:
    """What identifies a finding over time: a format, so it never changes within its version."""
    told = msgspec.json.encode(["syncbot:v1", rule, connection, remote_id, *keys])
    return blake2b(told, digest_size=6).hexdigest()


class _Check:
    """One rule in one run."""

    def __init__(
        self,
        db: Connection,
        rule: Rule,
        trust: Trust,
        effects: Mapping[int | None, Effect],
        today: date,
        seconds: float,
    ) -> None:
        self.db, self.rule, self.trust, self.effects = db, rule, trust, effects
        self.today, self.seconds = today, seconds
        self.doubts = doubts(rule, trust)

    def answer(self) -> Checked:
        try:
            with self.db.begin_nested(), limited(self.db, self.seconds):
                found, unknown = self._sort(self._rows())
                gaps = [*self._blind(), *self._missing(), *unknown]
        except DBAPIError as error:
            return Checked(self.rule.id, cannot_tell=(CannotTell(self.rule.id, None, _failure(error), 1),))
        return Checked(self.rule.id, tuple(self._findings(found)), tuple(gaps))

    def _rows(self) -> Iterator[tuple[Effect, RowMapping]]:
        """The rows that count, each with the settings of its scope; one query for each set of parameters."""
        groups: dict[tuple[tuple[str, Scalar], ...], set[int | None]] = defaultdict(set)
        for scope, effect in self.effects.items():
            if effect.enabled and scope not in self.doubts:
                groups[tuple(sorted(effect.params.items()))].add(scope)
        for params, scopes in groups.items():
            values = dict(params)
            bound = {param.name: param.bound(values[param.name], self.today) for param in self.rule.params}
            recent = {"today": self._day, "recent": self._day - RECENT_DAYS}
            statement, names = self._statement()
            result = self.db.execute(text(statement), {k: v for k, v in (bound | recent).items() if k in names})
            for row in result.mappings():
                if row["_remote_id"] is not None and row["_scope_id"] in scopes:
                    yield self.effects[row["_scope_id"]], row

    @property
    def _day(self) -> int:
        return self.today.toordinal() - _EPOCH

    def _statement(self) -> tuple[str, set[str]]:
        sql = bindable(self.rule.sql)
        columns = self.db.execute(text(f"select * from (\n{sql}\n) q where 1 = 0"), self._sample).keys()
        who = person(self.rule.about, self.rule.side)
        if "person" in columns:
            who = f"coalesce(q.person, {who})"
        other = "join item o on o.id = q.other" if "other" in columns else "join item o on o.id = -1"
        kept = "and (q.other is null or o.seen <> 'gone')" if "other" in columns else ""
        # An inner join would let SQLite begin with all subjects: the rule's rows, which are few, come first.
        statement = f"""
            select q.*, {who} as _person, {blind(self.rule.about, self.rule.mapped)} as _blind,
                s.connection as _connection, s.scope_id as _scope_id,
                s.remote_id as _remote_id, s.ref as _ref, s.title as _title, s.url as _url,
                s.is_restricted as _is_restricted, o.id as _o_id, o.connection as _o_connection,
                o.home_scope_id as _o_scope_id, o.remote_id as _o_remote_id, o.ref as _o_ref, o.title as _o_title,
                o.url as _o_url, o.is_restricted as _o_is_restricted
            from (\n{sql}\n) q
            left join ({SUBJECTS[self.rule.about]}) s on s.id = q.subject
            left {other}
            where 1 = 1 {kept}"""
        used = set(_used(self.rule, self._sample)) | ({"recent"} if ":recent" in statement else set())
        return statement, used

    @property
    def _sample(self) -> dict[str, Scalar]:
        values = {param.name: param.bound(param.value, self.today) for param in self.rule.params}
        return _used(self.rule, values | {"today": self._day})

    def _sort(
        self, rows: Iterator[tuple[Effect, RowMapping]]
    ) -> tuple[dict[str, list[tuple[Effect, RowMapping]]], list[CannotTell]]:
        """The rows by fingerprint, and those that cannot tell by scope and reason."""
        found: defaultdict[str, list[tuple[Effect, RowMapping]]] = defaultdict(list)
        unknown: defaultdict[tuple[int | None, str], set[str]] = defaultdict(set)
        for effect, row in rows:
            keys = [_plain(row[name]) for name in self.rule.key]
            mark = fingerprint(self.rule.id, row["_connection"], row["_remote_id"], keys)
            if (reason := row.get("unknown") or row["_blind"]) is not None:
                unknown[row["_scope_id"], reason].add(mark)
            else:
                found[mark].append((effect, row))
        gaps = [
            CannotTell(self.rule.id, self._label(scope), reason, len(marks), tuple(sorted(marks)))
            for (scope, reason), marks in unknown.items()
        ]
        return found, sorted(gaps, key=lambda gap: (gap.scope or "", gap.reason))

    def _blind(self) -> Iterator[CannotTell]:
        """A line for each scope that the rule cannot tell of and that has subjects."""
        if not self.doubts:
            return
        query = (
            f"select s.scope_id, count(*) as n from ({SUBJECTS[self.rule.about]}) s where s.counts group by s.scope_id"
        )
        values = {"recent": self._day - RECENT_DAYS} if ":recent" in query else {}
        counts: dict[int | None, int] = {row.scope_id: row.n for row in self.db.execute(text(query), values)}
        for scope, reason in self.doubts.items():
            effect = self.effects.get(scope)
            if effect and effect.enabled and (count := counts.get(scope)):
                yield CannotTell(self.rule.id, self._label(scope), reason, count)

    def _missing(self) -> Iterator[CannotTell]:
        """Subjects that one census did not find: no finding may name them, and none of theirs is resolved yet."""
        if self.rule.about not in ITEMS:
            return
        marks: defaultdict[int, set[str]] = defaultdict(set)
        kind = KIND.get(self.rule.about)
        query = text("""
            select kind, connection, remote_id, home_scope_id from item
            where seen = 'missing' and (is_open or done_day >= :recent)""")
        for row in self.db.execute(query, {"recent": self._day - RECENT_DAYS}):
            effect = self.effects.get(row.home_scope_id)
            if kind in {None, row.kind} and effect and effect.enabled and row.home_scope_id not in self.doubts:
                marks[row.home_scope_id].add(fingerprint(self.rule.id, row.connection, row.remote_id))
        for scope, found in sorted(marks.items()):
            yield CannotTell(self.rule.id, self._label(scope), MISSING, len(found), tuple(sorted(found)))

    def _label(self, scope: int | None) -> str | None:
        return None if scope is None else self.trust.places[scope].label

    def _findings(self, found: Mapping[str, list[tuple[Effect, RowMapping]]]) -> Iterator[Finding]:
        people = self._people({row["_person"] for rows in found.values() for _, row in rows} - {None})
        for mark, rows in sorted(found.items(), key=lambda one: (_order(one[1][0][1]), one[0])):
            effect, first = rows[0]
            evidence = sorted({_stable(one): one for one in (self._evidence(effect, row) for _, row in rows)}.items())
            acting = sorted(row["_person"] for _, row in rows if row["_person"] is not None)
            yield Finding(
                rule=self.rule.id,
                fingerprint=mark,
                severity=effect.severity,
                side=self.rule.side,
                subject=self._subject(self.rule.about, first["subject"], first, "_"),
                evidence=tuple(one for _, one in evidence),
                person=people[acting[0]] if acting else None,
            )

    def _evidence(self, effect: Effect, row: RowMapping) -> Evidence:
        facts = {
            name: _plain(value) for name, value in row.items() if not name.startswith("_") and name not in _OWN_COLUMNS
        }
        other = None if row["_o_id"] is None else self._subject("item", row["_o_id"], row, "_o_")
        said = {**effect.params, **facts}
        message = SLOT.sub(
            lambda slot: slot[0] if slot[1] in {"title", "other"} else _said_value(said[slot[1]]), self.rule.message
        )
        return Evidence(message, facts, other)

    def _subject(self, view: str, number: int, row: RowMapping, prefix: str) -> Subject:
        scope = row[f"{prefix}scope_id"]
        place = self.trust.places.get(scope)
        return Subject(
            view=view,
            id=number,
            connection=row[f"{prefix}connection"],
            scope=place.names[1] if place else "",
            remote_id=row[f"{prefix}remote_id"],
            ref=row[f"{prefix}ref"],
            title=row[f"{prefix}title"],
            url=row[f"{prefix}url"],
            is_restricted=bool(row[f"{prefix}is_restricted"]),
        )

    def _people(self, ids: set[int]) -> dict[int, Person]:
        query = text("""
            select p.id, p.name, a.connection, a.remote_id
            from person p left join account a on a.person_id = p.id
            where p.id in :ids order by p.id, a.id desc""").bindparams(bindparam("ids", expanding=True))
        names: dict[int, str] = {}
        accounts: defaultdict[int, dict[str, str]] = defaultdict(dict)
        wanted = sorted(ids)
        for at in range(0, len(wanted), _CHUNK):
            for row in self.db.execute(query, {"ids": wanted[at : at + _CHUNK]}):
                names[row.id] = row.name
                if row.connection is not None:
                    accounts[row.id][row.connection] = row.remote_id
        return {number: Person(number, name, accounts[number]) for number, name in names.items()}


def _effects(rule: Rule, setting: RuleSetting | None, places: Mapping[int, Place]) -> dict[int | None, Effect]:
    """The settings by scope: of all patterns that match, the later one wins. None: subjects of no scope."""
    base = Effect(enabled=True, severity=rule.severity, params={param.name: param.value for param in rule.params})
    if setting is None:
        return dict.fromkeys((None, *places), base)
    base = _over(base, setting)
    effects: dict[int | None, Effect] = {None: base}
    for place in places.values():
        effect = base
        for pattern, inner in setting.inside.items():
            if covers(pattern, place.connection, *place.names):
                effect = _over(effect, inner)
        effects[place.id] = effect
    return effects


def _over(effect: Effect, setting: RuleSetting) -> Effect:
    return Effect(
        enabled=effect.enabled if setting.enabled is None else setting.enabled,
        severity=setting.severity or effect.severity,
        params={name: setting.params.get(name, value) for name, value in effect.params.items()},
    )


def _used(rule: Rule, values: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Those values that the query names."""
    return {name: value for name, value in values.items() if name != "today" or ":today" in rule.sql}


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


def _said_value(value: Scalar | None) -> str:
    """A value inside a message. Braces go, so that no value can pose as a placeholder."""
    return "unknown" if value is None else str(value).replace("{", "(").replace("}", ")")


def _said(error: DBAPIError) -> str:
    return str(error.orig).strip().split("\n")[0].rstrip(".")


def _failure(error: DBAPIError) -> str:
    took_too_long = "interrupted" in str(error.orig) or "statement timeout" in str(error.orig)
    return "its query takes too long" if took_too_long else f"its query fails: {_said(error)}"


@contextmanager
def limited(db: Connection, seconds: float) -> Iterator[None]:
    """Let the database itself end a query that takes longer."""
    if db.dialect.name == "postgresql":
        db.execute(text("select set_config('statement_timeout', :limit, true)"), {"limit": f"{int(seconds * 1000)}ms"})
        yield
        return
    raw = db.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
    left = _Steps(seconds)
    raw.set_progress_handler(left.spent, _STEPS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)


class _Steps:
    """Ends a query of SQLite: true once its time is over."""

    def __init__(self, seconds: float) -> None:
        self.end = monotonic() + seconds

    def spent(self) -> bool:
        return monotonic() > self.end
