"""What the daemon's log says of what goes wrong: each trouble once, and when it is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from pathlib import Path

from syncbot.daemon import troubles
from syncbot.daemon.state import Job
from syncbot.daemon.troubles import Since, Trouble
from syncbot.errors import Crashed, Missing, Mistake, Refused, ToolError, Unknown, Unreachable, Vanished
from tests.daemon.helpers import NOW

EVENTS = Unreachable("marketing: GET asana.example/events: 503", status=503)
BATCH = Unreachable("marketing: POST asana.example/batch: the connection broke")


def failing(**scopes: ToolError) -> Trouble:
    return troubles.of_connection("marketing", scopes, is_alarm=True)


def after(
    minutes: float, before: dict[str, Since], *, looked: Collection[str] = (), **found: Trouble
) -> tuple[dict[str, Since], list[str], list[str]]:
    now, new, over = troubles.news(before, found, NOW + dt.timedelta(minutes=minutes), looked=looked)
    return now, [f"{name}: {one.said}" for name, one in new], over


def test_scopes_that_fail_alike_are_named_together_in_an_order_of_their_own():
    assert failing(b=EVENTS, a=EVENTS) == failing(a=EVENTS, b=EVENTS)
    assert failing(b=EVENTS, a=EVENTS).said == (
        "a, b: GET asana.example/events: 503. What was read before is kept, and it is tried again with each run."
    )


def test_what_passes_is_said_once_wherever_in_a_tool_it_shows_and_once_when_it_is_over():
    known, said, over = after(0, {}, marketing=failing(a=EVENTS, b=EVENTS))
    assert (len(said), over) == (1, [])
    known, said, over = after(5, known, marketing=failing(b=BATCH))
    assert (said, over) == ([], [])
    known, said, over = after(20, known)
    assert (known, said, over) == ({}, [], ["marketing: works again, after 20 minutes"])


def test_what_needs_somebody_is_said_of_each_scope_and_for_each_reason():
    gone, refused = Missing("marketing: 404", status=404), Refused("marketing: 401", status=401)
    known, _, __ = after(0, {}, marketing=failing(a=gone))
    assert after(5, known, marketing=failing(a=gone))[1] == []
    assert len(after(5, known, marketing=failing(a=gone, b=gone))[1]) == 1
    assert len(after(5, known, marketing=failing(a=refused))[1]) == 1


def test_the_end_is_told_in_the_words_of_what_it_was():
    report = troubles.of_report(EVENTS, is_alarm=True)
    wrong = troubles.of_mistake(Mistake(Path("trello.toml"), 3, "status.done", "there is no list."))
    known, said, _ = after(0, {}, report=report, mapping=wrong)
    assert said[1] == "mapping: trello.toml:3: status.done: there is no list."
    known, _, over = after(5, known)
    assert over == ["mapping: is corrected, after 5 minutes"], "the report waits for its turn"
    assert after(300, known, looked=["report"])[2] == ["report: is written again, after 5 hours"]


def test_a_write_that_may_have_happened_is_looked_for():
    unsure = Unknown("marketing: POST asana.example/tasks: 500, so it may or may not have happened.", status=500)
    assert troubles.of_report(unsure, is_alarm=True).said.endswith("happened. " + troubles.LOOKS)


def test_who_must_say_something_is_told_that_and_not_that_it_is_tried_again():
    assert failing(a=Vanished("marketing: 9 items are gone. Say: pull --accept-vanished")).said.endswith("vanished")


def test_what_lasts_is_said_once_and_then_hourly():
    silence, told = None, []
    nothing, down = troubles.NOTHING, "1 connection not read completely"
    for run, summary in enumerate([nothing] * 3 + [down] * 3 + ["1 changed"] + [nothing] * 3):
        now = NOW + dt.timedelta(minutes=30 * run)
        silence, said = troubles.summed_up(silence, summary, now, happened=summary == "1 changed")
        told.append(said)
    assert told[:6] == [nothing, "", f"{nothing} in 2 runs", down, "", f"{down} in 2 runs"]
    assert told[6:] == ["1 changed", "", f"{nothing} in 2 runs", ""]
    assert troubles.summed_up(silence, "1 changed", NOW, happened=True)[1] == "1 changed"


def test_a_job_is_failing_for_its_own_work_only_and_one_pass_that_goes_well_clears_all():
    jobs = tuple(Job(name, "", None) for name in ("sync", "census", "prune"))
    jobs = troubles.of_jobs(jobs, ("sync", "census", "prune"), ("sync", "census"), {"marketing": failing(a=EVENTS)})
    assert [(one.name, one.is_told) for one in jobs if one.last_error] == [("sync", True), ("census", True)]
    assert (jobs[0].last_error or "").startswith("marketing: a: GET asana.example/events: 503. What was read")
    jobs = troubles.of_jobs(jobs, ("prune",), ("prune",), {"": Trouble("the disk is full", "")})
    assert [one.last_error for one in jobs if one.name == "prune"] == ["the disk is full"]
    jobs = troubles.of_jobs(jobs, ("sync",), ("sync",), {})
    assert [one.name for one in jobs if one.last_error] == ["prune"]
    assert not any(one.last_error for one in troubles.of_jobs(jobs, ("prune",), (), {}))


def test_our_own_fault_is_told_once_with_its_traceback():
    fault = Crashed("marketing: syncbot made a mistake while reading it (KeyError).")
    known, new, _ = troubles.news({}, {"marketing": failing(a=fault)}, NOW)
    assert [one.fault for _, one in new] == [fault]
    assert troubles.news(known, {"marketing": failing(a=fault)}, NOW)[1] == []
