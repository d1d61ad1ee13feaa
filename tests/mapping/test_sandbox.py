"""The presets over the tools' own APIs: what the connectors describe and pull is what the mapping understands."""

from __future__ import annotations

from collections import Counter
from contextlib import closing

import pytest

import connectors
from syncbot import mapping
from syncbot.connector import Settings, Want
from syncbot.model import Item, Mapped
from syncbot.sandbox.company import ASANA_TOKEN, JIRA_TOKEN, JIRA_USER, TRELLO_KEY, TRELLO_TOKEN
from syncbot.sandbox.server import Sandbox
from tests.mapping.helpers import resolve

SECRETS = {
    "asana": {"token": ASANA_TOKEN},
    "jira": {"token": JIRA_TOKEN},
    "trello": {"key": TRELLO_KEY, "token": TRELLO_TOKEN},
}


def read(sandbox: Sandbox, tool: str, kept: mapping.Kept) -> tuple[mapping.Mapping, list[Mapped]]:
    """The preset at the sandbox's tool, and all that the tool has through it."""
    url = f"{sandbox.url}/{tool}"
    user = JIRA_USER if tool == "jira" else None
    with closing(connectors.ALL[tool].connect(Settings(tool, tool, url, user, SECRETS[tool]))) as connector:
        connector.probe()
        scopes = connector.scopes()
        one = resolve(
            mapping.load(mapping.preset(tool)), connector.describe(scopes), scopes, connection=tool, kept=kept
        )
        pages = list(connector.pull([Want(scope) for scope in scopes], one.wanted))
    assert [page.error for page in pages if page.error] == []
    return one, [mapping.apply(one, record, frozenset()) for page in pages for record in page.records]


def items(several: list[Mapped]) -> dict[str, Item]:
    return {mapped.remote_id: mapped.item for mapped in several if mapped.item}


@pytest.mark.parametrize("tool", ["jira", "trello"])
def test_the_company_has_no_word_that_a_preset_does_not_know(sandbox: Sandbox, tool: str) -> None:
    one, several = read(sandbox, tool, {})
    assert one.mistakes == []
    assert [unmapped for mapped in several for unmapped in mapped.unmapped] == []
    found = items(several).values()
    assert {item.kind for item in found} == ({"feature"} if tool == "trello" else {"goal", "feature", "task"})
    assert {"planned", "ready", "doing", "done"} == {item.status for item in found}
    assert all(item.owner for item in found if item.kind == "feature" and item.status in {"ready", "doing"})


def test_every_field_of_jira_arrives_in_our_units(sandbox: Sandbox) -> None:
    _, several = read(sandbox, "jira", {})
    state = sandbox.world.jira
    found = items(several)
    points = [
        value
        for one in state.issues.values()
        for value in [one.fields.get("customfield_10016"), one.fields.get("customfield_10028")]
        if value is not None
    ]
    assert Counter(item.points for item in found.values() if item.points is not None) == Counter(map(float, points))
    assert any(item.due_on for item in found.values())
    assert sum(bool(mapped.sprints or mapped.past_sprints) for mapped in several) > 10


def test_the_launches_of_asana_have_no_word_that_the_preset_does_not_know(sandbox: Sandbox) -> None:
    one, several = read(sandbox, "asana", {})
    assert one.mistakes == []
    assert [unmapped for mapped in several for unmapped in mapped.unmapped] == []
    found = items(several).values()
    assert {item.kind for item in found} == {"goal", "task", "milestone"}
    assert {"planned", "doing", "done"} == {item.status for item in found}
    assert {item.minutes for item in found if item.title == "Write the launch post"} == {360}
    assert all(item.priority for item in found if item.kind == "milestone")
    assert any(tie.meaning == "blocks" and tie.inward for mapped in several for tie in mapped.ties)


def test_a_list_that_people_rename_keeps_its_meaning(sandbox: Sandbox) -> None:
    before, first = read(sandbox, "trello", {})
    renamed = next(it for it in sandbox.world.trello.lists.values() if it.name == "Now")
    renamed.name = "Auf dem Tisch"
    after, second = read(sandbox, "trello", before.kept)
    assert [(it.old, it.new) for it in after.renamed] == [("Now", "Auf dem Tisch")]
    assert {id_: it.status for id_, it in items(second).items()} == {id_: it.status for id_, it in items(first).items()}
    assert [unmapped for mapped in second for unmapped in mapped.unmapped] == []
    _, strange = read(sandbox, "trello", {})
    assert {unmapped.word for mapped in strange for unmapped in mapped.unmapped} == {"Auf dem Tisch"}
