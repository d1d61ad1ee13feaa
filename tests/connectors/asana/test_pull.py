"""Reading projects: everything at first, then what events name; nothing is lost, doubled or taken for gone."""

from __future__ import annotations

import json

import pytest

from syncbot.connector import Want
from syncbot.errors import Broken, ToolError
from syncbot.model import CHOICE
from syncbot.sandbox.server import NOW

ALL = frozenset({"assignee", "due_on", "start_on", "name"})


def records(pages):
    assert [page.error for page in pages if page.error] == []
    return {record.remote_id: record for page in pages for record in page.records}


def titles(pages):
    return sorted(record.title for record in records(pages).values())


def test_a_first_read_is_whole_and_ends_with_a_cursor(site):
    project = site.project()
    tasks = [site.task(project, name=f"T{n}") for n in range(550)]
    pages = site.pull(project)
    assert records(pages).keys() == {task.gid for task in tasks}
    assert [(page.last, page.cursor is not None, page.full) for page in pages] == [
        (False, False, True),
        (True, True, True),
    ]
    assert site.lines() == ["GET /events", *["GET /projects/{gid}/tasks"] * 6]


def test_only_what_mappings_want_is_asked_for(site):
    project = site.project()
    site.task(project, assignee=site.ada.gid, due_on="2026-12-01")
    (plain,) = records(site.pull(project)).values()
    assert plain.fields == {}
    asked = site.sandbox.requests[-1].url
    assert "assignee" not in asked
    assert "html_notes" not in asked
    assert "limit=100" in asked
    (wanted,) = records(site.pull(project, fields=ALL)).values()
    assert wanted.fields == {"assignee": site.ada.gid, "due_on": "2026-12-01", "name": "A task"}


def test_custom_fields_come_by_id_in_their_own_types(site):
    project = site.project()
    field = {
        kind: site.field(project, kind, kind, "High", "Low")
        for kind in ("text", "number", "enum", "multi_enum", "people")
    }
    high, low = field["enum"].options[0], field["multi_enum"].options[1]
    site.task(
        project,
        values={
            field["text"].gid: "words",
            field["number"].gid: 2.5,
            field["enum"].gid: high.gid,
            field["multi_enum"].gid: [low.gid],
            field["people"].gid: [site.ada.gid],
        },
    )
    (record,) = records(site.pull(project, fields=frozenset(one.gid for one in field.values()))).values()
    assert {kind: record.fields[one.gid] for kind, one in field.items()} == {
        "text": "words",
        "number": 2.5,
        "enum": "High",
        "multi_enum": ("Low",),
        "people": (site.ada.gid,),
    }
    chosen = frozenset(one.gid + CHOICE for one in field.values())
    (record,) = records(site.pull(project, fields=chosen)).values()
    assert record.fields == {field["enum"].gid + CHOICE: high.gid, field["multi_enum"].gid + CHOICE: (low.gid,)}


def test_a_cycle_without_change_is_one_event_request_a_project(site):
    projects = [site.project(f"P{n}") for n in range(3)]
    for project in projects:
        site.task(project)
    pages = site.pull(*projects)
    site.sandbox.clear()
    again = site.pull(*(site.again(project, pages) for project in projects))
    assert records(again) == {}
    assert all(page.last and not page.full for page in again)
    assert site.lines() == ["GET /events"] * 3


def test_changed_tasks_are_read_again_ten_a_request(site):
    project = site.project()
    tasks = [site.task(project, name=f"T{n}") for n in range(30)]
    pages = site.pull(project)
    for task in tasks[:12]:
        site.edit(task, name=f"new {task.name}")
    site.sandbox.clear()
    again = site.pull(site.again(project, pages))
    assert titles(again) == sorted(f"new T{n}" for n in range(12))
    assert site.lines() == ["GET /events", "POST /batch", "POST /batch"]


def test_more_than_a_hundred_events_are_followed_to_their_end(site):
    project = site.project()
    tasks = [site.task(project, name=f"T{n}") for n in range(150)]
    pages = site.pull(project)
    for task in tasks:
        site.edit(task, name="new")
    again = site.pull(site.again(project, pages))
    assert len(records(again)) == 150
    site.sandbox.clear()
    assert records(site.pull(site.again(project, again))) == {}
    assert site.lines() == ["GET /events"]


def test_an_expired_token_means_a_full_read(site):
    project = site.project()
    site.task(project)
    pages = site.pull(project)
    site.state.expire()
    again = site.pull(site.again(project, pages))
    assert titles(again) == ["A task"]
    assert again[-1].full
    site.sandbox.clear()
    site.pull(site.again(project, again))
    assert site.lines() == ["GET /events"]


def test_an_expired_offset_starts_the_walk_again(site):
    project = site.project()
    for n in range(250):
        site.task(project, name=f"T{n}")
    said = '{"errors":[{"message":"offset: Your pagination token has expired."}]}'
    site.sandbox.fault("asana", r"/tasks\?.*offset=", after=1, status=400, body=said)
    pages = site.pull(project)
    assert [len(page.records) for page in pages] == [200, 250]
    assert len(records(pages)) == 250
    assert pages[-1].last


def test_what_came_before_a_failure_is_kept(site):
    project = site.project()
    for n in range(250):
        site.task(project, name=f"T{n}")
    site.sandbox.fault("asana", r"/tasks\?.*offset=", after=1, status=403)
    pages = site.pull(project)
    assert [(len(page.records), page.last, page.error is None) for page in pages] == [
        (200, False, True),
        (0, False, False),
    ]


def test_a_page_that_was_promised_and_is_empty_is_asked_for_twice(site):
    project = site.project()
    made = {site.task(project, name=f"T{n}").gid for n in range(250)}
    body = json.dumps({"data": [], "next_page": None})
    site.sandbox.fault("asana", r"/tasks\?.*offset=", status=200, body=body)
    assert {record.remote_id for record in records(site.pull(project)).values()} == made


@pytest.mark.parametrize("said", [{}, {"next_page": 7}, {"next_page": {}}])
def test_a_page_that_does_not_tell_whether_there_is_more_ends_no_read(site, said):
    project = site.project()
    for n in range(150):
        site.task(project, name=f"T{n}")
    for offset in ("", "offset="):
        body = json.dumps({"data": [{"gid": "1"}] if offset else [], **said})
        site.sandbox.fault("asana", rf"/projects/\d+/tasks\?.*{offset}", status=200, body=body)
        page = site.pull(project)[-1]
        assert isinstance(page.error, Broken)
        assert not page.last
        site.sandbox.fault("asana", rf"/projects/\d+/tasks\?.*{offset}", status=200, body=body)
        with pytest.raises(Broken):
            site.connector().census(Want(site.scope(project)))


def test_a_repeated_offset_is_an_error_and_no_endless_walk(site):
    project = site.project()
    body = {"data": [], "next_page": {"offset": "same", "path": "/x", "uri": "https://x.example/x"}}
    site.sandbox.fault("asana", r"/projects/\d+/tasks", status=200, body=json.dumps(body), times=9)
    (page,) = [page for page in site.pull(project) if page.error]
    assert isinstance(page.error, Broken)


def test_subtasks_are_read_with_the_place_of_their_parents_and_no_section(site):
    one, two = site.project("One"), site.project("Two")
    parent = site.task(one, two, name="Parent", section=1)
    child = site.below(parent, "Child")
    grandchild = site.below(child, "Grandchild")
    found = records(site.pull(two, one))
    assert [place.scope for place in found[parent.gid].places] == [two.gid, one.gid]
    for gid, above in ((child.gid, parent.gid), (grandchild.gid, child.gid)):
        assert [(place.scope, place.section) for place in found[gid].places] == [(two.gid, None), (one.gid, None)]
        assert [ref.target for ref in found[gid].references if ref.parent] == [above]


def test_a_task_is_at_home_where_it_was_though_only_another_of_its_projects_is_read(site):
    one, two = site.project("One"), site.project("Two")
    task = site.task(one, two)
    homes = (two.gid, one.gid)
    whole = records(site.pull(*(Want(site.scope(project), homes=homes) for project in (two, one))))
    assert records(site.pull(Want(site.scope(one), homes=homes))) == whole
    assert whole[task.gid].places[0].scope == two.gid


def test_a_task_in_several_projects_is_one_record_at_home_in_the_first_of_the_config(site):
    one, two, unread = site.project("One"), site.project("Two"), site.project("Unread")
    task = site.task(one, two, unread)
    for order in ((one, two), (two, one)):
        pages = site.pull(*order)
        seen = [record.places for page in pages for record in page.records]
        assert len(seen) == 2
        assert seen[0] == seen[1]
        assert [place.scope for place in records(pages)[task.gid].places] == [*(one.gid for one in order), unread.gid]


def test_what_is_deleted_or_has_left_is_not_sent_and_nothing_else_is_lost(site):
    one, two = site.project("One"), site.project("Two")
    gone, moved, left, stays = (site.task(one, name=name) for name in ("gone", "moved", "left", "stays"))
    pages = site.pull(one, two)
    state = site.state
    state.tasks.pop(gone.gid)
    state.sections[one.sections[0]].tasks.remove(gone.gid)
    state.tell(NOW, site.ada.gid, ("task", gone.gid), "deleted", one.gid)
    for task in (moved, left):
        state.unplace(task, one.gid)
        state.tell(NOW, site.ada.gid, ("task", task.gid), "removed", parent=("project", one.gid))
    state.place(moved, state.sections[two.sections[0]])
    state.tell(NOW, site.ada.gid, ("task", moved.gid), "added", parent=("project", two.gid))
    site.edit(stays, name="still here")
    again = site.pull(site.again(one, pages), site.again(two, pages))
    assert titles(again) == ["moved", "still here"]
    assert [place.scope for place in records(again)[moved.gid].places] == [two.gid]
    connector = site.connector()
    assert connector.census(Want(site.scope(one))) == {stays.gid}
    assert connector.census(Want(site.scope(two))) == {moved.gid}


def test_a_moved_task_takes_its_subtasks_along(site):
    one, two = site.project("One"), site.project("Two")
    parent = site.task(one, name="Parent")
    child = site.below(parent, "Child")
    pages = site.pull(one, two)
    site.state.unplace(parent, one.gid)
    site.state.place(parent, site.state.sections[two.sections[0]])
    site.state.tell(NOW, site.ada.gid, ("task", parent.gid), "removed", parent=("project", one.gid))
    site.state.tell(NOW, site.ada.gid, ("task", parent.gid), "added", parent=("project", two.gid))
    found = records(site.pull(site.again(one, pages), site.again(two, pages)))
    assert {gid: record.places[0].scope for gid, record in found.items()} == {parent.gid: two.gid, child.gid: two.gid}


def test_a_changed_subtask_is_told_by_its_project(site):
    project = site.project()
    child = site.below(site.task(project), "Child")
    pages = site.pull(project)
    site.edit(child, name="Changed")
    assert titles(site.pull(site.again(project, pages))) == ["Changed"]


def test_a_renamed_section_is_read_anew_since_no_task_tells_of_it(site):
    project = site.project("Launch", "Drafts")
    site.task(project)
    pages = site.pull(project)
    section = site.state.sections[project.sections[0]]
    section.name = "Drafting"
    site.state.tell(NOW, site.ada.gid, ("section", section.gid), "changed", project.gid, change="name")
    (record,) = records(site.pull(site.again(project, pages))).values()
    assert record.places[0].section.name == "Drafting"


def test_what_changes_during_a_read_is_seen_by_the_next(site):
    project = site.project()
    tasks = [site.task(project, name=f"T{n}") for n in range(550)]
    stream = site.connector().pull([Want(site.scope(project))], frozenset())
    pages = [next(stream)]
    site.edit(tasks[0], name="changed meanwhile")
    pages += list(stream)
    assert titles(site.pull(site.again(project, pages))) == ["changed meanwhile"]


def test_another_wish_than_before_means_a_full_read(site):
    project = site.project()
    site.task(project, assignee=site.ada.gid)
    want = site.again(project, site.pull(project))
    again = site.pull(want, fields=ALL)
    assert again[-1].full
    assert records(again)


def test_one_project_that_fails_leaves_the_others_alone(site):
    good, bad = site.project("Good"), site.project("Bad")
    site.task(good)
    site.sandbox.fault("asana", rf"/projects/{bad.gid}/tasks", status=403, times=9)
    pages = site.pull(good, bad)
    assert [page.scope for page in pages if page.error] == [bad.gid]
    assert [page.scope for page in pages if page.last] == [good.gid]


def test_a_project_cannot_be_filtered_by_where_and_since_leaves_out_the_old(site):
    project = site.project()
    site.task(project)
    (page,) = site.pull(Want(site.scope(project), where="x = y"))
    assert isinstance(page.error, ToolError)
    want = Want(site.scope(project), since="2027-01-01")
    assert records(site.pull(want)) == {}
    assert site.connector().census(want) == frozenset()


def test_dependencies_addresses_and_tags(site):
    project = site.project()
    field = site.field(project, "Delivered by", "text")
    first = site.task(project, name="First")
    notes = "Because of this:\nhttps://jira.example/browse/PAY-1\nsee also https://x.example/y in passing"
    site.task(
        project,
        name="Second",
        dependencies=[first.gid],
        values={field.gid: "https://trello.com/c/AbCd1234"},
        html_notes=f"<body>{notes}</body>",
    )
    (second,) = [one for one in records(site.pull(project)).values() if one.title == "Second"]
    assert [(ref.target, ref.form, ref.word.name) for ref in second.references] == [
        (first.gid, "id", "Dependency"),
        ("https://trello.com/c/AbCd1234", "url", "Delivered by"),
        ("https://jira.example/browse/PAY-1", "url", "description"),
    ]
    assert second.has_reason
    assert second.description_words == 9


@pytest.mark.parametrize("kind", ["default_task", "milestone", "approval"])
def test_types_and_completion(site, kind):
    project = site.project()
    site.task(project, subtype=kind, completed=NOW)
    (record,) = records(site.pull(project)).values()
    assert record.type.id == kind
    assert record.complete
    assert record.status_since == "2026-11-23T08:00:00.000Z"
