"""Every write to a tool: planned and shown first, recorded before the call, settled after it.

A report exists once per target, whatever happens. It is found by the id that was kept, else by its marker, and then
only if its author is an account that this connection writes as. A process holds the store's lock "outbox" while it
writes, so a write that has begun and not ended was cut off, by a kill or a lost answer: it may have happened. Then the
tool is asked, and nothing is created before its search must know what was created.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Literal

import msgspec

from syncbot.connector import Connector, Target, Write
from syncbot.errors import Broken, Crashed, ToolError, Unknown
from syncbot.guard import guarded
from syncbot.model import Report, Scope, Struct
from syncbot.patterns import fold
from syncbot.report import words
from syncbot.store import Store, targets
from syncbot.store.targets import Remembered

SETTLE = dt.timedelta(minutes=10)
"""A report is written at most this often, unless the config says otherwise."""

LAG = dt.timedelta(minutes=5)
"""How long a tool's search may not know yet what was created."""

LONGEST = dt.timedelta(minutes=10)
"""How long a write that was cut off may have gone on unseen: a request's patience, and then LAG."""

ONLY_PLANNED = "only planned"
"""Why a write is held that needs nothing but a person's --apply."""

Writes = Literal["never", "plan", "apply"]
Clock = Callable[[], dt.datetime]


class Draft(Struct, frozen=True):
    """What one report should say. ``body`` is native (`syncbot.report.NATIVE`); ``public``: outsiders may read it.

    ``about`` tells the reports of one title in one scope apart: it stands for the title where that may change.
    ``named``: the fingerprints of the findings that it names one by one, or stands on.
    """

    connection: str
    target: Target
    body: dict[str, Any]
    public: bool = False
    named: frozenset[str] = frozenset()
    about: str = ""

    @property
    def marker(self) -> str:
        """What is written with the report, so that it is found again without the store. A frozen, versioned format."""
        return self._marker(self.target.edition)

    @property
    def report(self) -> str:
        """The marker of the living report that this is, or whose news it is."""
        return self._marker(None)

    def _marker(self, edition: str | None) -> str:
        about = self.about or fold(self.target.title)
        key = "|".join((self.connection, self.target.scope.remote_id, about, *([edition] if edition else [])))
        return f"syncbot:v1:{blake2b(key.encode(), digest_size=8).hexdigest()}"

    @property
    def called(self) -> str:
        """What people are told that it is."""
        return f"“{self.body['title'] if self.target.edition else self.target.title}”"


class Planned(Struct, frozen=True):
    """What would be done for one draft. ``held`` says why it is not done now; empty: it will be.

    ``is_muted``: a person had closed the report when it was last looked at; unless reopened, it is left alone.
    ``is_touched``: a person closed, opened, moved or deleted it since, so it is looked at, whatever it says.
    ``is_stuck``: it is held until a person changes something, the config or its place.
    """

    draft: Draft
    marker: str
    action: Literal["create", "update", "unchanged"]
    held: str = ""
    ref: str | None = None
    url: str | None = None
    is_muted: bool = False
    is_touched: bool = False
    is_stuck: bool = False

    @property
    def is_due(self) -> bool:
        """Whether applying the plan would ask the tool for anything."""
        return self.action != "unchanged" and not self.held

    def __str__(self) -> str:
        target, called = self.draft.target, self.draft.called
        where = f"{self.draft.connection}, {words.title(target.scope.name)}"
        place = f" in the list “{target.list}”" if target.list else ""
        place = f" in the section “{target.section}”" if target.section else place
        if target.edition:
            posted = "is posted already" if self.action == "unchanged" else "post as a status update"
            return f"{where}: {posted}: {called}{_not_now(self.held)}"
        what = {
            "create": f"create {called}{place}",
            "update": f"update {called} ({self.url or self.ref})",
            "unchanged": f"{called} already says this ({self.url or self.ref})",
        }[self.action]
        muted = "; closed or moved away by a person, left alone unless put back" if self.is_muted else ""
        if self.is_touched:
            what, muted = f"look at {called}, which somebody closed, opened, moved or deleted ({self.url})", ""
        return f"{where}: {what}{muted}{_not_now(self.held)}"


class Outcome(Struct, frozen=True):
    """What became of a plan. ``requests``: calls that changed something at the tool; ``error``: why it failed."""

    planned: Planned
    result: Literal["created", "updated", "unchanged", "muted", "held", "failed"]
    ref: str | None = None
    url: str | None = None
    requests: int = 0
    error: ToolError | None = None


def draft(report: Report, scope: Scope, body: dict[str, Any], *, about: str = "") -> Draft:
    """The draft of a report of the config, whose scope was read as ``scope``; ``about`` as in `Draft`."""
    target = Target(
        scope=scope, title=report.title, issue_type=report.issue_type, list=report.list, section=report.section
    )
    return Draft(connection=report.connection, target=target, body=body, public=report.public, about=about)


def plan(
    store: Store,
    drafts: Sequence[Draft],
    writes: Mapping[str, Writes],
    now: dt.datetime,
    *,
    settle: dt.timedelta = SETTLE,
) -> list[Planned]:
    """What applying would do, without asking any tool. ``writes``: what each connection (by name) allows."""
    planned: list[Planned] = []
    with store.reading() as db:
        for one in drafts:
            key = one.marker
            decided = _decide(one, key, targets.recall(db, key), now, settle)
            is_second = any(key == other.marker for other in planned)
            stuck, forbidden = _stuck(one, is_second=is_second), _forbidden(one, writes.get(one.connection, "never"))
            if stuck or forbidden:
                held = forbidden if forbidden not in {"", ONLY_PLANNED} else stuck or forbidden
                decided = msgspec.structs.replace(decided, held=held, is_stuck=held == stuck)
            planned.append(decided)
    return planned


def apply(
    store: Store,
    connectors: Mapping[str, Connector],
    planned: Sequence[Planned],
    accounts: Mapping[str, str],
    clock: Clock,
    *,
    settle: dt.timedelta = SETTLE,
    go_on: Callable[[], bool] = lambda: True,
) -> list[Outcome]:
    """Do what is planned and not held, one after the other; what fails does not stop the others.

    ``accounts``: the remote id of the account that each connection writes as now. ``go_on`` is asked before each write:
    what is left when it says no is held, as it is once another process could write. Raises Busy when one is writing.
    """
    outcomes = []
    with store.lock("outbox") as is_still_ours:
        for one in planned:
            held = "syncbot was stopped" if not go_on() else "" if is_still_ours() else "the lock of the store was lost"
            if held:
                outcomes.append(Outcome(msgspec.structs.replace(one, held=held), "held", ref=one.ref, url=one.url))
            else:
                outcomes.append(_apply(store, connectors[one.draft.connection], one, accounts, clock, settle))
    return outcomes


def _forbidden(one: Draft, writes: Writes) -> str:
    if writes == "never":
        return f"{one.connection} is never written to (writes)"
    return ONLY_PLANNED if writes == "plan" else ""


def _stuck(one: Draft, *, is_second: bool) -> str:
    """What a person must change before it can be written; empty: nothing."""
    scope = one.target.scope
    if scope.archived:
        return f"{words.title(scope.name)} is closed or archived: open it again, or name another place for this report"
    if scope.public and not one.public:
        return f"{words.title(scope.name)} can be read by outsiders; if that is fine, set public = true for this report"
    return "another report has this title in the same scope" if is_second else ""


def _decide(one: Draft, key: str, known: Remembered | None, now: dt.datetime, settle: dt.timedelta) -> Planned:
    """Whether there is anything to do, and whether now. News are said once, whatever they would say now. Pure."""
    if known is None or known.remote_id is None:
        return Planned(one, key, "create")
    if one.target.edition:
        return Planned(one, key, "unchanged", ref=known.ref, url=known.url)
    decided = Planned(one, key, "update", ref=known.ref, url=known.url, is_muted=known.muted_at is not None)
    if known.is_touched:
        return msgspec.structs.replace(decided, is_touched=True)
    if known.body_hash == body_hash(one.body) and known.unsettled_until is None:
        return msgspec.structs.replace(decided, action="unchanged")
    if known.written_at is not None and _time(known.written_at) <= now < (again := _time(known.written_at) + settle):
        return msgspec.structs.replace(decided, held=f"written a short while ago, again from {_minute(again)}")
    return decided


def body_hash(body: dict[str, Any]) -> str:
    """What tells two bodies apart."""
    return blake2b(msgspec.json.encode(body, order="deterministic"), digest_size=16).hexdigest()


def _apply(
    store: Store,
    connector: Connector,
    planned: Planned,
    accounts: Mapping[str, str],
    clock: Clock,
    settle: dt.timedelta,
) -> Outcome:
    """Decide once more, now that no other process writes, then look where we must, and send."""
    one, now = planned.draft, clock()
    with store.writing() as db:
        known = targets.recall(db, planned.marker)
        decided = planned if planned.held else _decide(one, planned.marker, known, now, settle)
        if decided.held or decided.action == "unchanged":
            return Outcome(decided, "held" if decided.held else "unchanged", ref=decided.ref, url=decided.url)
        authors = targets.authors(db, one.connection, accounts[one.connection])
        report = targets.recall(db, planned.draft.report) if one.target.edition else None
        said = targets.said(db, planned.marker)
    write = Write(
        target=one.target,
        marker=planned.marker,
        body=one.body,
        remote_id=known.remote_id if known else None,
        authors=authors,
        was=known.title if known and known.title != one.target.title else None,
        before=tuple(map(msgspec.json.decode, said)),
    )
    if one.target.edition:
        if report is None or report.remote_id is None:
            return Outcome(msgspec.structs.replace(decided, held="its report is not there yet"), "held")
        write = msgspec.structs.replace(write, report=report.remote_id)
    try:
        if known is not None and known.unsettled_until and now < (again := _time(known.unsettled_until)):
            if again > now + LONGEST:  # by a clock that was set back since
                again = now + LONGEST
                with store.writing() as db:
                    targets.wait(db, planned.marker, until=_instant(again))
            with guarded(one.connection):
                found = connector.find(write.target, write.marker, write.authors)
            if found is None:
                held = f"it may have been created already and is not to be found yet, again from {_minute(again)}"
                return Outcome(msgspec.structs.replace(decided, held=held), "held")
            write = msgspec.structs.replace(write, remote_id=found.remote_id)
        return _send(store, connector, decided, write, clock)
    except ToolError as error:
        return Outcome(decided, "failed", ref=decided.ref, url=decided.url, error=error)


def _send(store: Store, connector: Connector, decided: Planned, write: Write, clock: Clock) -> Outcome:
    """Record, send, record. Whatever ends this in between leaves an attempt behind that the next run looks into."""
    sent = targets.Attempt(
        key=decided.marker,
        connection=decided.draft.connection,
        scope=write.target.scope.remote_id,
        title=write.target.title,
        body=msgspec.json.encode(write.body),
        body_hash=body_hash(write.body),
        news_of=decided.draft.report if write.target.edition else None,
    )
    now = clock()
    with store.writing() as db:
        target = targets.begin(db, sent, now=_instant(now), until=_instant(now + LONGEST))
    try:
        with guarded(decided.draft.connection, "writing to"):
            written = connector.apply(write)
    except (Unknown, Broken, Crashed) as error:
        with store.writing() as db:
            targets.doubt(db, target, str(error), until=_instant(clock() + LAG))
        raise
    except ToolError as error:
        with store.writing() as db:
            targets.fail(db, target, str(error), now=_instant(clock()))
        raise
    with store.writing() as db:
        targets.settle(db, target, sent, written, now=_instant(clock()))
    return Outcome(decided, written.outcome, ref=written.ref, url=written.url, requests=written.requests)


def _not_now(held: str) -> str:
    return f"; not now: {held}" if held else ""


def _instant(time: dt.datetime) -> str:
    return time.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _time(instant: str) -> dt.datetime:
    return dt.datetime.fromisoformat(instant)


def _minute(time: dt.datetime) -> str:
    return time.astimezone(dt.UTC).strftime("%H:%M UTC")
