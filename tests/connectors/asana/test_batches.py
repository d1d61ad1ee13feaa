"""What one route of a batch may cost: itself, and a little time where it fails for a moment."""

from __future__ import annotations

from itertools import count

import pytest

from syncbot.connector import Want
from syncbot.errors import Unreachable
from syncbot.sandbox.http import Answer, Call
from syncbot.transport.several import MOST_UNREAD


def patient(site, pauses=None):
    """A connector that waits without taking time."""
    connector = site.connector()
    connector._api._transport._sleep = (pauses if pauses is not None else []).append
    return connector


def poison(site, *paths, times=None, status=500, **headers):
    """From now on what a batch asks at these paths fails, each so many times (None: always)."""
    asked = {path: count() for path in paths}

    def fail(call: Call, answer: Answer) -> Answer:
        for action, part in zip(call.body["data"]["actions"], answer.body["data"], strict=True):
            path = action["relative_path"]
            if path in asked and (times is None or next(asked[path]) < times):
                body = {"errors": [{"message": "Server Error"}]}
                part.update(status_code=status, headers=headers, body=body)
        return answer

    site.sandbox.fault("asana", "POST .*/batch", "bent", times=None).after = fail


def changed(site, number=2):
    """A project that was read, whose tasks then changed; the tasks and what to ask next."""
    project = site.project()
    tasks = [site.task(project, name=f"T{n}") for n in range(number)]
    want = site.again(project, site.pull(project))
    for task in tasks:
        site.edit(task, name=f"new {task.name}")
    site.sandbox.clear()
    return tasks, want


def test_a_task_that_asana_cannot_give_costs_only_itself(site):
    (odd, fine), want = changed(site)
    poison(site, f"/tasks/{odd.gid}")
    (page,) = patient(site).pull([want], frozenset())
    assert [record.title for record in page.records] == [fine.name]
    assert page.unread == {odd.gid: f"plans: GET /tasks/{odd.gid}: 500 Server Error"}
    assert page.last
    assert page.cursor != want.cursor
    again = patient(site).again([want], {want.scope.remote_id: [odd.gid, fine.gid]}, frozenset())
    assert ([record.remote_id for record in again.records], again.unread.keys()) == ([fine.gid], {odd.gid})


def test_a_task_that_asana_cannot_give_is_not_taken_for_gone_and_keeps_no_other_from_being(site):
    (odd, gone), want = changed(site)
    del site.state.tasks[gone.gid]
    poison(site, f"/tasks/{odd.gid}")
    assert patient(site).fates(want, [odd.gid, gone.gid]) == {odd.gid: "here", gone.gid: "deleted"}


def test_where_many_cannot_be_given_it_is_not_they_that_are_odd(site):
    tasks, want = changed(site, MOST_UNREAD + 1)
    poison(site, *(f"/tasks/{task.gid}" for task in tasks))
    (page,) = patient(site).pull([want], frozenset())
    assert isinstance(page.error, Unreachable)


@pytest.mark.parametrize("status", [429, 500, 503, 504])
def test_what_fails_for_a_moment_is_asked_for_again_all_of_it_together(site, status):
    tasks, want = changed(site, 12)
    poison(site, *(f"/tasks/{task.gid}" for task in tasks[8:]), times=2, status=status)
    pauses = []
    (page,) = patient(site, pauses).pull([want], frozenset())
    assert len(page.records) == 12
    assert site.lines() == ["GET /events", *["POST /batch"] * 4]
    assert [round(pause) for pause in pauses] == pytest.approx([2, 4], abs=2)


def test_it_is_waited_as_long_as_the_part_asks(site):
    (_, busy), want = changed(site)
    poison(site, f"/tasks/{busy.gid}", times=1, status=429, **{"retry-after": 40})
    pauses = []
    (page,) = patient(site, pauses).pull([want], frozenset())
    assert (len(page.records), pauses) == (2, [40.0])


def test_without_patience_nothing_is_asked_for_again(site):
    (_, busy), want = changed(site)
    poison(site, f"/tasks/{busy.gid}", times=1, status=429)
    (page,) = site.connector(patience=0).pull([want], frozenset())
    assert page.error.status == 429


def test_one_failure_among_the_subtasks_does_not_end_a_whole_read(site):
    project = site.project()
    parents = [site.task(project) for _ in range(3)]
    below = [site.below(parent) for parent in parents]
    poison(site, f"/tasks/{parents[1].gid}/subtasks", times=1, status=503)
    pages = patient(site).pull([Want(site.scope(project))], frozenset())
    assert {record.remote_id for page in pages for record in page.records} == {one.gid for one in [*parents, *below]}
