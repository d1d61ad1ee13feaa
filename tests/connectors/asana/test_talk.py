"""Comments on a report task: all of them at first, then those that events name, without reading its history again."""

from __future__ import annotations

import httpx
import pytest

from syncbot.errors import Missing
from syncbot.sandbox.server import NOW


class Talk:
    """A task, and people who comment on it."""

    def __init__(self, site) -> None:
        self.site = site
        project = site.project("Launch", "To do")
        self.task = site.task(project, name="Alignment report")
        site.state.tokens["ada-token"] = site.ada.gid
        self.connector = site.connector()

    def say(self, text: str) -> None:
        httpx.post(
            f"{self.site.sandbox.asana_url}/api/1.0/tasks/{self.task.gid}/stories",
            headers={"Authorization": "Bearer ada-token"},
            json={"data": {"text": text}},
        ).raise_for_status()

    def read(self, cursor: str | None):
        return self.connector.answers(self.task.gid, cursor)


@pytest.fixture
def talk(site) -> Talk:
    return Talk(site)


def said(found) -> list[str]:
    return [one.text for one in found.answers]


def test_what_was_said_before_comes_at_first_and_later_only_what_is_new(talk: Talk):
    for number in range(120):
        talk.say(f"Comment {number}")
    first = talk.read(None)
    assert said(first) == [f"Comment {number}" for number in range(120)]
    assert {one.account for one in first.answers} == {talk.site.ada.gid}
    assert said(talk.read(first.cursor)) == []
    for number in range(130):
        talk.say(f"More {number}")
    talk.site.sandbox.clear()
    second = talk.read(first.cursor)
    assert said(second) == [f"More {number}" for number in range(130)]
    assert not [one for one in talk.site.sandbox.requests if one.path.endswith("/stories")]
    assert said(talk.read(second.cursor)) == []


def test_a_token_that_is_too_old_reads_all_again(talk: Talk):
    talk.say("first")
    found = talk.read(None)
    talk.site.sandbox.now = NOW.replace(day=26)
    talk.say("second")
    assert said(talk.read(found.cursor)) == ["first", "second"]


def test_a_comment_that_was_taken_back_is_none(talk: Talk):
    found = talk.read(None)
    talk.say("oh no")
    talk.site.state.stories.popitem()
    assert said(talk.read(found.cursor)) == []


def test_a_report_that_is_gone_is_missing(talk: Talk):
    with pytest.raises(Missing):
        talk.connector.answers("999999", None)
