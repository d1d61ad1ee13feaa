"""The first run where nobody has looked for years: what the reports of 6,000 findings cost, and how long they are."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from bench.table import Row
from syncbot.model import STANDING
from syncbot.report import NATIVE, TEXT, html
from syncbot.report.document import Document
from syncbot.report.pictures import Pictures
from syncbot.sandbox.neglect import neglect
from syncbot.sandbox.server import Sandbox
from tests.company import Company
from tests.report.drawn import shown

ITEMS, PERCENT = 9_000, 60
_SHOWN: dict[str, Callable[[Document], str]] = {
    **{
        name: lambda whole, render=render: msgspec.json.encode(render(whole)).decode()
        for name, render in NATIVE.items()
    },
    **TEXT,
    "html": lambda whole: html.render(whole, Pictures()),
    "terminal": shown,
}
_LIMITS = {"jira": 32.767, "wiki": 32.767, "asana": 32.767}


def measure() -> Iterator[Row]:
    """A real pull and check of the neglected company, then each report of what the admin may see."""
    with Sandbox(items=ITEMS) as sandbox, tempfile.TemporaryDirectory() as folder:
        neglect(sandbox.world, PERCENT)
        company = Company(sandbox, f"sqlite:///{folder}/syncbot.db", Path(folder))
        began = time.process_time()
        verdict = company.run(apply=None).verdict
        standing = sum(one.state in STANDING for one in verdict.stated)
        yield Row(
            f"First run: pull and check of {ITEMS:,} items, {standing:,} findings (CPU, the sandbox included)",
            time.process_time() - began,
        )
        began = time.process_time()
        whole = verdict.document(None)
        yield Row("First run: composed (CPU)", time.process_time() - began, bar=1)
        for name, render in _SHOWN.items():
            began = time.process_time()
            text = render(whole)
            yield Row(f"First run: {name} rendered (CPU)", time.process_time() - began, bar=1)
            yield Row(f"First run: {name}, thousand characters", len(text) / 1_000, bar=_LIMITS.get(name), unit="k")
        yield Row("First run: rows at the terminal", len(shown(whole).splitlines()), bar=240, unit="rows")
