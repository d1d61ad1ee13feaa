"""What must hold of writes that are cut off, refused or made by two at once: exactly one report, whatever is lost."""

from __future__ import annotations

import multiprocessing
import os
import threading

import pytest
from sqlalchemy import select

from syncbot import outbox
from syncbot.connector import Write, Written
from syncbot.errors import Broken, Limited, Refused, Unknown, UserError
from syncbot.store import Store
from syncbot.store.schema import outbox as attempts
from tests.outbox.tool import NOW, Killed, Tool, draft, minutes, publish, results


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


def test_the_attempt_is_recorded_before_the_tool_is_called(store):
    tool = Tool()
    tool.before = Killed()
    with pytest.raises(Killed):
        publish(store, tool, draft())
    with store.reading() as db:
        row = db.execute(select(attempts.c.state, attempts.c.body, attempts.c.sent_at)).one()
    assert tuple(row) == ("sending", b'{"desc":"one"}', "2026-11-23T08:00:00.000Z")


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
