"""What must hold of every write: shown before, exactly once, never over a person, whatever is killed or lost."""

from __future__ import annotations

import msgspec
import pytest

from syncbot import outbox
from syncbot.errors import ToolError
from syncbot.store import Store
from tests.outbox.tool import BOARD, NOW, REPORT, Kept, Tool, draft, minutes, publish, results


def test_the_same_body_is_written_once_and_then_not_even_looked_at(store):
    tool = Tool()
    first = publish(store, tool, draft())
    assert (results(first), first[0].requests, first[0].url) == (["created"], 1, "https://t.example/r1")
    tool.calls.clear()
    tool.now += minutes(24 * 60)
    assert results(publish(store, tool, draft())) == ["unchanged"]
    assert tool.calls == []


def test_another_body_updates_the_same_report_once_it_has_settled(store):
    tool = Tool()
    publish(store, tool, draft("one"))
    tool.now += minutes(9)
    held = publish(store, tool, draft("two"))
    assert results(held) == ["held"]
    assert "again from 08:10 UTC" in str(held[0].planned)
    tool.now += minutes(1)
    assert results(publish(store, tool, draft("two"))) == ["updated"]
    assert [kept.body for kept in tool.kept.values()] == [{"desc": "two"}]


def test_a_report_of_a_lost_store_is_adopted_without_a_write(store, tmp_path):
    tool = Tool()
    publish(store, tool, draft())
    with Store.open(f"sqlite:///{tmp_path / 'another.db'}") as another:
        outcomes = publish(another, tool, draft())
        assert (results(outcomes), outcomes[0].requests) == (["unchanged"], 0)
        assert results(publish(another, tool, draft("two"))) == ["updated"]
    assert len(tool.kept) == 1


def test_our_marker_in_someone_elses_text_is_not_our_report(store):
    tool = Tool()
    tool.kept["r0"] = Kept(draft().marker, "mallory", {}, NOW)
    assert results(publish(store, tool, draft())) == ["created"]
    assert tool.kept["r0"].body == {}


def test_an_earlier_account_of_this_connection_stays_an_author(store):
    tool = Tool()
    publish(store, tool, draft())
    tool.now += minutes(60)
    tool.kept["r2"] = tool.kept.pop("r1")  # the id we kept leads nowhere, so the marker must
    planned = outbox.plan(store, [draft("two")], {"roadmap": "apply"}, tool.now)
    outcomes = outbox.apply(store, {"roadmap": tool}, planned, {"roadmap": "new bot"}, tool.clock)
    assert results(outcomes) == ["updated"]
    assert len(tool.kept) == 1


def test_one_report_that_fails_does_not_stop_the_next(store):
    tool = Tool()
    tool.before = ToolError("400: no such list")
    assert results(publish(store, tool, draft(title="A"), draft(title="B"))) == ["failed", "created"]


def test_a_closed_report_is_left_alone_and_goes_on_when_it_is_reopened(store):
    tool = Tool()
    publish(store, tool, draft("one"))
    tool.kept["r1"].closed = True
    tool.now += minutes(15)
    assert results(publish(store, tool, draft("two"))) == ["muted"]
    assert tool.kept["r1"].body == {"desc": "one"}
    (planned,) = outbox.plan(store, [draft("two")], {"roadmap": "apply"}, tool.now)
    assert planned.is_muted
    assert "closed or moved away by a person" in str(planned)
    tool.kept["r1"].closed = False
    assert results(publish(store, tool, draft("two"))) == ["updated"]
    (planned,) = outbox.plan(store, [draft("two")], {"roadmap": "apply"}, tool.now)
    assert not planned.is_muted


@pytest.mark.parametrize(
    ("writes", "why"), [("never", "roadmap is never written to (writes)"), ("plan", "only planned")]
)
def test_what_the_config_forbids_is_shown_and_not_done(store, writes, why):
    tool = Tool()
    outcomes = publish(store, tool, draft(), writes=writes)
    assert results(outcomes) == ["held"]
    assert str(outcomes[0].planned) == (
        f"roadmap, Product roadmap: create “Alignment report” in the list “Reports”; not now: {why}"
    )
    assert tool.calls == []


def test_outsiders_read_a_report_only_if_the_config_says_so(store):
    tool = Tool()
    public = msgspec.structs.replace(BOARD, public=True)
    held = publish(store, tool, outbox.draft(REPORT, public, {}))
    assert results(held) == ["held"]
    assert "set public = true" in str(held[0].planned)
    allowed = msgspec.structs.replace(REPORT, public=True)
    assert results(publish(store, tool, outbox.draft(allowed, public, {}))) == ["created"]


def test_two_reports_of_one_title_in_one_scope_do_not_overwrite_each_other(store):
    tool = Tool()
    for first in ("created", "unchanged"):
        outcomes = publish(store, tool, draft("one"), draft("two", title=" alignment REPORT"))
        assert results(outcomes) == [first, "held"]
        assert "another report has this title" in str(outcomes[1].planned)
        planned = outbox.plan(store, [draft("one"), draft("two")], {"roadmap": "plan"}, tool.now)
        assert "another report has this title" in str(planned[1])
        tool.now += minutes(60)


def test_the_marker_is_a_frozen_format():
    # What older versions wrote must be found by newer ones: this text may never change.
    assert draft().marker == "syncbot:v1:37e61febdfe227d8"
