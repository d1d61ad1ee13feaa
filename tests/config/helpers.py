"""What the config's tests share: the variables of a made-up machine, and mistakes as short lines."""

from __future__ import annotations

from pathlib import Path

import connectors
from syncbot import config

TOOLS = connectors.ALL
ENV = {
    "JIRA_TOKEN": "jira-s3cret",
    "TRELLO_KEY": "trello-s3cret",
    "TRELLO_TOKEN": "trello-s3cret-2",
    "ASANA_TOKEN": "asana-s3cret",
    "SYNCBOT_STORE": "postgresql://sync:store-s3cret@db.example.com/sync",
}
COMPANIES = Path(__file__).resolve().parents[1] / "fixtures" / "companies"
BOARD = """\
[connections.board]
tool = "trello"
key = "env:TRELLO_KEY"
token = "env:TRELLO_TOKEN"
scopes = ["Everything"]
"""


def write(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def read(folder: Path, text: str, **options):
    """The config of this text, and its mistakes as "line: key: message hint"."""
    found, mistakes = config.read(write(folder, text), ENV, tools=TOOLS, **options)
    return found, short(mistakes)


def short(mistakes) -> list[str]:
    return [str(mistake).removeprefix(f"{mistake.file}:") for mistake in sorted(mistakes)]
