"""Who may import whom: data goes one way, and the stages meet only through the model."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WORDS = {"model", "errors"}
CONTRACT = WORDS | {"texts", "connector", "transport"}
TEXT = WORDS | {"toml", "toml_lines", "patterns"}

# What each part may import, besides itself. A part that is not here has no place yet: give it one.
MAY: dict[str, set[str]] = {
    "model": set(),
    "errors": set(),
    "amounts": set(),
    "patterns": set(),
    "texts": set(),
    "toml_lines": set(),
    "guard": {"errors"},
    "toml": WORDS | {"toml_lines"},
    "secrets": WORDS,
    "transport": WORDS,
    "logs": WORDS | {"transport"},
    "connector": WORDS | {"transport"},
    "config": TEXT | {"connector", "secrets"},
    "mapping": TEXT,
    "store": WORDS | {"connector", "patterns"},
    "facts": WORDS | {"amounts", "patterns"},
    "rules": TEXT | {"amounts"},
    "report": WORDS | {"amounts", "patterns"},
    "outbox": WORDS | {"guard", "patterns", "connector", "store", "report"},
    "sandbox": set(),
    "pipeline": TEXT | {"guard", "connector", "config", "mapping", "store", "facts", "rules", "report", "outbox"},
}
ANYTHING = {"cli", "daemon", "web", "__main__"}


def imports(file: Path) -> set[str]:
    """The modules of ours that a file imports, wherever in it."""
    package = file.relative_to(ROOT).parent.parts
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            source = ".".join((*base, *((node.module,) if node.module else ())))
            found |= {f"{source}.{alias.name}" for alias in node.names}
    return {name for name in found if name.partition(".")[0] in ("syncbot", "connectors")}


def part(module: str) -> str:
    """``syncbot.store.views`` is of the part ``store``; a connector is named with its package."""
    first, _, rest = module.partition(".")
    second = rest.partition(".")[0]
    return f"connectors.{second}" if first == "connectors" else second


def files() -> list[Path]:
    return sorted(file for package in ("syncbot", "connectors") for file in (ROOT / package).rglob("*.py"))


def of(file: Path) -> str:
    relative = file.relative_to(ROOT).with_suffix("")
    return part(".".join(relative.parts))


def wrong_imports(file: Path) -> set[str]:
    mine = of(file)
    if mine in ANYTHING or mine == "connectors.__init__":
        return set()
    may = CONTRACT if mine.startswith("connectors.") else MAY[mine]
    return {module for module in imports(file) if part(module) not in {*may, mine, "__version__"}}


@pytest.mark.parametrize("file", files(), ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_follow_the_arrows(file):
    if file == ROOT / "syncbot" / "__init__.py":
        assert imports(file) == set()
    else:
        assert wrong_imports(file) == set()


def test_the_arrows_have_no_circle():
    done: set[str] = set()
    while free := {name for name, may in MAY.items() if name not in done and may <= done}:
        done |= free
    assert done == set(MAY)


def test_stages_meet_only_through_the_model():
    stages = {"mapping", "store", "facts", "rules", "report"}
    assert {name for name in stages if MAY[name] & stages} == set()


@pytest.mark.parametrize(
    ("place", "line", "wrong"),
    [
        ("syncbot/model.py", "from syncbot import errors", {"syncbot.errors"}),
        ("syncbot/facts/trust.py", "import syncbot.store.views", {"syncbot.store.views"}),
        ("syncbot/rules/lint.py", "def f():\n    from syncbot.report import compose", {"syncbot.report.compose"}),
        ("syncbot/pipeline.py", "from connectors import ALL", {"connectors.ALL"}),
        ("connectors/jira/api.py", "from syncbot.store import Store", {"syncbot.store.Store"}),
        ("connectors/jira/api.py", "from connectors.trello import api", {"connectors.trello.api"}),
        ("connectors/jira/api.py", "from . import decode\nfrom syncbot.transport import policy", set()),
        ("syncbot/cli/sync.py", "from connectors import ALL", set()),
    ],
)
def test_a_wrong_import_is_noticed(tmp_path, monkeypatch, place, line, wrong):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    file = tmp_path / place
    file.parent.mkdir(parents=True)
    file.write_text(line, encoding="utf-8")

    assert wrong_imports(file) == wrong
