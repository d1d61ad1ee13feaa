"""A daemon through hours, days and whatever befalls it meanwhile."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from syncbot.cli.progress import Progress
from syncbot.cli.session import opened
from syncbot.daemon import state as states
from syncbot.errors import ConfigErrors
from syncbot.mapping import Mapping
from syncbot.sandbox.edits import Edits
from syncbot.store import Store, condition
from tests.daemon.conftest import Watchman, job, next_at, reports

EMPTIED = (
    "connections: there is no connection, so nothing could be read. Was the file emptied? 'syncbot init' adds one."
)


def test_it_runs_at_once_and_then_at_its_times_and_writes_only_what_changed(watchman: Watchman):
    watchman.write(whole=True)
    daemon = watchman.watch(minutes=31)
    assert watchman.began() == ["09:00", "09:15", "09:30"]
    assert {one.outcome for one in watchman.runs()} == {"done"}
    assert len(reports(watchman)) == 3
    watchman.sandbox.clear()
    watchman.watch(minutes=15)
    assert len(watchman.began()) == 4
    assert watchman.sandbox.writes() == []
    assert job(daemon, "sync").missed == 0


def test_the_log_is_quiet_when_nothing_changes(watchman: Watchman, caplog: pytest.LogCaptureFixture):
    watchman.watch(hours=2, minutes=31)
    told = [one.getMessage() for one in caplog.records]
    # What was read of our own report after the first run is nothing that people did.
    assert told[2:-1] == ["14 changed, 1 report created", *["nothing changed in 4 runs"] * 2]


def test_each_step_of_a_run_is_recorded_with_what_it_counted(watchman: Watchman):
    watchman.watch(minutes=1)
    (run,) = watchman.runs()
    assert run.command == "daemon"
    assert [f"{one.name} {one.connection}".strip() for one in run.steps] == [
        "prepare",
        "pull roadmap",
        "check",
        "confirm",
        "publish",
    ]
    assert run.steps[-1].counts["created"] == 1


def test_where_nothing_changed_nothing_is_composed_and_what_another_command_found_is_published(watchman: Watchman):
    def steps() -> list[set[str]]:
        return [{step.name for step in run.steps} - {"prepare", "pull", "check"} for run in watchman.runs()]

    def find() -> None:
        watchman.sandbox.apply("idea-without-owner")
        with opened(watchman.file, clock=lambda: watchman.now) as session:
            ready = session.prepare(Progress(level=-1))
            session.pull(ready, Progress(level=-1))
            session.check(ready)

    watchman.at(find, minutes=50)
    watchman.watch(hours=1, minutes=16)
    wrote = {"confirm", "publish"}
    # The second run reads the report that the first one wrote, and so does the last; only a new one is news.
    assert steps() == [wrote, wrote, set(), set(), wrote, set()]
    assert watchman.runs()[-2].steps[-1].counts["updated"] == 1


def test_a_report_that_waits_is_said_to_wait_until_it_is_written(watchman: Watchman, caplog: pytest.LogCaptureFixture):
    def held() -> list[str | None]:
        with Store.open(watchman.store_url) as store, store.reading() as db:
            return [one.held for one in condition.read(db, now=watchman.now).reports]

    watchman.write(settings='settle = "20m"\n')
    watchman.at(lambda: watchman.sandbox.apply("idea-without-owner"), minutes=10)
    watchman.watch(minutes=20)
    assert "report to be written a little later" in caplog.text
    assert held() == ["written a short while ago, again from 09:20 UTC"]
    watchman.watch(minutes=20)
    assert "1 report updated" in caplog.text
    assert held() == [None]


def test_a_mapping_is_resolved_again_only_if_the_tools_words_changed(watchman: Watchman):
    with opened(watchman.file, clock=lambda: watchman.now) as session:

        def resolved(*, fresh: bool = False) -> Mapping:
            return session.prepare(Progress(level=-1), fresh=fresh)["roadmap"].resolved["trello"]

        resolved()  # which keeps the ids of the names that it found
        first = resolved()
        assert resolved(fresh=True) is first
        lists = watchman.sandbox.world.trello.lists.values()
        column = next(one for one in lists if one.name == "Ideas")
        Edits(watchman.sandbox.world).set(column, name="Another name")
        assert resolved() is first  # not asked today
        assert resolved(fresh=True) is not first


def test_a_machine_that_slept_makes_up_once_for_what_passed(watchman: Watchman):
    watchman.at(lambda: watchman.jump(hours=5), minutes=20)
    daemon = watchman.watch(minutes=40)
    assert watchman.began()[:4] == ["09:00", "09:15", "14:20", "14:30"]
    assert job(daemon, "sync").missed == 19


def test_a_clock_that_is_set_back_is_said_and_does_not_stop_the_schedule(
    watchman: Watchman, caplog: pytest.LogCaptureFixture
):
    watchman.at(lambda: watchman.jump(hours=-3), minutes=20)
    watchman.watch(minutes=50)
    assert watchman.began() == ["09:00", "09:15", "06:30", "06:45"]
    assert "the clock was set back" in caplog.text
    assert len(reports(watchman)) == 1


def test_the_nights_work_is_done_at_night_and_an_edition_begins_in_the_morning(watchman: Watchman):
    watchman.set(dt.datetime(2026, 11, 24, 2, 55, tzinfo=dt.UTC))
    watchman.write('[schedule]\nsync = "0 * * * *"\n')
    watchman.watch(minutes=70)
    runs = {run.started_at[11:16]: {step.name for step in run.steps} for run in watchman.runs()}
    assert list(runs) == ["02:55", "03:00", "03:30", "04:00"]
    assert runs["03:30"] == {"prune"}
    assert "prune" not in runs["03:00"]


@pytest.mark.parametrize(
    ("midnight", "runs"),
    [
        ("2026-03-29", ["00:00", "01:30"]),  # 1:30 does not come: an hour later, which is 2:30 there
        ("2026-10-25", ["00:00", "00:30"]),  # 1:30 comes twice: the first one counts
        ("2028-02-29", ["00:00", "01:30"]),
    ],
)
def test_a_job_of_the_night_runs_once_whatever_the_clocks_or_the_calendar_do(
    watchman: Watchman, midnight: str, runs: list[str]
):
    watchman.set(dt.datetime.fromisoformat(f"{midnight}T00:00Z"))
    watchman.write('[schedule]\nsync = "0 12 * * *"\ncensus = "0 12 * * *"\nprune = "30 1 * * *"\n')
    watchman.watch(hours=3)
    assert watchman.began() == runs


def test_an_edited_config_is_taken_up_and_one_with_a_mistake_is_not(watchman: Watchman):
    good = watchman.file.read_text(encoding="utf-8")

    def edit(text: str) -> None:
        watchman.file.write_text(text, encoding="utf-8")

    daemon = watchman.daemon()
    refused = []

    def ask() -> None:
        refused.append(daemon.state.refused and daemon.state.refused.mistakes[0])

    watchman.at(lambda: edit(f"{good}\n[schedul]\n"), minutes=2)
    watchman.at(ask, minutes=3)
    watchman.at(lambda: edit(""), minutes=4)
    watchman.at(ask, minutes=5)
    watchman.at(watchman.file.unlink, minutes=6)
    watchman.at(ask, minutes=7)
    watchman.at(lambda: edit(f'{good}\n[schedule]\nsync = "*/10 * * * *"\n'), minutes=8)
    watchman.at(ask, minutes=9)
    watchman.watch(daemon, minutes=31)
    line = len(good.splitlines()) + 2
    assert refused == [
        f'{watchman.file}:{line}: schedul: is not a known key. Did you mean "schedule"?',
        f"{watchman.file}:1: {EMPTIED}",
        f'{watchman.file}: there is no such file. "syncbot init" writes one.',
        None,
    ]
    assert watchman.began() == ["09:00", "09:10", "09:20", "09:30"]


def test_mappings_and_rules_that_are_edited_are_taken_up_too(watchman: Watchman, tmp_path: Path):
    (tmp_path / "mappings").mkdir()
    (tmp_path / "own").mkdir()
    watchman.write(settings='rule_folders = ["own"]\n')
    daemon = watchman.daemon()
    rule, mapping = tmp_path / "own" / "nonsense.sql", tmp_path / "mappings" / "trello.toml"
    refused = []
    for minutes, happening in enumerate(
        (
            lambda: rule.write_text("select nonsense", encoding="utf-8"),
            lambda: refused.append(daemon.state.refused),
            rule.unlink,
            lambda: refused.append(daemon.state.refused),
            lambda: mapping.write_text("version = 1\n[feilds]\n", encoding="utf-8"),
            lambda: refused.append(daemon.state.refused),
        ),
        1,
    ):
        watchman.at(happening, minutes=minutes)
    watchman.watch(daemon, minutes=10)
    assert [one is not None for one in refused] == [True, False, True]
    assert "nonsense.sql" in refused[0].mistakes[0]
    assert "trello.toml:2" in refused[2].mistakes[0]


def test_a_file_is_not_read_while_it_is_written(watchman: Watchman):
    """An editor that empties a file and fills it a moment later: what it is in between is nothing that counts."""
    daemon = watchman.daemon()
    good = watchman.file.read_text(encoding="utf-8")
    watchman.at(lambda: watchman.file.write_text(good[:300], encoding="utf-8"), seconds=60)
    watchman.at(lambda: watchman.file.write_text(f"{good}\n", encoding="utf-8"), seconds=65)
    refused = []
    for seconds in range(60, 120, 5):
        watchman.at(lambda: refused.append(daemon.state.refused), seconds=seconds)
    watchman.watch(daemon, minutes=2)
    assert set(refused) == {None}


def test_a_config_that_is_wrong_at_the_start_is_told_at_once(watchman: Watchman):
    watchman.file.write_text("", encoding="utf-8")
    with pytest.raises(ConfigErrors, match="there is no connection"):
        watchman.daemon()


def test_a_second_daemon_stands_by_and_goes_on_when_the_first_one_ends(watchman: Watchman, store_url: str):
    watchman.keep_in(store_url)
    first, second = watchman.daemon(), watchman.daemon()
    roles = []

    def let_the_second_try() -> None:
        second._turn()
        roles.append((first.state.role, second.state.role))

    watchman.at(let_the_second_try, minutes=5)
    watchman.watch(first, minutes=20)
    assert roles == [("active", "standby")]
    watchman.watch(second, minutes=20)
    assert second.state.role == "active"
    assert watchman.began() == ["09:00", "09:15", "09:30"]
    assert len(reports(watchman)) == 1


def test_what_the_daemon_is_and_did_can_be_read_from_the_store(watchman: Watchman):
    daemon = watchman.watch(minutes=20)
    with Store.open(watchman.store_url) as store, store.reading() as db:
        kept = states.recall(db)
    assert kept is not None
    assert kept.role == "active"
    assert kept.is_stopping
    assert kept.jobs == daemon.state.jobs
    assert (job(daemon, "sync").last_at or "")[11:16] == "09:15"
    assert (next_at(daemon, "sync") or "")[11:16] == "09:30"
