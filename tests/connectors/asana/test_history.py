"""Stories of tasks as their history: both sides of what changed, whole each time a task did."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.asana.history import _entries
from connectors.asana.wire import Dates, Named, Story
from syncbot.connector import History, Lookback
from syncbot.errors import ToolError
from syncbot.model import Word
from syncbot.sandbox.asana.edits import change, put
from syncbot.sandbox.cruelty.bending import hollow
from syncbot.sandbox.http import Answer, Call
from syncbot.sandbox.server import NOW

FIELDS = frozenset({"assignee", "due_on", "start_on"})


def told(site, project, *tasks, fields=FIELDS, since="2026-01-01") -> list[History]:
    want = Lookback(site.scope(project), tuple(one.gid for one in tasks), since)
    return list(site.connector().history([want], fields))


def call(site) -> Call:
    """A request of Ada's, a minute later."""
    site.sandbox.now += timedelta(minutes=1)
    return Call(site.sandbox.world, "PUT", "", "", {}, {}, {}, {}, {}, site.ada.gid)


def values(*histories: History) -> list[tuple[str, Word | None, Word | None]]:
    return [(one.field, one.old, one.new) for history in histories for one in history.entries]


def test_no_stories_at_all_are_not_believed_where_a_task_itself_has_some(site) -> None:
    launch = site.project("Launch", "To do")
    task = site.task(launch)
    change(call(site), task, {"name": "Renamed"})
    site.sandbox.fault("asana", "/batch", "bent", times=None).after = hollow
    (none,) = told(site, launch, task)
    assert "gave no stories" in str(none.error)
    assert none.whole == ()


def test_moves_dates_ticks_names_and_people_are_told(site) -> None:
    launch, other = site.project("Launch", "To do", "Doing"), site.project("Other", "A", "B")
    task = site.task(launch, other)
    todo, doing = (site.state.sections[gid] for gid in launch.sections)
    for given in (
        {"name": "Renamed"},
        {"due_on": "2026-12-24", "start_on": "2026-12-01"},
        {"due_on": "2026-12-31"},
        {"due_on": None, "start_on": None},
        {"assignee": site.ada.gid},
        {"assignee": site.bot.gid},
        {"assignee": None},
        {"completed": True},
        {"completed": False},
        {"resource_subtype": "milestone"},
    ):
        change(call(site), task, given)
    put(call(site), task, doing)
    put(call(site), task, site.state.sections[other.sections[1]])
    (history,) = told(site, launch, task)
    ada, bot, yes = Word(site.ada.gid, ""), Word(site.bot.gid, ""), Word("yes", "")
    assert values(history) == [
        ("title", Word("", "A task"), Word("", "Renamed")),
        ("due_on", None, Word("", "2026-12-24")),
        ("start_on", None, Word("", "2026-12-01")),
        ("due_on", Word("", "2026-12-24"), Word("", "2026-12-31")),
        ("due_on", Word("", "2026-12-31"), None),
        ("start_on", Word("", "2026-12-01"), None),
        ("assignee", None, ada),
        ("assignee", ada, bot),
        ("assignee", bot, None),
        ("complete", None, yes),
        ("complete", yes, None),
        ("type", Word("default_task", "Task"), Word("milestone", "Milestone")),
        ("section", Word(todo.gid, "To do"), Word(doing.gid, "Doing")),
    ], "where a task is in another project is not what it is here"
    assert {(one.item, one.account) for one in history.entries} == {(task.gid, site.ada.gid)}
    assert history.whole == (task.gid,)
    assert told(site, launch, task) == [history], "the same each time"


def test_custom_fields_are_told_of_every_type_and_only_those_that_are_wanted(site) -> None:
    launch = site.project()
    kinds = {"number": (3, 5), "text": ("XL", None), "date": ({"date": "2026-12-24"}, None)}
    fields = {kind: site.field(launch, kind, kind) for kind in (*kinds, "people")}
    stage = site.field(launch, "Stage", "enum", "Early", "Late")
    areas = site.field(launch, "Areas", "multi_enum", "Web", "App")
    early, late, web, app = (one.gid for one in (*stage.options, *areas.options))
    task = site.task(launch)
    rounds = [{stage.gid: early, areas.gid: [web, app], fields["people"].gid: [site.ada.gid]}, {stage.gid: late}]
    for number, given in enumerate(rounds):
        given |= {fields[kind].gid: both[number] for kind, both in kinds.items()}
        change(call(site), task, {"custom_fields": given})
    names = {one.gid: one.name for one in (*fields.values(), stage, areas)}
    (history,) = told(site, launch, task, fields=frozenset(names))
    assert {(names[field], old and old.name, new and new.name) for field, old, new in values(history)} == {
        ("Stage", None, "Early"),
        ("Stage", "Early", "Late"),
        ("Areas", None, "Web, App"),
        ("people", None, site.ada.gid),
        ("number", None, "3"),
        ("number", "3", "5"),
        ("text", None, "XL"),
        ("text", "XL", None),
        ("date", None, "2026-12-24"),
        ("date", "2026-12-24", None),
    }
    (history,) = told(site, launch, task, fields=frozenset({stage.gid}))
    assert {names[one.field] for one in history.entries} == {"Stage"}


def test_ten_tasks_are_one_request_and_more_stories_than_a_page_are_read_on(site) -> None:
    launch = site.project()
    tasks = [site.task(launch) for _ in range(12)]
    for number in range(105):
        change(call(site), tasks[0], {"name": f"Name {number}"})
    connector = site.connector()
    site.sandbox.requests.clear()
    want = Lookback(site.scope(launch), tuple(one.gid for one in tasks), "2026-01-01")
    (history,) = connector.history([want], FIELDS)
    assert len(history.entries) == 105
    assert len({one.remote_id for one in history.entries}) == 105
    assert [line for line in site.lines() if line != "POST /batch"] == ["GET /tasks/{gid}/stories"] * 2
    assert site.lines().count("POST /batch") == 2


def test_only_what_is_young_enough_is_told_and_a_task_that_is_gone_has_no_history(site) -> None:
    launch = site.project()
    task, gone = site.task(launch), site.task(launch)
    change(call(site), task, {"name": "Once"})
    site.sandbox.now += timedelta(days=10)
    change(call(site), task, {"name": "Again"})
    del site.state.tasks[gone.gid]
    (history,) = told(site, launch, task, gone, since=f"{NOW + timedelta(days=5):%Y-%m-%d}")
    assert [new.name for _, _, new in values(history) if new] == ["Again"]
    assert history.whole == (task.gid, gone.gid)


def test_a_task_whose_stories_fail_keeps_no_other_from_being_told(site) -> None:
    launch = site.project()
    task, odd = site.task(launch), site.task(launch)
    change(call(site), task, {"name": "Renamed"})

    def refuse(_: Call, answer: Answer) -> Answer:
        answer.body["data"][1] = {"status_code": 403, "headers": {}, "body": {"errors": [{"message": "Not you"}]}}
        return answer

    site.sandbox.fault("asana", "/batch", "bent").after = refuse
    history, failed = told(site, launch, task, odd)
    assert (len(history.entries), history.whole, history.hidden) == (1, (task.gid,), (odd.gid,))
    assert isinstance(failed.error, ToolError)
    site.sandbox.fault("asana", "/batch", status=400, times=None)
    (failed,) = told(site, launch, task, odd)
    assert isinstance(failed.error, ToolError)


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ({"resource_subtype": "assigned", "assignee": Named("7", "Ada")}, [("assignee", None, Word("7", "Ada"))]),
        ({"old_dates": Dates(), "new_dates": Dates(due_at="2026-12-24T10:00:00.000Z")}, ["2026-12-24T10:00:00.000Z"]),
        (
            {"old_section": Named("1", "A"), "new_section": Named("2", "B")},
            [("section", Word("1", "A"), Word("2", "B"))],
        ),
        ({"old_approval_status": "pending", "new_approval_status": "approved"}, ["Approved"]),
        ({"custom_field": Named("due_on"), "old_number_value": 0.0, "new_number_value": 2.5}, ["2.5"]),
        ({"custom_field": Named("due_on")}, []),
        ({"resource_subtype": "comment_added"}, []),
    ],
)
def test_what_only_asana_itself_would_tell(story, expected) -> None:
    said = _entries("1", [Story("9", created_at="2026-11-23T08:00:00.000Z", **story)], "77", FIELDS)
    found = [(one.field, one.old, one.new) for one in said]
    assert [
        one if isinstance(wanted, tuple) else one[2].name for one, wanted in zip(found, expected, strict=True)
    ] == expected
