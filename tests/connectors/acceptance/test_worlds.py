"""Worlds, people and faults drawn at random: whatever happens while it is read, the store ends equal to the world.

``SYNCBOT_WORLDS`` says how many are drawn (2 in the usual run).
"""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from syncbot.sandbox.cruelty import KINDS, Plan, Rule
from syncbot.sandbox.cruelty.people import DEEDS, act
from syncbot.sandbox.server import Sandbox
from tests.connectors.acceptance.sites import SHORT, SITES
from tests.connectors.acceptance.trials import MENDING, Ground

DRAWN = int(os.environ.get("SYNCBOT_WORLDS", "2"))

RULES = st.builds(
    Rule,
    kinds=st.lists(st.sampled_from([*KINDS]), min_size=1, max_size=4, unique=True).map(tuple),
    chance=st.sampled_from([0.05, 0.2, 0.5]),
)
CYCLES = st.lists(st.tuples(st.lists(st.sampled_from([*DEEDS]), max_size=3), RULES), min_size=1, max_size=3)


@settings(max_examples=DRAWN)
@given(st.sampled_from([*SITES]), st.integers(1, 50), CYCLES)
def test_the_store_ends_equal_to_the_world(site: str, seed: int, cycles: list[tuple[list[str], Rule]]) -> None:
    with Sandbox(seed=seed, items=40) as sandbox, tempfile.TemporaryDirectory() as folder:
        ground = Ground(sandbox, site, Path(folder))
        dice = random.Random(seed)
        for deeds, rule in cycles:
            for deed in deeds:
                act(sandbox.world, ground.tool, deed, dice)
            sandbox.plan = Plan(seed, [rule, SHORT])
            ground.company.later(minutes=20).run(apply=None, expect_mistakes=None)
        sandbox.plan = None
        for time in MENDING:
            run = ground.company.later(**time).run(apply=None, accept=["*"])
        assert not any(one.failed for one in run.pulled)
        there = ground.records()
        truth, found = ground.fresh()
        assert there == truth
        assert {one for one in run.found if one[0] != "twin-vanished"} == found
