"""The command line as a person meets it: a folder with a config, a running company, and what a command said."""

from __future__ import annotations

import datetime as dt
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from syncbot.cli import run
from syncbot.sandbox.server import Sandbox
from syncbot.sandbox.settings import ENVIRONMENT, config_text
from tests.stores import postgresql

__all__ = ["Desk", "Said", "desk", "postgresql", "sandbox", "typing"]


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


class Desk:
    """Somebody in a folder with a ``config.toml`` for the sandbox, where lines are so long that few words wrap."""

    def __init__(self, sandbox: Sandbox, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.sandbox, self.folder, self._capsys = sandbox, folder, capsys
        self.config = folder / "config.toml"
        self.config.write_text(config_text(sandbox), encoding="utf-8")

    def run(self, *arguments: str) -> Said:
        """Run a command in this process."""
        self._capsys.readouterr()
        code = run(list(arguments))
        said = self._capsys.readouterr()
        return Said(code, said.out, said.err)

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """Start a command in a process of its own, its output in pipes."""
        return subprocess.Popen(
            [sys.executable, "-m", "syncbot", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Whoever runs the tests in the background has them, and so this process, ignore Ctrl-C.
            preexec_fn=_heed_interrupts,  # noqa: PLW1509 - nothing else happens between fork and exec
        )

    def edit(self, old: str, new: str) -> None:
        """Replace something in the config, which must be there."""
        text = self.config.read_text(encoding="utf-8")
        assert old in text
        self.config.write_text(text.replace(old, new), encoding="utf-8")

    def add(self, text: str) -> None:
        """Add lines to the end of the config."""
        self.config.write_text(f"{self.config.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")

    def line(self, part: str) -> int:
        """The number of the first line of the config with this in it."""
        lines = self.config.read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if part in line)


@contextmanager
def typing(monkeypatch: pytest.MonkeyPatch, text: str) -> Iterator[None]:
    """Somebody at the keyboard of a terminal who types this, and then goes away."""
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "w") as keyboard, os.fdopen(theirs) as terminal, monkeypatch.context() as patched:
        patched.setattr("sys.stdin", terminal)
        keyboard.write(f"{text}\x04")
        keyboard.flush()
        yield


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A company whose clock is the real one, as that of commands is."""
    with Sandbox(now=dt.datetime.now(dt.UTC)) as running:
        yield running


@pytest.fixture
def desk(sandbox: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name, value in {**ENVIRONMENT, "COLUMNS": "300"}.items():
        monkeypatch.setenv(name, value)
    for name in ("SYNCBOT_CONFIG", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return Desk(sandbox, tmp_path, capsys)
