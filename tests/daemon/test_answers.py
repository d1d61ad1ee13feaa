"""The daemon heeds what people answer in their tool, says so in its log, and says it when it cannot read them."""

from __future__ import annotations

import pytest

from syncbot.store import Store, waivers
from tests.daemon.conftest import Watchman
from tests.people_who_answer import InTrello


def test_an_answer_is_taken_within_the_next_run_and_a_failure_to_read_them_is_told_once(
    watchman: Watchman, caplog: pytest.LogCaptureFixture
):
    watchman.write("""answers = ["ada"]\n[people.ada]\nname = "Ada Park"\naccounts = { roadmap = "adapark" }""")
    watchman.sandbox.apply("owner-leaves")
    daemon = watchman.daemon()
    voice = InTrello(watchman.sandbox)
    watchman.at(lambda: voice.say("syncbot snooze 1w because her successor starts then"), minutes=2)
    errors: list[str | None] = []
    watchman.at(lambda: watchman.sandbox.fault("trello", "commentCard", "answer", status=403, times=None), minutes=16)
    watchman.at(lambda: errors.append(daemon.state.jobs[0].last_error), minutes=40)
    watchman.at(watchman.sandbox.clear, minutes=40)
    watchman.watch(daemon, hours=1)
    with Store.open(watchman.store_url) as store, store.reading() as db:
        assert [one.reason for one in waivers.made(db)] == ["her successor starts then"]
    told = [one.getMessage() for one in caplog.records]
    assert len([said for said in told if "1 answer taken" in said]) == 1
    assert len([said for said in told if said.startswith("answers to Alignment report: ")]) == 2
    assert "answers to Alignment report: works again, after 15 minutes" in told
    assert "403" in (errors[0] or "")
