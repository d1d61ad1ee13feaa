"""What ``doctor`` sees of reports: whether each can be written, what it lets out, and whom it would not hear."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from syncbot import outbox, pipeline
from syncbot.cli.discretion import exposed, without
from syncbot.cli.failure import located
from syncbot.cli.remarks import Remark
from syncbot.cli.session import Session, now
from syncbot.connector import Target
from syncbot.errors import ToolError
from syncbot.pipeline import Place, Ready
from syncbot.report import words
from syncbot.store import answers, targets
from syncbot.toml import quoted


def look(session: Session, ready: dict[str, Ready]) -> Iterator[Remark]:
    """For each report: whether its place is there, whether we may write it, and whether a person closed it."""
    if not session.config.reports:
        paste = '[[reports]]\nconnection = "..."\nscope      = "..."'
        yield Remark(
            "look", "none is configured, so nobody sees findings in their tool", paste, session.config.file.name
        )
    places, mistakes = pipeline.places(session.store, ready, session.config)
    for mistake in mistakes:
        yield Remark("bad", located(mistake))
    if any(setting.each for setting in session.config.reports) and not any(place.team for place in places):
        yield Remark("look", "no team is known yet: name some under [teams] or [directory], then run 'syncbot sync'")
    drafts = [place.draft({}) for place in places]
    obstacles = _Obstacles(ready)
    fine = 0
    for place, draft in zip(places, drafts, strict=True):
        remarks = list(_writable(session, ready[draft.connection], draft, obstacles))
        if place.team is not None and all(remark.level == "ok" for remark in remarks):
            fine += 1
        else:
            yield from remarks
    yield from _shown_too_much(session, ready, places)
    yield from _unheard(session, ready)
    if fine:
        yield Remark("ok", f"{words.number(fine, 'report')} of teams can be written")
    with session.store.reading() as db:
        for name in ready:
            for old in targets.others(db, name, {draft.marker for draft in drafts}):
                said = f"“{old.title}” in {name} is no longer written: its team or its [[reports]] table is gone"
                yield Remark("look", f"{said}, or has another title or place; it was left as it is: {old.url}")


def _shown_too_much(session: Session, ready: Mapping[str, Ready], places: Iterable[Place]) -> Iterator[Remark]:
    """Titles that a report would carry to people who cannot see where they come from."""
    seen = {name: (one.feed.setting.tool, one.scopes) for name, one in ready.items()}
    for place in {(one.setting.connection, one.scope.remote_id, one.setting.may_show): one for one in places}.values():
        found = [f"{scope.name} in {name}" for name, scope in exposed(place.setting, place.scope, seen)]
        if found:
            less = ", ".join(map(quoted, without(place.setting, place.scope, seen)))
            said = f"the report in {place.setting.connection}, {place.scope.name} may show titles of {', '.join(found)}"
            why = f"{said}, which not all who can see the report can see; if they may, name it there itself"
            paste = f"may_show = [{less}]"
            yield Remark("look", why, paste, f"{session.config.file.name}, in the table of that report")


def _unheard(session: Session, ready: Mapping[str, Ready]) -> Iterator[Remark]:
    """Whom a report would heed, if only they had an account where it stands."""
    for report in session.config.reports:
        if report.answers and report.connection in ready:
            with session.store.reading() as db:
                voices = answers.voices(db, report.connection)
            if missing := [name for name in report.answers if name not in voices]:
                said = f"“{report.title}” in {report.connection} takes answers of {', '.join(missing)}"
                yield Remark("look", f"{said}, for whom no account is known there: see 'syncbot people'")


class _Obstacles:
    """What keeps reports from being written, asked once of each place: the teams' reports stand in one."""

    def __init__(self, ready: Mapping[str, Ready]) -> None:
        self._ready = ready
        self._known: dict[tuple[str, Target], list[Remark]] = {}

    def of(self, draft: outbox.Draft) -> list[Remark]:
        """Those of a draft's place."""
        key = (draft.connection, msgspec.structs.replace(draft.target, title=""))
        if key not in self._known:
            try:
                found = self._ready[draft.connection].feed.connector.obstacles(draft.target)
                self._known[key] = [Remark("bad", obstacle) for obstacle in found]
            except ToolError as error:
                self._known[key] = [Remark("down", str(error).removeprefix(f"{draft.connection}: "))]
        return self._known[key]


def _writable(session: Session, ready: Ready, draft: outbox.Draft, places: _Obstacles) -> Iterator[Remark]:
    about = f"“{draft.target.title}” in {ready.name}, {draft.target.scope.name}"
    obstacles = places.of(draft)
    for obstacle in obstacles:
        yield Remark(obstacle.level, f"{about}: {obstacle.said}")
    if any(obstacle.level == "down" for obstacle in obstacles):
        return
    settle = dt.timedelta(minutes=session.config.settle_minutes)
    planned = outbox.plan(session.store, [draft], {ready.name: ready.feed.setting.writes}, now(), settle=settle)[0]
    if planned.is_muted:
        yield Remark("look", f"{about}: a person closed or moved it, so it is left alone: {planned.url}")
    elif planned.held not in {"", outbox.ONLY_PLANNED}:
        yield Remark("look", f"{about} is not written: {planned.held}")
    elif not obstacles:
        yield Remark("ok", f"{about} can be written{', with --apply' if planned.held else ''}")
