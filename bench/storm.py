"""``python -m bench.storm [SECONDS]``: a tool that refuses everything for a while, against the least that it can cost.

The ideal is the time of an undisturbed pull and of the storm together. Well-behaved is who hardly asks while it lasts.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

import connectors
from syncbot import config as configs
from syncbot import mapping, pipeline
from syncbot.sandbox.faults import Fault
from syncbot.sandbox.server import Sandbox
from syncbot.store import Store
from tests.company import Company
from tests.connectors.acceptance.sites import SITES, text_of

LATENCY = 0.02
ITEMS = 2_000
BEFORE = 5  # requests before the storm, so that it meets several at once
TOO_MANY = 429
REFUSALS = {
    "jira": {"RateLimit-Reason": "jira-burst-based", "Retry-After": "1"},
    "dc": {"Retry-After": "1"},
    "asana": {"Retry-After": "1"},
    "trello": {},
}
"""What each tool says besides 429; Trello gives no time."""


def pull(company: Company, folder: Path, connection: str, run: int) -> float:
    """Seconds of a first pull into an empty store."""
    setting = company.config.connections[connection]
    told = msgspec.structs.replace(configs.settings(company.config, setting, company.env), patience=300)
    connector = connectors.ALL[setting.tool].connect(told)
    feed = pipeline.Feed(setting, connector, {setting.mapping: mapping.load(mapping.preset(setting.tool))})
    began = time.monotonic()
    with Store.open(f"sqlite:///{folder / f'{run}.db'}") as store:
        ready = pipeline.prepare(feed, store, company.config, now=company.now)
        pulled = pipeline.pull(ready, store, now=company.now)
    assert not pulled.failed, pulled.failed
    connector.close()
    return time.monotonic() - began


def _calm(sandbox: Sandbox, fault: Fault, storm: float) -> None:
    """End the storm, so many seconds after its first refusal."""
    while not any(one.status == TOO_MANY for one in sandbox.requests):
        time.sleep(0.01)
    time.sleep(storm)
    fault.times = 0


def main() -> int:
    """Each kind of site, calm and in a storm."""
    storm = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    table = Table("site", "calm s", "storm s", "ideal s", "measured s", "ratio", "refused requests")
    for site, (tool, connection) in SITES.items():
        with Sandbox(items=ITEMS) as sandbox, tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            sandbox.latency = LATENCY
            company = Company(sandbox, f"sqlite:///{folder / 'x.db'}", folder, text=text_of(sandbox, site))
            calm = pull(company, folder, connection, 1)
            sandbox.clear()
            fault = sandbox.fault(tool, "", times=None, after=BEFORE, status=429, headers=REFUSALS[tool])
            threading.Thread(target=_calm, args=(sandbox, fault, storm), daemon=True).start()
            measured = pull(company, folder, connection, 2)
            refused = sum(one.status == TOO_MANY for one in sandbox.requests)
            ideal = calm + storm
            figures = (calm, storm, ideal, measured, measured / ideal)
            table.add_row(site, *(f"{figure:.2f}" for figure in figures), str(refused))
    console = Console(width=120)
    console.print(table)
    console.print(f"load {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
