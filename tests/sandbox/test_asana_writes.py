"""What writes do to the sandbox's Asana: tasks, their places, rich text, dependencies, talk, and events of it all."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests

from tests.asana_api import Api


@pytest.fixture
def api(sandbox):
    return Api(sandbox)


@pytest.fixture
def wallets(api):
    return api.project("Launch wallets")


@pytest.fixture
def task(api, wallets):
    return api("POST", "/tasks", 201, {"name": "Ours", "projects": [wallets]})["gid"]


def sections(api, project):
    return {one["name"]: one["gid"] for one in api.get(f"/projects/{project}/sections")}


def inside(api, section):
    return [one["name"] for one in api.get(f"/sections/{section}/tasks")]


def test_what_is_written_is_read_back(api, sandbox, wallets):
    state = sandbox.world.asana
    fields = {one.name: one for one in state.fields.values()}
    high = fields["Priority"].options[0].gid
    fay = api.get("/users/fay@payments.example")["gid"]
    given = {
        "name": "  <b>Hostile</b> 💥 \u202e title",
        "notes": "1 < 2\n& more",
        "assignee": "fay@payments.example",
        "due_on": "2026-12-24",
        "start_on": "2026-12-20",
        "memberships": [{"project": wallets, "section": sections(api, wallets)["Doing"]}],
        "tags": [next(iter(state.tags))],
        "followers": ["me"],
        "custom_fields": {fields["Priority"].gid: high, fields["Estimated hours"].gid: 2.55,
                          fields["Delivered by"].gid: "PAY-1"},
    }  # fmt: skip
    made = api("POST", "/tasks", 201, given, opt_fields="html_notes")
    assert made["html_notes"] == "<body>1 &lt; 2\n&amp; more</body>"
    read = api.get(f"/tasks/{made['gid']}")
    assert (read["name"], read["notes"], read["assignee"]["gid"]) == (given["name"], given["notes"], fay)
    assert (read["due_on"], read["start_on"], read["due_at"]) == ("2026-12-24", "2026-12-20", None)
    assert [one["display_value"] for one in read["custom_fields"]] == ["High", "2.5", "PAY-1"]
    assert read["memberships"][0]["section"]["name"] == "Doing"
    assert [one["name"] for one in read["tags"]] == ["launch"]
    api("PUT", f"/tasks/{made['gid']}", data={"due_at": "2026-12-24T23:30:00+01:00", "completed": True})
    read = api.get(f"/tasks/{made['gid']}")
    assert (read["due_at"], read["due_on"], read["completed"]) == ("2026-12-24T22:30:00.000Z", "2026-12-24", True)
    assert read["completed_by"]["name"] == "Sync Bot"
    api("PUT", f"/tasks/{made['gid']}", data={"completed": False, "assignee": None, "due_on": None, "start_on": None})
    read = api.get(f"/tasks/{made['gid']}")
    assert (read["completed_at"], read["assignee"], read["due_on"], read["due_at"]) == (None, None, None, None)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": 5}, "name: "),
        ({"due_on": "soon"}, "due_on: "),
        ({"start_on": "2026-12-20"}, "start_on: "),
        ({"resource_subtype": "epic"}, "resource_subtype: "),
        ({"resource_subtype": "milestone", "start_on": "2026-12-20", "due_on": "2026-12-24"}, "start_on: "),
        ({"assignee": "nobody@payments.example"}, "user: "),
        ({"assignee": "77"}, "user: "),
        ({"custom_fields": {"77": 1}}, "custom_field: "),
        ({"custom_fields": [1]}, "custom_fields: "),
        ({"notes": "x", "html_notes": "<body/>"}, "only specify one"),
        ({"permalink_url": "x"}, "Cannot write"),
    ],
)
def test_a_refused_write_changes_nothing(api, sandbox, task, given, message):
    before, count = api.get(f"/tasks/{task}"), len(sandbox.world.asana.tasks)
    status = 404 if "77" in str(given) else 400
    assert message in api.refused("PUT", f"/tasks/{task}", status, {"completed": True, **given})
    assert message in api.refused("POST", "/tasks", status, {"parent": task, **given})
    assert api.get(f"/tasks/{task}") == before
    assert len(sandbox.world.asana.tasks) == count


def test_custom_fields_take_values_of_their_type_only(api, sandbox, task):
    fields = {one.name: one.gid for one in sandbox.world.asana.fields.values()}
    for name, value in (("Priority", "High"), ("Estimated hours", "2"), ("Estimated hours", True),
                        ("Delivered by", "x" * 1_025), ("Delivered by", 5)):  # fmt: skip
        api.refused("PUT", f"/tasks/{task}", 400, {"custom_fields": {fields[name]: value}})


@pytest.mark.parametrize(
    "text",
    [
        "no body",
        "<body>open",
        "<body><p>x</p></body>",
        "<body>a<br/>b</body>",
        "<body><script>1</script></body>",
        '<body><strong class="x">x</strong></body>',
        '<body><a href="x" onclick="y">x</a></body>',
        "<body><ul>text<li>x</li></ul></body>",
        "<body><li>alone</li></body>",
        "<body><ul><strong>x</strong></ul></body>",
        "<body>&nbsp;</body>",
        "<body>1 & 2</body>",
        "<!DOCTYPE x [<!ENTITY a 'b'>]><body>&a;</body>",
        f"<body>{'x' * 70_000}</body>",
        5,
    ],
)
def test_rich_text_that_is_no_xml_of_the_allowed_tags_is_refused(api, task, text):
    assert api.refused("PUT", f"/tasks/{task}", 400, {"html_notes": text}).startswith("xml_parsing_error")


def test_rich_text_is_kept_and_read_as_plain_text(api, sandbox, task):
    link = f"{sandbox.asana_url}/0/1/{task}"
    text = (
        "<body><h1>Who</h1><ul><li><strong>Fay</strong>: <em>x</em></li><li>y &lt; z</li></ul><hr />"
        f'<a href="https://x.example/?a=1&amp;b=2">Away</a> <a href="{link}">Home</a></body>'
    )
    api("PUT", f"/tasks/{task}", data={"html_notes": text})
    read = api.get(f"/tasks/{task}", opt_fields="notes,html_notes")
    assert read["notes"] == "Who\nFay: x\ny < z\n\nAway Home"
    assert f'data-asana-gid="{task}"' in read["html_notes"]
    api("PUT", f"/tasks/{task}", data={"html_notes": read["html_notes"]})
    assert api.get(f"/tasks/{task}", opt_fields="notes,html_notes") == read
    assert api.refused("POST", f"/tasks/{task}/stories", 400, {"html_text": "<body><h1>x</h1></body>"})


def test_a_task_moves_between_sections_and_projects(api, wallets, task):
    own, risk = sections(api, wallets), api.project("Launch risk")
    first, other = inside(api, own["To do"])[0], sections(api, risk)["Doing"]
    api("POST", f"/sections/{own['Doing']}/addTask", data={"task": task})
    assert "Ours" not in inside(api, own["To do"])
    assert inside(api, own["Doing"])[0] == "Ours"
    before = next(one["gid"] for one in api.get(f"/sections/{own['To do']}/tasks") if one["name"] == first)
    api("POST", f"/tasks/{task}/addProject", data={"project": wallets, "insert_after": before})
    assert inside(api, own["To do"])[:2] == [first, "Ours"]
    api("POST", f"/tasks/{task}/addProject", data={"project": risk, "section": other})
    assert len(api.get(f"/tasks/{task}/projects")) == 2
    api.refused("POST", f"/tasks/{task}/addProject", 400, {"project": wallets, "section": other})
    api.refused("POST", f"/sections/{own['Doing']}/addTask", 400, {"task": task, "insert_before": before})
    api("POST", f"/tasks/{task}/removeProject", data={"project": wallets})
    api("POST", f"/tasks/{task}/removeProject", data={"project": wallets})
    assert [one["gid"] for one in api.get(f"/tasks/{task}/projects")] == [risk]


def test_sections_come_get_names_and_go(api, wallets, task):
    made = api("POST", f"/projects/{wallets}/sections", 201, {"name": "Reports"})["gid"]
    assert list(sections(api, wallets)) == ["To do", "Doing", "Done", "Reports"]
    api("PUT", f"/sections/{made}", data={"name": "Berichte"})
    assert api.get(f"/sections/{made}")["name"] == "Berichte"
    api("POST", f"/sections/{made}/addTask", data={"task": task})
    api.refused("DELETE", f"/sections/{made}", 400)
    api("POST", f"/sections/{sections(api, wallets)['Done']}/addTask", data={"task": task})
    api("DELETE", f"/sections/{made}")
    assert "Berichte" not in sections(api, wallets)


def test_dependencies_have_two_ends_and_no_circles(api, wallets, task):
    other = api("POST", "/tasks", 201, {"name": "Other", "projects": [wallets]})["gid"]
    api("POST", f"/tasks/{task}/addDependencies", data={"dependencies": [other]})
    assert [one["gid"] for one in api.get(f"/tasks/{other}/dependents")] == [task]
    assert api.get(f"/tasks/{task}", opt_fields="dependencies")["dependencies"][0]["gid"] == other
    api.refused("POST", f"/tasks/{other}/addDependencies", 400, {"dependencies": [task]})
    api.refused("POST", f"/tasks/{task}/addDependents", 400, {"dependents": [task]})
    api("POST", f"/tasks/{other}/removeDependents", data={"dependents": [task]})
    api("POST", f"/tasks/{other}/addDependents", data={"dependents": [task]})
    api("POST", f"/tasks/{task}/removeDependencies", data={"dependencies": [other]})
    assert api.get(f"/tasks/{task}/dependencies") == []
    api.refused("POST", f"/tasks/{task}/addDependencies", 400, {"dependencies": other})


def test_a_task_goes_with_all_that_is_under_it(api, task):
    part = api("POST", f"/tasks/{task}/subtasks", 201, {"name": "Part"})["gid"]
    deep = api("POST", "/tasks", 201, {"name": "Deep", "parent": part})["gid"]
    api.refused("POST", f"/tasks/{task}/setParent", 400, {"parent": deep})
    assert api("POST", f"/tasks/{deep}/setParent", data={"parent": None})["parent"] is None
    assert api("POST", f"/tasks/{deep}/setParent", data={"parent": part})["parent"]["gid"] == part
    api("DELETE", f"/tasks/{task}")
    for gid in (task, part, deep):
        api.refused("GET", f"/tasks/{gid}", 404)


def test_tags_followers_and_talk(api, sandbox, task):
    workspace = sandbox.world.asana.workspace
    tag = api("POST", f"/workspaces/{workspace}/tags", 201, {"name": "urgent"})["gid"]
    api("POST", "/tags", 201, {"name": "later", "workspace": workspace, "color": "light-red"})
    api("POST", f"/tasks/{task}/addTag", data={"tag": tag})
    assert [one["name"] for one in api.get(f"/tasks/{task}/tags")] == ["urgent"]
    api("POST", f"/tasks/{task}/removeTag", data={"tag": tag})
    assert api.get(f"/tasks/{task}/tags") == []
    fay = api.get("/users/fay@payments.example")["gid"]
    assert len(api("POST", f"/tasks/{task}/addFollowers", data={"followers": [fay]})["followers"]) == 2
    assert len(api("POST", f"/tasks/{task}/removeFollowers", data={"followers": [fay]})["followers"]) == 1
    story = api("POST", f"/tasks/{task}/stories", 201, {"html_text": "<body><em>Hi</em></body>"})["gid"]
    assert api("PUT", f"/stories/{story}", data={"text": "Bye"})["text"] == "Bye"
    api.refused("POST", f"/tasks/{task}/stories", 400, {})
    api("DELETE", f"/stories/{story}")
    assert story not in {one["gid"] for one in api.get(f"/tasks/{task}/stories")}
    theirs = next(iter(sandbox.world.asana.stories))
    api.refused("PUT", f"/stories/{theirs}", 403, {"text": "Mine now"})
    api.refused("DELETE", f"/stories/{theirs}", 403)


def test_a_project_tells_how_it_goes(api, wallets):
    given = {"parent": wallets, "status_type": "off_track", "title": "Late", "text": "We are late"}
    made = api("POST", "/status_updates", 201, given)
    assert made["resource_subtype"] == "project_status_update"
    assert api.get(f"/projects/{wallets}")["current_status_update"]["title"] == "Late"
    assert api.get("/status_updates", parent=wallets)[0]["gid"] == made["gid"]
    api.refused("POST", "/status_updates", 400, given | {"status_type": "fine"})
    api("DELETE", f"/status_updates/{made['gid']}")
    api.refused("GET", f"/status_updates/{made['gid']}", 404)
    assert api("PUT", f"/projects/{wallets}", data={"archived": True})["archived"]
    api.refused("PUT", f"/projects/{wallets}", 400, {"gid": "5"})


def token(api, resource, **query):
    answer = api("GET", "/events", 412, resource=resource, **query)
    assert answer["errors"][0]["message"].startswith("Sync token invalid or too old.")
    return answer["sync"]


def test_events_tell_what_happened_since_a_token(api, sandbox, wallets, task):
    sync = token(api, wallets)
    part = api("POST", f"/tasks/{task}/subtasks", 201, {"name": "Part"})["gid"]
    api("PUT", f"/tasks/{task}", data={"name": "Ours!", "due_on": "2026-12-24"})
    api("PUT", f"/tasks/{task}", data={"name": "Ours!"})
    api("PUT", f"/tasks/{part}", data={"name": "Part!"})
    api("POST", f"/tasks/{task}/stories", 201, {"text": "Hi"})
    api("POST", f"/tasks/{task}/removeProject", data={"project": wallets})
    answer = api.page("/events", resource=wallets, sync=sync)
    told = [(one["type"], one["action"], one.get("change", {}).get("field")) for one in answer["data"]]
    assert told == [
        ("task", "added", None),
        ("task", "changed", "parent"),
        ("task", "changed", "name"),
        ("task", "changed", "due_on"),
        ("task", "changed", "name"),
        ("story", "added", None),
        ("task", "removed", None),
    ]
    again = api.page("/events", resource=wallets, sync=answer["sync"])
    assert (again["data"], again["has_more"]) == ([], False)
    assert api.page("/events", resource=wallets, sync=sync)["data"] == answer["data"]
    sandbox.world.asana.expire()
    token(api, wallets, sync=answer["sync"])


def test_events_come_a_hundred_at_a_time_and_tokens_last_a_day(api, sandbox, wallets, task):
    sync = token(api, wallets)
    for number in range(130):
        api("PUT", f"/tasks/{task}", data={"name": f"Ours {number}"})
    first = api.page("/events", resource=wallets, sync=sync, opt_fields="resource.name,action")
    assert (len(first["data"]), first["has_more"]) == (100, True)
    assert first["data"][0] == {"action": "changed", "resource": {"gid": task, "name": "Ours 129"}}
    rest = api.page("/events", resource=wallets, sync=first["sync"])
    assert (len(rest["data"]), rest["has_more"]) == (30, False)
    api("DELETE", f"/tasks/{task}")
    gone = api.page("/events", resource=wallets, sync=rest["sync"])["data"]
    assert [(one["action"], one["resource"]["gid"]) for one in gone] == [("deleted", task)]
    sandbox.now += timedelta(hours=25)
    token(api, wallets, sync=rest["sync"])
    token(api, task=1, resource=api.project("Launch risk"), sync=sync)
    api.refused("GET", "/events", 400)


def test_people_see_a_task_as_asana_shows_it(api, sandbox, wallets, task):
    text = '<body><h1>Late</h1><ul><li>5 &lt; 6</li></ul><a href="javascript:x">No</a><code>x</code></body>'
    api("PUT", f"/tasks/{task}", data={"name": "<script>1</script>", "html_notes": text})
    page = requests.get(f"{sandbox.asana_url}/0/{wallets}/{task}", timeout=5).text
    assert "<h1>Late</h1><ul><li>5 &lt; 6</li></ul>No<code>x</code>" in page
    assert "<script>" not in page
    assert sandbox.reports()["asana"] == f"{sandbox.asana_url}/0/{wallets}/{task}"
    board = requests.get(f"{sandbox.asana_url}/0/{wallets}", timeout=5).text
    assert "Write the launch post" in board
    assert "Launch wallets" in requests.get(sandbox.url, timeout=5).text
    for path in ("0/1", f"0/1/{task}", "0/0/1"):
        assert requests.get(f"{sandbox.asana_url}/{path}", timeout=5).status_code == 404


def test_every_task_of_the_company_has_a_page(sandbox):
    state = sandbox.world.asana
    for gid, one in state.tasks.items():
        url = f"{sandbox.asana_url}/0/{next(iter(one.places), 0)}/{gid}"
        assert requests.get(url, timeout=5).status_code == 200
