"""What keeps a report from being written is known before anyone tries."""

from __future__ import annotations

import json

import msgspec
import pytest

from connectors.jira.connector import Jira
from syncbot.connector import Target
from syncbot.sandbox.server import Sandbox
from tests.connectors.jira.site import scopes


@pytest.fixture
def target(jira: Jira) -> Target:
    return Target(scopes(jira)["PAY"], "Alignment report", "Task")


def test_nothing_stands_in_the_way_of_a_bot_that_may_write(jira: Jira, sandbox: Sandbox, target: Target) -> None:
    assert jira.obstacles(target) == ()
    assert sandbox.writes() == []


def test_permissions_are_those_in_the_project_of_the_report(jira: Jira, sandbox: Sandbox, target: Target) -> None:
    answer = {"permissions": {"BROWSE_PROJECTS": {"havePermission": True}, "EDIT_ISSUES": {"havePermission": False}}}
    sandbox.fault("jira", "mypermissions.*projectId=10000", status=200, body=json.dumps(answer))
    assert jira.obstacles(target) == (
        "this account lacks the permission Create issues in PAY project: grant it there.",
        "this account lacks the permission Edit issues in PAY project: grant it there.",
    )


def test_an_issue_type_that_the_project_lacks_is_named_with_those_it_has(jira: Jira, target: Target) -> None:
    (said,) = jira.obstacles(msgspec.structs.replace(target, issue_type="Memo"))
    assert said == 'PAY project has no issue type "Memo": write another as issue_type. There are "Task", "Epic".'


def test_an_archived_project_takes_no_report(jira: Jira, target: Target) -> None:
    archived = msgspec.structs.replace(target.scope, archived=True)
    (said,) = jira.obstacles(msgspec.structs.replace(target, scope=archived))
    assert said == "PAY project is archived: restore it, or name another project."
