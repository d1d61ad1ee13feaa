"""What must be known of a tool before anything is read from it: who we are, which scopes, what its words mean.

It seldom changes, so it is asked for once a day, and again at once where the config names something that is not there,
or the list of scopes lacks one that was read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from hashlib import blake2b

import msgspec

from syncbot import mapping as mappings
from syncbot.config import Config, Connection, choose, doubled, known_again, lost, scope_setting
from syncbot.connector import Connector, Probe, Want
from syncbot.errors import Mistake, ToolError
from syncbot.guard import guarded
from syncbot.model import Mapped, Record, Scope, Side, Struct, Vocabulary
from syncbot.pipeline import schedule
from syncbot.pipeline.asking import REMEMBERED, Asking
from syncbot.pipeline.describing import describe
from syncbot.pipeline.moments import is_older
from syncbot.pipeline.resolving import preset, resolve
from syncbot.store import Store, memory, targets
from syncbot.store import scopes as stored

LISTED, AT_ONCE = dt.timedelta(hours=1), 4
"""How often the scopes are listed while the same ones are lost, after so many times in a row."""


class Feed(Struct, frozen=True):
    """One connection of the config, with its connector and the mappings that its scopes use (by name)."""

    setting: Connection
    connector: Connector
    sources: dict[str, mappings.Source]

    @property
    def name(self) -> str:
        """The connection's name."""
        return self.setting.name


class Ready(Struct, frozen=True):
    """A feed that knows its tool. ``scopes``: those to read, in config order; ``seen``: all that the account can see;
    ``lost``: those that were read before, are still wanted, and are no longer seen: deleted, or no longer visible.

    ``resolved`` is by mapping name, ``mapping_of`` by scope (remote id). ``mistakes``: scopes that the config names and
    that are not there. ``undescribed``: those of which the tool never said what its words mean; ``troubles`` tells why
    it does not say it of a scope now, by remote id, and under "" why all that is known of the words is old.
    ``census_at``: when a census was last due by the schedule, if within a year. ``kept``: the names by which the
    mappings found their words when they were resolved.
    """

    feed: Feed
    probe: Probe
    seen: tuple[Scope, ...]
    scopes: tuple[Scope, ...]
    lost: tuple[Scope, ...]
    vocabulary: Vocabulary
    resolved: dict[str, mappings.Mapping]
    mapping_of: dict[str, str]
    own_accounts: frozenset[str]
    kept: mappings.Kept
    undescribed: tuple[Scope, ...] = ()
    troubles: dict[str, ToolError] = {}
    mistakes: tuple[Mistake, ...] = ()
    census_at: dt.datetime | None = None

    @property
    def name(self) -> str:
        """The connection's name."""
        return self.feed.name

    @property
    def wanted(self) -> frozenset[str]:
        """The fields that some mapping reads."""
        return frozenset().union(*(one.wanted for one in self.resolved.values()))

    @property
    def order(self) -> tuple[str, ...]:
        """The scopes that are read (remote ids), the first that can be an item's home first."""
        return tuple(scope.remote_id for scope in self.scopes)

    def apply(self, record: Record) -> Mapped:
        """The record as the mapping of its home scope reads it."""
        for place in record.places:
            if (name := self.mapping_of.get(place.scope)) is not None:
                break
        else:
            name = self.feed.setting.mapping
        return mappings.apply(self.resolved[name], record, self.own_accounts)

    def mapped_fields(self) -> dict[str, list[str]]:
        """Our fields that are mapped in each scope."""
        return {scope: sorted(self.resolved[name].fields_in(scope)) for scope, name in self.mapping_of.items()}

    def digest(self) -> str:
        """What tells one reading of records from another: the same digest maps the same record to the same item."""
        said = msgspec.json.encode(
            [
                self.feed.sources,
                preset(self.feed.setting.tool),
                self.feed.setting.scopes,
                sorted((scope.remote_id, scope.key, scope.name) for scope in self.scopes),
                sorted((term.facet, term.id, term.name, term.scope or "") for term in self.vocabulary.terms),
                sorted((field.id, field.name, field.type) for field in self.vocabulary.fields),
                sorted(self.own_accounts),
                [scope_setting(self.feed.setting, scope) for scope in self.scopes],
                [str(one.zone) for one in self.resolved.values()],
                [sorted(one.scoped[scope].rules.team for scope in one.scoped) for one in self.resolved.values()],
            ],
            enc_hook=str,
            order="deterministic",
        )
        return blake2b(said, digest_size=16).hexdigest()


def prepare(
    feed: Feed, store: Store, config: Config, *, now: dt.datetime, fresh: bool = False, before: Ready | None = None
) -> Ready:
    """Ask the tool, or remember what it said within a day (``fresh``: ask in any case).

    ``before``: the same feed as it last was by the same config; what would be resolved to the same is taken from it.

    Raises ToolError if it does not answer.
    """
    ask = Asking(feed.name, store, now, None if fresh else REMEMBERED)
    with guarded(feed.name):
        ready = _ready(feed, store, config, ask, before)
        if ask.remembered and ready.lost and _listed_again(feed, ask, ready.lost):
            ready = _ready(feed, store, config, ask, before)
        if ask.remembered and (ready.mistakes or any(one.mistakes for one in ready.resolved.values())):
            ready = _ready(feed, store, config, Asking(feed.name, store, now, None))
    with store.writing() as db:
        for one in ready.resolved.values():
            memory.keep_names(db, feed.name, one.kept)
    return ready


def _listed_again(feed: Feed, ask: Asking, lost: Sequence[Scope]) -> bool:
    """Ask for the list of scopes again, which may have lacked for a moment what is there: once in a while, for what is
    lost may stay so. Whether it came; if not, what is remembered still holds.
    """
    ids = sorted(scope.remote_id for scope in lost)
    (before, times), at = ask.kept("listed again", tuple[list[str], int]) or (([], 0), "")
    times = times if before == ids else 0
    if times >= AT_ONCE and not is_older(at, ask.now, LISTED):
        return False
    ask.keep("listed again", (ids, times + 1))
    try:
        ask.keep("scopes", feed.connector.scopes())
    except ToolError:
        return False
    return True


def recall(feed: Feed, store: Store, config: Config, *, now: dt.datetime) -> Ready:
    """As `prepare`, from memory alone. Raises UserError if this connection was never asked."""
    return _ready(feed, store, config, Asking(feed.name, store, now, None, offline=True))


def mistakes(config: Config, ready: Sequence[Ready]) -> tuple[list[Mistake], frozenset[str]]:
    """Everything that the config and the mappings name and that no tool has, and the mappings that cannot be used so.

    A mapping that several connections share is wrong only where none of them has what it names.
    """
    users: dict[str, list[mappings.Mapping]] = {}
    for one in ready:
        for name, resolved in one.resolved.items():
            users.setdefault(name, []).append(resolved)
    wrong = {name: mappings.shared_mistakes(resolved) for name, resolved in users.items()}
    found = [mistake for one in ready for mistake in one.mistakes]
    found += doubled(config, {one.name: one.scopes for one in ready})
    found += [mistake for several in wrong.values() for mistake in several]
    return sorted(set(found)), frozenset(name for name, several in wrong.items() if several)


def _ready(feed: Feed, store: Store, config: Config, ask: Asking, before: Ready | None = None) -> Ready:
    setting, connector = feed.setting, feed.connector
    probe = ask("probe", Probe, connector.probe)
    with store.reading() as db:
        configured = stored.configured(db, feed.name)
    seen, renamed = known_again(config, setting, ask("scopes", tuple[Scope, ...], connector.scopes), configured)
    chosen = choose(config, setting, seen)
    scopes = chosen.scopes
    words, troubles = describe(connector, scopes, ask)
    undescribed = tuple(scope for scope in scopes if scope.remote_id in words.unknown)
    scopes = tuple(scope for scope in scopes if scope.remote_id not in words.unknown)
    with store.reading() as db:
        kept = memory.kept_names(db, feed.name)
        authors = targets.known_authors(db, feed.name)
    missed = lost(setting, seen, configured)
    settings = {scope.remote_id: scope_setting(setting, scope) for scope in (*scopes, *undescribed, *missed)}
    uses = {scope: own.mapping or setting.mapping for scope, own in settings.items()}
    sides: dict[str, Side] = {scope: own.side for scope, own in settings.items() if own.side}
    resolved = {}
    known = (words.vocabulary, scopes, undescribed, missed, kept)
    if before is not None and known == (before.vocabulary, before.scopes, before.undescribed, before.lost, before.kept):
        resolved = before.resolved
    else:
        for name, source in feed.sources.items():
            own, unread = _using(scopes, uses, name), _using((*undescribed, *missed), uses, name)
            resolved[name] = resolve(source, words.vocabulary, config, setting, sides, kept, own, unread)
    return Ready(
        feed=feed,
        probe=probe,
        seen=seen,
        scopes=scopes,
        lost=missed,
        undescribed=undescribed,
        troubles=troubles,
        vocabulary=words.vocabulary,
        resolved=resolved,
        mapping_of={scope.remote_id: uses[scope.remote_id] for scope in scopes},
        own_accounts=authors | {probe.account.remote_id},
        kept=kept,
        mistakes=(*renamed, *chosen.mistakes),
        census_at=schedule.last(config.schedule.census, config.timezone, ask.now),
    )


def _using(scopes: Sequence[Scope], mapping_of: Mapping[str, str], name: str) -> tuple[Scope, ...]:
    return tuple(scope for scope in scopes if mapping_of[scope.remote_id] == name)


def want(ready: Ready, scope: Scope, cursor: str | None) -> Want:
    """What to read of a scope, as the config limits it."""
    own = scope_setting(ready.feed.setting, scope)
    return Want(scope=scope, cursor=cursor, where=own.where, since=own.since, homes=ready.order)
