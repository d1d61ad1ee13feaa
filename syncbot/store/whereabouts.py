"""Where what findings name is by now: what nobody sees any more was not put right by that.

A tool may hide an item or a board with its sprints, people may move them, and the config may let them through no
longer. Only of what the tool calls deleted it is certain that nothing is left to be done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from sqlalchemy import Connection, text

from syncbot.model import NOWHERE, Finding, Subject
from syncbot.store import bulk, memory, scopes

ITEMS = frozenset({"item", "feature", "task", "goal", "milestone"})

Ref = tuple[str, str]
"""A connection, and a remote id on it: of an item or a scope."""

Seen = Literal["here", "missing", "lost", "deleted"]


class Places(NamedTuple):
    """The scopes by our ids, and each as reports call it.

    ``is_partial``: some hold what is not whole any more. ``are_fewer``: some that the last check had are read no more.
    """

    refs: Mapping[int, Ref]
    labels: Mapping[Ref, str]
    is_partial: bool
    are_fewer: bool


class Whereabouts(NamedTuple):
    """Of the items that findings name how they are seen, and of those that are here in which scope.

    *Lost*: gone, and not known to be deleted. What is not among them is stored no more, or was never an item.
    ``lost_sprints``: those that no board shows any more.
    """

    places: Places
    seen: Mapping[Ref, Seen]
    homes: Mapping[Ref, Ref]
    lost_sprints: frozenset[Ref]

    def home(self, subject: Subject) -> Ref:
        """The scope that a subject lives in, as far as it is known; `NOWHERE` for one of no scope."""
        told = (subject.connection, subject.scope) if subject.scope else NOWHERE
        return self.homes.get((subject.connection, subject.remote_id), told) if subject.view in ITEMS else told

    def is_missing(self, finding: Finding) -> bool:
        """Whether one census missed its subject, which the next one must confirm."""
        return self._subject(finding) == "missing"

    def is_lost(self, finding: Finding) -> bool:
        """Whether its subject, or an item that it names beside it, is out of sight."""
        if finding.subject.view == "sprint" and _ref(finding.subject) in self.lost_sprints:
            return True
        others = {self.seen.get(_ref(other)) for other in _others(finding)}
        return self._subject(finding) == "lost" or "lost" in others

    def is_unknown(self, finding: Finding) -> bool:
        """Whether its subject is an item that is stored no more."""
        return finding.subject.view in ITEMS and _ref(finding.subject) not in self.seen

    def _subject(self, finding: Finding) -> str | None:
        return self.seen.get(_ref(finding.subject)) if finding.subject.view in ITEMS else None


def places(db: Connection, *, today: str) -> Places:
    """The scopes as they are now, remembered for the check after this one."""
    found = db.execute(text("select id, connection, remote_id, key, is_configured from scope order by id")).all()
    refs = {row.id: (row.connection, row.remote_id) for row in found}
    labels = {refs[row.id]: f"{row.connection}/{row.key}" for row in found}
    now = [row.id for row in found if row.is_configured]
    kept = memory.get_state(db, "", _READ, list[int])
    before = kept[0] if kept else []
    if before != now:
        memory.put_state(db, "", _READ, now, at=today)
    return Places(refs, labels, scopes.is_partial(db), are_fewer=not set(before) <= set(now))


_READ = "checked scopes"


def whereabouts(db: Connection, places: Places, found: Iterable[Finding]) -> Whereabouts:
    """Where the items are that these findings name."""
    named: defaultdict[str, set[str]] = defaultdict(set)
    sprints: defaultdict[str, set[str]] = defaultdict(set)
    for finding in found:
        for one in (finding.subject, *_others(finding)):
            if one.view in ITEMS:
                named[one.connection].add(one.remote_id)
            elif one.view == "sprint":
                sprints[one.connection].add(one.remote_id)
    seen: dict[Ref, Seen] = {}
    homes: dict[Ref, Ref] = {}
    for connection, remote_ids in named.items():
        fates = dict(bulk.lookup(db, "record", "remote_id, fate", connection, remote_ids))
        for remote_id, how, home in bulk.lookup(db, "item", "remote_id, seen, home_scope_id", connection, remote_ids):
            ref = connection, remote_id
            seen[ref] = how if how != "gone" else "deleted" if fates.get(remote_id) == "deleted" else "lost"
            if how == "here":
                homes[ref] = places.refs[home]
    lost_sprints = {
        (connection, remote_id)
        for connection, remote_ids in sprints.items()
        for remote_id, is_known in bulk.lookup(db, "sprint", "remote_id, is_known", connection, remote_ids)
        if not is_known
    }
    return Whereabouts(places, seen, homes, frozenset(lost_sprints))


def _others(finding: Finding) -> Iterator[Subject]:
    """What it names beside its subject, unless an admin must act: what they have to mend may be that it is lost."""
    if finding.side != "admin":
        yield from (evidence.other for evidence in finding.evidence if evidence.other is not None)


def _ref(subject: Subject) -> Ref:
    return subject.connection, subject.remote_id
