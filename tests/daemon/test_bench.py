"""The daemon's proofs in small: kills, and hours in a row.

In full: ``python -m bench.kills`` and ``bench.day``; two daemons at once need a clock that goes on: ``bench.duel``.
"""

from __future__ import annotations

import io
import os
import random
from pathlib import Path

import pytest

from bench import day, kills, night
from syncbot.sandbox.settings import ENVIRONMENT

MANY = int(os.environ.get("SYNCBOT_PROOF", "1"))
"""So many times as much."""


def test_a_daemon_that_is_killed_again_and_again_leaves_what_an_undisturbed_one_does(store_url: str, tmp_path: Path):
    counts, wrong = kills.measure(3 * MANY, store_url, tmp_path, random.Random(11))
    assert not wrong
    assert sum(counts.values()) == 3 * MANY


def test_hours_of_a_daemon_miss_no_slot_and_write_only_what_changed(tmp_path: Path):
    told = day.measure(300 * MANY, 1, tmp_path)
    assert (told.runs, told.missed, told.failed) == (12, 0, 0)
    assert (told.updated, len(told.edited)) == (1, 1)


def test_a_night_is_told_in_lines_without_secrets_or_tracebacks(monkeypatch: pytest.MonkeyPatch):
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    written = io.StringIO()
    hours = 0.5 * MANY
    told = night.told(night.simulate(hours, 10, 1, "human", written), written.getvalue())
    assert "3 reports created" in written.getvalue()
    assert told.endswith("secrets 0, tracebacks 0")
