"""Runs the rules on a connection that can only read.

Every rule answers for itself: one that fails or takes too long says "cannot tell", and the others go on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date

from sqlalchemy import Connection, Row, RowMapping, text
from sqlalchemy.exc import DBAPIError

from syncbot.model import NOWHERE, CannotTell, Checked, RuleSetting, Scalar
from syncbot.rules.catalogue import Catalogue
from syncbot.rules.effects import Effect, effects
from syncbot.rules.finding import findings, fingerprint, fingerprint_of
from syncbot.rules.limit import limited
from syncbot.rules.query import clock, rows, said, subjects
from syncbot.rules.rule import Rule
from syncbot.rules.scopes import Trust, bounded, doubts, read
from syncbot.rules.subjects import ITEMS, KIND, MISSING


def check(
    db: Connection,
    catalogue: Catalogue,
    settings: Sequence[RuleSetting] = (),
    *,
    today: date,
    filled_percent: int = 60,
    seconds: float = 30,
) -> Iterator[Checked]:
    """The answer of every enabled rule, in the order of their names, then of those that cannot run.

    ``filled_percent``: from how much on a field counts as filled; ``seconds``: how long one query may take.
    """
    trust = read(db, filled_percent)
    given = {setting.rule: setting for setting in settings}
    missing = db.execute(_MISSED, clock(today)).all()
    for rule in catalogue.rules.values():
        found = effects(rule, given.get(rule.id), trust.places.values())
        enabled = {scope: effect for scope, effect in found.items() if effect.enabled}
        if enabled:
            yield _Check(db, rule, trust, enabled, missing, today).answer(seconds)
    for name in catalogue.broken:
        yield Checked(name, cannot_tell=(CannotTell(name, None, BROKEN, 1),))


BROKEN = "its file has a mistake in it, which `syncbot rules check` names"


_MISSED = text("""
    select kind, connection, remote_id, home_scope_id from item
    where seen = 'missing' and (is_open or done_day >= :recent)""")


class _Check:
    """One rule in one run; ``effects`` holds the scopes where it is enabled."""

    def __init__(
        self,
        db: Connection,
        rule: Rule,
        trust: Trust,
        effects: Mapping[int | None, Effect],
        missing: Sequence[Row[str, str, str, int]],
        today: date,
    ) -> None:
        self.db, self.rule, self.trust, self.effects, self.today = db, rule, trust, effects, today
        self.missing = missing
        self.doubts = doubts(rule, trust)

    def answer(self, seconds: float) -> Checked:
        try:
            with self.db.begin_nested(), limited(self.db, seconds):
                found, unknown = self._sort()
                gaps = (*self._blind(), *self._missing(), *unknown)
        except DBAPIError as error:
            gap = CannotTell(self.rule.id, None, _failure(self.rule, error), 1)
            return Checked(self.rule.id, cannot_tell=(gap,), asked=self._at(self.effects), broke_off=True)
        said = tuple(findings(self.db, self.rule, found, self.trust.places))
        blind = self.effects.keys() & self.doubts.keys()
        return Checked(self.rule.id, said, gaps, asked=self._at(self.effects), blind=self._at(blind))

    def _rows(self, among: AbstractSet[int | None]) -> Iterator[tuple[Effect, RowMapping]]:
        """The rows of these scopes, each with the settings of its scope; one query for each set of parameters."""
        groups: defaultdict[tuple[tuple[str, Scalar], ...], set[int | None]] = defaultdict(set)
        for scope, effect in self.effects.items():
            if scope in among:
                groups[tuple(sorted(effect.params.items()))].add(scope)
        for params, scopes in groups.items():
            for row in rows(self.db, self.rule, dict(params), self.today):
                if row["_scope_id"] in scopes:
                    yield self.effects[row["_scope_id"]], row

    def _sort(self) -> tuple[dict[str, list[tuple[Effect, RowMapping]]], list[CannotTell]]:
        """The rows by fingerprint, and those that cannot tell by scope and reason."""
        found: defaultdict[str, list[tuple[Effect, RowMapping]]] = defaultdict(list)
        unknown: defaultdict[tuple[int | None, str], set[str]] = defaultdict(set)
        for effect, row in self._rows(self.effects.keys() - self.doubts.keys()):
            mark = fingerprint_of(self.rule, row)
            if (reason := row.get("unknown") or row["_blind"]) is not None:
                unknown[row["_scope_id"], reason].add(mark)
            else:
                found[mark].append((effect, row))
        gaps = [self._gap(scope, reason, marks) for (scope, reason), marks in unknown.items()]
        return found, sorted(gaps, key=lambda gap: (gap.scope or "", gap.reason))

    def _blind(self) -> Iterator[CannotTell]:
        """A line for each scope that the rule cannot tell of and that has subjects.

        Where it could name too many only, the line counts those that it would name.
        """
        counts = subjects(self.db, self.rule, self.today) if self.doubts else {}
        over = {scope for scope, reason in self.doubts.items() if reason in bounded(self.rule)}
        named: defaultdict[int | None, set[str]] = defaultdict(set)
        for _, row in self._rows(over) if over else ():
            named[row["_scope_id"]].add(fingerprint_of(self.rule, row))
        for scope, reason in self.doubts.items():
            if scope in self.effects and (count := counts.get(scope)):
                some = len(named[scope]) if scope in over else count
                yield CannotTell(self.rule.id, self._label(scope), reason, some)

    def _missing(self) -> Iterator[CannotTell]:
        """Subjects that one census did not find: no finding may name them, and none of theirs is resolved yet."""
        if self.rule.about not in ITEMS:
            return
        marks: defaultdict[int, set[str]] = defaultdict(set)
        kind = KIND.get(self.rule.about)
        for row in self.missing:
            scope = row.home_scope_id
            if kind in {None, row.kind} and scope in self.effects and scope not in self.doubts:
                marks[scope].add(fingerprint(self.rule.id, row.connection, row.remote_id))
        for scope, found in sorted(marks.items()):
            yield self._gap(scope, MISSING, found)

    def _gap(self, scope: int | None, reason: str, marks: set[str]) -> CannotTell:
        return CannotTell(self.rule.id, self._label(scope), reason, len(marks), tuple(sorted(marks)))

    def _at(self, scopes: Iterable[int | None]) -> frozenset[tuple[str, str]]:
        return frozenset(NOWHERE if one is None else self.trust.places[one].at for one in scopes)

    def _label(self, scope: int | None) -> str | None:
        return None if scope is None else self.trust.places[scope].label


def _failure(rule: Rule, error: DBAPIError) -> str:
    where = f"{rule.file.name}, line {rule.line}"
    took_too_long = "interrupted" in str(error.orig) or "statement timeout" in str(error.orig)
    return f"its query takes too long ({where})" if took_too_long else f"its query fails ({where}): {said(error)}"
