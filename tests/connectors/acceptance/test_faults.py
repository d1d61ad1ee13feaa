"""Every fault on every endpoint, on every kind of site: nothing is lost, buried, accused of or taken for resolved.

The suite tries some of them, others for each site; `SYNCBOT_FAULTS=all` tries all, and ``python -m bench.faults`` too,
with a table.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from syncbot.sandbox.cruelty import KINDS, Rule
from syncbot.sandbox.server import Sandbox
from tests.connectors.acceptance.sites import SITES
from tests.connectors.acceptance.trials import PHASES, Ground

TRIED = 3
"""Trials of each site in the usual run, besides some of the worst kind of fault while everything is counted."""


@pytest.mark.parametrize("site", SITES)
def test_no_fault_loses_buries_or_accuses_anything(sandbox: Sandbox, tmp_path: Path, site: str) -> None:
    ground = Ground(sandbox, site, tmp_path)
    if os.environ.get("SYNCBOT_FAULTS") == "all":
        tried = [(phase, endpoint, kind) for phase in PHASES for endpoint in ground.endpoints(phase) for kind in KINDS]
    else:
        dice = random.Random(site)
        tried = [("count", endpoint, "hollow") for endpoint in dice.sample(ground.asked, 2)]
        tried += [
            (dice.choice(["first", "count"]), dice.choice(ground.asked), kind) for kind in dice.sample([*KINDS], TRIED)
        ]
        tried += [("wide", endpoint, "hollow") for endpoint in dice.sample(ground.asked, 2)]
    wrong = {}
    for phase, endpoint, kind in tried:
        outcome = ground.trial(phase, Rule((kind,), ground.tool, endpoint, chance=1))
        if not outcome.is_clean:
            wrong[phase, endpoint, kind] = outcome
    assert wrong == {}
