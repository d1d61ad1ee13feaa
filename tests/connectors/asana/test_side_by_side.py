"""Many projects at their first read: ten a request, each of them as whole and as independent as if read by itself."""

from __future__ import annotations

import json
from itertools import groupby

import pytest

from syncbot.connector import Want


def gids(pages):
    assert [page.error for page in pages if page.error] == []
    return {record.remote_id for page in pages for record in page.records}


def test_ten_projects_are_read_in_one_request_a_page(site):
    projects = [site.project(f"P{n}") for n in range(10)]
    tasks = [site.task(project, name=f"T{n}") for project in projects for n in range(120)]
    parent = site.task(projects[3], name="Parent")
    tasks += [parent, site.below(parent, "Child")]
    pages = site.pull(*projects)
    assert gids(pages) == {task.gid for task in tasks}
    assert sorted(page.scope for page in pages if page.last) == sorted(one.gid for one in projects)
    assert all(page.full and bool(page.cursor) == page.last for page in pages)
    assert site.lines() == ["POST /batch"] * 4  # tokens, two pages, subtasks


def test_what_changes_during_such_a_read_is_seen_by_the_next_one(site):
    projects = [site.project(f"P{n}") for n in range(2)]
    tasks = [site.task(project, name=f"T{n}") for project in projects for n in range(150)]
    stream = site.connector().pull([Want(site.scope(one)) for one in projects], frozenset())
    pages = [next(stream)]
    for task in (tasks[0], tasks[-1]):
        site.edit(task, name="changed meanwhile")
    pages += list(stream)
    again = site.pull(*(site.again(project, pages) for project in projects))
    assert gids(again) == {tasks[0].gid, tasks[-1].gid}


def test_a_project_that_may_not_be_read_costs_the_others_nothing(site):
    projects = [site.project(f"P{n}") for n in range(4)]
    tasks = [site.task(project) for project in projects]
    del site.state.projects[projects[1].gid]
    pages = site.pull(*projects)
    assert [page.scope for page in pages if page.error] == [projects[1].gid]
    assert gids([page for page in pages if not page.error]) == {task.gid for task in tasks} - {tasks[1].gid}


def test_a_project_without_tasks_is_asked_for_by_itself_before_it_is_believed(site):
    full, empty = site.project("Full"), site.project("Empty")
    task = site.task(full)
    pages = site.pull(full, empty)
    assert gids(pages) == {task.gid}
    assert sorted(page.scope for page in pages if page.last) == sorted([full.gid, empty.gid])
    assert site.lines()[2:] == ["GET /projects/{gid}/tasks", "GET /tasks"]


def test_projects_that_are_empty_are_not_kept_from_being_read_by_those_that_always_fail(site):
    projects = [site.project(f"P{n}") for n in range(5)]
    for project in projects[:2]:
        site.task(project)
        site.sandbox.fault("asana", f"GET .*/projects/{project.gid}/tasks", status=500, times=None)
    broken = {"status_code": 500, "headers": {}, "body": {"errors": [{"message": "too big"}]}}

    def refuse(_, answer):
        answer.body["data"][:2] = [broken, broken]
        return answer

    connector = site.connector(patience=0)
    stream = connector.pull([Want(site.scope(one)) for one in projects], frozenset())
    fault = site.sandbox.fault("asana", "POST .*/batch", "bent", after=1, times=1)
    fault.after = refuse
    pages = list(stream)
    assert {page.scope for page in pages if page.error} == {one.gid for one in projects[:2]}
    assert {page.scope for page in pages if page.last} == {one.gid for one in projects[2:]}


def test_where_batches_fail_those_that_always_fail_keep_no_other_one_from_being_read(site):
    projects = [site.project(f"P{n}") for n in range(6)]
    tasks = [site.task(project) for project in projects]
    site.sandbox.fault("asana", "POST .*/batch", status=500, times=None)
    for project in projects[:3]:
        site.sandbox.fault("asana", f"GET .*/projects/{project.gid}/tasks", status=500, times=None)
    pages = list(site.connector(patience=0).pull([Want(site.scope(one)) for one in projects], frozenset()))
    assert [page.scope for page in pages if page.error] == [one.gid for one in projects[:3]]
    assert gids([page for page in pages if not page.error]) == {task.gid for task in tasks[3:]}


def test_a_task_in_two_projects_is_the_same_through_whichever_it_is_read(site):
    one, two = site.project("One"), site.project("Two")
    site.task(one, two)
    wants = [Want(site.scope(project), homes=(one.gid, two.gid)) for project in (one, two)]
    sealed = [found for page in site.connector().pull(wants, frozenset()) for found in page.found]
    assert len(sealed) == 2
    assert len({(found.remote_id, found.way.key) for found in sealed}) == 1


def test_empty_pages_of_a_batch_are_not_believed(site):
    projects = [site.project(f"P{n}") for n in range(2)]
    tasks = [site.task(project) for project in projects]
    nothing = {"status_code": 200, "headers": {}, "body": {"data": [], "next_page": None}}
    connector = site.connector()
    stream = connector.pull([Want(site.scope(one)) for one in projects], frozenset())
    site.sandbox.fault("asana", "POST .*/batch", after=1, status=200, body=json.dumps({"data": [nothing] * 2}))
    assert gids(list(stream)) == {task.gid for task in tasks}


def test_where_batches_are_refused_each_project_is_read_by_itself(site):
    projects = [site.project(f"P{n}") for n in range(3)]
    tasks = [site.task(project) for project in projects]
    site.sandbox.fault("asana", "POST .*/batch", status=400, times=2)
    assert gids(site.pull(*projects)) == {task.gid for task in tasks}


@pytest.mark.parametrize(
    ("after", "asked", "alone"),
    [
        (0, ["POST /batch", "GET /events", "GET /users/{gid}"], 1),
        (1, ["POST /batch", "GET /projects/{gid}/tasks", "GET /users/{gid}"], 2),
    ],
)
def test_where_nothing_is_answered_few_projects_are_tried_by_themselves(site, after, asked, alone):
    projects = [site.project(f"P{n}") for n in range(10)]
    for project in projects:
        site.task(project)
    connector = site.connector()
    connector._api._transport._sleep = lambda _: None
    site.sandbox.fault("asana", ".", after=after, times=None)
    pages = list(connector.pull([Want(site.scope(one)) for one in projects], frozenset()))
    assert sorted(page.scope for page in pages if page.error) == sorted(one.gid for one in projects)
    assert [line for line, _ in groupby(site.lines())] == asked
    assert len(site.lines()) == after + 4 * (1 + alone + 1)


def test_projects_that_are_refused_keep_no_other_one_from_being_read(site):
    projects = [site.project(f"P{n}") for n in range(5)]
    task = site.task(projects[4])
    gone = [one.gid for one in projects[:3]]
    for gid in gone:
        del site.state.projects[gid]
    pages = site.pull(*projects)
    assert {page.scope: page.scope in str(page.error) for page in pages if page.error} == dict.fromkeys(gone, True)
    assert gids([page for page in pages if not page.error]) == {task.gid}
    assert sorted(page.scope for page in pages if page.last) == sorted(one.gid for one in projects[3:])


def test_pages_that_are_refused_keep_no_other_project_from_being_read(site):
    projects = [site.project(f"P{n}") for n in range(5)]
    tasks = [site.task(project) for project in projects]
    site.sandbox.fault("asana", "POST .*/batch", after=1, status=400)
    site.sandbox.fault("asana", "/projects/", status=403, times=3)
    pages = site.pull(*projects)
    assert [page.scope for page in pages if page.error] == [one.gid for one in projects[:3]]
    assert gids([page for page in pages if not page.error]) == {task.gid for task in tasks[3:]}
