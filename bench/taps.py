"""``syncbot pull`` against Singer's taps: whole processes, the same server, one after the other.

``python -m bench.taps``. A tap's output goes to a file, as it would to a pipe; ours ends in the store. The taps are
installed once, each into an environment of its own below `HOME`; without a network the table says that they are not.
"""

from __future__ import annotations

import compileall
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from bench.server import Server, serving
from bench.table import Row, show, side
from syncbot.model import Struct
from syncbot.sandbox.company import JIRA_USER
from syncbot.sandbox.settings import ENVIRONMENT
from syncbot.store import Store

ITEMS = 20_000
ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv-taps"
TRIES = 2
FILTERS = {r"(?m)^scopes .*": 'scopes = ["*"]', r"(?m)^where .*": ""}  # taps read whatever they see
SINCE = "2000-01-01T00:00:00Z"


class Tap(Struct, frozen=True):
    """One tap: what it reads, with which settings, and the connection that reads the same.

    ``catalog``: the option by which it is told what to read; ``parent``: what it must read before that. ``bar``: so
    much of its time may ours take.
    """

    name: str
    version: str
    stream: str
    connection: str
    settings: dict[str, str]
    bar: float
    catalog: str = "--catalog"
    parent: str = ""


TAPS = (
    Tap(
        "tap-jira",
        "2.6.0",
        "issues",
        "delivery",
        {"username": JIRA_USER, "password": ENVIRONMENT["JIRA_TOKEN"], "base_url": "sandbox", "user_agent": "bench"},
        1 / 8,
        "--properties",
    ),
    Tap(
        "tap-asana",
        "2.5.1",
        "tasks",
        "marketing",
        {
            "client_id": "none",
            "client_secret": "none",
            "redirect_uri": "none",
            "refresh_token": ENVIRONMENT["ASANA_TOKEN"],
        },
        1 / 8,
    ),
    Tap(
        "tap-trello",
        "1.1.3",
        "cards",
        "roadmap",
        {"api_key": ENVIRONMENT["TRELLO_KEY"], "api_token": ENVIRONMENT["TRELLO_TOKEN"]},
        1 / 5,
        parent="boards",
    ),
)


class Run(Struct, frozen=True):
    """Seconds that a process took, that it worked, and that the server worked for it."""

    wall: float
    cpu: float
    theirs: float


def measure() -> Iterator[Row]:
    """Each tap that can be had. What is installed is compiled, the taps too: so is what is here."""
    for package in ("syncbot", "connectors"):
        compileall.compile_dir(ROOT / package, quiet=1)
    for tap in TAPS:
        if why := _missing(tap):
            yield Row(f"{tap.name} {tap.version}: not measured, cannot be installed ({why})", None)
            continue
        with tempfile.TemporaryDirectory() as folder, serving(Path(folder), ITEMS) as server:
            yield from _measure(tap, server, Path(folder))


def _missing(tap: Tap) -> str | None:
    """Install it unless it is there; returns why that fails."""
    python, ready = _python(tap), HOME / tap.name / tap.version
    if ready.exists():
        return None
    venv.create(HOME / tap.name, clear=True, with_pip=True)
    done = subprocess.run(
        [python, "-m", "pip", "install", "-q", "--retries=0", f"{tap.name}=={tap.version}"],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        return done.stderr.strip().splitlines()[-1].removeprefix("ERROR: ")
    ready.touch()
    return None


def _python(tap: Tap) -> Path:
    return HOME / tap.name / "bin" / "python"


def _measure(tap: Tap, server: Server, folder: Path) -> Iterator[Row]:
    command = _prepared(tap, server, folder)
    config, text = folder / "all.toml", server.config.read_text("utf-8")
    for found, instead in FILTERS.items():
        text = re.sub(found, instead, text)
    config.write_text(text, "utf-8")
    ours, theirs = [], []
    for _ in range(TRIES):
        theirs.append(_run(command, server, folder / "records"))
        (folder / "syncbot.db").unlink(missing_ok=True)
        pull = [sys.executable, "-m", "syncbot", "pull", "-q", "--config", config, "--connection", tap.connection]
        ours.append(_run(pull, server, folder / "said"))
    told, stored = _told(tap, folder), _stored(tap, folder)
    assert stored > 0.99 * told, (stored, told)  # only a tap reads archived projects
    own, other = min(ours, key=lambda run: run.wall), min(theirs, key=lambda run: run.wall)
    what = f"{tap.name} {tap.version}: {told:,} {tap.stream}; syncbot pull, {stored:,}"
    sides = {"CPU here": own.cpu, "CPU of the server": own.theirs}
    yield Row(f"{what} (wall of the process; the tap's)", own.wall, other.wall, tap.bar, limited=side(sides, own.wall))
    yield Row(f"{what} (CPU; the tap's)", own.cpu, other.cpu, limited="CPU here")


def _prepared(tap: Tap, server: Server, folder: Path) -> list[str | Path]:
    """The command that reads one stream, after the tap was asked which there are."""
    settings, catalog = folder / "settings.json", folder / "catalog.json"
    settings.write_bytes(msgspec.json.encode({"start_date": SINCE, **tap.settings}))
    command: list[str | Path] = [_python(tap), "-P", ROOT / "bench" / "tapped.py", tap.name, server.site]
    command += ["--config", settings]
    _run([*command, "--discover"], server, catalog)
    found: Any = msgspec.json.decode(catalog.read_bytes())
    for stream in found["streams"]:
        selected = stream["tap_stream_id"] in (tap.stream, tap.parent)
        stream["schema"]["selected"] = selected
        for place in stream["metadata"]:
            place["metadata"]["selected"] = selected
    catalog.write_bytes(msgspec.json.encode(found))
    return [*command, tap.catalog, catalog]


def _run(command: Sequence[str | Path], server: Server, into: Path) -> Run:
    """Run a process to its end, its output in a file."""
    environment = {**os.environ, **ENVIRONMENT}
    cpu, before, began = server.cpu(), resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with into.open("wb") as out:
        subprocess.run(command, check=True, env=environment, stdout=out, stderr=subprocess.DEVNULL, cwd=ROOT)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, worked, server.cpu() - cpu)


class _Record(Struct, frozen=True):
    id: str = ""
    gid: str = ""


class _Message(Struct, frozen=True):
    type: str
    stream: str = ""
    record: _Record = _Record()


def _told(tap: Tap, folder: Path) -> int:
    """How many records of the stream a tap gave, each counted once."""
    with (folder / "records").open("rb") as lines:
        told = (msgspec.json.decode(line, type=_Message) for line in lines)
        return len(
            {one.record.id or one.record.gid for one in told if (one.type, one.stream) == ("RECORD", tap.stream)}
        )


def _stored(tap: Tap, folder: Path) -> int:
    with Store.open(f"sqlite:///{folder}/syncbot.db") as store, store.reading() as db:
        return db.exec_driver_sql("select count(*) from item where connection = ?", (tap.connection,)).scalar_one()


if __name__ == "__main__":
    show(list(measure()))
