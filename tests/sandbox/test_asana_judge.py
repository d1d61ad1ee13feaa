"""The judge of Asana's answers: an answer with one fault in it is not let through."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
import requests

from syncbot.sandbox.company import ASANA_TOKEN
from syncbot.sandbox.server import Sandbox
from tests.asana_spec import judge
from tests.shared import shared

TASK = "/api/1.0/tasks/{gid}"
TASKS = "/api/1.0/tasks"
EVENTS = "/api/1.0/events"


@pytest.fixture(scope="module")
def answers() -> dict[tuple[str, int], Any]:
    """One answer of each kind that is spoilt below."""
    shared("specs")
    with Sandbox() as sandbox:
        state = sandbox.world.asana
        project = next(iter(state.projects))
        header = {"Authorization": f"Bearer {ASANA_TOKEN}"}
        asked = {
            (TASK, 200): f"tasks/{state.sections[state.projects[project].sections[0]].tasks[0]}",
            (TASKS, 200): f"tasks?project={project}&limit=1&opt_fields=name,assignee,memberships.section.name",
            (TASKS, 400): "tasks",
            (EVENTS, 412): f"events?resource={project}",
        }
        return {
            key: requests.get(f"{sandbox.asana_url}/api/1.0/{path}", headers=header, timeout=5).json()
            for key, path in asked.items()
        }


def test_what_the_sandbox_says_is_let_through(answers):
    for (path, status), body in answers.items():
        by, wrong = judge("GET", path, status, json.dumps(body).encode())
        assert (by, wrong) in [("strict schema", []), ("ErrorResponse", [])]


@pytest.mark.parametrize(
    ("path", "status", "place", "value"),
    [
        (TASK, 200, "data/unknown", 1),
        (TASK, 200, "data/gid", 5),
        (TASK, 200, "data/completed", None),
        (TASK, 200, "data/due_on", "tomorrow"),
        (TASK, 200, "data/modified_at", "now"),
        (TASK, 200, "data/assignee", {"name": "no gid"}),
        (TASK, 200, "data/assignee/handle", "x"),
        (TASK, 200, "data/resource_subtype", "epic"),
        (TASK, 200, "data/memberships/0/section/position", 1),
        (TASK, 200, "data/custom_fields/0/value", 1),
        (TASK, 200, "extra", 1),
        (TASKS, 200, "data", {}),
        (TASKS, 200, "data/0/section", "To do"),
        (TASKS, 200, "next_page/offset", 2),
        (TASKS, 200, "next_page/next", "x"),
        (TASKS, 400, "errors", "no"),
        (TASKS, 400, "errors/0/code", 5),
        (EVENTS, 412, "sync", 5),
    ],
)
def test_one_wrong_value_is_a_violation(answers, path, status, place, value):
    body = copy.deepcopy(answers[path, status])
    *steps, last = place.split("/")
    node = body
    for step in steps:
        node = node[int(step) if isinstance(node, list) else step]
    node[last] = value
    assert judge("GET", path, status, json.dumps(body).encode())[1]


def test_an_endpoint_that_the_specification_does_not_have_is_a_violation():
    assert judge("GET", "/api/1.0/tasks/{gid}/wishes", 200, b'{"data": []}')[1]
