"""``make bench``: what costs how much, as ratios against a baseline of the same run.

Bars are those that the project set itself; nothing here is a test, for a machine that is busy says nothing.
"""

from __future__ import annotations

import sys

from bench import cycle, first_run, pull, scale, startup, taps
from bench.table import Row, show


def main() -> int:
    """Measure everything and print one table."""
    rows: list[Row] = []
    for part in (startup, cycle, pull, taps, scale, first_run):
        for row in part.measure():
            rows.append(row)
            sys.stderr.write(f"{row.what}\n")
    show(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
