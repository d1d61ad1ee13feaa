from syncbot.store import Store, runs
from syncbot.store.runs import Recorded, Step

BEGAN, ENDED = "2026-11-23T06:00:00.000Z", "2026-11-23T06:01:00.000Z"


def test_a_run_is_kept_with_its_steps_and_one_without_an_end_was_killed(store: Store):
    steps = (Step("pull", 1.5, "delivery", {"new": 3}), Step("check", 0.2, error="no room left"))
    with store.writing() as db:
        first = runs.begin(db, "sync", at=BEGAN)
        runs.go_on(db, first, "pull delivery")
        runs.go_on(db, first, "check")
        runs.end(db, first, steps, at=ENDED, outcome="failed", error="no room left")
        second = runs.begin(db, "check", at=ENDED)
        assert runs.recent(db, 5) == [
            Recorded(second, "check", ENDED, None, None, None, None, ()),
            Recorded(first, "sync", BEGAN, ENDED, "failed", "no room left", "check", steps),
        ]
        assert [one.number for one in runs.recent(db, 1)] == [second]
