"""What must hold of every write: shown before, exactly once, never over a person, whatever is killed or lost."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import threading
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from syncbot import outbox
from syncbot.connector import Found, Target, Write, Written
from syncbot.errors import Broken, Limited, Refused, ToolError, Unknown, UserError
from syncbot.model import Report, Scope
from syncbot.store import Store
from syncbot.store.schema import outbox as attempts

NOW = dt.datetime(2026, 11, 23, 8, 0, tzinfo=dt.UTC)
BOARD = Scope(remote_id="b1", key="abc", name="Product roadmap")
REPORT = Report(connection="roadmap", scope="Product roadmap", list="Reports")


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


class Killed(BaseException):
    """The process is gone: nothing of ours may handle it."""


class Kept(msgspec.Struct):
    marker: str
    author: str
    body: dict[str, Any]
    shown_at: dt.datetime
    closed: bool = False


class Tool:
    """A small tool that keeps reports in memory; what is created shows up in its search after ``lag``.

    ``before`` and ``after`` are raised by the next write, before or after it has happened; ``told``: what the last one
    said may stand there.
    """

    def __init__(self, lag: float = 0) -> None:
        self.now = NOW
        self.lag = minutes(lag)
        self.made = 0
        self.kept: dict[str, Kept] = {}
        self.calls: list[str] = []
        self.told: list[str] = []
        self.before: BaseException | None = None
        self.after: BaseException | None = None

    def clock(self) -> dt.datetime:
        return self.now

    def find(self, _: Target, marker: str, authors: frozenset[str]) -> Found | None:
        self.calls.append("find")
        for remote_id, kept in sorted(self.kept.items()):
            if kept.marker == marker and kept.author in authors and kept.shown_at <= self.now:
                return Found(remote_id, remote_id.upper(), f"https://t.example/{remote_id}", kept.closed)
        return None

    def apply(self, write: Write) -> Written:
        self.calls.append("apply")
        self.told = [body["desc"] for body in write.before]
        self._fail("before")
        written = self._apply(write)
        self._fail("after")
        return written

    def _apply(self, write: Write) -> Written:
        remote_id = write.remote_id
        if remote_id not in self.kept:
            found = self.find(write.target, write.marker, write.authors)
            remote_id = found.remote_id if found else None
        if remote_id is None:
            self.made += 1
            remote_id = f"r{self.made}"
            self.kept[remote_id] = Kept(write.marker, "bot", write.body, self.now + self.lag)
            return self._written(remote_id, "created", 1)
        kept = self.kept[remote_id]
        if kept.closed:
            return self._written(remote_id, "muted", 0)
        if kept.body == write.body:
            return self._written(remote_id, "unchanged", 0)
        kept.body = write.body
        return self._written(remote_id, "updated", 1)

    def _fail(self, when: str) -> None:
        error = getattr(self, when)
        setattr(self, when, None)
        if error is not None:
            raise error

    @staticmethod
    def _written(remote_id: str, outcome: Any, requests: int) -> Written:
        return Written(remote_id, remote_id.upper(), f"https://t.example/{remote_id}", outcome, requests)


def draft(body: str = "one", **changes: Any) -> outbox.Draft:
    return outbox.draft(msgspec.structs.replace(REPORT, **changes), BOARD, {"desc": body})


def publish(store: Store, tool: Tool, *drafts: outbox.Draft, writes: outbox.Writes = "apply") -> list[outbox.Outcome]:
    planned = outbox.plan(store, drafts, {"roadmap": writes}, tool.now)
    return outbox.apply(store, {"roadmap": tool}, planned, {"roadmap": "bot"}, tool.clock)


def results(outcomes: list[outbox.Outcome]) -> list[str]:
    return [outcome.result for outcome in outcomes]


def test_the_same_body_is_written_once_and_then_not_even_looked_at(store):
    tool = Tool()
    first = publish(store, tool, draft())
    assert (results(first), first[0].requests, first[0].url) == (["created"], 1, "https://t.example/r1")
    tool.calls.clear()
    tool.now += minutes(24 * 60)
    assert results(publish(store, tool, draft())) == ["unchanged"]
    assert tool.calls == []


def test_another_body_updates_the_same_report_once_it_has_settled(store):
    tool = Tool()
    publish(store, tool, draft("one"))
    tool.now += minutes(9)
    held = publish(store, tool, draft("two"))
    assert results(held) == ["held"]
    assert "again from 08:10 UTC" in str(held[0].planned)
    tool.now += minutes(1)
    assert results(publish(store, tool, draft("two"))) == ["updated"]
    assert [kept.body for kept in tool.kept.values()] == [{"desc": "two"}]


def test_a_report_of_a_lost_store_is_adopted_without_a_write(store, tmp_path):
    tool = Tool()
    publish(store, tool, draft())
    with Store.open(f"sqlite:///{tmp_path / 'another.db'}") as another:
        outcomes = publish(another, tool, draft())
        assert (results(outcomes), outcomes[0].requests) == (["unchanged"], 0)
        assert results(publish(another, tool, draft("two"))) == ["updated"]
    assert len(tool.kept) == 1


def test_our_marker_in_someone_elses_text_is_not_our_report(store):
    tool = Tool()
    tool.kept["r0"] = Kept(draft().marker, "mallory", {}, NOW)
    assert results(publish(store, tool, draft())) == ["created"]
    assert tool.kept["r0"].body == {}


def test_an_earlier_account_of_this_connection_stays_an_author(store):
    tool = Tool()
    publish(store, tool, draft())
    tool.now += minutes(60)
    tool.kept["r2"] = tool.kept.pop("r1")  # the id we kept leads nowhere, so the marker must
    planned = outbox.plan(store, [draft("two")], {"roadmap": "apply"}, tool.now)
    outcomes = outbox.apply(store, {"roadmap": tool}, planned, {"roadmap": "new bot"}, tool.clock)
    assert results(outcomes) == ["updated"]
    assert len(tool.kept) == 1


@pytest.mark.parametrize("error", [Unknown("no answer"), Broken("half an answer"), Killed()])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("lag", [0, 4])
@pytest.mark.parametrize("pause", [1, 11])
def test_a_creation_that_was_cut_off_ends_in_exactly_one_report(store, error, when, lag, pause):
    tool = Tool(lag)
    setattr(tool, when, error)
    if isinstance(error, Killed):
        with pytest.raises(Killed):
            publish(store, tool, draft())
    else:
        assert results(publish(store, tool, draft())) == ["failed"]
    for wait in (pause, pause, 11, 11):
        tool.now += minutes(wait)
        publish(store, tool, draft())
    assert results(publish(store, tool, draft())) == ["unchanged"]
    assert len(tool.kept) == 1


def test_a_creation_without_an_answer_is_not_repeated_while_the_search_may_not_know_it(store):
    tool = Tool()
    tool.before = Unknown("no answer")
    publish(store, tool, draft())
    tool.now += minutes(4)
    held = publish(store, tool, draft())
    assert results(held) == ["held"]
    assert "not to be found yet, again from 08:05 UTC" in str(held[0].planned)
    tool.now += minutes(1)
    assert results(publish(store, tool, draft())) == ["created"]


def test_what_was_sent_and_may_have_arrived_is_told_with_what_was_written(store):
    tool = Tool()
    for body in ("one", "two", "three"):
        tool.before = Unknown("no answer") if body == "two" else None
        publish(store, tool, draft(body))
        tool.now += minutes(11)
    assert tool.told == ["two", "one"]
    publish(store, tool, draft("four"))
    assert tool.told == ["three"]


def test_after_the_clock_was_set_back_nothing_waits_for_the_time_that_it_was(store):
    tool = Tool()
    publish(store, tool, draft("one"))
    tool.now -= minutes(60 * 24)
    assert results(publish(store, tool, draft("two"))) == ["updated"]
    tool.kept.clear()
    tool.now += minutes(11)
    tool.before = Unknown("no answer")
    assert results(publish(store, tool, draft("three"))) == ["failed"]
    tool.now -= minutes(60 * 24)
    assert results(publish(store, tool, draft("three"))) == ["held"]
    tool.now += minutes(9)
    assert results(publish(store, tool, draft("three"))) == ["held"], "its creation may still show up"
    tool.now += minutes(1)
    assert results(publish(store, tool, draft("three"))) == ["created"]
    assert len(tool.kept) == 1


def test_a_report_that_was_deleted_is_made_anew_once_whatever_answer_is_lost(store):
    tool = Tool(lag=4)
    publish(store, tool, draft("one"))
    tool.kept.clear()
    tool.now += minutes(15)
    tool.after = Unknown("no answer")
    assert results(publish(store, tool, draft("two"))) == ["failed"]
    tool.now += minutes(1)
    assert results(publish(store, tool, draft("two"))) == ["held"]
    tool.now += minutes(3)
    assert results(publish(store, tool, draft("two"))) == ["unchanged"]
    assert len(tool.kept) == 1


def test_an_update_without_an_answer_is_sent_again_even_if_the_old_body_is_back(store):
    tool = Tool()
    publish(store, tool, draft("one"))
    tool.now += minutes(15)
    tool.after = Unknown("no answer")
    assert results(publish(store, tool, draft("two"))) == ["failed"]
    tool.now += minutes(1)
    assert results(publish(store, tool, draft("one"))) == ["updated"]
    assert [kept.body for kept in tool.kept.values()] == [{"desc": "one"}]


def test_an_update_that_was_refused_halfway_is_sent_again_even_if_the_old_body_is_back(store):
    tool = Tool()
    publish(store, tool, draft("one"))
    tool.now += minutes(15)
    tool.after = Limited("slow down", wait=600)
    publish(store, tool, draft("two"))
    tool.now += minutes(1)
    assert results(publish(store, tool, draft("one"))) == ["updated"]


def test_a_creation_that_was_refused_is_tried_again_at_once(store):
    tool = Tool()
    tool.before = Refused("403: may not create cards")
    failed = publish(store, tool, draft())
    assert (results(failed), str(failed[0].error)) == (["failed"], "403: may not create cards")
    assert results(publish(store, tool, draft())) == ["created"]
    with store.reading() as db:
        rows = db.execute(select(attempts.c.state, attempts.c.outcome, attempts.c.error).order_by(attempts.c.id)).all()
    assert [tuple(row) for row in rows] == [
        ("failed", None, "403: may not create cards"),
        ("settled", "created", None),
    ]


@pytest.mark.parametrize("why", ["closed", "refused"])
def test_attempts_that_end_alike_leave_one_row_however_many_they_are(store, why):
    tool = Tool()
    publish(store, tool, draft("one"))
    for number in range(5):
        tool.now += minutes(15)
        tool.kept["r1"].closed = why == "closed"
        tool.before = Refused("403") if why == "refused" else None
        publish(store, tool, draft(f"another {number}"))
    with store.reading() as db:
        rows = db.execute(select(attempts.c.body, attempts.c.state).order_by(attempts.c.id)).all()
    end = "settled" if why == "closed" else "failed"
    assert [tuple(row) for row in rows] == [(b'{"desc":"one"}', "settled"), (b'{"desc":"another 4"}', end)]


def test_one_report_that_fails_does_not_stop_the_next(store):
    tool = Tool()
    tool.before = ToolError("400: no such list")
    assert results(publish(store, tool, draft(title="A"), draft(title="B"))) == ["failed", "created"]


def test_the_attempt_is_recorded_before_the_tool_is_called(store):
    tool = Tool()
    tool.before = Killed()
    with pytest.raises(Killed):
        publish(store, tool, draft())
    with store.reading() as db:
        row = db.execute(select(attempts.c.state, attempts.c.body, attempts.c.sent_at)).one()
    assert tuple(row) == ("sending", b'{"desc":"one"}', "2026-11-23T08:00:00.000Z")


def test_a_closed_report_is_left_alone_and_goes_on_when_it_is_reopened(store):
    tool = Tool()
    publish(store, tool, draft("one"))
    tool.kept["r1"].closed = True
    tool.now += minutes(15)
    assert results(publish(store, tool, draft("two"))) == ["muted"]
    assert tool.kept["r1"].body == {"desc": "one"}
    (planned,) = outbox.plan(store, [draft("two")], {"roadmap": "apply"}, tool.now)
    assert planned.is_muted
    assert "closed or moved away by a person" in str(planned)
    tool.kept["r1"].closed = False
    assert results(publish(store, tool, draft("two"))) == ["updated"]
    (planned,) = outbox.plan(store, [draft("two")], {"roadmap": "apply"}, tool.now)
    assert not planned.is_muted


@pytest.mark.parametrize(
    ("writes", "why"), [("never", "roadmap is never written to (writes)"), ("plan", "only planned")]
)
def test_what_the_config_forbids_is_shown_and_not_done(store, writes, why):
    tool = Tool()
    outcomes = publish(store, tool, draft(), writes=writes)
    assert results(outcomes) == ["held"]
    assert str(outcomes[0].planned) == (
        f"roadmap, Product roadmap: create “Alignment report” in the list “Reports”; not now: {why}"
    )
    assert tool.calls == []


def test_outsiders_read_a_report_only_if_the_config_says_so(store):
    tool = Tool()
    public = msgspec.structs.replace(BOARD, public=True)
    held = publish(store, tool, outbox.draft(REPORT, public, {}))
    assert results(held) == ["held"]
    assert "set public = true" in str(held[0].planned)
    allowed = msgspec.structs.replace(REPORT, public=True)
    assert results(publish(store, tool, outbox.draft(allowed, public, {}))) == ["created"]


def test_two_reports_of_one_title_in_one_scope_do_not_overwrite_each_other(store):
    tool = Tool()
    for first in ("created", "unchanged"):
        outcomes = publish(store, tool, draft("one"), draft("two", title=" alignment REPORT"))
        assert results(outcomes) == [first, "held"]
        assert "another report has this title" in str(outcomes[1].planned)
        planned = outbox.plan(store, [draft("one"), draft("two")], {"roadmap": "plan"}, tool.now)
        assert "another report has this title" in str(planned[1])
        tool.now += minutes(60)


def test_of_two_at_once_one_writes_and_the_other_is_told(store):
    tool, second = Tool(), []
    inside, go_on = threading.Event(), threading.Event()
    write = tool._apply

    def slowly(one: Write) -> Written:
        inside.set()
        assert go_on.wait(10)
        return write(one)

    tool._apply = slowly
    planned = outbox.plan(store, [draft()], {"roadmap": "apply"}, NOW)
    first = threading.Thread(target=lambda: second.append(publish(store, tool, draft())))
    first.start()
    assert inside.wait(10)
    with pytest.raises(UserError, match="another syncbot"):
        outbox.apply(store, {"roadmap": tool}, planned, {"roadmap": "bot"}, tool.clock)
    go_on.set()
    first.join(10)
    tool._apply = write
    tool.calls.clear()
    late = outbox.apply(store, {"roadmap": tool}, planned, {"roadmap": "bot"}, tool.clock)
    assert (results(second[0]), results(late), tool.calls) == (["created"], ["unchanged"], [])


def test_a_killed_process_leaves_no_lock_behind(tmp_path):
    url = f"sqlite:///{tmp_path / 'syncbot.db'}"
    process = multiprocessing.get_context("spawn").Process(target=publish_and_die, args=(url,))
    process.start()
    process.join(30)
    assert process.exitcode == 9
    with Store.open(url) as store:
        tool = Tool()
        assert results(publish(store, tool, draft())) == ["held"]
        tool.now += outbox.LONGEST
        assert results(publish(store, tool, draft())) == ["created"]


def publish_and_die(url: str) -> None:
    tool = Tool()
    tool._apply = lambda _: os._exit(9)
    publish(Store.open(url), tool, draft())


def test_the_marker_is_a_frozen_format():
    # What older versions wrote must be found by newer ones: this text may never change.
    assert draft().marker == "syncbot:v1:37e61febdfe227d8"
