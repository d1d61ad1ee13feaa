"""How long a person waits for --help, against an interpreter that does nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from bench.table import Row

TRIES = 15


def measure() -> Iterator[Row]:
    """The median of several starts, interleaved."""
    nothing, helped = [], []
    for _ in range(TRIES):
        nothing.append(_time([sys.executable, "-c", "pass"]))
        helped.append(_time([sys.executable, "-m", "syncbot", "--help"]))
    yield Row("syncbot --help (against python -c pass)", median(helped), median(nothing), 8)


def _time(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began
