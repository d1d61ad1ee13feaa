"""Asana's API over the sandbox's projects: with the vendor's own client, and how it reads, pages and refuses."""

from __future__ import annotations

import json
from datetime import timedelta

import asana
import pytest
import requests

from syncbot.sandbox.company import ASANA_TOKEN
from syncbot.sandbox.server import Sandbox
from tests.asana_api import Api
from tests.asana_spec import judge_part


@pytest.fixture
def api(sandbox):
    return Api(sandbox)


@pytest.fixture
def wallets(api):
    return api.project("Launch wallets")


@pytest.fixture
def client(sandbox):
    setting = asana.Configuration()
    setting.host = f"{sandbox.asana_url}/api/1.0"
    setting.access_token = ASANA_TOKEN
    setting.return_page_iterator = False
    made = asana.ApiClient(setting)
    yield made
    made.pool.close()
    made.pool.join()


def test_the_vendors_client_reads_and_writes(client, sandbox):
    me = asana.UsersApi(client).get_user("me", {})["data"]
    workspace = me["workspaces"][0]["gid"]
    projects = asana.ProjectsApi(client).get_projects({"workspace": workspace, "limit": 2})
    assert projects["next_page"]["offset"]
    project = projects["data"][0]["gid"]
    tasks = asana.TasksApi(client)
    body = {"data": {"name": "Report", "projects": [project], "html_notes": "<body><strong>Hi</strong></body>"}}
    made = tasks.create_task(body, {"opt_fields": "html_notes,notes,permalink_url"})["data"]
    assert made["notes"] == "Hi"
    tasks.update_task({"data": {"name": "Report!"}}, made["gid"], {})
    assert tasks.get_task(made["gid"], {})["data"]["name"] == "Report!"
    story = asana.StoriesApi(client).create_story_for_task({"data": {"text": "Look"}}, made["gid"], {})["data"]
    assert story["created_by"]["gid"] == me["gid"]
    said = {"parent": project, "title": "Edition", "status_type": "at_risk", "html_text": "<body>Two</body>"}
    asana.StatusUpdatesApi(client).create_status_for_object({"data": said}, {})
    found = asana.StatusUpdatesApi(client).get_statuses_for_object(project, {"opt_fields": "text,status_type,title"})
    assert found["data"][0]["text"] == "Two"
    tasks.delete_task(made["gid"])
    with pytest.raises(asana.rest.ApiException, match="404"):
        tasks.get_task(made["gid"], {})
    assert len(sandbox.writes()) == 5


def test_the_vendors_client_walks_events(client, api, wallets):
    events = asana.EventsApi(client)
    with pytest.raises(asana.rest.ApiException) as refused:
        events.get_events(wallets, {}, full_payload=True)
    assert refused.value.status == 412
    token = json.loads(refused.value.body)["sync"]
    api("POST", "/tasks", 201, {"name": "New", "projects": [wallets]})
    told = events.get_events(wallets, {"sync": token}, full_payload=True)
    assert [one["action"] for one in told["data"]] == ["added", "added"]
    assert not told["has_more"]


def test_every_answer_says_exactly_what_was_asked_for(api, wallets):
    task = api.get("/tasks", project=wallets, opt_fields="name,assignee.name,projects,parent,nonsense")[0]
    assert task.keys() == {"gid", "name", "assignee", "projects", "parent"}
    assert task["assignee"].keys() == {"gid", "name"}
    assert task["projects"][0].keys() == {"gid", "resource_type"}
    assert api.get("/tasks", project=wallets)[0].keys() == {"gid", "name", "resource_type", "resource_subtype"}
    whole = api.get(f"/tasks/{task['gid']}")
    assert "html_notes" not in whole
    assert whole["assignee"].keys() == {"gid", "name", "resource_type"}
    deep = api.get(f"/tasks/{task['gid']}", opt_fields="memberships.section.name,custom_fields.display_value")
    assert [one.keys() for one in deep["memberships"]] == [{"section"}] * len(deep["memberships"])
    assert deep["custom_fields"][0].keys() == {"gid", "display_value"}


def test_pages_go_on_by_an_offset_that_is_good_for_its_own_query(api, sandbox, wallets):
    whole = [one["gid"] for one in api.get("/tasks", project=wallets)]
    first = api.page("/tasks", project=wallets, limit=2)
    second = api.page("/tasks", project=wallets, limit=100, offset=first["next_page"]["offset"])
    assert [one["gid"] for one in first["data"] + second["data"]] == whole
    assert second["next_page"] is None
    assert "next_page" not in api.page("/tasks", project=wallets)
    token = first["next_page"]["offset"]
    assert "expired" in api.refused("GET", "/tasks", 400, project=wallets, limit=2, offset="mine")
    assert "expired" in api.refused("GET", "/workspaces", 400, limit=2, offset=token)
    sandbox.now += timedelta(hours=2)
    assert "expired" in api.refused("GET", "/tasks", 400, project=wallets, limit=2, offset=token)
    for limit in (0, 101, "many"):
        assert "limit" in api.refused("GET", "/tasks", 400, project=wallets, limit=limit)


def test_a_collection_that_is_too_large_wants_pages():
    with Sandbox(items=60) as sandbox:
        api = Api(sandbox)
        state = sandbox.world.asana
        project = next(iter(state.projects.values()))
        like = next(iter(state.tasks.values()))
        state.sections[project.sections[0]].tasks.extend([like.gid] * 1_001)
        assert "too large" in api.refused("GET", "/tasks", 400, project=project.gid)
        assert len(api.get("/tasks", project=project.gid, limit=100)) == 100


def test_only_what_changed_or_is_not_done(api, sandbox, wallets):
    tasks = {one["name"]: one["gid"] for one in api.get("/tasks", project=wallets)}
    assert set(tasks) - {one["name"] for one in api.get("/tasks", project=wallets, completed_since="now")} == {
        "Collect quotes from the pilot"
    }
    since = sandbox.now.isoformat()
    assert api.get("/tasks", project=wallets, modified_since=since) == []
    api("PUT", f"/tasks/{tasks['Brief the sales team']}", data={"completed": True})
    assert [one["name"] for one in api.get("/tasks", project=wallets, modified_since=since)] == ["Brief the sales team"]
    assert len(api.get(f"/projects/{wallets}/tasks", completed_since=since)) == len(tasks) - 1
    assert "modified_since" in api.refused("GET", "/tasks", 400, project=wallets, modified_since="yesterday")


def test_a_subtasks_change_leaves_its_parent_alone(api, sandbox, wallets):
    film = next(one for one in api.get("/tasks", project=wallets) if one["name"].startswith("Record"))
    part = api.get(f"/tasks/{film['gid']}/subtasks")[0]
    api("PUT", f"/tasks/{part['gid']}", data={"name": "Script, second draft"})
    assert api.get("/tasks", project=wallets, modified_since=sandbox.now.isoformat()) == []
    whole = api.get(f"/tasks/{part['gid']}")
    assert whole["parent"]["gid"] == film["gid"]
    assert whole["memberships"] == []


def test_a_task_in_two_projects_has_a_section_in_each(api, wallets):
    risk = api.project("Launch risk")
    task = next(one for one in api.get("/tasks", project=risk, opt_fields="name,memberships") if "post" in one["name"])
    assert {one["project"]["gid"] for one in task["memberships"]} == {wallets, risk}


def test_who_may_see_what(api, sandbox):
    secret = next(one for one in sandbox.world.asana.projects.values() if one.privacy == "private")
    names = [one["name"] for one in api.get("/projects", workspace=sandbox.world.asana.workspace)]
    assert secret.name not in names
    api.refused("GET", f"/projects/{secret.gid}", 403)
    api.refused("GET", "/tasks", 403, project=secret.gid)
    hidden = next(gid for gid, one in sandbox.world.asana.tasks.items() if secret.gid in one.places)
    api.refused("GET", f"/tasks/{hidden}", 403)
    for token in ("Bearer wrong", "Basic eDp5", ""):
        answer = requests.get(f"{api.base}/users/me", headers={"Authorization": token}, timeout=5)
        assert answer.status_code == 401


def test_refusals_are_worded_as_documented(api):
    assert api.refused("GET", "/tasks/1", 404) == "task: Unknown object: 1"
    assert api.refused("GET", "/tasks/abc", 400) == "task: Not a recognized ID: abc"
    assert "one of" in api.refused("GET", "/tasks", 400)
    assert api.refused("GET", "/nowhere", 404) == "No matching route for request"
    assert api.refused("GET", "/projects", 400) == "workspace: Missing input"
    answer = api.session.post(f"{api.base}/tasks", data="{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert "data" in api.session.post(f"{api.base}/tasks", json={"name": "x"}).json()["errors"][0]["message"]


def test_archived_projects_are_told_from_others(api, sandbox):
    workspace = sandbox.world.asana.workspace
    assert [one["name"] for one in api.get("/projects", workspace=workspace, archived="true")] == [
        "Launch payout calendar"
    ]
    assert "Launch payout calendar" not in str(api.get("/projects", workspace=workspace, archived="false"))
    assert "archived" in api.refused("GET", "/projects", 400, workspace=workspace, archived="maybe")


def test_everything_there_is_can_be_read(api, sandbox, wallets):
    state = sandbox.world.asana
    workspace = state.workspace
    team, tag = next(iter(state.teams)), next(iter(state.tags))
    for path in ("users", "teams", "projects", "custom_fields", "tags"):
        assert api.get(f"/workspaces/{workspace}/{path}")
    for path in (f"/teams/{team}", f"/teams/{team}/users", f"/teams/{team}/projects", f"/workspaces/{workspace}",
                 f"/tags/{tag}", f"/tags/{tag}/tasks", f"/projects/{wallets}", f"/projects/{wallets}/sections",
                 f"/projects/{wallets}/custom_field_settings", f"/custom_fields/{next(iter(state.fields))}",
                 f"/sections/{state.projects[wallets].sections[0]}",
                 f"/sections/{state.projects[wallets].sections[0]}/tasks",
                 f"/goals/{next(iter(state.goals))}", f"/portfolios/{next(iter(state.portfolios))}",
                 f"/portfolios/{next(iter(state.portfolios))}/items",
                 f"/status_updates/{next(iter(state.statuses))}", f"/stories/{next(iter(state.stories))}"):  # fmt: skip
        assert api.get(path), path
    assert api.get("/users", team=team) == api.get(f"/teams/{team}/users")
    assert api.get("/users/fay@payments.example")["name"] == "Fay O'Neill"
    assert api.get("/goals", workspace=workspace)
    assert api.get("/tags", workspace=workspace)
    assert api.get("/status_updates", parent=wallets)
    fay = api.get("/users/fay@payments.example")["gid"]
    assert api.get("/portfolios", workspace=workspace, owner=fay)
    assert api.get("/tasks", workspace=workspace, assignee=fay)
    assert api.get("/tasks", tag=tag)
    task = next(gid for gid, one in state.tasks.items() if one.subtype == "milestone")
    for path in ("stories", "dependencies", "dependents", "projects", "tags", "subtasks"):
        api.get(f"/tasks/{task}/{path}")


def test_a_batch_is_up_to_ten_requests_each_answered_for_itself(api, sandbox, wallets):
    actions = [
        {"method": "get", "relative_path": f"/tasks?project={wallets}&limit=1", "options": {"fields": ["name"]}},
        {"method": "GET", "relative_path": "/users/me"},
        {"method": "post", "relative_path": "/tasks", "data": {"name": "From a batch", "projects": [wallets]}},
        {"method": "get", "relative_path": "/tasks/1"},
        {"method": "get", "relative_path": "/nowhere"},
    ]
    parts = api("POST", "/batch", data={"actions": actions})
    assert [one["status_code"] for one in parts] == [200, 200, 201, 404, 404]
    assert len(sandbox.writes()) == 1
    api("POST", "/batch", data={"actions": actions[:2]})
    assert len(sandbox.writes()) == 1
    assert parts[0]["body"]["data"][0].keys() == {"gid", "name"}
    for action, part in zip(actions, parts, strict=True):
        path = action["relative_path"].replace("/me", "/{}")
        assert judge_part(action["method"], path, part["status_code"], part["body"]) == []
    api.refused("POST", "/batch", 400, {"actions": actions * 3})
    api.refused("POST", "/batch", 400, {"actions": [{"method": "get"}]})
