"""The README's picture: the demo's findings as the terminal shows them, drawn by the real pipeline."""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

import msgspec
from rich.console import Console
from rich.terminal_theme import MONOKAI

from syncbot import report
from syncbot.cli.demo import SHOWN
from syncbot.report import Document
from syncbot.sandbox.server import NOW, Sandbox
from tests.company import Company

WIDTH = 92


def draw() -> str:
    """The picture as SVG; the same bytes whenever and wherever it is drawn, with addresses that look like real ones."""
    document = _document()
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    report.terminal.show(document, console)
    picture = console.export_svg(title="syncbot sync", theme=MONOKAI, unique_id="syncbot")
    return re.sub(r"\s*@font-face \{.*?\}\n", "", picture, flags=re.DOTALL)


def _document() -> Document:
    with Sandbox(now=NOW) as sandbox, tempfile.TemporaryDirectory() as folder:
        sandbox.apply(*SHOWN)
        run = Company(sandbox, f"sqlite:///{folder}/syncbot.db", Path(folder)).run(apply=None)
        said = msgspec.json.encode(run.verdict.document(None))
        real = {
            sandbox.jira_url: "https://payments.atlassian.net",
            sandbox.trello_url: "https://trello.com",
            sandbox.asana_url: "https://app.asana.com",
        }
    for made_up, address in real.items():
        said = said.replace(made_up.encode(), address.encode())
    return msgspec.json.decode(said, type=Document)
