"""config.example.toml holds every setting, with the default that the code has."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from syncbot import config, toml
from syncbot.config import Schedule, Watching
from syncbot.model import Keep
from tests.config.helpers import ENV, TOOLS

EXAMPLE = Path(__file__).resolve().parents[2] / "config.example.toml"
CHOSEN_NAMES = {"connections", "people", "teams", "goals", "rules", "scope", "in"}


@pytest.fixture
def file(tmp_path):
    """The example with every setting switched on, and the files around it that it names."""
    uncommented = re.sub(r"^#(?=\S)", "", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (tmp_path / "mappings").mkdir()
    (tmp_path / "rules").mkdir()
    (tmp_path / "corporate.pem").touch()
    (tmp_path / "people.csv").write_text("name,email,delivery\n", encoding="utf-8")
    file = tmp_path / "config.toml"
    file.write_text(uncommented, encoding="utf-8")
    return file


def test_the_example_loads_as_it_is_and_says_nothing():
    found = config.load(EXAMPLE, {}, tools=TOOLS)

    assert (found.connections, found.people, found.reports) == ({}, (), ())


def test_the_example_loads_with_every_setting_on(file):
    found = config.load(file, ENV, tools=TOOLS)

    assert list(found.connections) == ["delivery", "roadmap"]
    assert len(found.reports) == 2


def test_defaults_shown_are_the_defaults(file, tmp_path):
    shown = config.load(file, ENV, tools=TOOLS)
    bare = tmp_path / "bare.toml"
    bare.write_text(
        '[connections.delivery]\ntool = "jira"\nurl = "https://example.atlassian.net"\ntoken = "env:JIRA_TOKEN"\n'
        'scopes = ["PAY"]\n[[reports]]\nconnection = "delivery"\nscope = "PAY"',
        encoding="utf-8",
    )
    usual = config.load(bare, ENV, tools=TOOLS)

    assert (shown.schedule, shown.keep) == (usual.schedule, usual.keep) == (Schedule(), Keep())
    assert shown.watching == usual.watching == Watching()
    for name in ("store", "mappings", "timezone", "writes", "settle_minutes", "filled_percent"):
        assert getattr(shown, name) == getattr(usual, name), name
    for name in ("mapping", "writes", "promise_minutes", "concurrency"):
        assert getattr(shown.connections["delivery"], name) == getattr(usual.connections["delivery"], name), name
    for name in ("title", "side", "at_least", "names", "public"):
        assert getattr(shown.reports[0], name) == getattr(usual.reports[0], name), name


def test_every_known_key_is_in_the_example(file):
    root = toml.read(file)
    config.interpret(root, ENV, tools=TOOLS)
    known, given = defaultdict(set), defaultdict(set)
    for table in below(root):
        known[pattern(table)] |= table.known
        given[pattern(table)] |= table.data.keys()

    assert {way: keys - given[way] for way, keys in known.items() if keys - given[way]} == {}
    assert sum(map(len, known.values())) > 80


def below(table):
    yield table
    for child in table.children:
        yield from below(child)


def pattern(table) -> tuple[str, ...]:
    """The table's way with the names that the admin chose left out."""
    steps = ["" if isinstance(step, int) else step for step in table.where]
    return tuple("*" if at and steps[at - 1] in CHOSEN_NAMES else step for at, step in enumerate(steps))
