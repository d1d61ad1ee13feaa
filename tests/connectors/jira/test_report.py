"""The report in Jira: exactly one, found again, written only where it differs, left alone once it is closed."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from connectors.jira.connector import Jira
from connectors.jira.records import LABEL, PROPERTY
from connectors.jira.report import same
from syncbot.connector import Target, Write, Written
from syncbot.errors import Missing, Refused, ToolError, Unknown
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.world import JiraIssue
from tests.connectors.jira.site import add, connector, scopes

MARKER = "syncbot:v1:0123456789abcdef"
US = frozenset({"bot"})


def text(said: str, *marks: str) -> dict[str, Any]:
    node: dict[str, Any] = {"type": "text", "text": said}
    return node | {"marks": [{"type": mark} for mark in marks]} if marks else node


def document(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": list(parts)}]}


def body(said: str) -> dict[str, Any]:
    return {"summary": "Alignment report", "description": document(text(said)), "labels": [LABEL]}


@pytest.fixture
def write(jira: Jira, sandbox: Sandbox) -> Write:
    target = Target(scopes(jira)["PAY"], "Alignment report", "Task")
    sandbox.clear()
    return Write(target, MARKER, body("first"), authors=US)


def reports(sandbox: Sandbox) -> list[JiraIssue]:
    return [one for one in sandbox.world.jira.issues.values() if LABEL in one.labels]


def writes(sandbox: Sandbox) -> list[str]:
    return [one.method for one in sandbox.writes()]


def created(jira: Jira, write: Write) -> Write:
    return msgspec.structs.replace(write, remote_id=jira.apply(write).remote_id, before=(write.body,))


def test_it_is_made_once_with_its_mark_in_the_same_request(jira: Jira, sandbox: Sandbox, write: Write) -> None:
    said = jira.apply(write)
    (issue,) = reports(sandbox)
    assert said == Written(issue.id, issue.key, f"{sandbox.jira_url}/browse/{issue.key}", "created", 1)
    assert writes(sandbox) == ["POST"]
    assert issue.summary == "Alignment report"
    assert issue.project == write.target.scope.remote_id
    assert issue.properties == {PROPERTY: {"marker": MARKER}}
    assert issue.creator == "bot"
    assert issue.description == body("first")["description"]


def test_nothing_new_writes_nothing(jira: Jira, sandbox: Sandbox, write: Write) -> None:
    write = created(jira, write)
    sandbox.clear()
    assert jira.apply(write).outcome == "unchanged"
    assert jira.apply(msgspec.structs.replace(write, remote_id=None)).outcome == "unchanged"
    assert writes(sandbox) == []


def test_a_change_is_one_request(jira: Jira, sandbox: Sandbox, write: Write) -> None:
    write = created(jira, write)
    sandbox.clear()
    said = jira.apply(msgspec.structs.replace(write, body=body("second")))
    assert (said.outcome, said.requests, said.remote_id) == ("updated", 1, write.remote_id)
    assert [one.method for one in sandbox.requests] == ["GET", "PUT"]
    assert reports(sandbox)[0].description == body("second")["description"]


def test_it_is_found_again_without_the_store_and_when_its_project_has_another_key(
    jira: Jira, sandbox: Sandbox, write: Write
) -> None:
    before = jira.apply(write)
    found = jira.find(write.target, MARKER, US)
    assert found
    assert (found.remote_id, found.ref, found.closed) == (before.remote_id, before.ref, False)
    reports(sandbox)[0].key = "PAYMENTS-9"
    later = jira.apply(msgspec.structs.replace(write, remote_id=before.remote_id, body=body("moved")))
    assert (later.outcome, later.ref) == ("updated", "PAYMENTS-9")
    assert len(reports(sandbox)) == 1


@pytest.mark.parametrize(
    ("creator", "properties"),
    [("ada", {PROPERTY: {"marker": MARKER}}), ("bot", {PROPERTY: {"marker": "syncbot:v1:ffff"}}), ("bot", {})],
    ids=["by someone else", "of another report", "without a mark"],
)
def test_what_is_not_ours_is_never_taken_for_it(
    jira: Jira, sandbox: Sandbox, write: Write, creator: str, properties: dict[str, Any]
) -> None:
    other = add(sandbox.world.jira, "PAY", 77, sandbox.now, labels=[LABEL], creator=creator, properties=properties)
    sandbox.world.stamp()
    assert jira.find(write.target, MARKER, US) is None
    assert jira.apply(write).outcome == "created"
    assert other.description is None


def test_a_mark_in_text_is_nobodys_mark(jira: Jira, sandbox: Sandbox, write: Write) -> None:
    add(sandbox.world.jira, "PAY", 77, sandbox.now, labels=[LABEL], creator="bot", summary=MARKER)
    sandbox.world.stamp()
    assert jira.find(write.target, MARKER, US) is None


def test_of_several_the_oldest_counts(jira: Jira, sandbox: Sandbox, write: Write) -> None:
    mark = {PROPERTY: {"marker": MARKER}}
    for number in (79, 78):
        add(sandbox.world.jira, "PAY", number, sandbox.now, labels=[LABEL], creator="bot", properties=mark)
    sandbox.world.stamp()
    found = jira.find(write.target, MARKER, US)
    assert found
    assert found.ref == "PAY-78"


def test_a_closed_report_is_muted_and_stays_as_it_is(jira: Jira, sandbox: Sandbox, write: Write) -> None:
    write = created(jira, write)
    (issue,) = reports(sandbox)
    issue.status = "13"
    sandbox.clear()
    for id_ in (write.remote_id, None):
        later = msgspec.structs.replace(write, body=body("second"), remote_id=id_)
        assert jira.apply(later).outcome == "muted"
    found = jira.find(write.target, MARKER, US)
    assert found
    assert found.closed
    assert writes(sandbox) == []


def test_a_report_in_another_project_is_muted_for_nobody_knows_its_readers(
    jira: Jira, sandbox: Sandbox, write: Write
) -> None:
    write = created(jira, write)
    (issue,) = reports(sandbox)
    issue.project = scopes(jira)["RISK"].remote_id
    sandbox.clear()
    assert jira.apply(msgspec.structs.replace(write, body=body("second"))).outcome == "muted"
    assert writes(sandbox) == []


def test_a_renamed_report_keeps_its_name_and_its_labels(jira: Jira, sandbox: Sandbox, write: Write) -> None:
    write = created(jira, write)
    (issue,) = reports(sandbox)
    issue.summary, issue.labels = "Our Monday list", [LABEL, "ops"]
    jira.apply(msgspec.structs.replace(write, body=body("second")))
    assert (issue.summary, issue.labels) == ("Our Monday list", [LABEL, "ops"])


def test_a_deleted_report_is_made_again(jira: Jira, sandbox: Sandbox, write: Write) -> None:
    write = created(jira, write)
    sandbox.world.jira.issues.clear()
    sandbox.world.stamp()
    assert jira.apply(write).outcome == "created"


def test_a_lost_answer_is_unknown_and_the_report_is_found_later(jira: Jira, sandbox: Sandbox, write: Write) -> None:
    sandbox.fault("jira", "POST /rest/api/3/issue", "lost")
    with pytest.raises(Unknown):
        jira.apply(write)
    assert len(reports(sandbox)) == 1
    assert jira.apply(write).outcome == "unchanged"
    assert len(reports(sandbox)) == 1


def test_an_answer_that_cannot_be_read_is_unknown_too(jira: Jira, sandbox: Sandbox, write: Write) -> None:
    sandbox.fault("jira", "POST /rest/api/3/issue", status=200, body="<html>gateway</html>")
    with pytest.raises(Unknown, match="may have been made"):
        jira.apply(write)


def test_a_lost_answer_to_a_change_is_asked_for_again(sandbox: Sandbox) -> None:
    jira = connector(sandbox, patience=30.0)
    write = created(jira, Write(Target(scopes(jira)["PAY"], "Report", "Task"), MARKER, body("first"), authors=US))
    jira._client._transport._sleep = lambda _: None
    sandbox.fault("jira", "PUT /rest/api/3/issue", "lost")
    assert jira.apply(msgspec.structs.replace(write, body=body("second"))).outcome == "updated"
    assert reports(sandbox)[0].description == body("second")["description"]
    jira.close()


def test_a_refusal_is_said_in_jiras_words(jira: Jira, write: Write, sandbox: Sandbox) -> None:
    with pytest.raises(ToolError, match="issue type") as raised:
        jira.apply(msgspec.structs.replace(write, target=Target(write.target.scope, "Report", "No such type")))
    assert raised.value.status == 400
    sandbox.fault("jira", "POST /rest/api/3/issue", status=403)
    with pytest.raises(Refused):
        jira.apply(write)
    with pytest.raises((Missing, ToolError)):
        jira.apply(msgspec.structs.replace(write, body=body("x" * 40_000)))
    assert reports(sandbox) == []


# What Jira makes of a document --------------------------------------------------------------------------------------

LISTED = {
    "type": "doc",
    "version": 1,
    "content": [
        {
            "type": "table",
            "attrs": {"layout": "default"},
            "content": [{"type": "tableRow", "content": [{"type": "tableCell", "content": [document(text("x"))]}]}],
        }
    ],
}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (document(text("a")), document(text("a"))),
        (document(text("a"), text("b")), document(text("ab"))),
        (document(text("a", "strong", "em")), document(text("a", "em", "strong"))),
        (document(text("a"), text("")), document(text("a"))),
        (document(text("a", "strong"), text("b", "strong")), document(text("ab", "strong"))),
        (
            LISTED,
            {
                **LISTED,
                "content": [{**LISTED["content"][0], "attrs": {"layout": "default", "localId": "1"}}],
            },
        ),
        (
            {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": []}]},
            {"version": 1, "type": "doc", "content": [{"type": "paragraph"}]},
        ),
    ],
)
def test_what_jira_adds_or_joins_is_no_difference(ours: Any, theirs: Any) -> None:
    assert same(ours, theirs)


@pytest.mark.parametrize(
    "theirs",
    [
        None,
        "plain text",
        document(),
        document(text("b")),
        document(text("a", "strong")),
        document(text("a"), text("and a person's words")),
        {**document(text("a")), "content": [*document(text("a"))["content"], *document(text("b"))["content"]]},
        {"type": "doc", "version": 1, "content": [{"type": "heading", "content": [text("a")]}]},
    ],
)
def test_what_a_person_changed_is_a_difference(theirs: Any) -> None:
    assert not same(document(text("a")), theirs)


def test_an_attribute_of_ours_that_was_changed_is_a_difference() -> None:
    def link(address: str) -> Any:
        return document({"type": "text", "text": "a", "marks": [{"type": "link", "attrs": {"href": address}}]})

    assert same(link("https://a.example"), link("https://a.example"))
    assert not same(link("https://a.example"), link("https://b.example"))
    assert not same(link("https://a.example"), document(text("a", "link")))
