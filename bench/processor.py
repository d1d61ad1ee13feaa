"""What something cost on a machine that others use, too: seconds of the processor, and the peak of a process."""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import text

from syncbot.store import Store

_TICKS = 100  # a second, in /proc


class Clock:
    """Seconds of the processor that this process and the server of its database have taken, as far as /proc tells."""

    def __init__(self, store: Store) -> None:
        self._server: int | None = None
        if store.url.get_backend_name() == "postgresql":
            with store.reading() as db:
                backend: int = db.execute(text("select pg_backend_pid()")).scalar_one()
            self._server = int(_stat(Path(f"/proc/{backend}"))[1])

    def __call__(self) -> float:
        return time.process_time() + self._of_server()

    def _of_server(self) -> float:
        """Of the server, of those of its processes that are there, and of those that have ended."""
        if self._server is None:
            return 0
        own = sum(int(ticks) for ticks in _stat(Path(f"/proc/{self._server}"))[11:15])
        return (own + sum(self._of_child(folder) for folder in Path("/proc").glob("[0-9]*"))) / _TICKS

    def _of_child(self, folder: Path) -> int:
        try:
            stat = _stat(folder)
        except OSError:  # it has just ended
            return 0
        return int(stat[11]) + int(stat[12]) if int(stat[1]) == self._server else 0


def _stat(folder: Path) -> list[str]:
    """What follows the name of a process: its state, its parent, ..., from the twelfth on the time that it took."""
    return (folder / "stat").read_text().rpartition(")")[2].split()


def peak() -> float:
    """The most memory that this process ever held, in MB. What `resource` tells begins with its parent's."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(told["VmHWM"].split()[0]) / 1024
