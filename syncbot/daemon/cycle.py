"""One run of the daemon: what is due, done once and recorded, and what there is to say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from syncbot.cli.progress import Progress
from syncbot.cli.session import Published, Session
from syncbot.daemon import troubles
from syncbot.daemon.state import PASS, JobName
from syncbot.daemon.troubles import Trouble
from syncbot.errors import Refused
from syncbot.model import Struct
from syncbot.outbox import ONLY_PLANNED, Outcome, Planned
from syncbot.pipeline import Heeded, Pulled, Tell, instant
from syncbot.report.words import number
from syncbot.store import retention, scopes, targets


class Stopped(BaseException):
    """The daemon was asked to stop, and what is stored so far is whole. No error, so nothing takes it for one."""


class Done(Struct, frozen=True):
    """What a run did. ``summary``: in a line; ``failed``: what went wrong, by what it is about.

    ``is_refused``: a credential was; it may have been replaced where it is kept. ``settled``: the mark of the
    verdict that every report states, so that nothing is to be written while there is no other one. ``looked``: the
    reports that were looked at, and not left for later. ``happened``: there is more to say than what only lasts.
    """

    summary: str
    failed: dict[str, Trouble] = {}
    is_refused: bool = False
    settled: str | None = None
    looked: frozenset[str] = frozenset()
    happened: bool = True


def run(
    session: Session, due: Collection[JobName], *, apply: bool | None, go_on: Callable[[], bool], settled: str | None
) -> Done:
    """Do what is due. ``apply`` as in `pipeline.publish`; ``settled`` as the run before left it.

    Raises Stopped between two pages or steps once ``go_on`` says no, StoreError if the store fails.
    """
    counts: Counter[str] = Counter()
    failed: dict[str, Trouble] = {}
    is_refused, looked = False, frozenset[str]()
    if PASS & set(due):
        pulled, heeded, published = _pass(session, apply, go_on, settled)
        settled = published.mark if _is_settled(published) else None
        for one in pulled:
            counts += Counter(read=one.new + one.changed, aside=one.quarantined, unread=bool(one.failed))
            counts["gone"] += sum(one.gone.values())
            if one.failed:
                is_alarm = _sources_say(session, one)
                failed[one.connection] = troubles.of_connection(
                    one.connection,
                    one.failed,
                    is_alarm=is_alarm,
                    credentials=session.credentials(one.connection, one.failed.values()),
                )
                is_refused = is_refused or any(isinstance(error, Refused) for error in one.failed.values())
        counts += Counter(taken=heeded.taken, refused=heeded.refused)
        failed |= {f"answers to {name}": troubles.of_question(error) for name, error in heeded.failed.items()}
        failed |= {f"a mistake in {one.file.name}, {one.key}": troubles.of_mistake(one) for one in session.mistakes}
        failed |= {
            f"the second look at {name}": troubles.of_question(error) for name, error in published.unconfirmed.items()
        }
        failed |= {
            _name(one): Trouble(one.held, one.held, "can be written again") for one in published.planned if one.is_stuck
        }
        for outcome in published.outcomes:
            target = outcome.planned.draft.target
            if not outcome.planned.is_stuck:  # which is told as a trouble
                counts["posted" if outcome.result == "created" and target.edition else outcome.result] += 1
            if outcome.error is not None:
                failed[_name(outcome.planned)] = troubles.of_report(outcome.error, is_alarm=target.edition is None)
        outcomes = [*published.outcomes, *(Outcome(one, "unchanged") for one in published.planned if not one.is_due)]
        looked = frozenset(_name(one.planned) for one in outcomes if not one.planned.held)
        counts["planned"] = sum(one.held == ONLY_PLANNED for one in published.planned)
    if "prune" in due:
        with session.recorder.step("prune") as step:
            pruned = retention.prune(session.store, session.config.keep, now=session.now())
            step |= Counter(msgspec.structs.asdict(pruned))
            counts["pruned"] = step.total()
    happened = any(counts[name] for name in _TOLD.keys() - LASTING)
    return Done(_summary(counts), failed, is_refused, settled, looked, happened=happened)


def _name(planned: Planned) -> str:
    return f"{planned.draft.called} in {planned.draft.target.scope.name}"


def _pass(
    session: Session, apply: bool | None, go_on: Callable[[], bool], settled: str | None
) -> tuple[list[Pulled], Heeded, Published]:
    quiet = _Quiet(go_on)
    ready = session.prepare(quiet)
    pulled = session.pull(ready, quiet)
    quiet.heed()
    heeded = session.heed(ready)
    verdict = session.check(ready)
    quiet.heed()
    with session.store.reading() as db:
        is_touched = targets.is_any_touched(db)
    if verdict.unchanged and verdict.mark == settled and not is_touched:
        return pulled, heeded, Published(mark=settled)
    return pulled, heeded, session.publish(ready, verdict, apply=apply, go_on=go_on)


def _is_settled(published: Published) -> bool:
    """Whether nothing waits, failed or may not have happened; a plan that nobody applies waits for nothing."""
    wrote = [one for one in published.outcomes if one.error is not None or one.result == "held"]
    waits = [one for one in published.planned if one.held not in {"", ONLY_PLANNED}]
    return not (wrote or waits or published.unconfirmed or published.mistakes)


class _Quiet(Progress):
    """Says nothing, and ends a pull after the page that was just stored once the daemon is asked to stop."""

    def __init__(self, go_on: Callable[[], bool]) -> None:
        super().__init__(level=-1)
        self._go_on = go_on

    def heed(self) -> None:
        """Raise Stopped if that was asked for."""
        if not self._go_on():
            raise Stopped

    @contextmanager
    def reading(self, *_: Any, **__: Any) -> Iterator[Tell]:
        """Nothing is shown."""
        yield lambda *_: self.heed()


def _sources_say(session: Session, pulled: Pulled) -> bool:
    """Whether each failure of a connection is kept as that of a source, whose alarm tells it."""
    with session.store.reading() as db:
        kept = {one.error for one in scopes.sources(db, instant(session.now())) if one.connection == pulled.connection}
    return {str(error) for error in pulled.failed.values()} <= kept


LASTING = {"unread", "held", "planned", "failed"}
_TOLD = {
    "read": ("changed", "changed"),
    "gone": ("item gone", "items gone"),
    "aside": ("put aside", "put aside"),
    "taken": ("answer taken", "answers taken"),
    "refused": ("answer refused", "answers refused"),
    "unread": ("connection not read completely", "connections not read completely"),
    "created": ("report created", "reports created"),
    "updated": ("report updated", "reports updated"),
    "posted": ("status update posted", "status updates posted"),
    "planned": ("report would be written", "reports would be written"),
    "held": ("report to be written a little later", "reports to be written a little later"),
    "muted": ("report closed or moved by a person", "reports closed or moved by a person"),
    "failed": ("report failed", "reports failed"),
    "pruned": ("old row taken away", "old rows taken away"),
}


def _summary(counts: Counter[str]) -> str:
    return ", ".join(number(counts[name], *told) for name, told in _TOLD.items() if counts[name]) or troubles.NOTHING
