"""The pages for people: everything is there, and hostile text stays text."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
import requests

from syncbot.sandbox.asana.edits import change
from syncbot.sandbox.company import JIRA_TOKEN, JIRA_USER, TRELLO_KEY, TRELLO_TOKEN
from syncbot.sandbox.http import Call
from syncbot.sandbox.jira import adf
from syncbot.sandbox.mutations import MUTATIONS
from syncbot.sandbox.mutations.ownership import HOSTILE
from syncbot.sandbox.world import TrelloCheckItem, TrelloChecklist


class Reader(HTMLParser):
    """Collects what a browser would act on, and what people would read."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data):
        self.text += data


@pytest.fixture
def read(sandbox):
    def get(path, status=200):
        answer = requests.get(sandbox.url + path, timeout=5)
        assert answer.status_code == status
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        reader = Reader()
        reader.feed(answer.text)
        assert not {"script", "img", "iframe", "form"} & set(reader.tags)
        assert not reader.handlers
        assert all(link.startswith(("/", "http://", "https://")) for link in reader.links)
        return reader

    return get


def test_the_first_page_leads_to_everything(sandbox, read):
    links = set(read("/").links)
    for issue in sandbox.world.jira.issues.values():
        assert f"/jira/browse/{issue.key}" in links
    for card in sandbox.world.trello.cards.values():
        assert f"/trello/c/{card.short_link}" in links


def test_every_issue_and_card_has_a_page_even_when_everything_is_wrong(sandbox, read):
    sandbox.apply(*MUTATIONS)
    for issue in sandbox.world.jira.issues.values():
        assert issue.summary in read(f"/jira/browse/{issue.key}").text
    for card in sandbox.world.trello.cards.values():
        assert card.name in read(f"/trello/c/{card.short_link}/any-name").text


def test_the_tools_own_addresses_are_the_pages(sandbox, read):
    card = next(one for one in sandbox.world.trello.cards.values() if one.attachments)
    assert card.attachments[0].url.removeprefix(sandbox.url) in read(f"/trello/c/{card.short_link}").links[-1]
    assert card.name in read(card.attachments[0].url.removeprefix(sandbox.url)).text
    assert "Product roadmap" in read("/trello/b/RoAdMaP1").text
    assert "Payments" in read("/jira/browse/PAY").text


def test_hostile_text_stays_text(sandbox, read):
    issue = sandbox.world.jira.issues["10001"]
    issue.summary = HOSTILE
    issue.labels = ["<script>"]
    issue.description = {
        "type": "doc",
        "version": 1,
        "content": [
            {
                "type": "paragraph",
                "content": [
                    {"type": "text", "text": "<img src=x onerror=alert(1)>"},
                    {"type": "text", "text": "click", "marks": [{"type": "link", "attrs": {"href": "javascript:1"}}]},
                ],
            }
        ],
    }
    assert adf.problem(issue.description) is None
    assert "<img src=x onerror=alert(1)>click" in read("/jira/browse/PAY-1").text
    card = next(iter(sandbox.world.trello.cards.values()))
    card.desc = "<b onclick=x>**bold**</b>\n\n[bad](javascript:alert(1)) ![i](https://x.example/y.png)"
    sandbox.world.trello.checklists["c"] = TrelloChecklist("c", card.id, HOSTILE, 0, [TrelloCheckItem("i", HOSTILE)])
    page = read(f"/trello/c/{card.short_link}")
    assert "<b onclick=x>" in page.text
    assert "strong" in page.tags


def test_ticks_and_rich_text_are_shown(sandbox, read):
    page = read(f"/trello/c/{next(iter(sandbox.world.trello.cards))}")
    assert "☑ Ask five merchants" in page.text
    assert "☐ Agree on the retry budget" in page.text
    assert "1/2" in page.text


def test_what_is_not_there_is_said(read):
    for path in ("/jira/browse/PAY-999", "/trello/c/nothing1", "/trello/b/nothing1"):
        assert "nothing here" in read(path, status=404).text


def test_the_reports_are_what_the_bot_made(sandbox, read):
    assert sandbox.reports() == {}
    fields = {"project": {"key": "PAY"}, "issuetype": {"name": "Task"}, "summary": "Alignment"}
    auth = (JIRA_USER, JIRA_TOKEN)
    requests.post(f"{sandbox.jira_url}/rest/api/3/issue", json={"fields": fields}, auth=auth, timeout=5)
    column = next(one.id for one in sandbox.world.trello.lists.values() if one.name == "Reports")
    params = {"idList": column, "name": "Alignment", "key": TRELLO_KEY, "token": TRELLO_TOKEN}
    requests.post(f"{sandbox.trello_url}/1/cards", params=params, timeout=5)
    assert set(sandbox.reports()) == {"jira", "trello"}
    for url in sandbox.reports().values():
        assert "Alignment" in read(url.removeprefix(sandbox.url)).text


def test_a_task_shows_what_was_said_of_it_and_not_what_happened_to_it(sandbox, read):
    state = sandbox.world.asana
    said = next(iter(state.stories.values()))
    task = state.tasks[said.task]
    change(Call(sandbox.world, "PUT", "", "", {}, {}, {}, {}, {}, said.author), task, {"name": "Renamed"})
    assert len([one for one in state.stories.values() if one.task == task.gid]) == 2
    text = read(f"/asana/0/{next(iter(task.places))}/{task.gid}").text
    assert "Like it!" in text
    assert "name changed" not in text
